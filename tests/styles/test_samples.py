"""The sample photos: their list, files and sizes; the ray marcher under them; free photographs for tests; icons."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

WEB = Path(__file__).resolve().parents[2] / "web"
SAMPLES = WEB / "samples"
sys.path.insert(0, str(SAMPLES))

from scenes import raymarch  # noqa: E402

ENTRIES = json.loads((SAMPLES / "samples.json").read_text("utf-8"))


def maker():
    spec = importlib.util.spec_from_file_location("make_samples", SAMPLES / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_samples"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_sample_has_names_a_credit_and_a_photo_that_a_phone_could_have_taken(entry: dict) -> None:
    assert entry["name"]["en"] and entry["name"]["ru"] and entry["credit"]
    photo, thumbnail = SAMPLES / entry["picture"], SAMPLES / entry["thumbnail"]
    assert Image.open(photo).format == "JPEG"
    assert 768 <= max(Image.open(photo).size) <= 1024
    assert photo.stat().st_size <= 300_000
    assert Image.open(thumbnail).size == (160, 160)
    assert thumbnail.stat().st_size <= 5_000


def test_there_are_at_least_two_samples_and_no_photo_without_an_entry() -> None:
    assert len(ENTRIES) >= 2
    assert {entry["picture"] for entry in ENTRIES} == {path.name for path in SAMPLES.glob("*.jpg")}


def test_rays_meet_a_ball_where_geometry_says() -> None:
    origin, direction = raymarch.rays(9, 9, (0, 0, -3), (0, 0, 0), 1.5, (0.5, 0.5))
    t, hit = raymarch.march(lambda p: raymarch.sphere(p, (0, 0, 0), 1.0), origin, direction, 10.0)
    assert hit[40] and abs(t[40] - 2) < 0.01
    assert not hit[0]


def test_free_photographs_come_from_the_installed_package_at_their_own_size(tmp_path) -> None:
    paths = maker().photographs(tmp_path)
    assert len(paths) >= 3
    assert {Image.open(path).size for path in paths} >= {(512, 512), (600, 400)}


def test_an_unknown_sample_is_refused_in_one_sentence(capsys) -> None:
    assert maker().main(["no-such-photo"]) == 2
    assert capsys.readouterr().err.startswith("No such sample: no-such-photo. Choose from: ")


def test_icons_have_the_sizes_that_browsers_ask_for() -> None:
    icons = WEB / "public" / "icons"
    assert Image.open(icons / "icon-192.png").size == (192, 192)
    assert Image.open(icons / "icon-512.png").size == (512, 512)
    assert Image.open(WEB / "public" / "favicon.ico").info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    corner = np.asarray(Image.open(icons / "icon-maskable-512.png"))[0, 0]
    assert corner[3] == 255, "a maskable icon fills its square"
