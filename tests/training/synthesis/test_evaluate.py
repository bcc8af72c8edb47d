"""Promises of training/synthesis/evaluate.py, with stand-ins for the networks that measure."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.common import runs
from training.synthesis import evaluate
from training.synthesis.config import SynthesisConfig
from training.synthesis.evaluate import Real, measure, pairwise, walk
from training.synthesis.recipe import train
from training.synthesis.smoke import make_pictures


class Colours:
    """Stands for Inception-v3: a few numbers of a picture's colours."""

    device, source = torch.device("cpu"), "colours"

    def __call__(self, picture: Image.Image) -> torch.Tensor:
        pixels = np.asarray(picture, np.float64) / 255
        return torch.tensor([*pixels.mean((0, 1)), *pixels.std((0, 1))])


class Difference:
    """Stands for LPIPS."""

    source = "difference"

    def __call__(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a - b).abs().mean((1, 2, 3))


class Inventor:
    """Stands for a run's generator: always these pictures, over and over."""

    def __init__(self, pictures: torch.Tensor):
        self.pictures = pictures

    def invented(self, vectors: torch.Tensor) -> torch.Tensor:
        return self.pictures[torch.arange(len(vectors)) % len(self.pictures)]

    def samples(self, count: int) -> torch.Tensor:
        return self.invented(torch.zeros(count, 128))


def discs(folder: Path, count: int, seed: int) -> torch.Tensor:
    pictures = [Image.open(path) for path in sorted(make_pictures(folder, count, seed).iterdir())]
    return torch.stack([square(each) for each in pictures])


def square(picture: Image.Image) -> torch.Tensor:
    return torch.from_numpy(np.asarray(picture.resize((32, 32))).copy()).permute(2, 0, 1).float() / 255


def measured(pictures: torch.Tensor, real: torch.Tensor, out: Path) -> dict:
    eyes = Colours(), Difference()
    return measure(Inventor(pictures), Real(real, *eyes), *eyes, len(pictures), out)  # type: ignore[arg-type]


@pytest.mark.slow
def test_other_real_pictures_are_as_good_as_it_gets(tmp_path):
    real, others = discs(tmp_path / "real", 60, 0), discs(tmp_path / "others", 60, 1)
    found = measured(others, real, tmp_path)
    assert abs(found["kid"]) < 3 * found["kid_deviation"]
    assert found["precision"] > 0.8 and found["recall"] > 0.8
    assert found["lpips_ratio"] == pytest.approx(1, abs=0.15) and found["nearest"] == pytest.approx(1, abs=0.3)


@pytest.mark.slow
def test_copies_even_mirrored_ones_show(tmp_path):
    real = discs(tmp_path / "real", 40, 0)
    found = measured(real.flip(3), real, tmp_path)
    assert found["nearest"] == pytest.approx(0, abs=1e-3) and found["precision"] == 1
    sheet = np.asarray(Image.open(tmp_path / "nearest.png")).astype(int)
    assert sheet.shape == (4 * 36 - 4, 12 * 36 - 4, 3)
    assert np.abs(sheet[:32] - sheet[36:68]).max() <= 1, "below each picture is the one that it copies, as mirrored"


@pytest.mark.slow
def test_a_collapsed_generator_has_no_variety_and_no_recall(tmp_path):
    real = discs(tmp_path / "real", 40, 0)
    found = measured(real[:1].expand(40, -1, -1, -1) + 0.001 * torch.randn(40, 3, 32, 32), real, tmp_path)
    assert found["lpips_ratio"] < 0.1 and found["recall"] < 0.1 and found["kid"] > found["kid_real_deviation"]


@pytest.mark.slow
def test_pictures_that_are_not_grown_up_are_enlarged(tmp_path):
    real = discs(tmp_path / "real", 40, 0)
    measured(real[..., ::4, ::4], real, tmp_path)
    assert Image.open(tmp_path / "samples.png").size == (12 * 36 - 4, 4 * 36 - 4)
    assert Image.open(tmp_path / "walk.png").size == (12 * 36 - 4, 8 * 36 - 4)


def test_pairs_are_of_different_pictures():
    pictures = torch.stack([torch.full((3, 4, 4), float(i)) for i in range(7)])
    assert pairwise(pictures, Difference()) >= 1  # type: ignore[arg-type]


def test_a_walk_leads_from_one_noise_to_the_other_and_keeps_its_length():
    torch.manual_seed(0)
    start, end = torch.randn(2, 128)
    steps = walk(start, end, 9)
    assert torch.allclose(steps[0], start, atol=1e-5) and torch.allclose(steps[-1], end, atol=1e-5)
    assert steps.norm(dim=1).min() > 0.9 * min(start.norm(), end.norm())
    apart = (steps[1:] - steps[:-1]).norm(dim=1)
    assert apart.max() < 1.5 * apart.min()


@pytest.fixture
def pair(tmp_path, monkeypatch) -> list[Path]:
    """Two runs, of a DCGAN and a PGGAN, on the same pictures."""
    monkeypatch.setattr(evaluate, "Features", lambda sources, device: Colours())
    monkeypatch.setattr(evaluate, "Lpips", lambda sources, device: Difference())
    pictures = [str(make_pictures(tmp_path / "pictures", 12))]
    for network in ("dcgan", "pggan"):
        config = SynthesisConfig(
            network=network, pictures=pictures, steps=28, batch=4, width=1 / 64, save_every=28, precision="float32"
        )
        train(tmp_path / network, config)
    return [tmp_path / "dcgan", tmp_path / "pggan"]


@pytest.mark.slow
def test_runs_are_measured_in_one_table_and_each_gets_its_figures_and_sheets(pair, capsys):
    evaluate.main([*map(str, pair), "--samples", "16"])
    table = capsys.readouterr().out
    for run, network in zip(pair, ("dcgan", "pggan"), strict=True):
        out = run / "evaluation"
        figures = json.loads((out / "figures.json").read_text())
        assert (figures["network"], figures["samples"], figures["pictures"], figures["size"]) == (network, 16, 12, 32)
        assert {"fid", "kid", "kid_deviation", "kid_real", "fid_real", "precision", "recall", "nearest"} <= set(figures)
        assert (out / "figures.md").read_text() == table and f"| {run} | {network} |" in table
        assert {path.name for path in out.glob("*.png")} == {"samples.png", "walk.png", "nearest.png"}
    assert "| DCGAN of the source, its data | | | | 102.35 |" in table and "80.91" in table


@pytest.mark.slow
def test_runs_of_other_pictures_or_no_runs_are_refused_in_one_sentence(pair, tmp_path):
    saved = json.loads((pair[1] / "config.json").read_text())
    (pair[1] / "config.json").write_text(json.dumps({**saved, "pictures": ["elsewhere"]}))
    for arguments, sentence in (
        ([*map(str, pair)], "was trained on other pictures than"),
        ([str(tmp_path / "pictures")], "is no run directory"),
    ):
        with pytest.raises(SystemExit, match=sentence) as end:
            evaluate.main(arguments)
        assert "\n" not in str(end.value.code)
    with pytest.raises(runs.NotARun):
        evaluate.evaluate(pair, [], [], 16, 0)
