"""Promises of training/daynight/evaluate.py and features.py, with stand-ins for the trained networks."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.command import Missing
from training.common.pictures import NoPictures, Pictures
from training.daynight import evaluate
from training.daynight.config import Config
from training.daynight.features import Features, fid, kid
from training.daynight.smoke import make_streets


class Colours:
    """Stands for Inception-v3: four numbers of a picture's colours."""

    device = torch.device("cpu")

    def __call__(self, picture: Image.Image) -> torch.Tensor:
        pixels = np.asarray(picture, np.float64) / 255
        return torch.tensor([*pixels.mean((0, 1)), pixels.std()])


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
    return evaluate.measure(translators(night, day), pictures["day"], pictures["night"], Colours(), 48, 0, tmp_path)  # type: ignore[arg-type]


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


def test_the_command_measures_held_out_pictures_and_leaves_tables_and_sheets(streets, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(evaluate, "load_translators", lambda run: translators(0.2, 4))
    monkeypatch.setattr(evaluate, "Features", lambda folder, device: Colours())
    (tmp_path / "run").mkdir()
    evaluate.main(
        [str(tmp_path / "run"), "--size", "48", "--day", str(streets["day"]), "--night", str(streets["night"])]
    )
    out = tmp_path / "run" / "evaluation"
    figures = json.loads((out / "figures.json").read_text())
    assert figures["pictures"] == {kind: len(Pictures([streets[kind]]).split(2)[1]) for kind in ("day", "night")}
    assert set(figures["seconds"]) == {"32"}
    table = (out / "figures.md").read_text()
    assert "| UNIT of the source | 0.381 | 0.405 | 0.954 | 33.7 |" in table and table in capsys.readouterr().out
    sheet = Image.open(out / "day-to-night.png")
    assert sheet.height == 3 * 48 + 2 * 4


def test_broken_pictures_are_left_out(streets, tmp_path):
    (streets["day"] / "day-000.png").write_bytes(b"broken")
    assert measure(streets, tmp_path, 0.2, 4)["pictures"] == {"day": 9, "night": 10}


def test_too_few_pictures_end_in_one_sentence(streets, tmp_path):
    for file in sorted(streets["night"].iterdir())[1:]:
        file.unlink()
    with pytest.raises(NoPictures, match="fewer than two held-out pictures for night-to-day"):
        measure(streets, tmp_path, 1, 1)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(Missing, match="--weights"):
        Features(tmp_path, torch.device("cpu"))


def test_kid_is_unbiased_and_grows_with_the_distance():
    random = torch.Generator().manual_seed(0)
    sets = [torch.randn(40, 8, generator=random, dtype=torch.float64) for _ in range(40)]
    same = torch.tensor([float(kid(a, b)) for a, b in zip(sets[::2], sets[1::2], strict=True)])
    assert abs(same.mean()) < 3 * same.std() / len(same) ** 0.5
    assert kid(sets[0], sets[1] + 1) < kid(sets[0], sets[1] + 2)


def test_fid_is_that_of_two_gaussians():
    a = torch.randn(4000, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert fid(a, a) == pytest.approx(0, abs=1e-9)
    assert fid(a, 2 * a + 3) == pytest.approx((a.mean(0) + 3).square().sum() + a.T.cov().trace(), rel=1e-6)
