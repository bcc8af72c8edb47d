"""The published map of styles: it belongs to the gallery, is small, and has every style of the gallery."""

import json
import subprocess
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

STYLES = Path(__file__).resolve().parents[2] / "web" / "styles"
MAP, GALLERY = (json.loads((STYLES / name).read_text("utf-8")) for name in ("map.json", "gallery.json"))
CELLS = np.array(MAP["vectors"]).reshape(MAP["rows"], MAP["columns"], 100)
SIZE = "process.stdout.write(String(require('zlib').brotliCompressSync(require('fs').readFileSync(0)).length))"


@pytest.fixture(scope="module")
def far() -> np.ndarray:
    """[N,R*C]: the distance of each gallery style to each cell, as a share of the median one of two styles."""
    styles = np.array([style["vector"] for style in GALLERY["styles"]])
    usual = np.median([np.linalg.norm(a - b) for a, b in combinations(styles, 2)])
    return np.linalg.norm(styles[:, None] - CELLS.reshape(1, -1, 100), axis=2) / usual


def test_map_and_gallery_are_of_one_style_space_and_no_cell_keeps_anything_of_the_photo() -> None:
    assert MAP["style_space"] == GALLERY["style_space"]
    assert np.isfinite(CELLS).all() and not CELLS[..., 0].any()


def test_the_files_are_small() -> None:
    content = (STYLES / "map.json").read_bytes()
    assert int(subprocess.run(["node", "-e", SIZE], input=content, capture_output=True, check=True).stdout) <= 45_000
    assert (STYLES / MAP["swatches"]).stat().st_size <= 70_000


def test_every_cell_has_a_swatch_of_its_own() -> None:
    picture = np.asarray(Image.open(STYLES / MAP["swatches"]).convert("RGB"), float)
    side = picture.shape[1] // MAP["columns"]
    assert picture.shape == (side * MAP["rows"], side * MAP["columns"], 3) and side >= 40
    swatches = picture.reshape(MAP["rows"], side, MAP["columns"], side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)
    assert all(np.abs(a - b).mean() > 1 for a, b in combinations(swatches, 2))
    assert min(swatch.std() for swatch in swatches) > 15, "none is muddy"


def test_every_gallery_style_has_a_cell_of_its_own_close_by(far: np.ndarray) -> None:
    assert np.median(far.min(1)) < 0.1
    assert far.min(1).max() < 0.35
    assert len(set(far.argmin(1))) == len(GALLERY["styles"])


def test_places_name_the_nearest_styles_of_the_gallery_first_the_nearest(far: np.ndarray) -> None:
    known = {style["id"]: style["name"] for style in GALLERY["styles"]}
    ids = [style["id"] for style in GALLERY["styles"]]
    assert len(MAP["places"]) == MAP["rows"] * MAP["columns"]
    for place, nearest in zip(MAP["places"], far.argsort(0).T, strict=True):
        assert [style["id"] for style in place] == [ids[i] for i in nearest[: len(place)]] and 1 <= len(place) <= 2
        assert all(style["name"] == known[style["id"]] for style in place)


def test_neighbours_are_alike_and_the_corners_are_not() -> None:
    steps = np.concatenate([np.linalg.norm(np.diff(CELLS, axis=axis), axis=2).ravel() for axis in (0, 1)])
    corners = [CELLS[y, x] for y in (0, -1) for x in (0, -1)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(corners, 2)) > 2 * np.median(steps)
