"""Pictures from folders and tar shards, read one at a time by their number.

A source is one of these:

    a folder         searched through, tars in it too
    a tar            of pictures, in the WebDataset layout; `shard-{000..009}.tar` are ten of them
    an address       of such a tar: https://…, http://… or hf://datasets/OWNER/NAME/… (shards.py)
    a `.txt` list    a line for each path, relative to the list, of a picture, a folder or a tar, or an address; blank
                     lines and those that begin with # are ignored. `list_line` writes lines that name one picture of a
                     source each

Nothing is unpacked: a tar's members are found once and then read by their offset. `finding.py` says which files are
pictures, `decoding.py` how they are read.
"""

import json
import math
import sys
import tarfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from training.common.decoding import BrokenPicture, decode, on_white, printable
from training.common.finding import SUFFIXES, Found, passed_over, search
from training.common.shards import NotFetched, expanded, fetched, is_address

NOT_PLAIN = {  # by their first bytes
    b"\x1f\x8b": "a compressed tar (gzip)",
    b"BZh": "a compressed tar (bzip2)",
    b"\xfd7zXZ": "a compressed tar (xz)",
    b"(\xb5/\xfd": "a compressed tar (zstd)",
    b"PK\x03\x04": "a ZIP archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
}
MASK = ".mask."  # in the name of a mask: NAME.mask.png, beside the picture NAME.jpg
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
    """A fixed, sorted list of pictures; masks (`NAME.mask.png`) are among them only if they are asked for.

    `len(pictures)` counts them, `pictures.read(i)` gives picture i as RGB. Which of them are broken shows only on
    reading: `read` raises OSError then, and `first_readable` goes on to the next, lists it on stderr and in
    `skipped`, and stops when it is clear that over 5 % of all are broken. Both parts of a `split` count together.
    """

    def __init__(self, sources: Sequence[str | Path], masks: bool = False):
        left_out: list[str] = []
        found = (e for s in sources for e in _entries(str(s), left_out))
        self.entries = sorted((e for e in found if masks or MASK not in e.name), key=lambda e: e.name)
        self.total, self.tried, self.skipped = len(self.entries), set[str](), set[str]()
        named = ", ".join(printable(str(source)) for source in sources) or "an empty list"
        if not self.entries and left_out:
            raise NoPictures(f"no pictures in {named}, only {'; '.join(left_out)}")
        if not self.entries:
            raise NoPictures(f"no pictures in {named}: name a folder or tars of JPEGs")
        if left_out:
            print(f"skipped in {named}: {'; '.join(left_out)}", file=sys.stderr, flush=True)

    def __len__(self) -> int:
        return len(self.entries)

    def read(self, i: int) -> Image.Image:
        """Picture i, RGB, upright, in sRGB, white behind transparency. Raises OSError when it cannot be read."""
        entry = self.entries[i]
        try:
            with open(entry.path, "rb") as file:
                file.seek(entry.offset)
                return on_white(decode(file.read(entry.size))[0])
        except OSError as error:
            reason = error if isinstance(error, BrokenPicture) else error.strerror or error
            raise OSError(f"{printable(entry.name)}: {reason}") from error

    def first_readable(self, i: int) -> Image.Image:
        """Picture i, or the next one that can be read. Raises NoPictures when none can, too few, or a tar is gone."""
        for step in range(len(self)):
            entry = self.entries[(i + step) % len(self)]
            self.tried.add(entry.name)
            try:
                return self.read((i + step) % len(self))
            except OSError as error:
                if entry.size >= 0 and not entry.path.exists():
                    raise NoPictures(
                        f"{printable(str(entry.path))} has disappeared: put it back, then continue with --resume"
                    ) from error
                if entry.name not in self.skipped:
                    self._skip(entry, error)
        raise NoPictures(f"none of the {len(self)} pictures can be read")

    def _skip(self, entry: Entry, error: OSError) -> None:
        print(f"broken picture skipped: {error}", file=sys.stderr, flush=True)
        self.skipped.add(entry.name)
        broken, tried = len(self.skipped), len(self.tried)
        if broken > max(FEW, min(MOST * self.total, _most_by_chance(tried, self.total))):
            raise NoPictures(
                f"{broken} of the first {tried} pictures are broken, including {printable(entry.name)}, "
                "and at most 5 % may be: remove them or download them again"
            )

    def split(self, one_in: int) -> tuple["Pictures", "Pictures"]:
        """(training, held out): by a hash of the name, so that adding pictures moves none across.

        At least one is held out; raises NoPictures for fewer than two.
        """
        if len(self) < 2:
            raise NoPictures("one picture is too few: some are held out from training")
        hashes = {e.name: zlib.crc32(e.name.encode("utf-8", "surrogatepass")) for e in self.entries}
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


