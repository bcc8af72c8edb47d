"""Skies, walls and windows that were outlined by eye: some to measure scene networks by, the others to learn from.

    python -m training.daynight.outlined day PICTURES ... --out FOLDER      labels of the day photos among PICTURES
    python -m training.daynight.outlined night PICTURES ... --out FOLDER
    python -m training.daynight.outlined street data/street --out FOLDER     labelled street photos with their windows
    python -m training.daynight.train_scene --labelled data/street FOLDER ...

skies.json has, by the names of photos, polygons in percent of width and height: skies of 60 real nights to measure by
(`skies`), skies of photos by day and by night to learn from (`learnt`; none of them is measured), and of some of these
by day the walls of buildings (`walls`). They were drawn before a network's answer was seen. windows.json has, of some
photos by day, windows, and facades whose windows are too tiny to draw. What is to learn from is written as labelled.py
reads it: each photo, its shorter side at most SIDE px, and its labels: sky or NO_SKY, and with --walls building or
NO_BUILDING where they are known; WINDOW, WALL and FACADE instead of building where windows are known. Outlines of skies
and walls say nothing, for an eye is no more exact than that. Photos with windows are written to FOLDER/windows, because
a training sees more of them when that folder is named too.
"""

import argparse
import json
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from tqdm import tqdm

from training.common.pictures import Entry, NoPictures, Pictures
from training.daynight.labelled import BUILDING, LABELS, SKY, Labelled
from training.daynight.scene import FACADE, MULTIPLE, NO_BUILDING, NO_LIGHT, NO_SKY, UNLABELLED, WALL, WINDOW

SKIES, WINDOWS = (Path(__file__).with_name(name) for name in ("skies.json", "windows.json"))
SIDE = 288  # px of the shorter side: CamVid's, which the network has learnt from
HELD_OUT = 14  # of so many photos with windows one is held out
EXACT = 0.008  # of the shorter side: how far from the outline labels begin

Point = list[float]
Polygons = list[list[Point]]


def to_measure() -> dict[str, Polygons]:
    """The outlines that networks are measured by, by the names of night photos."""
    return _drawn()["skies"]


def to_learn(time: str) -> dict[str, Polygons]:
    """The outlines that networks learn from, by the names of photos by 'day' or by 'night'."""
    return _drawn()["learnt"][time]


def walls_by_day() -> dict[str, Polygons]:
    """The outlines of walls, by the names of photos by day."""
    return _drawn()["walls"]


@dataclass(frozen=True)
class Windows:
    """Of one photo: windows, and facades with windows too tiny to draw."""

    drawn: Polygons
    facades: Polygons


def windows_by_day() -> dict[str, Windows]:
    """The windows of photos by day, by their names."""
    photos = json.loads(WINDOWS.read_text(encoding="utf-8"))["windows"]
    return {
        name: Windows([*each["windows"], *(p for grid in each["grids"] for p in cells(**grid))], each["facades"])
        for name, each in photos.items()
    }


def cells(corners: list[Point], columns: int, rows: int, width: float, height: float) -> Polygons:
    """The windows of a regular facade, whose corners begin at the top left: each takes this share of its cell."""
    top_left, top_right, bottom_right, bottom_left = (np.array(corner) for corner in corners)

    def at(across: float, down: float) -> Point:
        top, bottom = ((1 - across) * a + across * b for a, b in ((top_left, top_right), (bottom_left, bottom_right)))
        return ((1 - down) * top + down * bottom).tolist()

    around = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return [
        [at((column + (1 + x * width) / 2) / columns, (row + (1 + y * height) / 2) / rows) for x, y in around]
        for row in range(rows)
        for column in range(columns)
    ]


def _drawn() -> dict[str, Any]:
    return json.loads(SKIES.read_text(encoding="utf-8"))


def within(polygons: Polygons, size: tuple[int, int]) -> np.ndarray:
    """Polygons in percent of width and height -> [H,W], true within them."""
    mask = Image.new("1", size)
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon([(x * size[0] / 100, y * size[1] / 100) for x, y in polygon], fill=1)
    return np.array(mask)


