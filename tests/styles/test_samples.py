"""The sample photos: their list, files and sizes; the ray marcher under them; free photographs for tests; icons."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.daynight.brightness import sky_grey

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
    assert Image.open(thumbnail).size == (240, 160)
    assert thumbnail.stat().st_size <= 6_000


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_sample_starts_an_effect_that_there_is(entry: dict) -> None:
    styles = json.loads((WEB / "styles" / "gallery.json").read_text("utf-8"))["styles"]
    assert (WEB / "src" / "effects" / entry["effect"] / "effect.ts").is_file()
    assert (entry["effect"] == "style") == (entry.get("style") in {style["id"] for style in styles})


def test_each_effect_has_one_sample_that_stands_for_it_before_and_after() -> None:
    heroes = [entry for entry in ENTRIES if "hero" in entry]
    assert sorted(entry["effect"] for entry in heroes) == ["day-night", "style"]
    for entry in heroes:
        before, after = (Image.open(SAMPLES / entry["hero"][side]).convert("RGB") for side in ("before", "after"))
        assert before.size == after.size == (960, 600)
        photo = np.asarray(Image.open(SAMPLES / entry["picture"]).convert("RGB"), int)
        assert np.abs(photo.mean((0, 1)) - np.asarray(before, int).mean((0, 1))).max() < 8, "another photo"
        assert np.abs(np.asarray(before, int) - np.asarray(after, int)).mean() > 15, "it was not painted"
        sizes = [(SAMPLES / entry["hero"][side]).stat().st_size for side in ("before", "after")]
        assert sum(sizes) <= 120_000


def test_there_is_a_street_by_day_and_one_by_night() -> None:
    grey = {
        name: sky_grey(Image.open(SAMPLES / f"{name}.jpg").convert("RGB")) for name in ("day-street", "night-street")
    }
    constants = json.loads((WEB / "models" / "day-to-night" / "manifest.json").read_text())["constants"]
    assert grey["night-street"] <= constants["night_up_to"] < constants["day_above"] < grey["day-street"], grey


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