def list_line(source: Path, name: str) -> str:
    """A line of a `.txt` list: a source, a tab and a picture's name, or both in JSON where that would be misread."""
    fields = [str(source), name]
    plain = all(field.isprintable() for field in fields) and not fields[0].startswith("#")
    return ("\t".join(fields) if plain else json.dumps(fields)) + "\n"


def _entries(source: str, left_out: list[str]) -> list[Entry]:
    """A source's pictures; `left_out` gets phrases about what is none of them but might have been meant."""
    if is_address(source):
        return [e for address in expanded(source) for e in _downloaded(address, left_out)]
    if not Path(source).exists() and len(ranged := expanded(source)) > 1:
        return [e for each in ranged for e in _local(Path(each), left_out)]
    return _local(Path(source), left_out)


def _downloaded(address: str, left_out: list[str]) -> list[Entry]:
    try:
        return _members(fetched(address), left_out)
    except NotFetched as error:
        raise NoPictures(printable(str(error))) from error


def _local(source: Path, left_out: list[str]) -> list[Entry]:
    if source.is_dir():
        found = search(source)
        left_out += found.left_out()
        tars = [e for tar in sorted(found.tars) for e in _members(source / tar, left_out)]
        return tars + [Entry(name, source / name) for name in found.pictures]
    if source.suffix.lower() == ".txt" and source.is_file():
        return _listed(source, left_out)
    if source.is_file():
        return _members(source, left_out)
    raise NoPictures(f"{printable(str(source))}: no such folder or tar of pictures")


def _listed(file: Path, left_out: list[str]) -> list[Entry]:
    """What the lines of a list name. Of a line with a source and a name, the picture is left out if it is gone."""
    entries, names = list[Entry](), dict[str, set[str]]()
    try:
        lines = [line.removesuffix("\r") for line in file.read_text(encoding="utf-8-sig").split("\n")]
        for line in (line for line in lines if line.strip() and not line.startswith("#")):
            if line.startswith('["') or "\t" in line:
                source, name = json.loads(line) if line.startswith('["') else line.split("\t", 1)
                names.setdefault(source, set()).add(name)
            else:
                entries += _listed_path(line, file, left_out)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise NoPictures(f"{printable(str(file))}: no list of pictures (UTF-8 text, a path a line)") from error
    return entries + [e for source, wanted in names.items() for e in _entries(source, []) if e.name in wanted]


def _listed_path(line: str, file: Path, left_out: list[str]) -> list[Entry]:
    """The pictures of one path or address of a list. Raises NoPictures where it names nothing."""
    path = file.parent / line
    if path.suffix.lower() in SUFFIXES and path.is_file():
        return [Entry(line, path)]
    if path.suffix.lower() == ".txt":
        raise NoPictures(f"{printable(str(file))} names another list, {printable(line)}: name both as sources instead")
    try:
        return _entries(line if is_address(line) else str(path), left_out)
    except NoPictures as error:
        raise NoPictures(f"{printable(str(file))} names what cannot be read: {error}") from error


def _members(tar: Path, left_out: list[str]) -> list[Entry]:
    """The pictures of a tar. Raises NoPictures."""
    found, places = Found(), dict[str, tuple[int, int]]()
    try:
        with open(tar, "rb") as file:
            start = file.read(8)
        for first, kind in NOT_PLAIN.items():
            if start.startswith(first):
                raise NoPictures(
                    f"{printable(str(tar))}: {kind}, and pictures are read one by one out of plain tars only: "
                    "unpack it and name the folder"
                )
        with tarfile.open(tar, "r:") as archive:
            for member in archive:
                if member.isfile() and not passed_over(member.name):
                    found.add(member.name)
                    places[member.name] = member.offset_data, member.size
    except (tarfile.TarError, OSError, EOFError, ValueError, OverflowError) as error:
        if isinstance(error, NoPictures):
            raise
        raise NoPictures(f"{printable(str(tar))}: not a readable tar ({printable(str(error))})") from error
    left_out += found.left_out()
    return [Entry(name, tar, *places[name]) for name in dict.fromkeys(found.pictures)]  # the last of a name is it
