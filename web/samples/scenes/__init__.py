"""Scenes rendered by this project's own code, one file each."""
