"""Promises of `python -m training.portrait.evaluate_sanet`, with stand-ins for the pretrained networks."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.common import runs
from training.portrait import evaluate_sanet
from training.portrait.evaluate_sanet import main
from training.portrait.sanet import SaNet
from training.portrait.smoke import make_backgrounds, make_portraits


class Lightness:
    """Stands for the distances: how much lighter a picture is than style and photo, inside the mask and outside."""

    def __init__(self, *_: object):
        self.lpips = type("", (), {"source": "lightness"})

    def grams(self, style):
        return [style.mean()]

    def distances(self, painted, photo, grams, region):
        found = {}
        for name, part in (("inside", region), ("outside", 1 - region)):
            own, photos = (((x * part).sum() / (3 * part.sum())).item() for x in (painted, photo))
            found |= {f"style_{name}": abs(own - grams[0].item()), f"content_{name}": abs(own - photos)}
        return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of an untrained network, eight portraits, and styles; the made figures are brighter than what is behind."""
    torch.manual_seed(0)
    monkeypatch.setattr(evaluate_sanet, "Regions", Lightness)
    monkeypatch.setattr(
        evaluate_sanet, "mask_of", lambda _, photo, device: (np.asarray(photo).max(2) > 140).astype(np.float32)
    )
    sources = {
        "photos": [str(make_portraits(tmp_path / "photos", 8))],
        "styles": [str(make_backgrounds(tmp_path / "styles", 8))],
    }
    runs.create_folder(tmp_path / "run", {"recipe": "sanet", "held_out": 2, **sources})
    runs.save(tmp_path / "run" / "best.pt", {"sanet": SaNet("shallow").state_dict()})
    return tmp_path


def test_all_weights_and_two_passes_are_measured_beside_others_and_shown(folder, capsys):
    beside = {"black": lambda pair: 0 * pair.portrait}
    main([str(folder / "run"), "--held-out", "1", "--size", "64", "--sweep", "0", "1.5"], beside)
    figures = json.loads((folder / "run/evaluation/figures.json").read_text())
    assert figures["portraits"] == 8 and list(figures["rows"]) == [
        "the untouched photo", "W1 1, W2 1", "W1 0, W2 0", "W1 0, W2 1.5", "W1 1.5, W2 0", "W1 1.5, W2 1.5",
        "background 1, 1; portrait 0.5, 0.25", "black",
    ]  # fmt: skip
    rows = figures["rows"]
    assert rows["the untouched photo"]["content_inside"] == rows["the untouched photo"]["content_outside"] == 0
    assert rows["black"]["content_inside"] > 0.5 > rows["black"]["content_outside"] > 0
    assert (folder / "run/evaluation/figures.md").read_text() == capsys.readouterr().out
    sheets = [Image.open(folder / f"run/evaluation/sheet-{i}.jpg").size for i in (1, 2)]
    assert sheets == [(6 * 68 - 4, 9 * 68 - 4), (2 * 68 - 4, 9 * 68 - 4)]


def test_two_passes_have_each_passs_figures_on_its_side_of_the_mask(folder):
    passes = ["--background", "1.5", "0", "--portrait", "0", "0"]
    main([str(folder / "run"), "--held-out", "1", "--size", "64", "--sweep", "0", "1.5", *passes])
    rows = json.loads((folder / "run/evaluation/figures.json").read_text())["rows"]
    both = rows["background 1.5, 0; portrait 0, 0"]
    for name, weights in (("inside", "W1 0, W2 0"), ("outside", "W1 1.5, W2 0")):
        for measure in ("style", "content"):
            assert both[f"{measure}_{name}"] == pytest.approx(rows[weights][f"{measure}_{name}"], abs=1e-5)


def test_the_trainings_held_out_portraits_are_measured_and_no_more_than_asked_for(folder):
    main([str(folder / "run"), "--size", "64", "--sweep", "1", "--limit", "2"])
    assert json.loads((folder / "run/evaluation/figures.json").read_text())["portraits"] == 2


def test_bad_input_ends_in_one_sentence_and_nothing_is_written(folder):
    nobody = ["--portraits", str(folder / "styles"), "--held-out", "1"]
    with pytest.raises(SystemExit, match="no people are found in the held-out photos: name portraits with --portraits"):
        main([str(folder / "run"), *nobody])
    runs.create_folder(folder / "other", {"recipe": "mask"})
    runs.save(folder / "other" / "best.pt", {})
    with pytest.raises(SystemExit, match=r"holds no SANet \(recipe mask\)"):
        main([str(folder / "other")])
    assert not (folder / "run/evaluation").exists()
