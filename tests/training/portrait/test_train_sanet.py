"""Promises of `python -m training.portrait.train_sanet`, and of what opens, paints and refuses to convert its runs."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training import paint
from training.common import runs
from training.common.options import BadConfig
from training.common.pictures import Pictures
from training.common.task import BadRequest, Request
from training.export import exports
from training.portrait.config import SanetConfig
from training.portrait.load import load_mask, load_sanet
from training.portrait.paint import painter
from training.portrait.train_sanet import Squares, levels, main, smoke, train

TINY = {"steps": 4, "batch": 2, "size": 64, "validate_every": 4, "save_every": 1, "precision": "float32"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sanet")
    smoke(folder, SanetConfig())
    return folder


@pytest.fixture
def config(folder) -> SanetConfig:
    return SanetConfig(photos=[str(folder / "photos")], styles=[str(folder / "styles")], **TINY)


def refused(arguments: list[str]) -> str:
    """The sentence with which the command ends."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert "\n" not in str(end.value.code)
    return str(end.value.code)


@pytest.mark.slow
def test_the_smoke_run_leaves_a_whole_run_directory(folder):
    run = folder / "run"
    whole = {"config.json", "last.pt", "best.pt", "log.jsonl", "samples", "curves.png"}
    assert whole <= {path.name for path in run.iterdir()}
    assert runs.read_config(run)["recipe"] == "sanet"
    figures = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    named = ("content", "style", "identity", "identity_features", "total")
    assert {f"held_out_{name}" for name in named} <= set(figures)
    assert Image.open(run / "samples" / "000004.jpg").height == 5 * 64 + 4 * 4


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(config, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    train(tmp_path / "whole", config)
    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr("training.portrait.train_sanet.SanetRecipe.validate", stop)
        train(tmp_path / "stopped", config)
    train(tmp_path / "stopped", config, resume=True)
    whole, resumed = (runs.load(tmp_path / name)["sanet"] for name in ("whole", "stopped"))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


@pytest.mark.slow
def test_only_what_is_not_frozen_is_trained(config, tmp_path):
    train(tmp_path / "run", SanetConfig(**{**asdict(config), "ema": 0.0, "validate_every": 2}))
    train(tmp_path / "on", SanetConfig(**{**asdict(config), "start": str(tmp_path / "run")}))
    before, after = (runs.load(tmp_path / name)["sanet"] for name in ("run", "on"))
    kept = {name for name in before if torch.equal(before[name], after[name])}
    frozen = {name for name in before if name.startswith("encoder.")} | {"sizes"}
    assert kept == frozen


def test_a_step_has_the_same_squares_however_it_is_shared(folder, config):
    config = SanetConfig(**{**asdict(config), "batch": 5})
    photos, styles = Pictures(config.photos), Pictures(config.styles)
    whole, first, rest = (Squares(photos, styles, config, *each)[3] for each in ((0, 1), (0, 2), (1, 2)))
    for name in ("photos", "styles"):
        assert whole[name].shape == (5, 3, 64, 64) and whole[name].min() >= 0 and whole[name].max() <= 1
        assert torch.equal(torch.cat([first[name], rest[name]]), whole[name])


@pytest.mark.slow
def test_a_sanet_is_not_converted_and_says_so(folder):
    with pytest.raises(
        runs.NotARun, match=r"holds a SANet, which is not converted: name a run of training.portrait.train"
    ):
        exports(folder / "run")


@pytest.mark.slow
def test_a_folder_of_photos_is_painted_in_a_style_at_their_sizes(folder, tmp_path):
    for name, size in (("a.png", (90, 61)), ("style.png", (50, 40))):
        Image.effect_noise(size, 90).convert("RGB").save(tmp_path / name)
    arguments = [str(folder / "run"), str(tmp_path / "a.png"), "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as end:
        paint.main([*arguments, "--style", str(tmp_path / "style.png")])
    assert end.value.code == 0 and np.asarray(Image.open(tmp_path / "out" / "a.png")).shape == (61, 90, 3)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (Request(mode="person-mask"), r"paints in styles: name a style picture \(--style\)"),
        (Request(style=Image.new("RGB", (9, 9)), strength=0.5), "a SANet has no --strength, --stroke-size, --keep"),
        (Request(style=Image.new("RGB", (9, 9)), stroke_size=2), "a SANet has no --strength, --stroke-size, --keep"),
        (Request(style=Image.new("RGB", (9, 9)), boldness=0.5), "a SANet has no --strength, --stroke-size, --keep"),
    ],
)
def test_what_a_sanet_cannot_do_is_refused_in_one_sentence(request_, sentence, tmp_path):
    runs.create_folder(tmp_path / "run", {"recipe": "sanet"})
    with pytest.raises(BadRequest, match=sentence):
        painter(tmp_path / "run", request_)


def test_a_run_of_another_kind_is_refused_in_one_sentence(tmp_path):
    for recipe in ("sanet", "mask"):
        runs.create_folder(tmp_path / recipe, {"recipe": recipe})
        runs.save(tmp_path / recipe / "best.pt", {recipe: {}})
    with pytest.raises(
        runs.NotARun, match=r"holds no SANet \(recipe mask\): name a run of training.portrait.train_sanet"
    ):
        load_sanet(tmp_path / "mask")
    with pytest.raises(runs.NotARun, match=r"holds no person mask \(recipe sanet\)"):
        load_mask(tmp_path / "sanet")
    with pytest.raises(runs.NotARun, match="was trained with another network layout"):
        load_sanet(tmp_path / "sanet")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"size": 100}, "--size 100: name a multiple of 8, at least 64"),
        ({"size": 72, "levels": "paper"}, "--size 72: name a multiple of 16, at least 64"),
        ({"size": 32}, "--size 32: name a multiple of 8, at least 64"),
        ({"held_out": 1}, "--held-out 1: name 2"),
    ],
)
def test_options_that_cannot_work_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(BadConfig, match=sentence):
        SanetConfig(**options).check()


def test_what_is_missing_is_named_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = refused([])
    for part in ("data/content (photos)", "data/style (style pictures)", "VGG-19's ImageNet weights"):
        assert part in said


def test_the_levels_are_the_papers_where_all_of_vgg19_is_named(tmp_path):
    for name, chosen in (("vgg19-dcbb9e9d.pth", {"levels": "paper"}), ("vgg19_imagenet_to_conv3_4.safetensors", {})):
        (tmp_path / name).touch()
        assert levels({"weights": [str(tmp_path / name)]}) == chosen
    assert levels({"weights": ["torchvision"]}) == {"levels": "paper"}
