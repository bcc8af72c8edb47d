"""Renders the sample photos for visitors who come without one: `python web/samples/make.py [ID ...]`.

Each is ray-marched by this project's own code (scenes/): ID.jpg, longer side 1024 px, thumbnails/ID.webp and
samples.json. `--photographs FOLDER` writes free photographs that scikit-image ships to FOLDER instead, at
their own size, for tests: astronaut (NASA, public domain), chelsea (CC0), coffee (CC0), rocket (SpaceX, CC0).
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
THUMBNAIL_SIDE, THUMBNAIL_BYTES = 160, 5_000
PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket")


@dataclass(frozen=True)
class Sample:
    """One sample photo and the scene that renders it."""

    id: str
    en: str
    ru: str
    scene: str
    size: tuple[int, int]  # width, height


SAMPLES = (
    Sample("house-at-dusk", "House at dusk", "Дом в сумерках", "house_at_dusk", (1024, 683)),
    Sample("mountain-lake", "Mountain lake", "Горное озеро", "mountain_lake", (1024, 683)),
    Sample("breakfast", "Breakfast table", "Завтрак у окна", "still_life", (1024, 768)),
)


def render(sample: Sample) -> Image.Image:
    """Render a sample's scene with a little film grain."""
    width, height = sample.size
    pixels = importlib.import_module(f"scenes.{sample.scene}").render(width, height)
    pixels = pixels + np.random.default_rng(7).normal(0, 0.006, (height, width, 1))
    return Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))


def thumbnail(picture: Image.Image, path: Path) -> None:
    """Write the square middle of a picture as a small WebP."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    small = picture.crop((left, top, left + side, top + side)).resize((THUMBNAIL_SIDE,) * 2, Image.Resampling.LANCZOS)
    path.parent.mkdir(exist_ok=True)
    for quality in range(86, 10, -4):
        small.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= THUMBNAIL_BYTES:
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
        thumbnail(picture, HERE / "thumbnails" / f"{sample.id}.webp")
        print(f"{sample.id}: rendered")
    write_list()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
