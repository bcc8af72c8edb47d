"""Training pictures from folders and tar shards, read one at a time by their number.

A source is a folder (searched through), a `.tar` of pictures (the WebDataset layout), a folder of such tars, or a
`.txt` list of some pictures of such sources (a source, a tab and a picture's name a line, as the sorting by brightness
writes them). Nothing is unpacked: a tar's members are found once and then read by their offset.
"""

import io
import math
import sys
import tarfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}


MOST = 0.05  # of all pictures may be broken
FEW = 4  # may be, however small the collection


class NoPictures(ValueError):
    """A source without pictures, or with too many broken ones; the message says which and what to do."""

    def __init__(self, sentence: str):
        super().__init__(sentence.strip().rpartition("NoPictures: ")[2])  # a loader's process adds a traceback to it


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
    reading: `read` raises OSError then, and `first_readable` goes on to the next, lists it on stderr and in
    `skipped`, and stops when it is clear that over 5 % of all are broken. Both parts of a `split` count together.
    """

    def __init__(self, sources: Sequence[str | Path]):
        self.entries = sorted((e for s in sources for e in _entries(Path(s))), key=lambda e: e.name)
        self.total, self.tried, self.skipped = len(self.entries), set[str](), set[str]()
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
            reason = "no picture" if isinstance(error, UnidentifiedImageError) else error
            raise OSError(f"{entry.name}: {reason}") from error

    def first_readable(self, i: int) -> Image.Image:
        """Picture i, or the next one that can be read. Raises NoPictures when none can, or too few."""
        for step in range(len(self)):
            entry = self.entries[(i + step) % len(self)]
            self.tried.add(entry.name)
            try:
                return self.read((i + step) % len(self))
            except OSError as error:
                if entry.name not in self.skipped:
                    self._skip(entry, error)
        raise NoPictures(f"none of the {len(self)} pictures can be read")

    def _skip(self, entry: Entry, error: OSError) -> None:
        print(f"broken picture skipped: {error}", file=sys.stderr, flush=True)
        self.skipped.add(entry.name)
        broken, tried = len(self.skipped), len(self.tried)
        if broken > max(FEW, min(MOST * self.total, _most_by_chance(tried, self.total))):
            raise NoPictures(
                f"{broken} of the first {tried} pictures are broken, {entry.name} among them, and at most 5 % may be: "
                "remove them or fetch them again"
            )

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
        part.entries = [e for e in self.entries if keep(e)]
        part.total, part.tried, part.skipped = self.total, self.tried, self.skipped
        return part


def _most_by_chance(tried: int, total: int) -> float:
    """Broken ones among `tried` of `total` that 5 % of all explain: four standard deviations above the mean."""
    return MOST * tried + 4 * math.sqrt(MOST * (1 - MOST) * tried * (1 - tried / total))


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
