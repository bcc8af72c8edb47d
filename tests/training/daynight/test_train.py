"""Promises of `python -m training.daynight.train`, and of what opens its runs."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from training.common import runs
from training.common.log import NotFinite
from training.daynight.batches import Batches, ImagePool
from training.daynight.config import Config
from training.daynight.kernel import LAYERS
from training.daynight.load import load_translators
from training.daynight.recipe import DayNightRecipe, open_pictures, train
from training.daynight.smoke import make_streets
from training.daynight.train import main, smoke
from training.export import exports

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("daynight")
    smoke(folder, Config())
    return folder


@pytest.fixture
def config(folder) -> Config:
    return Config(
        day=[str(folder / "day")], night=[str(folder / "night")], width=0.25, discriminator_width=0.125,
        steps=3, batch=1, size=64, validate_every=3, save_every=1, precision="float32",
    )  # fmt: skip


class Brightness(nn.Module):
    """Stands for Inception-v3: the picture's brightness in all channels, at an eighth of its size."""

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        grey = F.avg_pool2d(pictures, 8).mean(1, keepdim=True)
        return {name: grey.expand(-1, channels, -1, -1) for name, channels in LAYERS.items()}


def see_brightness_alone(monkeypatch) -> None:
    """Let the kernel distance learn from eight pictures of each kind, in a moment."""
    monkeypatch.setattr("training.daynight.kernel.InceptionV3", lambda last: Brightness())
    monkeypatch.setattr("training.daynight.recipe.REAL_STEPS", 1)


def test_the_smoke_run_leaves_a_whole_run_directory(folder):
    run = folder / "run"
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples", "curves.png"} <= {
        p.name for p in run.iterdir()
    }
    assert [p.name for p in sorted((run / "samples").iterdir())] == ["000002.jpg", "000004.jpg"]
    assert Image.open(run / "curves.png").width > 1000
    assert json.loads((run / "log.jsonl").read_text().splitlines()[-1])["memory_mb"] > 0


def test_the_curves_are_there_for_tensorboard(folder):
    pytest.importorskip("tensorboard")
    assert list((folder / "run" / "tensorboard").glob("events.out.tfevents.*"))


@pytest.mark.parametrize(
    "changes",
    [
        {"generator": "source", "discriminator": "source", "identity_weight": 0.0},
        {"generator": "resnet", "discriminator": "patch"},
        {"recipe": "unit", "normalisation": "layer", "vgg_weight": 1.0, "augmentation": "none"},
        {"recipe": "unit", "normalisation": "batch", "kernel_weight": 1.0},
        {"kernel_weight": 1.0, "unevenness_weight": 1.0, "cycle_weight": 0.0, "identity_weight": 0.0},
    ],
    ids=lambda changes: changes.get("generator", changes.get("normalisation", "kernel")),
)
def test_every_recipe_trains_and_its_run_opens(folder, config, changes, tmp_path, monkeypatch):
    see_brightness_alone(monkeypatch)
    train(tmp_path, replace(config, **changes, steps=1))
    translators, photo = load_translators(tmp_path), torch.rand(1, 3, 64, 72)
    for translate in (
        translators.day_to_night, translators.night_to_day, translators.reconstruct_day, translators.reconstruct_night
    ):  # fmt: skip
        out = translate(photo)
        assert out.shape == photo.shape
        assert 0 <= out.min() <= out.max() <= 1
    assert translators.config.recipe == changes.get("recipe", "cyclegan")


def test_what_is_published_is_the_moving_average_of_the_weights(folder):
    published, last = runs.load(folder / "run", "best.pt")["translators"], runs.load(folder / "run")
    name = "day_to_night.exit.weight"
    assert torch.equal(published[name], last["ema"]["translators"][name])
    assert not torch.equal(published[name], last["translators"][name])


def test_a_run_offers_both_directions_to_the_converter(folder):
    there, back = exports(folder / "run")
    assert (there.name, back.name) == ("day-to-night", "night-to-day")
    photo = torch.rand(1, 3, 64, 64)
    translators = load_translators(folder / "run")
    with torch.no_grad():
        assert torch.equal(there.network(photo), translators.day_to_night(photo))
        assert torch.equal(back.network(photo), translators.night_to_day(photo))
    assert there.manifest["metrics"]["step"] == 4


