"""Promises of `python -m training.portrait.train`, and of what opens, measures, paints and exports its runs."""

import json
from dataclasses import asdict
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch
from PIL import Image

from training import paint
from training.common import runs
from training.common.devices import this_process
from training.common.options import BadConfig
from training.common.task import BadRequest, Request
from training.export import exports
from training.portrait import evaluate, label, recipe
from training.portrait.config import MaskConfig
from training.portrait.load import load_mask
from training.portrait.masked import Masked
from training.portrait.networks import CONSTANTS, SURE, shows_anybody
from training.portrait.paint import painter
from training.portrait.smoke import make_backgrounds, make_portraits
from training.portrait.train import main, smoke
from training.portrait.validation import FIGURES, band, false_alarms, measured

TINY = {"steps": 4, "batch": 2, "size": 64, "validate_every": 4, "save_every": 1, "precision": "float32"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("mask")
    smoke(folder, MaskConfig())
    return folder


@pytest.fixture
def config(folder) -> MaskConfig:
    return MaskConfig(portraits=[str(folder / "portraits")], backgrounds=[str(folder / "backgrounds")], **TINY)


def refused(arguments: list[str], command=main) -> str:
    """The sentence with which a command ends."""
    with pytest.raises(SystemExit) as end:
        command(arguments)
    assert "\n" not in str(end.value.code)
    return str(end.value.code)


@pytest.mark.slow
def test_the_smoke_run_leaves_a_whole_run_directory(folder):
    run = folder / "run"
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples", "curves.png"} <= {
        p.name for p in run.iterdir()
    }
    assert runs.read_config(run)["recipe"] == "mask"
    figures = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    assert {"held_out_iou", "held_out_mean_iou", "held_out_outline", "held_out_false_alarms"} <= set(figures)
    assert Image.open(run / "samples" / "000004.jpg").height > 3 * 256


@pytest.mark.slow
@pytest.mark.parametrize("network", ["mask", "segnet"])
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(config, network, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    config = MaskConfig(**{**asdict(config), "network": network, "width": 0.125})
    recipe.train(tmp_path / "whole", config)
    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr("training.portrait.recipe.MaskRecipe.validate", stop)
        recipe.train(tmp_path / "stopped", config)
    recipe.train(tmp_path / "stopped", config, resume=True)
    whole, resumed = (runs.load(tmp_path / name)["mask"] for name in ("whole", "stopped"))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.slow
def test_it_learns_to_find_made_figures(config, tmp_path):
    config = MaskConfig(**{**asdict(config), "network": "segnet", "width": 0.125, "steps": 120, "validate_every": 30})
    recipe.train(tmp_path / "run", MaskConfig(**{**asdict(config), "learning_rate": 1e-2, "ema": 0.9}))
    assert runs.load(tmp_path / "run", "best.pt")["metrics"]["iou"] > 0.6


@pytest.mark.slow
def test_runs_are_measured_in_one_table_and_each_gets_its_figures(folder, tmp_path, capsys):
    run = str(folder / "run")
    evaluate.main([run, "--held-out", "1"])
    found = json.loads((folder / "run" / "evaluation" / "figures.json").read_text())
    assert (found["portraits"], found["empty"], found["parameters"], found["bytes"]) == (11, 12, 317_697, 635_394)
    assert all(0 <= found[name] <= 1 for name in FIGURES)
    assert f"| {run} | 317,697 |" in capsys.readouterr().out
    manifest = exports(folder / "run")[0].manifest
    assert manifest["metrics"]["iou"] == round(found["iou"], 4) and "11 portraits and 12 photos" in manifest["measured"]


def test_overlap_outline_and_alarms_are_what_they_say():
    truth = np.zeros((100, 100), bool)
    truth[:, :50] = True
    assert measured([(truth.astype(float), truth)]) == {"iou": 1, "mean_iou": 1, "outline": 0}
    wide = np.zeros((100, 100))
    wide[:, :52] = 1
    found = measured([(wide, truth)])
    assert found["iou"] == pytest.approx(50 / 52) and found["mean_iou"] == pytest.approx((50 / 52 + 48 / 50) / 2)
    assert band(truth).sum(1).max() == 6 and found["outline"] == pytest.approx(2 / 6)
    alarm, none = np.zeros((100, 100)), np.zeros((100, 100))
    alarm[:11, :10], none[:10, :10] = 1, 1
    assert false_alarms([alarm, none, 0.4 + 0 * none]) == pytest.approx(1 / 3)


def test_somebody_is_found_where_enough_of_a_picture_is_surely_a_person():
    sure, few, unsure = np.zeros((100, 100)), np.zeros((100, 100)), np.full((100, 100), SURE)
    sure[:10, :10], few[:9, :11] = 1, 1
    assert [shows_anybody(each) for each in (sure, few, unsure)] == [True, False, False]


def test_the_shares_of_photos_with_anybody_are_those_of_their_masks():
    sure, few = np.zeros((100, 100)), np.zeros((100, 100))
    sure[:10, :10], few[:9, :11] = 1, 1
    masks = iter([sure, few, few, few, few, sure])  # of two portraits and four photos without people
    candidate = evaluate.Candidate(lambda photo: next(masks), lambda: None, 0, None)
    photo = Image.new("RGB", (100, 100))
    portraits = [(photo, Image.fromarray((255 * sure).astype(np.uint8)))] * 2
    empty = MagicMock(first_readable=lambda i: photo)
    empty.__len__.return_value = 4
    found = evaluate.figures_of(candidate, portraits, empty)  # type: ignore[arg-type]
    assert (found["missed"], found["taken_for_people"]) == (0.5, 0.25)


@pytest.mark.slow
def test_the_mask_is_exported_with_one_picture_in_and_one_channel_out(folder):
    [export] = exports(folder / "run")
    assert (export.name, export.task) == ("person-mask", "Finds the people in a photo")
    [photo], [mask] = export.inputs, export.outputs
    assert (photo.name, photo.shape, photo.range) == ("photo", (1, 3, None, None), (0, 1))
    assert (mask.name, mask.shape, mask.range) == ("mask", (1, 1, None, None), (0, 1))
    assert export.manifest["constants"] == CONSTANTS
    given = {"config", "training_data", "initialisation", "licence", "limits", "metrics", "measured"}
    assert given <= set(export.manifest)
    with torch.no_grad():
        assert export.network(torch.rand(1, 3, 96, 64)).shape == (1, 1, 96, 64)


@pytest.mark.slow
def test_a_segnet_is_not_converted_and_says_so(config, tmp_path):
    recipe.train(tmp_path / "run", MaskConfig(**{**asdict(config), "network": "segnet", "width": 0.125}))
    with pytest.raises(runs.NotARun, match="holds a SegNet, which is not converted: name a run of --network mask"):
        exports(tmp_path / "run")
    assert load_mask(tmp_path / "run").config.width == 0.125


@pytest.mark.slow
def test_the_mask_of_a_photo_is_painted_grey_at_its_size(folder, tmp_path):
    Image.effect_noise((90, 61), 90).convert("RGB").save(tmp_path / "a.png")
    arguments = [str(folder / "run"), str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), "--mode", "person-mask"]
    with pytest.raises(SystemExit) as end:
        paint.main(arguments)
    painted = np.asarray(Image.open(tmp_path / "out" / "a.png"))
    assert end.value.code == 0 and painted.shape == (61, 90, 3) and (painted == painted[..., :1]).all()


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (Request(mode="day-to-night"), "finds people: name --mode person-mask"),
        (Request(style=Image.new("RGB", (9, 9))), "finds people: name --mode person-mask"),
        (Request(mode="person-mask", strength=0.5), "has no --strength, --hour or --lights: leave them out"),
        (Request(mode="person-mask", hour=0.5), "has no --strength, --hour or --lights: leave them out"),
    ],
)
def test_what_a_mask_cannot_do_is_refused_in_one_sentence(request_, sentence, tmp_path):
    runs.create_folder(tmp_path / "run", {"recipe": "mask"})
    with pytest.raises(BadRequest, match=sentence):
        painter(tmp_path / "run", request_)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"size": 100}, "--size 100: name a multiple of 32"),
        ({"held_out": 1}, "--held-out 1: name 2"),
        ({"width": 0.0}, "--width 0: name a number from 0.0625 to 1"),
    ],
)
def test_options_that_cannot_work_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(BadConfig, match=sentence):
        MaskConfig(**options).check()


