"""Training pictures from folders and tar shards, read one at a time by their number.

A source is a folder (searched through), a `.tar` of pictures (the WebDataset layout), a folder of such tars, or a
`.txt` list of some pictures of such sources (a source, a tab and a picture's name a line, as the sorting by brightness
writes them). Nothing is unpacked: a tar's members are found once and then read by their offset.
"""

import io
import tarfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}


class NoPictures(ValueError):
    """A source that holds no picture; the message says which and what to put there."""


@dataclass(frozen=True)
class Entry:
    """Where one picture lies: a file, or `size` bytes at `offset` of a tar."""

    name: str
    path: Path
    offset: int = 0
    size: int = -1


class Pictures:
    """A fixed, sorted list of pictures.

    `len(pictures)` counts them, `pictures.read(i)` gives picture i as RGB. Which of them are broken shows only on
    reading: `read` raises OSError then, and `first_readable` goes on to the next and counts it in `skipped`.
    """

    def __init__(self, sources: Sequence[str | Path]):
        self.entries = sorted((e for s in sources for e in _entries(Path(s))), key=lambda e: e.name)
        self.skipped: set[str] = set()
        if not self.entries:
            raise NoPictures(
                f"no pictures in {', '.join(map(str, sources)) or 'an empty list'}: name a folder or tars of JPEGs"
            )

    def __len__(self) -> int:
        return len(self.entries)

    def read(self, i: int) -> Image.Image:
        """Picture i, RGB. Raises OSError when the file is no readable picture."""
        entry = self.entries[i]
        with open(entry.path, "rb") as file:
            file.seek(entry.offset)
            data = file.read(entry.size)
        try:
            return Image.open(io.BytesIO(data)).convert("RGB")
        except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise OSError(f"{entry.name}: {error}") from error

    def first_readable(self, i: int) -> Image.Image:
        """Picture i, or the next one that can be read. Raises NoPictures when none can."""
        for step in range(len(self)):
            try:
                return self.read((i + step) % len(self))
            except OSError:
                self.skipped.add(self.entries[(i + step) % len(self)].name)
        raise NoPictures(f"none of the {len(self)} pictures can be read")

    def split(self, one_in: int) -> tuple["Pictures", "Pictures"]:
        """(training, held out): by a hash of the name, so that adding pictures moves none across.

        At least one is held out; raises NoPictures for fewer than two.
        """
        if len(self) < 2:
            raise NoPictures("one picture is too few: some are held out from training")
        hashes = {e.name: zlib.crc32(e.name.encode()) for e in self.entries}
        held = {name for name, hash in hashes.items() if hash % one_in == 0} or {min(hashes, key=hashes.__getitem__)}
        return self._subset(lambda e: e.name not in held), self._subset(lambda e: e.name in held)

    def _subset(self, keep: Callable[[Entry], bool]) -> "Pictures":
        part = object.__new__(Pictures)
        part.entries, part.skipped = [e for e in self.entries if keep(e)], set()
        return part


def _entries(source: Path) -> list[Entry]:
    if source.is_dir():
        tars = [e for tar in sorted(source.glob("*.tar")) for e in _members(tar)]
        files = [p for p in source.rglob("*") if p.suffix.lower() in SUFFIXES]
        return tars + [Entry(str(p.relative_to(source)), p) for p in files]
    if source.suffix == ".tar" and source.is_file():
        return _members(source)
    if source.suffix == ".txt" and source.is_file():
        return _listed(source)
    raise NoPictures(f"{source}: no such folder or tar of pictures")


def _listed(file: Path) -> list[Entry]:
    """The listed pictures, by the names they have in their sources; one that is gone is left out."""
    names: dict[str, set[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        source, _, name = line.partition("\t")
        names.setdefault(source, set()).add(name)
    return [entry for source, wanted in names.items() for entry in _entries(Path(source)) if entry.name in wanted]


def _members(tar: Path) -> list[Entry]:
    """The pictures of a tar; masks (`NAME.mask.png`) are not pictures."""
    try:
        with tarfile.open(tar) as archive:
            return [
                Entry(m.name, tar, m.offset_data, m.size)
                for m in archive
                if m.isfile() and Path(m.name).suffix.lower() in SUFFIXES and ".mask." not in m.name
            ]
    except tarfile.TarError as error:
        raise NoPictures(f"{tar}: not a readable tar ({error})") from error
