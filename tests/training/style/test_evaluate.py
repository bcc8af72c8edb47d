"""Promises of training/style/evaluate.py, with stand-ins for the pretrained networks."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.runs import read_config
from training.networks.inception_v3 import InceptionV3
from training.networks.vgg16 import Vgg16
from training.style import evaluate
from training.style.smoke import make_pictures, make_teacher


class Colours:
    """Stands for the features of FID and KID: four numbers of a picture's colours."""

    source = "colours"

    def __init__(self, *_: object): ...

    def __call__(self, picture: Image.Image) -> torch.Tensor:
        pixels = np.asarray(picture, np.float64) / 255
        return torch.tensor([*pixels.mean((0, 1)), pixels.std()])


class Difference:
    """Stands for LPIPS."""

    source = "difference"

    def __init__(self, *_: object): ...

    def __call__(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a - b).abs().mean((1, 2, 3))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of untrained networks, six photos and six styles of the same names."""
    torch.manual_seed(0)
    networks = {"vgg16": Vgg16().convs.state_dict(), "inception": InceptionV3("mixed_4").convs.state_dict()}
    monkeypatch.setattr(evaluate.weights, "read", lambda sources, names: networks)
    monkeypatch.setattr(evaluate, "Features", Colours)
    monkeypatch.setattr(evaluate, "Lpips", Difference)
    make_pictures(tmp_path / "photos", 0, 6)
    make_pictures(tmp_path / "styles", 1, 6)
    make_teacher(tmp_path / "run")
    return tmp_path


def command(folder: Path, *more: str) -> list[str]:
    sources = ["--photos", str(folder / "photos"), "--styles", str(folder / "styles"), "--held-out", "1"]
    return [str(folder / "run"), *sources, "--size", "96", *more]


def test_the_run_is_measured_beside_the_photos_and_other_networks(folder, capsys):
    evaluate.main(command(folder, "--beside", str(folder / "photos"), str(folder / "styles")))
    figures = json.loads((folder / "run/evaluation/figures.json").read_text())
    untouched, ours, photos, styles = figures["rows"].values()
    assert list(figures["rows"]) == ["the untouched photo", "run", "photos", "styles"] and figures["pairs"] == 6
    assert untouched["lpips"] == untouched["content"] == 0 and untouched["style"] > 0.01
    assert photos == pytest.approx(untouched)
    assert styles["style"] == styles["strokes"] == 0 < styles["content"]
    assert styles["kid"] < untouched["kid"] and styles["fid"] < untouched["fid"]
    assert ours["lpips"] > 0 and ours != photos
    table = (folder / "run/evaluation/figures.md").read_text()
    assert table in capsys.readouterr().out
    assert "KID (subsets of 3) and FID: colours. LPIPS difference." in table


def test_by_default_the_trainings_held_out_pictures_are_measured(folder):
    config = read_config(folder / "run") | {"photos": [str(folder / "photos")], "styles": [str(folder / "styles")]}
    (folder / "run/config.json").write_text(json.dumps(config))
    evaluate.main([str(folder / "run"), "--held-out", "1", "--size", "96", "--limit", "5"])
    assert json.loads((folder / "run/evaluation/figures.json").read_text())["pairs"] == 5


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--limit", "3"], "fewer than 4 held-out pairs"),
        (["--beside", "nowhere"], "nowhere has no picture of 000.png: name another folder with --beside"),
    ],
)
def test_bad_input_ends_in_one_sentence_and_nothing_is_written(folder, more, sentence):
    with pytest.raises(SystemExit, match=sentence):
        evaluate.main(command(folder, *more))
    assert not (folder / "run/evaluation").exists()
