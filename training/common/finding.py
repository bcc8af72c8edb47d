"""Which files of a folder or a tar are pictures: by their names, without opening any.

Files that systems add are skipped: hidden files (`._NAME` of macOS too), thumbnails and recycle bins.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from training.common.decoding import printable

SUFFIXES = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"}
PASSED_OVER = re.compile(
    r"\..*|__MACOSX|@eaDir|[_@]*thumb(nail)?s?|[#@$]recycle(\.bin)?|lost\+found", re.IGNORECASE | re.DOTALL
)
HEIC = re.compile(r".*\.(heic|heif|hif)", re.IGNORECASE | re.DOTALL)
ARCHIVE = re.compile(r".*\.(tar\.\w+|t[gbx]z2?|tzst|zip|7z|rar)", re.IGNORECASE | re.DOTALL)


@dataclass
class Found:
    """Names below a folder or in a tar, with slashes: pictures, tars, and what cannot be read though it may matter."""

    pictures: list[str] = field(default_factory=list)
    tars: list[str] = field(default_factory=list)
    heic: list[str] = field(default_factory=list)
    archives: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)  # folders

    def add(self, name: str) -> None:
        """Put a file where its name says that it belongs, if anywhere."""
        suffix = os.path.splitext(name)[1].lower()
        if suffix in SUFFIXES:
            self.pictures.append(name)
        elif suffix == ".tar":
            self.tars.append(name)
        elif HEIC.fullmatch(name):
            self.heic.append(name)
        elif ARCHIVE.fullmatch(name):
            self.archives.append(name)

    def left_out(self) -> list[str]:
        """What is left out and what to do about it, a phrase each."""
        kinds = [
            ("HEIC pictures", self.heic, "save them as JPEG"),
            ("compressed archives", self.archives, "unpack them"),
            ("folders", self.closed, "they cannot be opened"),
        ]
        return [
            f"{kind} ({len(names)}, such as {printable(min(names))}): {what}" for kind, names, what in kinds if names
        ]


def passed_over(name: str) -> bool:
    """Whether a file, named with its folders, is or lies in something hidden or made by a system."""
    return any(PASSED_OVER.fullmatch(part) for part in name.split("/") if part not in ("", ".", ".."))


def search(folder: Path) -> Found:
    """All below `folder`. Links are followed; what several ways lead to is found once, if possible without a link."""
    found, links = Found(), list[str]()
    for name, linked in _files(folder, found):
        if linked:
            links.append(name)
        else:
            found.add(name)
    seen = {_identity(folder / name) for name in found.pictures + found.tars} if links else set()
    for name in sorted(links):
        identity = _identity(folder / name)
        if identity not in seen:
            seen.add(identity)
            found.add(name)
    return found


def _files(folder: Path, found: Found) -> Iterator[tuple[str, bool]]:
    """(name, whether it is a link) of each file, folders that are links last; notes those that cannot be opened."""
    folders, links, seen = [""], list[str](), set[tuple[int, int]]()
    while folders or links:
        here = folders.pop() if folders else links.pop(0)
        try:
            identity = _identity(folder / here)
            entries = [] if identity in seen else sorted(os.scandir(folder / here), key=lambda entry: entry.name)
        except OSError:
            found.closed.append(here or str(folder))
            continue
        seen.add(identity)
        for entry in entries:
            name = f"{here}/{entry.name}" if here else entry.name
            if not PASSED_OVER.fullmatch(entry.name):
                if _is_folder(entry):
                    (links if entry.is_symlink() else folders).append(name)
                elif _is_file(entry):
                    yield name, entry.is_symlink()


def _identity(path: Path) -> tuple[int, int]:
    status = os.stat(path)
    return status.st_dev, status.st_ino


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False
