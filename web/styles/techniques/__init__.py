"""The gallery's painting techniques, one file a family; `canvas` holds what they share."""
