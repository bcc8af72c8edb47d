"""Promises of the network that sharpens enlarged style pictures, of its training, and of the published one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from training.common import runs
from training.common.options import from_json
from training.common.pictures import NoPictures, Pictures
from training.common.squares import centre_cut, to_tensor
from training.style.config import EnlargerConfig
from training.style.enlarger import Enlarger, interpolated
from training.style.train_enlarger import EnlargerRecipe, Reductions, main, smoke, train

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = ROOT / "training/style/published/enlarger"
STYLES = sorted((ROOT / "web/styles/pictures").glob("*"))[::3]  # the page's own, which it never saw


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("enlarger")
    smoke(folder)
    return folder


@pytest.fixture
def config(folder) -> EnlargerConfig:
    return EnlargerConfig(
        styles=[str(folder / "styles")], steps=4, batch=2, side=64, validate_every=4, save_every=1, precision="float32"
    )


def test_a_large_picture_is_reduced_and_not_sharpened():
    picture, soft = interpolated(Image.new("RGB", (400, 400), "red"), 384)
    assert picture.shape == (3, 384, 384)
    assert not soft


@pytest.mark.parametrize("side", [200, 300])
def test_a_smaller_one_is_interpolated_from_two_thirds_at_most(side):
    random = np.random.default_rng(0)
    square = Image.fromarray(random.integers(0, 256, (side, side, 3), np.uint8))
    picture, soft = interpolated(square, 384)
    assert soft
    # nothing is left beyond what 256 px can hold
    spectrum = torch.fft.rfft2(picture - picture.mean()).abs().square()
    assert spectrum[:, 140:244, 140:].sum() < 0.02 * spectrum.sum()


def test_an_untrained_enlarger_changes_nothing():
    pictures = torch.rand(2, 3, 32, 32)
    assert torch.equal(Enlarger()(pictures), pictures)


def test_pictures_to_learn_from_are_never_resized(config, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for name in ("one.png", "two.png"):
        Image.fromarray(noise).save(tmp_path / name)
    batch = Reductions(Pictures([tmp_path]), config)[0]
    whole = to_tensor(Image.fromarray(noise))
    assert all(torch.equal(sharp, whole) or torch.equal(sharp, whole.flip(2)) for sharp in batch["sharp"])
    assert detail(batch["soft"]) < 0.5 * detail(batch["sharp"])


def test_pictures_too_small_to_learn_from_are_said_to_be(folder, config):
    with pytest.raises(NoPictures, match="no style picture has 200 px: name larger ones, or a smaller --side"):
        Reductions(Pictures(config.styles), replace(config, side=200))[0]


def test_a_stopped_training_goes_on_to_the_same_end(folder, tmp_path, monkeypatch):
    config, validate = from_json(EnlargerConfig, runs.read_config(folder / "run")), EnlargerRecipe.validate

    def stop_at_the_end(recipe, sample):
        if int(sample.stem) == config.steps:
            raise KeyboardInterrupt
        return validate(recipe, sample)

    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr(EnlargerRecipe, "validate", stop_at_the_end)
        train(tmp_path / "run", config)
    assert runs.load(tmp_path / "run")["step"] == 2
    train(tmp_path / "run", config, resume=True)
    whole, resumed = (runs.load(each)["enlarger"] for each in (folder / "run", tmp_path / "run"))
    assert all(torch.allclose(whole[name], resumed[name], atol=1e-6) for name in whole)


def test_missing_pictures_are_said_in_one_sentence(tmp_path):
    with pytest.raises(SystemExit, match=r"^enlarger: [^\n]*nowhere [^\n]* not found: [^\n]*$"):
        main(["--styles", str(tmp_path / "nowhere"), "--run", str(tmp_path / "run")])


@pytest.mark.parametrize(("enlargement", "left"), [(1.5, 0.25), (1.75, 0.5), (2.0, 0.7)])
def test_the_published_one_gives_pictures_their_detail_back(enlargement, left):
    """Of the detail that interpolating took, in decibels, no more than `left` is missing; and none is overdone."""
    enlarger = Enlarger()
    enlarger.load_state_dict(runs.load(PUBLISHED, "best.pt")["enlarger"])
    soft, sharpened = [], []
    for file in STYLES:
        square = centre_cut(Image.open(file).convert("RGB")).resize((256, 256), Image.Resampling.LANCZOS)
        large, small = to_tensor(square), round(256 / enlargement)
        picture = interpolated(square.resize((small, small), Image.Resampling.LANCZOS), 256)[0]
        soft.append(detail(picture) / detail(large))
        sharpened.append(detail(enlarger(picture[None])[0].detach()) / detail(large))
    assert np.median(sharpened) < 1.07
    assert np.abs(np.log(sharpened)).mean() < left * np.abs(np.log(soft)).mean()


def detail(picture: Tensor) -> float:
    """Mean squared difference of neighbours."""
    return (picture[..., 1:] - picture[..., :-1]).square().mean().item()
