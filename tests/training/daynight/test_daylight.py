"""Promises of the network of daylight: the nights it learns from, what it gives, and its training."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from training.common import runs
from training.common.pictures import Pictures
from training.daynight import relight, train_daylight
from training.daynight.config import Config, DaylightConfig
from training.daynight.daylight import Daylight, brightened
from training.daynight.daylight_batches import DaylightBatches, relit
from training.daynight.load import load_translators
from training.daynight.made_nights import even_day, made_night
from training.daynight.relit import Relit, seen
from training.daynight.scene import SceneNetwork
from training.daynight.smoke import make_streets
from training.daynight.train import smoke as smoke_cyclegan

TINY = {"steps": 4, "batch": 4, "size": 64, "validate_every": 2, "save_every": 1, "precision": "float32"}


@pytest.fixture(scope="module")
def scene() -> SceneNetwork:
    torch.manual_seed(0)
    return SceneNetwork().eval().requires_grad_(False)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("streets")
    return {kind: [str(make_streets(folder / kind, kind))] for kind in ("day", "night")}


@pytest.fixture(scope="module")
def run(sources, scene, tmp_path_factory):
    run = tmp_path_factory.mktemp("daylight") / "run"
    train_daylight.train(run, DaylightConfig(**sources, **TINY), scene=scene)
    return run


def a_day() -> tuple[np.ndarray, np.ndarray]:
    """A grey land under a bright sky, [64,64,3], and where the sky is."""
    sky = np.zeros((64, 64, 1), np.float32)
    sky[:24] = 1
    return np.full((64, 64, 3), 0.5, np.float32) + 0.4 * sky, sky


def nights(count: int) -> list[np.ndarray]:
    day, sky = a_day()
    return [made_night(day, 0.4 * day, 0.2 * day, 0 * day, sky, np.random.default_rng(i)) for i in range(count)]


def test_made_nights_are_dark_pictures_of_8_bits_and_no_two_are_alike():
    made = nights(40)
    assert np.median([each.mean() for each in made]) < 0.5 * a_day()[0].mean()
    assert all(each.dtype == np.float32 and each.min() >= 0 and each.max() <= 1 for each in made)
    assert np.allclose(np.stack(made) * 255, np.round(np.stack(made) * 255), atol=1e-3)
    assert len({each.tobytes() for each in made}) == 40
    assert np.array_equal(made[3], nights(4)[3])


def test_skies_of_made_nights_are_black_or_blue_or_lit_and_lights_are_seen():
    skies = np.array([each[:20].mean((0, 1)) for each in nights(60)])
    assert skies.max(1).min() < 0.05 and skies.max(1).max() > 0.3
    assert (skies[:, 2] > 1.3 * skies[:, 0]).any() and (skies[:, 0] > 1.3 * skies[:, 2]).any()
    day, sky = a_day()
    lit = [made_night(day, 0.4 * day, 0.2 * day, 1 - sky, sky, np.random.default_rng(i)) for i in range(40)]
    assert np.mean([each[24:].mean() for each in lit]) > 2 * np.mean([each[24:].mean() for each in nights(40)])


def test_the_day_that_is_to_be_found_has_a_usual_exposure_of_its_land():
    day, sky = a_day()
    for exposure in (0.7, 1.0):
        assert (even_day(exposure * day, sky)[24:] ** 2).mean() == pytest.approx(0.21, abs=0.02)


def test_a_photo_is_relit_at_a_moderate_size(scene):
    found = relit(scene, Image.new("RGB", (900, 600), (120, 130, 140)))
    assert found.shape == (13, 320, 448) and found.dtype == torch.uint8
    day, blue, dark = (found[3 * i : 3 * i + 3].float().mean() for i in range(3))
    assert day > blue > dark


def test_a_batch_has_half_as_many_real_nights_and_depends_on_its_number_alone(scene, sources):
    day, night = (Pictures(sources[kind]) for kind in ("day", "night"))
    config = DaylightConfig(**sources, **TINY)
    batches = DaylightBatches(scene, day, night, config)
    first, again = batches[3], DaylightBatches(scene, day, night, config)[3]
    assert {name: tuple(each.shape) for name, each in first.items()} == {
        "made": (4, 3, 64, 64),
        "day": (4, 3, 64, 64),
        "sky": (4, 1, 64, 64),
        "night": (2, 3, 64, 64),
        "skipped": (),
    }
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["made"], batches[2]["made"])
    halves = [DaylightBatches(scene, day, night, config, part, 2)[3]["made"] for part in range(2)]
    assert torch.equal(torch.cat(halves), first["made"])


@torch.no_grad()
def test_the_network_begins_near_the_photo_and_with_the_sky_that_the_layers_say(scene):
    network, photo = Daylight(), torch.rand(2, 3, 64, 96)
    assert sum(each.numel() for each in network.parameters()) == 142_794  # as its file says
    layers = seen(scene, photo)
    day, sky = brightened(photo, network(photo, layers))
    assert day.shape == photo.shape and sky.shape == (2, 1, 64, 96)
    assert (day - photo).abs().mean() < 0.06 and (sky - layers[:, :1]).abs().mean() < 0.1
    assert day.min() >= 0 and day.max() <= 1


def test_the_land_by_day_is_what_the_network_says():
    layers = torch.full((1, 9, 64, 64), 0.01)
    layers[:, 1] = 0.98  # all of it a building
    land = torch.tensor([0.5, 0.4, 0.3]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    photo = torch.rand(1, 3, 64, 64)
    noon = relight.morning(photo, layers, land)[-1]
    assert noon.std((2, 3)).max() < 0.03
    assert torch.allclose(noon.mean((0, 2, 3)), torch.tensor([0.5, 0.4, 0.3]), atol=0.06)


@pytest.mark.slow
def test_a_run_turns_both_ways(run):
    both = load_translators(run)
    assert isinstance(both.network, Relit) and both.network.daylight is not None
    photo = torch.rand(1, 3, 64, 128)
    assert both.day_to_night(photo).shape == both.night_to_day(photo).shape == photo.shape
    assert not torch.equal(both.night_to_day(photo, hour=0.0), both.night_to_day(photo, hour=1.0))
    assert set(runs.load(run, "best.pt")["metrics"]) == {"error", "sky", "step"} and list((run / "samples").iterdir())


@pytest.mark.slow
def test_a_training_goes_on_as_if_it_had_never_stopped(sources, scene, run, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    config = DaylightConfig(**sources, **TINY)
    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr("training.daynight.train_daylight.DaylightRecipe.validate", stop)
        train_daylight.train(tmp_path / "run", config, scene=scene)
    train_daylight.train(tmp_path / "run", config, resume=True, scene=scene)
    whole, resumed = (runs.load(each)["daylight"] for each in (run, tmp_path / "run"))
    assert all(torch.allclose(whole[name], resumed[name], atol=1e-6) for name in whole)


@pytest.mark.slow
def test_it_learns_what_the_day_was(sources, scene, tmp_path):
    config = DaylightConfig(**sources, **{**TINY, "steps": 60, "validate_every": 30, "adversarial_weight": 0.0})
    train_daylight.train(tmp_path / "run", config, scene=scene)
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    first, last = (line["held_out_error"] for line in lines if "held_out_error" in line)
    assert last < 0.8 * first


@pytest.mark.slow
def test_a_run_without_a_scene_network_is_refused_in_one_sentence(sources, tmp_path, capsys):
    smoke_cyclegan(tmp_path, Config())
    with pytest.raises(SystemExit) as stopped:
        given = [f"--{kind}={sources[kind][0]}" for kind in sources]
        train_daylight.main([*given, "--scene", str(tmp_path / "run"), "--run", str(tmp_path / "new")])
    assert "has no scene network: name a run of training.daynight.train_scene" in str(stopped.value)


@pytest.mark.slow
def test_the_smoke_test_trains_in_seconds(capsys):
    train_daylight.main(["--smoke"])
    assert "works:" in capsys.readouterr().out
