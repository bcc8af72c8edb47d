"""Skies and walls that were outlined by eye: some to measure scene networks by, the others to learn from.

    python -m training.daynight.outlined day PICTURES ... --out FOLDER      labels of the day photos among PICTURES
    python -m training.daynight.outlined night PICTURES ... --out FOLDER
    python -m training.daynight.train_scene --labelled data/street FOLDER

skies.json has, by the names of photos, polygons in percent of width and height: skies of 60 real nights to measure by
(`skies`), skies of photos by day and by night to learn from (`learnt`; none of them is measured), and of some of these
by day the walls of buildings, on which windows may be lit (`walls`). They were drawn before a network's answer was
seen. What is to learn from is written as labelled.py reads it: each photo, its shorter side at most SIDE px, and its
labels: sky or NO_SKY, and with --walls building or NO_BUILDING where they are known. Outlines themselves say nothing,
for an eye is no more exact than that.
"""

import argparse
import json
import sys
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from tqdm import tqdm

from training.common.pictures import NoPictures, Pictures
from training.daynight.labelled import LABELS, SKY
from training.daynight.scene import CLASSES, MULTIPLE, NO_BUILDING, NO_SKY, UNLABELLED

SKIES = Path(__file__).with_name("skies.json")
SIDE = 288  # px of the shorter side: CamVid's, which the network has learnt from
EXACT = 0.008  # of the shorter side: how far from the outline labels begin

Polygons = list[list[list[float]]]


def to_measure() -> dict[str, Polygons]:
    """The outlines that networks are measured by, by the names of night photos."""
    return _drawn()["skies"]


def to_learn(time: str) -> dict[str, Polygons]:
    """The outlines that networks learn from, by the names of photos by 'day' or by 'night'."""
    return _drawn()["learnt"][time]


def walls_by_day() -> dict[str, Polygons]:
    """The outlines of walls, by the names of photos by day."""
    return _drawn()["walls"]


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


def labels_of(sky: Polygons, walls: Polygons | None, size: tuple[int, int]) -> np.ndarray:
    """[H,W] bytes: sky, building where walls are known, what else is there, and UNLABELLED along the outlines."""
    above, built = within(sky, size), within(walls or [], size)
    labels = np.where(built, CLASSES.index("building"), NO_SKY if walls is None else NO_BUILDING)
    labels = np.where(above, SKY, labels)
    return np.where(along(above, EXACT) | along(built, EXACT), UNLABELLED, labels).astype(np.uint8)


def write(time: str, sources: list[str], out: Path, walls_too: bool = False) -> int:
    """Write the photos of `to_learn(time)` that are among the sources, with labels; how many. Raises NoPictures."""
    pictures, drawn, built = Pictures(sources), to_learn(time), walls_by_day() if walls_too and time == "day" else {}
    names = [PurePosixPath(entry.name).name for entry in pictures.entries]
    chosen = [i for i, name in enumerate(names) if name in drawn]
    if not chosen:
        raise NoPictures(f"none of the pictures has a sky outlined by {time} in {SKIES.name}")
    out.mkdir(parents=True, exist_ok=True)
    for i in tqdm(chosen, desc="labelling", unit="picture", dynamic_ncols=True):
        photo, stem = reduced(pictures.read(i)), f"{time}-{PurePosixPath(names[i]).stem}"
        photo.save(out / f"{stem}.jpg", quality=92)
        Image.fromarray(labels_of(drawn[names[i]], built.get(names[i]), photo.size)).save(out / f"{stem}{LABELS}")
    return len(chosen)


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("time", choices=["day", "night"], help="when the photos were taken")
    parser.add_argument("pictures", nargs="+", help="the photos that skies.json names, and others: folders or tars")
    parser.add_argument(
        "--walls", action="store_true", help="label walls too, of the day photos in which they are outlined"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for photos and labels")
    options = parser.parse_args(arguments)
    try:
        count = write(options.time, options.pictures, options.out, options.walls)
    except NoPictures as error:
        sys.exit(str(error))
    print(f"{count} photos with labels are in {options.out}")


if __name__ == "__main__":
    main()
