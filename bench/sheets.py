"""Contact sheets: rows of pictures under the names of their columns, to look at."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from bench.painters import square

CELL, HEAD, ROWS = 320, 24, 8  # pixels of a picture and of the names' line; rows on a sheet


def save_sheets(out: Path, name: str, columns: Sequence[str], rows: Sequence[Sequence[Image.Image]]) -> Iterator[Path]:
    """Writes <name>-1.jpg, <name>-2.jpg … of ROWS rows each; gives their paths."""
    for start in range(0, len(rows), ROWS):
        path = out / f"{name}-{start // ROWS + 1}.jpg"
        sheet(columns, rows[start : start + ROWS]).save(path, quality=90)
        yield path


def sheet(columns: Sequence[str], rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """One sheet; every picture is cut to its centre square."""
    picture = Image.new("RGB", (CELL * len(columns), HEAD + CELL * len(rows)), "white")
    draw = ImageDraw.Draw(picture)
    for x, name in enumerate(columns):
        draw.text((x * CELL + 6, 4), name, "black", font_size=14)
        for y, row in enumerate(rows):
            picture.paste(square(row[x], CELL), (x * CELL, HEAD + y * CELL))
    return picture