def test_a_card_has_the_evaluations_figures_of_its_direction(folder, tmp_path):
    run = shutil.copytree(folder / "run", tmp_path / "run")
    (run / "evaluation").mkdir()
    found = {"kid_ratio": 0.3, "fid_ratio": 0.5, "ssim": 0.4, "structure": 0.8, "kid": 1.0}
    figures = {"pictures": {"day": 3, "night": 4}, "size": 256}
    figures |= {"day_to_night": found, "night_to_day": found | {"kid_ratio": 0.4}}
    (run / "evaluation" / "figures.json").write_text(json.dumps(figures))
    there, back = exports(run)
    assert (there.manifest["metrics"]["kid_ratio"], back.manifest["metrics"]["kid_ratio"]) == (0.3, 0.4)
    assert "7 day and night pictures held out from training, at 256 px" in there.manifest["measured"]


def test_the_generators_learn_to_close_the_cycle(config, tmp_path):
    weights = {"cycle_weight": 100.0, "identity_weight": 0.0, "generator": "source"}
    train(tmp_path, replace(config, **weights, steps=12, learning_rate=2e-3))
    cycles = [json.loads(line)["cycle"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert cycles[-1] < 0.9 * cycles[0]


def test_a_run_killed_at_any_moment_goes_on_to_the_same_weights(folder, config, tmp_path):
    config = replace(config, recipe="unit")
    train(tmp_path / "whole", config)
    options = ["--recipe=unit", "--steps=3", "--batch=1", "--size=64", "--save-every=1", "--validate-every=3"]
    options += ["--width=0.25", "--discriminator-width=0.125", "--precision=float32"]
    options += ["--day", config.day[0], "--night", config.night[0], "--run", str(tmp_path / "killed")]
    command = [sys.executable, "-m", "training.daynight.train", *options]
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)
    while not (tmp_path / "killed" / "last.pt").exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    train(tmp_path / "killed", config, resume=True)
    whole, killed = (runs.load(tmp_path / name) for name in ("whole", "killed"))
    assert killed["step"] == whole["step"] == 3
    for ours, theirs in (
        (whole["translators"], killed["translators"]),
        (whole["discriminators"], killed["discriminators"]),
        (whole["ema"]["translators"], killed["ema"]["translators"]),
    ):
        assert ours and all(torch.equal(weight, theirs[name]) for name, weight in ours.items())


def test_a_resumed_run_remembers_its_former_translations(config, tmp_path, monkeypatch):
    see_brightness_alone(monkeypatch)
    config = replace(config, kernel_weight=1.0)
    train(tmp_path / "whole", config)
    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(DayNightRecipe, "validate", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        train(tmp_path / "stopped", config)
    assert runs.load(tmp_path / "stopped")["step"] == 2
    train(tmp_path / "stopped", config, resume=True)
    whole, stopped = (runs.load(tmp_path / name)["extra"]["remembered"] for name in ("whole", "stopped"))
    assert whole and all(torch.equal(features, stopped[name]) for name, features in whole.items())


def test_a_batch_depends_on_the_seed_and_its_number_alone(config):
    pictures = [open_pictures(sources, config)[0] for sources in (config.day, config.night)]
    one, other = Batches(*pictures, config), Batches(*pictures, config)
    other[0]
    assert torch.equal(one[2]["day"], other[2]["day"])
    assert not torch.equal(one[2]["day"], one[1]["day"])


def test_two_processes_share_a_batch_out(config):
    config = replace(config, batch=4)
    pictures = [open_pictures(sources, config)[0] for sources in (config.day, config.night)]
    parts = [Batches(*pictures, config, part, 2)[1]["night"] for part in range(2)]
    assert torch.equal(torch.cat(parts), Batches(*pictures, config)[1]["night"])


def test_the_image_pool_gives_former_pictures_half_the_time():
    pool, random = ImagePool(), np.random.default_rng(0)
    first = torch.zeros(50, 3, 8, 8)
    assert torch.equal(pool.query(first, random), first)
    given = pool.query(torch.ones(40, 3, 8, 8), random)
    assert 10 < (given.mean((1, 2, 3)) == 0).sum() < 30
    assert len(pool.pictures) == 50


def test_only_so_many_pictures_are_used_when_asked(config):
    assert len(open_pictures(config.day, replace(config, pictures=5))[0]) == 5


def test_what_is_no_number_stops_the_run_and_the_last_good_checkpoint_stays(config, tmp_path, monkeypatch):
    update = DayNightRecipe.update

    def broken(self, batch, step):
        losses = update(self, batch, step)
        return losses if step < 2 else {**losses, "cycle": torch.tensor(float("nan"))}

    monkeypatch.setattr(DayNightRecipe, "update", broken)
    with pytest.raises(NotFinite, match="loss 'cycle' is nan at step 2"):
        train(tmp_path, config)
    assert runs.load(tmp_path)["step"] == 2


def test_a_run_can_begin_with_another_s_networks(config, folder, tmp_path):
    train(tmp_path, replace(config, start=str(folder / "run"), learning_rate=0.0, steps=1))
    published, former, after = runs.load(folder / "run", "best.pt"), runs.load(folder / "run"), runs.load(tmp_path)
    for before, name in ((published, "translators"), (former, "discriminators")):
        assert all(torch.equal(before[name][key], after[name][key]) for key in before[name])


def test_only_day_pictures_are_said_to_be_half_of_what_is_needed(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["--day", str(folder / "day")])
    assert "data/night (night pictures" in str(stop.value)
    assert "data/day" not in str(stop.value)
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--night", "empty"], "no pictures in empty"),
        (["--size", "100"], "--size 100: name a multiple of 8"),
        (["--held-out", "1"], "--held-out 1: name 2"),
        (["--resume", "nowhere"], "nowhere is no run directory"),
        (["--recipe", "unit", "--vgg-weight", "1"], "VGG-16's ImageNet weights"),
        (["--kernel-weight", "1"], "Inception-v3's ImageNet weights"),
        (["--start", "run"], "run holds other networks"),
        (["--resume", "run", "--recipe", "unit"], "is a run of the recipe cyclegan, not of unit"),
        (["--resume", "run", "--guided", "--ema", "0.5"], "was started with --ema 0.998, --no-guided: resume"),
        (["--resume", "old"], "old/last.pt was saved by another version of this recipe: use --start old"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(folder, tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "run").symlink_to(folder / "run")
    as_saved_before(folder / "run", tmp_path / "old")
    with pytest.raises(SystemExit) as stop:
        main(["--day", str(folder / "day"), "--night", str(folder / "night"), "--run", "new", *options])
    assert sentence in str(stop.value)
    assert "\n" not in str(stop.value)


def as_saved_before(run: Path, old: Path) -> None:
    """The run as former versions left it: options of other names and values, a list of optimisers."""
    config = runs.read_config(run)
    config |= {"average": config.pop("ema"), "guided": "no", "compiled": "no", "held": "unheard of"}
    runs.create_folder(old, config)
    state = runs.load(run)
    state["average"] = state.pop("ema")["translators"]
    runs.save(old / "last.pt", state | {"optimisers": list(state["optimisers"].values())})
    shutil.copy(run / "best.pt", old)


def test_a_run_of_a_former_version_opens_and_another_begins_with_it(folder, config, tmp_path):
    as_saved_before(folder / "run", tmp_path / "old")
    old, photo = load_translators(tmp_path / "old"), torch.rand(1, 3, 64, 64)
    assert old.config == load_translators(folder / "run").config
    assert torch.equal(old.day_to_night(photo), load_translators(folder / "run").day_to_night(photo))
    train(tmp_path / "new", replace(config, start=str(tmp_path / "old"), steps=1))


def test_a_finished_run_is_not_overwritten(folder):
    with pytest.raises(SystemExit, match="already holds a training"):
        main(["--run", str(folder / "run"), "--day", str(folder / "day"), "--night", str(folder / "night")])


def test_a_run_of_another_recipe_is_no_translator(tmp_path):
    runs.create_folder(tmp_path, {"recipe": "distill"})
    runs.save(tmp_path / "best.pt", {})
    with pytest.raises(runs.NotARun, match="holds no day-night networks"):
        load_translators(tmp_path)


def test_broken_pictures_among_good_ones_do_not_stop_the_training(config, tmp_path, capfd):
    day = make_streets(tmp_path / "broken", "day", 1)
    for name in ("day-000.png", "day-003.png", "day-005.png", "day-011.png"):
        (day / name).write_bytes(b"no picture")
    train(tmp_path / "run", replace(config, day=[str(day)], batch=4, steps=4))
    assert "broken pictures skipped" in "".join(capfd.readouterr())