def test_what_is_missing_is_named_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = refused([])
    for part in ("data/portrait (photos of people, each with its mask)", "data/content (photos without people)"):
        assert part in said
    assert "MobileNetV2's ImageNet weights" in said and "MobileNetV2" not in refused(["--network", "segnet"])


def test_another_run_or_teacher_is_refused_in_one_sentence(tmp_path):
    runs.create_folder(tmp_path / "run", {"recipe": "scene"})
    runs.save(tmp_path / "run" / "best.pt", {})
    assert "holds no person mask (recipe scene)" in refused([str(tmp_path / "run")], evaluate.main)
    pictures, out = str(make_backgrounds(tmp_path / "photos", 1)), str(tmp_path / "out")
    missing = [pictures, "--teacher", str(tmp_path / "gone.tflite"), "--out", out]
    assert "selfie_segmentation.tflite) not found" in refused(missing, label.main)
    (tmp_path / "bad.tflite").write_bytes(b"no network")
    wrong = [pictures, "--teacher", str(tmp_path / "bad.tflite"), "--out", out]
    assert "is no network of TFLite" in refused(wrong, label.main)


class Halves:
    """Stands for the teacher: sure that people fill the lower half of bright photos, unsure in dark ones."""

    def __init__(self, path):
        pass

    def __call__(self, photo):
        pixels = np.asarray(photo)
        mask = np.zeros(pixels.shape[:2], np.float32)
        mask[len(mask) // 2 :] = 0.99 if pixels.mean() > 128 else 0.7
        return mask


def test_photos_get_masks_to_learn_from_where_the_teacher_is_sure(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(label, "Teacher", Halves)
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (700, 500), "white").save(tmp_path / "photos" / "bright.jpg")
    Image.new("RGB", (700, 500), "black").save(tmp_path / "photos" / "dark.jpg")
    (tmp_path / "photos" / "torn.jpg").write_bytes(b"no picture")
    label.main([str(tmp_path / "photos"), "--teacher", "some.tflite", "--out", str(tmp_path / "out")])
    said = capsys.readouterr()
    assert "1 of 3 photos have masks" in said.out and "torn.jpg: no picture" in said.err
    [(photo, mask)] = [Masked([str(tmp_path / "out")])[0]]
    assert photo.size == mask.size == (538, 384)
    assert not np.asarray(mask)[:192].any() and (np.asarray(mask)[192:] == 255).all()


def test_labelled_photos_are_trained_on_and_none_is_held_out(config, tmp_path):
    more = str(make_portraits(tmp_path / "more", 3))
    made = recipe.MaskRecipe(MaskConfig(**{**asdict(config), "labelled": [more]}), {}, this_process())
    assert made.batches.count == 10 + 3 and len(made.validation.portraits) == 1
