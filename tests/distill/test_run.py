"""Promises of `python distill/run.py`."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training.common import runs
from training.export import exports
from training.style.config import DistilConfig
from training.style.distil import main, smoke
from training.style.recipe import train
from training.style.smoke import make_pictures, make_teacher
from training.style.teachers import RunTeacher

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("distill")
    smoke(folder)
    return folder


@pytest.fixture
def config(folder) -> DistilConfig:
    return DistilConfig(
        photos=[str(folder / "photos")], styles=[str(folder / "styles")], teacher=str(folder / "teacher"),
        steps=3, batch=1, views=2, size=96, style_size=96, taught_steps=1, joint_from=1, validate_every=3,
        save_every=1, precision="float32",
    )  # fmt: skip


def test_the_smoke_run_leaves_a_whole_run_directory(folder):
    run = folder / "run"
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples"} <= {p.name for p in run.iterdir()}
    assert len(list((run / "samples").glob("*.jpg"))) == 2
    assert runs.read_config(run)["recipe"] == "distill"


def test_a_run_offers_both_networks_to_the_converter(folder):
    predictor, transformer = exports(folder / "run")
    assert (predictor.name, transformer.name) == ("style-predictor", "style-transformer")
    assert predictor.manifest["style_space"] == transformer.manifest["style_space"]
    assert len(transformer.manifest["photo_mean_vector"]) == 100


def test_the_students_learn(folder, config):
    train(folder / "longer", replace(config, steps=6, learning_rate=5e-3, taught_steps=0, validate_every=6))
    lines = [line for line in (folder / "longer" / "log.jsonl").read_text().splitlines() if "total" in line]
    totals = [float(line.split('"total": ')[1].split(",")[0].rstrip("}")) for line in lines]
    assert totals[-1] < totals[0]


def test_a_run_killed_at_any_moment_goes_on_to_the_same_weights(folder, config):
    train(folder / "whole", config)
    process = start(folder / "killed", config)
    while not (folder / "killed" / "last.pt").exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    train(folder / "killed", config, resume=True)
    whole, killed = (runs.load(folder / name) for name in ("whole", "killed"))
    assert killed["step"] == whole["step"] == 3
    for name, weight in whole["transformer"].items():
        assert torch.equal(weight, killed["transformer"][name]), name


def start(run: Path, config: DistilConfig) -> subprocess.Popen:
    """A distillation as a process of its own, from random weights."""
    program = "from pathlib import Path; from training.style.config import DistilConfig; "
    program += f"from training.style.recipe import train; train(Path({str(run)!r}), {config!r})"
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL
    )


def test_a_broken_picture_among_good_ones_does_not_stop_the_training(folder, config, capfd):
    styles = make_pictures(folder / "broken-styles", 3, count=8)
    for name in ("000.png", "003.png", "005.png"):
        (styles / name).write_bytes(b"no picture")
    train(folder / "with-broken", replace(config, styles=[str(styles)], views=4))
    assert runs.load(folder / "with-broken")["step"] == 3
    assert "broken pictures skipped" in "".join(capfd.readouterr())


def test_the_published_pair_teaches_its_own_style_space():
    teacher = RunTeacher(ROOT / DistilConfig().teacher)
    gallery = json.loads((ROOT / "web/styles/gallery.json").read_text())
    assert teacher.name == gallery["style_space"]
    photo, style = torch.rand(2, 1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    painted = teacher.paint(photo, teacher.vectors(style))
    assert painted.shape == photo.shape
    assert 0 <= painted.min() <= painted.max() <= 1


def test_all_that_is_missing_is_named_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        main(["--teacher", "magenta"])
    for place in (
        "data/content",
        "data/style",
        "weights/vgg16",
        "weights/mobilenet_v2",
        "weights/magenta/style_predict",
    ):
        assert place in str(stop.value)
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--photos", "empty"], "no pictures in empty"),
        (["--teacher", "empty"], "empty is no run directory"),
        (["--resume", "nowhere"], "nowhere is no run directory"),
        (["--batch", "9", "--views", "8"], "--batch 9 is over --views 8"),
        (["--size", "100"], "--size 100: name a multiple of 8"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(folder, tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr("training.style.recipe.open_weights", lambda config: {})
    monkeypatch.setattr("training.style.recipe.check_folders", lambda config: None)
    good = [
        "--photos",
        str(folder / "photos"),
        "--styles",
        str(folder / "styles"),
        "--teacher",
        str(folder / "teacher"),
    ]
    with pytest.raises(SystemExit) as stop:
        main([*good, *options])
    assert sentence in str(stop.value)
    assert "\n" not in str(stop.value)


def test_resume_with_an_option_that_cannot_change_is_refused_by_name(folder):
    with pytest.raises(SystemExit, match=r"was started with --steps 4, --views 4: resume") as stop:
        main(["--resume", str(folder / "run"), "--steps", "9", "--views", "5", "--size", "96"])
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    ("run", "recipe"), [("style/published/enlarger", "enlarger"), ("daynight/published/small", "cyclegan")]
)
def test_resume_of_another_recipes_run_is_refused_as_such(run, recipe):
    with pytest.raises(SystemExit, match=f"is a run of the recipe {recipe}, not of distill") as stop:
        main(["--resume", str(ROOT / "training" / run)])
    assert "\n" not in str(stop.value)


def test_a_published_run_of_an_older_version_has_nothing_to_resume_and_says_so(tmp_path, monkeypatch):
    """Its config.json, which lacks most options, is read; it holds no last.pt."""
    monkeypatch.setattr("training.style.recipe.check_folders", lambda config: None)
    monkeypatch.setattr("training.style.recipe.open_weights", lambda config: {})
    monkeypatch.setattr("training.common.trainer.Trainer.restore", lambda *_: None)
    monkeypatch.setattr("training.style.recipe.PairRecipe", lambda *_: None)
    with pytest.raises(SystemExit, match=r"holds no readable last\.pt: train first") as stop:
        main(["--resume", str(make_teacher(tmp_path / "older"))])
    assert "\n" not in str(stop.value)


def test_a_finished_run_is_not_overwritten(folder):
    with pytest.raises(SystemExit, match="already holds a training"):
        main(["--run", str(folder / "run")])
