"""Paints the style gallery: `python web/styles/paint.py [ID ...]` (all of them without an ID).

Writes pictures/ID.webp (512 px), thumbnails/ID.webp (160 px) and gallery.json beside this file. Every
picture is made by this project's own code from a seed of its name. A picture that comes out as it was
keeps its file and its style vector; one that changed loses its vector (converter/gallery.py makes it anew).
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

HERE = Path(__file__).resolve().parent
PICTURE_SIDE, PICTURE_BYTES = 512, 90_000
THUMBNAIL_SIDE, THUMBNAIL_BYTES = 160, 4_600
SAME_PICTURE = 24  # levels of 255: if 99.9 % of the values differ less, only the encoder's version changed


@dataclass(frozen=True)
class Style:
    """One picture of the gallery and the function that paints it."""

    id: str
    en: str
    ru: str
    painter: str  # "module.function" in techniques/


STYLES = (
    Style("swirling-night", "Swirling night", "Вихри ночи", "flow_fields.swirling_night"),
    Style("breaking-wave", "Breaking wave", "Большая волна", "wave.breaking_wave"),
    Style("stained-glass", "Stained glass", "Витраж", "voronoi.stained_glass"),
    Style("watercolour", "Watercolour lake", "Акварельное озеро", "wet_media.watercolour"),
    Style("bouquet", "Oil bouquet", "Букет маслом", "impasto.bouquet"),
    Style("linocut", "Three-colour linocut", "Линогравюра в три цвета", "block_prints.linocut"),
    Style("aurora", "Northern lights", "Северное сияние", "flow_fields.aurora"),
    Style("art-nouveau", "Art nouveau peacock", "Павлин в стиле модерн", "whiplash.peacock"),
    Style("river-dots", "Pointillist river", "Река пуантилиста", "pointillism.river_afternoon"),
    Style("ink-wash", "Ink wash", "Размывка тушью", "wet_media.ink_wash"),
    Style("wheat-wind", "Wheat in the wind", "Пшеница на ветру", "flow_fields.wheat_wind"),
    Style("cubist", "Cubist still life", "Кубистский натюрморт", "facets.cubist"),
    Style("woodcut", "Woodcut", "Ксилография", "block_prints.woodcut"),
    Style("koi-mosaic", "Koi mosaic", "Мозаика с карпами", "voronoi.koi_mosaic"),
    Style("pastel", "Pastel lavender", "Лаванда пастелью", "dry_media.lavender"),
    Style("low-poly", "Folded facets", "Бумажные грани", "facets.low_poly"),
    Style("fauvist-harbour", "Fauvist harbour", "Фовистская гавань", "impasto.fauvist_harbour"),
    Style("engraving", "Engraving", "Гравюра на меди", "block_prints.engraving"),
    Style("moon-dots", "Moon in dots", "Луна из точек", "pointillism.moon_rings"),
    Style("gouache", "Gouache hills", "Гуашевые холмы", "paper.gouache"),
    Style("marbling", "Marbled paper", "Мраморная бумага", "marbling.ebru"),
    Style("neon-rain", "Neon rain", "Неоновый дождь", "city.neon_rain"),
    Style("embroidery", "Silk embroidery", "Вышивка шёлком", "textiles.embroidery"),
    Style("copper-patina", "Copper patina", "Патина на меди", "metal.patina"),
    Style("cut-outs", "Paper cut-outs", "Вырезки из бумаги", "paper.cut_outs"),
    Style("suminagashi", "Ink on water", "Суминагаси", "marbling.suminagashi"),
    Style("tapestry", "Woven tapestry", "Тканый гобелен", "textiles.tapestry"),
    Style("futurist", "Futurist flight", "Футуризм: полёт", "facets.futurist"),
    Style("drips", "Drips and gestures", "Брызги и жесты", "action.drips"),
)


def paint(style: Style, variation: int = 0) -> Image.Image:
    """Paint one style: an RGB picture of PICTURE_SIDE px, always the same for the same id.

    Variation 0 is the gallery's; any other number gives another picture of the same painter.
    """
    module, function = style.painter.split(".")
    painter = getattr(importlib.import_module(f"techniques.{module}"), function)
    seed = zlib.crc32(style.id.encode())
    pixels = painter(np.random.default_rng((seed, variation) if variation else seed))
    large = Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))
    return large.resize((PICTURE_SIDE, PICTURE_SIDE), Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, limit: int) -> bytes:
    """WebP bytes at the highest quality that stays within `limit` bytes; very busy pictures are softened first."""
    for softness in (0, 0.4, 0.7, 1.0):
        soft = picture.filter(ImageFilter.GaussianBlur(softness)) if softness else picture
        for quality in range(92, 20, -4):
            buffer = io.BytesIO()
            soft.save(buffer, "WEBP", quality=quality, method=6)
            if buffer.tell() <= limit:
                return buffer.getvalue()
    raise ValueError(f"the picture does not fit into {limit} bytes")


def unchanged(picture: Image.Image, path: Path) -> bool:
    """Whether the file already shows this picture."""
    if not path.is_file():
        return False
    then = np.asarray(Image.open(path).convert("RGB"), np.float32)
    decoded = Image.open(io.BytesIO(encoded(picture, PICTURE_BYTES))).convert("RGB")
    now = np.asarray(decoded, np.float32)
    return then.shape == now.shape and float(np.percentile(np.abs(then - now), 99.9)) < SAME_PICTURE


def save(style: Style, picture: Image.Image) -> None:
    """Write the picture and its thumbnail, each beside and then renamed into place."""
    small = picture.resize((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    for folder, image, limit in (("pictures", picture, PICTURE_BYTES), ("thumbnails", small, THUMBNAIL_BYTES)):
        target = HERE / folder / f"{style.id}.webp"
        target.parent.mkdir(exist_ok=True)
        beside = target.with_suffix(".tmp")
        beside.write_bytes(encoded(image, limit))
        os.replace(beside, target)


def write_gallery(changed: set[str]) -> None:
    """Write gallery.json in the gallery's order; vectors of changed pictures are dropped."""
    path = HERE / "gallery.json"
    before = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    vectors = {entry["id"]: entry["vector"] for entry in before.get("styles", ()) if "vector" in entry}
    entries = []
    for style in STYLES:
        if not (HERE / "pictures" / f"{style.id}.webp").is_file():
            continue
        entry = {
            "id": style.id,
            "name": {"en": style.en, "ru": style.ru},
            "picture": f"pictures/{style.id}.webp",
            "thumbnail": f"thumbnails/{style.id}.webp",
        }
        if style.id in vectors and style.id not in changed:
            entry["vector"] = vectors[style.id]
        entries.append(entry)
    gallery = {"style_space": before.get("style_space", ""), "styles": entries}
    beside = path.with_suffix(".tmp")
    beside.write_text(json.dumps(gallery, ensure_ascii=False, indent=1) + "\n", "utf-8")
    os.replace(beside, path)


def main(ids: list[str]) -> int:
    """Paint the named styles, or all; returns the exit status."""
    known = {style.id for style in STYLES}
    if unknown := sorted(set(ids) - known):
        print(f"No such style: {', '.join(unknown)}. Choose from: {', '.join(sorted(known))}.", file=sys.stderr)
        return 2
    changed = set()
    for style in STYLES:
        if ids and style.id not in ids:
            continue
        picture = paint(style)
        if unchanged(picture, HERE / "pictures" / f"{style.id}.webp"):
            print(f"{style.id}: unchanged")
            continue
        save(style, picture)
        changed.add(style.id)
        print(f"{style.id}: painted")
    write_gallery(changed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
