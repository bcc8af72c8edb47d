"""The style gallery: its files, names and sizes, that its pictures are made anew as they are, and that they differ."""

import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

STYLES = Path(__file__).resolve().parents[2] / "web" / "styles"
sys.path.insert(0, str(STYLES))

import paint  # noqa: E402

GALLERY = json.loads((STYLES / "gallery.json").read_text("utf-8"))
ENTRIES = GALLERY["styles"]
QUICK = ("stained-glass", "art-nouveau", "low-poly", "cut-outs")  # a few seconds each


def picture(entry: dict) -> np.ndarray:
    return np.asarray(Image.open(STYLES / entry["picture"]).convert("RGB"), np.float32) / 255


def colours(pixels: np.ndarray) -> np.ndarray:
    """Histogram of 4 x 4 x 4 colours, summing to 1."""
    index = np.minimum((pixels * 4).astype(int), 3) @ np.array([16, 4, 1])
    return np.bincount(index.ravel(), minlength=64) / index.size


def textures(pixels: np.ndarray) -> np.ndarray:
    """Share of the contrast at five scales, and along four directions."""
    grey = pixels.mean(2) - pixels.mean()
    spectrum = np.abs(np.fft.fft2(grey)) ** 2
    fy, fx = np.meshgrid(*[np.fft.fftfreq(n) * n for n in grey.shape], indexing="ij")
    scale = np.digitize(np.hypot(fx, fy), [4, 12, 32, 80])
    turn = ((np.arctan2(fy, fx) / np.pi * 4 + 0.5) % 4).astype(int)
    energy = [np.bincount(kind.ravel(), spectrum.ravel(), size) for kind, size in ((scale, 5), (turn, 4))]
    return np.concatenate([share / share.sum() for share in energy])


def test_there_are_at_least_twenty_styles_and_each_has_an_id_of_its_own() -> None:
    ids = [entry["id"] for entry in ENTRIES]
    assert len(ids) >= 20
    assert len(set(ids)) == len(ids)


def test_the_gallery_lists_every_style_of_the_code_in_its_order() -> None:
    assert [entry["id"] for entry in ENTRIES] == [style.id for style in paint.STYLES]


@pytest.mark.parametrize("folder", ["pictures", "thumbnails"])
def test_every_file_is_listed_and_every_listed_file_is_there(folder: str) -> None:
    listed = {entry[folder[:-1]] for entry in ENTRIES}
    assert listed == {f"{folder}/{path.name}" for path in (STYLES / folder).iterdir()}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_style_has_names_in_both_languages_and_files_of_the_promised_size(entry: dict) -> None:
    assert entry["name"]["en"].isascii() and entry["name"]["en"].strip()
    assert any("а" <= letter <= "я" for letter in entry["name"]["ru"].lower())
    for key, side, limit in (("picture", 512, 90_000), ("thumbnail", 160, 4_600)):
        path = STYLES / entry[key]
        assert Image.open(path).size == (side, side)
        assert path.stat().st_size <= limit


def test_names_are_not_used_twice() -> None:
    for language in ("en", "ru"):
        names = [entry["name"][language] for entry in ENTRIES]
        assert len(set(names)) == len(names)


def test_vectors_have_a_hundred_numbers_and_a_style_space() -> None:
    vectors = [entry["vector"] for entry in ENTRIES if "vector" in entry]
    assert all(len(vector) == 100 and np.isfinite(vector).all() for vector in vectors)
    assert not vectors or GALLERY["style_space"]


def test_no_two_styles_share_their_colours_and_their_texture() -> None:
    pixels = [picture(entry) for entry in ENTRIES]
    hues, grains = [colours(p) for p in pixels], [textures(p) for p in pixels]
    for a, b in combinations(range(len(ENTRIES)), 2):
        hue = np.abs(hues[a] - hues[b]).sum() / 2
        grain = np.abs(grains[a] - grains[b]).sum() / 4
        assert hue + grain > 0.30, f"{ENTRIES[a]['id']} and {ENTRIES[b]['id']} look alike"


def test_every_style_has_contrast_and_texture_at_the_scale_of_strokes() -> None:
    for entry in ENTRIES:
        pixels = picture(entry)
        assert pixels.std() > 0.10, entry["id"]
        assert textures(pixels)[2:5].sum() > 0.04, entry["id"]


@pytest.mark.slow
@pytest.mark.parametrize("style", [style for style in paint.STYLES if style.id in QUICK], ids=lambda style: style.id)
def test_the_same_code_paints_the_published_picture_again(style: paint.Style) -> None:
    assert paint.unchanged(paint.paint(style), STYLES / "pictures" / f"{style.id}.webp")


def test_a_changed_picture_loses_its_vector_and_an_unchanged_one_keeps_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(paint, "HERE", tmp_path)
    first, second = paint.STYLES[:2]
    (tmp_path / "pictures").mkdir()
    for style in (first, second):
        (tmp_path / "pictures" / f"{style.id}.webp").write_bytes(b"")
    before = [{"id": style.id, "vector": [1.0] * 100} for style in (first, second)]
    (tmp_path / "gallery.json").write_text(json.dumps({"style_space": "space", "styles": before}))
    paint.write_gallery({second.id})
    after = json.loads((tmp_path / "gallery.json").read_text("utf-8"))
    assert after["style_space"] == "space"
    assert ["vector" in entry for entry in after["styles"]] == [True, False]


def test_an_unknown_style_is_refused_in_one_sentence(capsys) -> None:
    assert paint.main(["no-such-style"]) == 2
    assert capsys.readouterr().err.startswith("No such style: no-such-style. Choose from: ")


def test_a_painters_variation_is_another_picture_in_its_manner_and_the_same_each_time():
    style = next(style for style in paint.STYLES if style.id == "art-nouveau")
    first, again, other = (np.asarray(paint.paint(style, variation), float) for variation in (1, 1, 2))
    gallerys = np.asarray(Image.open(STYLES / "pictures" / "art-nouveau.webp").convert("RGB"), float)
    assert np.array_equal(first, again)
    assert np.abs(first - other).mean() > 5 and np.abs(first - gallerys).mean() > 5
