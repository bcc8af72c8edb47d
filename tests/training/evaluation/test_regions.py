"""Promises of the distances within regions, with random weights and a stand-in for LPIPS."""

import pytest
import torch

from training.evaluation import regions
from training.evaluation.regions import Regions, gram
from training.networks.vgg16 import Vgg16


class Difference:
    """Stands for LPIPS at each pixel."""

    source = "difference"

    def __init__(self, *_: object): ...

    def __call__(self, a, b):
        return (a - b).abs().mean(1)


@pytest.fixture
def measured(monkeypatch) -> Regions:
    torch.manual_seed(0)
    monkeypatch.setattr(regions.weights, "read", lambda *_: {"vgg16": Vgg16().convs.state_dict()})
    monkeypatch.setattr(regions, "LpipsMap", Difference)
    return Regions([], torch.device("cpu"))


def left() -> torch.Tensor:
    region = torch.zeros(1, 1, 64, 64)
    region[..., :32] = 1
    return region


def test_a_gram_matrix_of_a_region_is_that_of_the_region_alone():
    x = torch.randn(1, 5, 64, 64)
    half = x[..., :32].flatten(2)
    assert torch.allclose(gram(x, left()), half @ half.transpose(1, 2) / half.shape[2], atol=1e-5)


def test_each_side_has_its_own_distances(measured):
    photo, style = torch.rand(2, 1, 3, 64, 64)
    painted = photo.clone()
    painted[..., :32] = style[..., :32]
    found = measured.distances(painted, photo, measured.grams(style), left())
    assert found["content_inside"] > 0.1 and found["content_outside"] == 0
    untouched = measured.distances(photo, photo, measured.grams(style), left())
    assert untouched["content_inside"] == 0
    assert measured.distances(style, photo, measured.grams(style), torch.ones_like(left()))["style_inside"] < 1e-6


def test_a_region_that_fills_nothing_has_finite_distances(measured):
    photo = torch.rand(1, 3, 64, 64)
    found = measured.distances(photo, photo, measured.grams(photo), torch.zeros(1, 1, 64, 64))
    assert all(torch.tensor(value).isfinite() for value in found.values()) and found["style_outside"] < 1e-6
