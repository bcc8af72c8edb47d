"""Renders the sample photos for visitors who come without one: `python web/samples/make.py [ID ...]`.

Each is ray-marched by this project's own code (scenes/): ID.jpg, longer side 1024 px, thumbnails/ID.webp and
samples.json. `bench/heroes.py` then paints those that stand for their effect on the first screen.

`--photographs FOLDER` writes free photographs that scikit-image ships to FOLDER instead, at their own size, for
tests: astronaut (NASA, public domain), chelsea (CC0), coffee (CC0), rocket (SpaceX, CC0).
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
STARRY = "swirling-night"
WIDE = (1024, 683)  # most samples' size
THUMBNAIL, THUMBNAIL_BYTES = (240, 160), 6_000
PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")


@dataclass(frozen=True)
class Sample:
    """One sample photo and the scene that renders it."""

    id: str
    en: str
    ru: str
    scene: str
    size: tuple[int, int]  # width, height
    effect: str  # what it starts: the kind of an effect
    style: str = ""  # and, among the styles, the id of one
    view: str = "render"  # the scene's function
    hero: bool = False  # stands for its effect on the first screen


SAMPLES = (
    Sample("mountain-lake", "Mountain lake", "Горное озеро", "mountain_lake", WIDE, "style", STARRY, hero=True),
    Sample("portrait", "Portrait", "Портрет", "portrait", WIDE, "style", "wheat-wind"),
    Sample("day-street", "Street by day", "Улица днём", "street", WIDE, "day-night", view="by_day", hero=True),
    Sample("night-street", "Street by night", "Улица ночью", "street", WIDE, "day-night", view="by_night"),
    Sample("house-at-dusk", "House at dusk", "Дом в сумерках", "house_at_dusk", WIDE, "style", "stained-glass"),
    Sample("breakfast", "Breakfast table", "Завтрак у окна", "still_life", (1024, 768), "style", "bouquet"),
)  # fmt: skip


def render(sample: Sample) -> Image.Image:
    """Render a sample's scene with a little film grain."""
    width, height = sample.size
    pixels = getattr(importlib.import_module(f"scenes.{sample.scene}"), sample.view)(width, height)
    pixels = pixels + np.random.default_rng(7).normal(0, 0.006, (height, width, 1))
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))


def middle(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The largest middle part of that shape, reduced to that size."""
    scale = min(picture.width / size[0], picture.height / size[1])
    width, height = round(size[0] * scale), round(size[1] * scale)
    left, top = (picture.width - width) // 2, (picture.height - height) // 2
    return picture.crop((left, top, left + width, top + height)).resize(size, Image.Resampling.LANCZOS)


def write_small(picture: Image.Image, path: Path, most: int) -> None:
    """Write a WebP of at most that many bytes, at the best quality that fits."""
    path.parent.mkdir(exist_ok=True)
    for quality in range(88, 10, -4):
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= most:
            return


def write_list() -> None:
    """Write samples.json."""
    entries = [
        {
            "id": sample.id,
            "name": {"en": sample.en, "ru": sample.ru},
            "picture": f"{sample.id}.jpg",
            "thumbnail": f"thumbnails/{sample.id}.webp",
            "credit": "Rendered by Nocturne",
            "effect": sample.effect,
            **({"style": sample.style} if sample.style else {}),
            **(
                {"hero": {side: f"heroes/{sample.id}-{side}.webp" for side in ("before", "after")}}
                if sample.hero
                else {}
            ),
        }
        for sample in SAMPLES
    ]
    (HERE / "samples.json").write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", "utf-8")


def photographs(folder: Path) -> list[Path]:
    """Write scikit-image's photographs to a folder as JPEG; returns their paths."""
    from skimage import data

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in PHOTOGRAPHS:
        paths.append(folder / f"{name}.jpg")
        Image.fromarray(getattr(data, name)()).convert("RGB").save(paths[-1], quality=92)
    return paths


def main(arguments: list[str]) -> int:
    """Render the named samples, or all; returns the exit status."""
    if arguments[:1] == ["--photographs"]:
        if len(arguments) != 2:
            print("Name the folder: make.py --photographs FOLDER", file=sys.stderr)
            return 2
        photographs(Path(arguments[1]))
        return 0
    known = {sample.id for sample in SAMPLES}
    if unknown := sorted(set(arguments) - known):
        print(f"No such sample: {', '.join(unknown)}. Choose from: {', '.join(sorted(known))}.", file=sys.stderr)
        return 2
    for sample in SAMPLES:
        if arguments and sample.id not in arguments:
            continue
        picture = render(sample)
        picture.save(HERE / f"{sample.id}.jpg", quality=88, optimize=True, progressive=True)
        write_small(middle(picture, THUMBNAIL), HERE / "thumbnails" / f"{sample.id}.webp", THUMBNAIL_BYTES)
        print(f"{sample.id}: rendered")
    write_list()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
