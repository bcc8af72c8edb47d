"""Promises of training/daynight/evaluate.py, with stand-ins for the trained networks."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.pictures import NoPictures, Pictures
from training.daynight import evaluate
from training.daynight.config import Config
from training.daynight.smoke import make_streets


class Colours:
    """Stands for Inception-v3: four numbers of a picture's colours."""

    device, source = torch.device("cpu"), "colours"

    def __call__(self, picture: Image.Image) -> torch.Tensor:
        pixels = np.asarray(picture, np.float64) / 255
        return torch.tensor([*pixels.mean((0, 1)), pixels.std()])


class Difference:
    """Stands for LPIPS."""

    source = "difference"

    def __call__(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a - b).abs().mean((1, 2, 3))


def translators(night: float, day: float) -> SimpleNamespace:
    return SimpleNamespace(
        day_to_night=lambda x: x * night,
        night_to_day=lambda x: (x * day).clamp(0, 1),
        reconstruct_day=lambda x: x,
        reconstruct_night=lambda x: 1 - x,
        network=torch.nn.Identity(),
        config=Config(held_out=2),
    )


@pytest.fixture
def streets(tmp_path) -> dict[str, Path]:
    return {kind: make_streets(tmp_path / kind, kind, count=10) for kind in ("day", "night")}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(evaluate, "TIMED_SIZES", (32,))


def measure(streets, tmp_path, night: float, day: float) -> dict:
    pictures = {kind: Pictures([folder]) for kind, folder in streets.items()}
    eyes = Colours(), Difference()
    return evaluate.measure(translators(night, day), pictures["day"], pictures["night"], *eyes, 48, 0, tmp_path)  # type: ignore[arg-type]


def test_an_identity_is_as_far_from_night_as_the_untouched_photos(streets, tmp_path):
    figures = measure(streets, tmp_path, 1, 1)
    for direction in ("day_to_night", "night_to_day"):
        found = figures[direction]
        assert found["ssim"] == pytest.approx(1) and found["structure"] == pytest.approx(1)
        assert found["kid_ratio"] == pytest.approx(1, abs=0.1)
    assert figures["day_to_night"]["psnr"] == evaluate.MOST_PSNR and figures["night_to_day"]["reconstruction"] < 0.5


def test_darkened_days_are_nearer_to_night_and_keep_their_edges(streets, tmp_path):
    found = measure(streets, tmp_path, 0.12, 6)["day_to_night"]
    assert found["kid_ratio"] < 0.5 and found["fid_ratio"] < 0.5 and found["ssim"] < 0.7
    assert found["structure"] == pytest.approx(1, abs=0.01)


def test_an_even_picture_keeps_no_structure():
    edges = torch.rand(1, 3, 32, 32)
    assert evaluate.structure_kept(edges, torch.full_like(edges, 0.5)) == 0
    assert abs(evaluate.structure_kept(edges, torch.rand(1, 3, 32, 32))) < 0.2


@pytest.mark.parametrize("held_out", [None, 1])
def test_the_command_measures_held_out_pictures_and_leaves_tables_and_sheets(held_out, tmp_path, monkeypatch, capsys):
    streets = {kind: make_streets(tmp_path / kind, kind, count=24) for kind in ("day", "night")}
    monkeypatch.setattr(evaluate, "load_translators", lambda run: translators(0.2, 4))
    monkeypatch.setattr(evaluate, "Features", lambda sources, device: Colours())
    monkeypatch.setattr(evaluate, "Lpips", lambda sources, device: Difference())
    (tmp_path / "run").mkdir()
    sources = [text for kind, folder in streets.items() for text in (f"--{kind}", str(folder))]
    share = ["--held-out", str(held_out)] if held_out else []
    evaluate.main([str(tmp_path / "run"), "--size", "48", *sources, *share])
    out = tmp_path / "run" / "evaluation"
    figures = json.loads((out / "figures.json").read_text())
    assert figures["pictures"] == {kind: len(Pictures([streets[kind]]).split(held_out or 2)[1]) for kind in streets}
    assert set(figures["seconds"]) == {"32"}
    table = (out / "figures.md").read_text()
    assert "KID and FID: colours. LPIPS difference." in table
    assert "| UNIT of the source | 0.381 | 0.405 | 0.954 | 33.7 |" in table and table in capsys.readouterr().out
    sheet = Image.open(out / "day-to-night.png")
    assert sheet.height == 3 * 48 + 2 * 4


def test_broken_pictures_are_left_out(streets, tmp_path):
    (streets["day"] / "day-000.png").write_bytes(b"broken")
    assert measure(streets, tmp_path, 0.2, 4)["pictures"] == {"day": 9, "night": 10}


def test_too_few_pictures_end_in_one_sentence(streets, tmp_path):
    for file in sorted(streets["night"].iterdir())[1:]:
        file.unlink()
    with pytest.raises(NoPictures, match="fewer than 4 held-out pictures for night-to-day"):
        measure(streets, tmp_path, 1, 1)
