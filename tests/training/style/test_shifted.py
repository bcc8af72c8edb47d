"""Promises of training/style/train_shifted.py: the network learns the mean of what it paints of the shifted photo."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from training.common import runs
from training.common.curves import read_curves
from training.common.options import BadConfig, from_json
from training.common.squares import centre_square
from training.style.config import ShiftedConfig
from training.style.load import load_pair
from training.style.marks import marks
from training.style.train_shifted import (
    ALL,
    LATIN,
    MARGIN,
    main,
    mean_of_shifts,
    sharpened,
    smoke,
    train,
    without_margin,
)
from training.style.transformer import towards_styles

ROOT = Path(__file__).resolve().parents[3]
PHOTOS = sorted((ROOT / "web/samples").glob("*.jpg"))[:3]


class Blocks(nn.Module):
    """Paints every square of 4 px in its mean, as a network does that knows nothing finer than its grid."""

    def forward(self, photos: Tensor, vectors: Tensor) -> Tensor:
        return F.interpolate(F.avg_pool2d(photos, 4), scale_factor=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shifted")
    smoke(folder)
    return folder


@pytest.fixture(scope="module")
def squares() -> Tensor:
    """Photos [3,3,144,144] in [0,1] and their margin."""
    small = [np.asarray(Image.open(path).convert("RGB").resize((144, 144)), np.float32) for path in PHOTOS]
    return torch.from_numpy(np.stack(small)).permute(0, 3, 1, 2) / 255


def test_the_mean_of_all_shifts_has_the_photos_marks_and_no_grids(squares):
    photos = without_margin(squares)
    assert marks(Blocks()(photos, Tensor())) > 1  # all gradients lie between the blocks
    assert marks(mean_of_shifts(Blocks(), squares, Tensor())) < marks(photos) + 0.01


def test_shifted_pictures_are_shifted_back(squares):
    class Same(nn.Module):
        def forward(self, photos: Tensor, vectors: Tensor) -> Tensor:
            return photos

    for shifts in (ALL, LATIN):
        torch.testing.assert_close(mean_of_shifts(Same(), squares, Tensor(), shifts), without_margin(squares))


def test_sharpening_leaves_flat_parts_and_is_linear(squares):
    flat = torch.full((1, 3, 16, 16), 0.3)
    torch.testing.assert_close(sharpened(flat, 0.6), flat)
    mean = sharpened(squares.mean(0, keepdim=True), 0.6)  # a mean of sharpened pictures is the mean, sharpened
    torch.testing.assert_close(sharpened(squares, 0.6).mean(0, keepdim=True), mean)
    assert sharpened(squares, 0.6).diff().abs().mean() > 1.1 * squares.diff().abs().mean()


def test_four_shifts_are_one_of_each_row_and_column():
    assert sorted(y for y, _ in LATIN) == sorted(x for _, x in LATIN) == [0, 1, 2, 3]


def test_the_published_transformer_leaves_few_marks():
    pair = load_pair(ROOT / "training/style/published")
    gallery = json.loads((ROOT / "web/styles/gallery.json").read_text("utf-8"))["styles"][::5]
    photos = torch.stack([centre_square(Image.open(path).convert("RGB"), 384) for path in PHOTOS])
    with torch.inference_mode():
        vectors = towards_styles(pair.transformer, torch.tensor([style["vector"] for style in gallery]))
        painted = [pair.transformer(photos, vector.expand(len(photos), -1)) for vector in vectors]
    assert marks(torch.cat(painted)) < 0.06  # 0.2 before it learnt the mean


@pytest.mark.slow
def test_a_smoke_run_leaves_a_pair_that_reads_styles_as_it_did(folder):
    before, after = load_pair(folder / "pair"), load_pair(folder / "run")
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples"} <= {p.name for p in (folder / "run").iterdir()}
    picture = torch.rand(1, 3, 256, 256)
    assert torch.equal(before.predictor(picture), after.predictor(picture))
    for name in ("style_space", "photo_mean_vector"):
        assert np.array_equal(before.state[name], after.state[name])
    assert {"from_mean", "marks", "marks_of_mean"} <= after.state["metrics"].keys()


@pytest.mark.slow
def test_it_comes_nearer_to_the_mean(folder, tmp_path):
    begun = from_json(ShiftedConfig, runs.read_config(folder / "run"))
    train(tmp_path / "run", replace(begun, pair=str(folder / "pair"), steps=20, validate_every=1))
    distances = [distance for _, distance in read_curves(tmp_path / "run")["held_out_from_mean"]]
    assert distances[-1] < 0.8 * distances[0]


def test_a_pair_that_is_none_and_a_size_that_is_no_multiple_are_refused_in_one_sentence(folder, tmp_path):
    asked = [f"--{name}={folder / name}" for name in ("photos", "styles")]
    with pytest.raises(SystemExit, match=r"style-shifted: .* is no run directory"):
        main([*asked, f"--pair={folder / 'photos'}", f"--run={tmp_path / 'run'}"])
    with pytest.raises(BadConfig, match="--size 100: name a multiple of 8"):
        ShiftedConfig(size=100).check()
    with pytest.raises(BadConfig, match="--sharpening 3: name a number from 0 to 2"):
        ShiftedConfig(sharpening=3).check()
    assert MARGIN % 8 == 0  # so that a square and what is painted of it are multiples alike