def along(mask: np.ndarray, share: float) -> np.ndarray:
    """[H,W]: within this share of the shorter side of where the mask ends, the picture's own edges aside."""
    side = 2 * round(share * min(mask.shape)) + 1
    near = F.avg_pool2d(torch.from_numpy(mask)[None].float(), side, 1, side // 2, count_include_pad=False)[0].numpy()
    return (near > 0) & (near < 1)


def reduced(photo: Image.Image) -> Image.Image:
    """The photo with its shorter side at most SIDE px, both multiples of 32."""
    scale = min(1, SIDE / min(photo.size))
    width, height = (max(MULTIPLE, round(side * scale / MULTIPLE) * MULTIPLE) for side in photo.size)
    return photo.resize((width, height), Image.Resampling.LANCZOS)


def labels_of(
    sky: Polygons | None, walls: Polygons | None, windows: Windows | None, size: tuple[int, int]
) -> np.ndarray:
    """[H,W] bytes: sky, building where walls are known, what else is there, and UNLABELLED along these outlines.

    Where windows are known, but no walls, all else may be of any class but has no light.
    """
    above, built = within(sky or [], size), within(walls or [], size)
    elsewhere = NO_BUILDING if walls is not None else NO_LIGHT if windows else NO_SKY
    labels = np.where(above, SKY, np.where(built, BUILDING, elsewhere))
    labels = np.where(along(above, EXACT) | along(built, EXACT), UNLABELLED, labels)
    if windows:
        labels = np.where(within(windows.drawn + windows.facades, size), BUILDING, labels)
        labels = with_windows(labels, windows)
    return labels.astype(np.uint8)


def with_windows(labels: np.ndarray, windows: Windows) -> np.ndarray:
    """The same labels [H,W] with WINDOW, FACADE and WALL instead of building."""
    size = labels.shape[::-1]
    walls = np.where(within(windows.facades, size), FACADE, WALL)
    walls = np.where(within(windows.drawn, size), WINDOW, walls)
    return np.where(labels == BUILDING, walls, labels).astype(np.uint8)


def write(time: str, sources: list[str], out: Path, walls_too: bool = False) -> int:
    """Write those of the sources' photos that are outlined, with labels; how many. Raises NoPictures."""
    pictures, skies = Pictures(sources), to_learn(time)
    walls, windows = (walls_by_day(), windows_by_day()) if walls_too and time == "day" else ({}, {})
    outlined = skies.keys() | windows.keys()
    chosen = [(i, name) for i, entry in enumerate(pictures.entries) if (name := name_of(entry)) in outlined]
    if not chosen:
        raise NoPictures(f"none of the pictures has a sky outlined by {time} in {SKIES.name}")
    for i, name in tqdm(chosen, desc="labelling", unit="picture", dynamic_ncols=True):
        photo = reduced(pictures.read(i))
        labels = labels_of(skies.get(name), walls.get(name), windows.get(name), photo.size)
        save(photo, labels, out / _place(name, windows, time))
    return len(chosen)


def _place(name: str, windows: dict[str, Windows], time: str) -> str:
    """Photos whose windows are drawn are in a folder of their own, and one in HELD_OUT of them is held out."""
    stem = f"{time}-{PurePosixPath(name).stem}"
    if name not in windows:
        return stem
    return f"windows/{'val_' if zlib.crc32(name.encode()) % HELD_OUT == 0 else ''}{stem}"


def write_streets(sources: list[str], out: Path) -> int:
    """Write the labelled photos among the sources whose windows are drawn, with these; how many. Raises NoPictures."""
    labelled, windows = Labelled(sources, "train"), windows_by_day()
    names = [name_of(labelled.pictures.entries[photo]) for photo, _ in labelled.pairs]
    chosen = [(i, name) for i, name in enumerate(names) if name in windows]
    if not chosen:
        raise NoPictures(f"none of the labelled photos has windows in {WINDOWS.name}")
    for i, name in chosen:
        photo, labels = labelled.read(i)
        save(photo, with_windows(np.asarray(labels), windows[name]), out / f"windows-{PurePosixPath(name).stem}")
    return len(chosen)


def name_of(entry: Entry) -> str:
    """The name of a picture without its folders."""
    return PurePosixPath(entry.name).name


def save(photo: Image.Image, labels: np.ndarray, stem: Path) -> None:
    """Write a photo and its labels as labelled.py reads them."""
    stem.parent.mkdir(parents=True, exist_ok=True)
    photo.save(f"{stem}.jpg", quality=92)
    Image.fromarray(labels).save(f"{stem}{LABELS}")


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "time", choices=["day", "night", "street"], help="when the photos were taken; street: with labels, for windows"
    )
    parser.add_argument("pictures", nargs="+", help="the photos that skies.json names, and others: folders or tars")
    parser.add_argument("--walls", action="store_true", help="of photos by day, label walls and windows too")
    parser.add_argument("--out", type=Path, required=True, help="folder for photos and labels")
    options = parser.parse_args(arguments)
    try:
        if options.time == "street":
            count = write_streets(options.pictures, options.out)
        else:
            count = write(options.time, options.pictures, options.out, options.walls)
    except NoPictures as error:
        sys.exit(str(error))
    print(f"{count} photos with labels are in {options.out}")


if __name__ == "__main__":
    main()
