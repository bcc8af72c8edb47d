"""The embedded set: what a distillation is trained on where nobody has laid pictures or pretrained weights.

    photos    squares of the page's sample photos (web/samples), which the project's own code rendered
    styles    the gallery's pictures (web/styles), and others that its painters paint anew from other seeds

The photo of HELD_PHOTO and all pictures of HELD_PAINTERS are held out. `prepare` writes them to `data/embedded`, once.
The teacher is the published pair, and the only losses are the distances to its vectors and to its pictures, so no
foreign weights are needed. The student's predictor begins at random, its transformer as the teacher's.
"""

import json
import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from training.common.decoding import read_picture
from training.common.runs import writing
from training.common.squares import random_cut
from training.style.config import DistilConfig

ROOT = Path(__file__).resolve().parents[2]
SAMPLES, STYLES = ROOT / "web" / "samples", ROOT / "web" / "styles"
FOLDER = Path("data/embedded")
HELD_PHOTO = "mountain-lake"
HELD_PAINTERS = ("aurora", "bouquet", "embroidery", "gouache", "stained-glass", "woodcut")
SQUARES = 8  # of each photo
ANEW = 2  # pictures of each painter beside the gallery's
STEPS = 600
MOST = 8  # processes that paint

NAMED = {"photos", "styles", "held_photos", "held_styles", "weights", "teacher", "magenta", "start"}
LINE = (
    "training on the project's own pictures ({folder}) without pretrained networks; a real run adds your pictures and "
    "ImageNet weights, such as --photos FOLDER --styles FOLDER --weights torchvision (README.md, Train)"
)


def defaults(given: dict[str, Any]) -> dict[str, Any]:
    """Values of the options for the embedded set, or none where the options or the folder data/ ask for a real run."""
    if NAMED & given.keys() or any(Path(each).exists() for each in DistilConfig().photos + DistilConfig().styles):
        return {}
    steps = given.get("steps", STEPS)
    return {
        "photos": [str(FOLDER / "photos")],
        "styles": [str(FOLDER / "styles")],
        "held_photos": [str(FOLDER / "held-photos")],
        "held_styles": [str(FOLDER / "held-styles")],
        "training_data": "The project's own rendered photos and painted pictures (web/samples, web/styles).",
        "transformer_from_teacher": True,
        "steps": steps,
        "predictor_steps": steps * 7 // 10,
        "joint_from": 0,
        "taught_steps": steps,
        "vector_steps": steps,
        "batch": 4,
        "views": 8,
        "size": 192,
        "style_size": 256,
        "recolour": 0.6,
        "learning_rate": 2e-4,
        "predictor_learning_rate": 2e-3,
        "style_weight": 0.0,
        "strokes_weight": 0.0,
        "content_weight": 0.0,
    }


def is_embedded(config: DistilConfig) -> bool:
    """Whether a distillation is trained on the embedded set."""
    return str(FOLDER / "styles") in config.styles


def prepare(folder: Path = FOLDER) -> None:
    """Write the pictures that are not there yet; one process writes, others wait. Raises NoRoom."""
    from filelock import FileLock  # comes with PyTorch

    with writing(folder):
        for name in ("photos", "styles", "held-photos", "held-styles"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            jobs = [job for job in [*_squares(folder), *_paintings(folder)] if not job[1].exists()]
            paint = [job for job in jobs if job[0] is paint_anew]
            for make, place, *rest in (job for job in jobs if job[0] is not paint_anew):
                make(place, *rest)
            _in_processes(paint)


def all_styles(folder: Path = FOLDER) -> list[str]:
    """The folders of all its style pictures, those that are held out too, painted where they are not there yet.

    Raises NoRoom.
    """
    prepare(folder)
    return [str(folder / "styles"), str(folder / "held-styles")]


Job = tuple[Callable[..., None], Path, Any, int]  # what makes a picture, its file, and what it is made of


def _squares(folder: Path) -> list[Job]:
    samples = [sample["picture"] for sample in json.loads((SAMPLES / "samples.json").read_text("utf-8"))]
    return [
        (cut_square, folder / _part("photos", stem == HELD_PHOTO) / f"{stem}-{i}.png", SAMPLES / name, i)
        for name in samples
        for stem in [Path(name).stem]
        for i in range(SQUARES)
    ]


def _paintings(folder: Path) -> list[Job]:
    painters = [style["id"] for style in json.loads((STYLES / "gallery.json").read_text("utf-8"))["styles"]]
    return [
        (paint_anew if i else copy_picture, folder / _part("styles", id in HELD_PAINTERS) / f"{id}-{i}.png", id, i)
        for id in painters
        for i in range(1 if id in HELD_PAINTERS else 1 + ANEW)
    ]


def _part(kind: str, held: bool) -> str:
    return f"held-{kind}" if held else kind


def _in_processes(jobs: list[Job]) -> None:
    """Paint on all cores; a process started anew has nothing of PyTorch's threads."""
    if not jobs:
        return
    with ProcessPoolExecutor(min(MOST, os.cpu_count() or 1), multiprocessing.get_context("spawn")) as pool:
        working = [pool.submit(make, place, id, number) for make, place, id, number in jobs]
        for done in tqdm(working, desc="painting pictures to learn from", unit="picture", dynamic_ncols=True):
            done.result()


def cut_square(place: Path, photo: Path, number: int) -> None:
    """A random square of a sample photo, 0.4 to 1 of its short side."""
    _save(random_cut(read_picture(photo), np.random.default_rng(number), 0.4), place)


def copy_picture(place: Path, id: str, _: int) -> None:
    """The gallery's picture."""
    _save(read_picture(STYLES / "pictures" / f"{id}.webp"), place)


def paint_anew(place: Path, id: str, variation: int) -> None:
    """A picture of the gallery's painter from another seed."""
    sys.path.insert(0, str(STYLES))
    import paint  # web/styles/paint.py  # type: ignore[import-not-found]

    [style] = [style for style in paint.STYLES if style.id == id]
    _save(paint.paint(style, variation), place)


def _save(picture: Image.Image, place: Path) -> None:
    beside = place.with_suffix(".new")
    picture.save(beside, "PNG")
    os.replace(beside, place)
