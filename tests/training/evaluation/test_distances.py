"""Promises of FID and KID: their definitions, torch-fidelity's numbers, and what real pictures have among them."""

import sys

import numpy as np
import pytest
import scipy.linalg
import torch
from torch import Tensor

from training.common.command import Missing
from training.daynight.kernel import discrepancy
from training.evaluation.distances import fid, kid, kid_among, precision_recall, set_distances


def normal(count: int, size: int, seed: int) -> Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_fid_is_the_frechet_distance_of_two_gaussians():
    a, b = normal(400, 6, 0), 1.5 * normal(300, 6, 1) + 0.3
    covariances = [np.cov(x.numpy(), rowvar=False) for x in (a, b)]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1]).real
    means = float((a.mean(0) - b.mean(0)).square().sum())
    assert fid(a, b) == pytest.approx(means + np.trace(sum(covariances) - 2 * root), rel=1e-9)
    assert fid(a, a) == pytest.approx(0, abs=1e-9)


def test_kid_of_whole_sets_is_the_unbiased_discrepancy_that_trainings_minimise():
    a, b = normal(50, 12, 0), normal(50, 12, 1) + 0.4
    mean, deviation = kid(a, b, 50, subsets=3)
    assert mean == pytest.approx(float(discrepancy(a, b)), rel=1e-9)
    assert deviation == pytest.approx(0, abs=1e-9)


def test_kid_is_unbiased_and_grows_with_the_distance():
    same = np.array([kid(normal(40, 8, 2 * i), normal(40, 8, 2 * i + 1), 40, subsets=1)[0] for i in range(30)])
    assert abs(same.mean()) < 3 * same.std() / len(same) ** 0.5
    near, far = (kid(normal(40, 8, 0), normal(40, 8, 1) + shift, 20)[0] for shift in (1, 2))
    assert near < far


def test_kids_deviation_falls_with_the_size_of_the_subsets():
    a, b = normal(400, 8, 0), normal(400, 8, 1) + 0.5
    assert kid(a, b, 200)[1] < 0.6 * kid(a, b, 20)[1]


def test_real_pictures_have_no_distance_among_them_but_kids_deviation_and_fids_bias():
    real, pictures = normal(120, 8, 0), normal(60, 8, 1) + 0.7
    found = set_distances(pictures, real)
    assert found["count"] == 60
    assert abs(found["kid_real"]) < 2 * found["kid_real_deviation"] < found["kid"]
    assert 0.1 < found["fid_real"] < 0.5 * found["fid_at_count"]
    assert found["fid"] < found["fid_at_count"] + found["fid_real"]


def test_pictures_that_are_real_are_as_far_from_real_ones_as_those_among_them():
    found = set_distances(normal(60, 8, 1), normal(120, 8, 0))
    assert found["kid"] == pytest.approx(found["kid_real"], abs=2 * found["kid_real_deviation"])
    assert found["fid_at_count"] == pytest.approx(found["fid_real"], rel=0.5)


def test_the_real_pictures_of_a_comparison_among_them_are_never_the_same():
    orthogonal = torch.eye(8, dtype=torch.float64) * 10  # the kernel of two is 1, of one with itself over 2,000
    assert kid_among(orthogonal, 4)[0] == pytest.approx(0, abs=1e-9)


def test_without_torch_fidelity_one_sentence_says_what_to_install(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("torch_fidelity")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(Missing, match=r"pip install -r requirements/train\.txt"):
        fid(normal(4, 2, 0), normal(4, 2, 1))


def test_precision_is_the_share_among_real_pictures_and_recall_that_of_real_ones_which_are_reached():
    real = torch.cat([normal(60, 4, 0), normal(60, 4, 1) + 100])
    assert precision_recall(real[torch.arange(120) % 60], real)[0] == 1
    found = precision_recall(normal(120, 4, 2), real)
    assert found[0] > 0.8 and found[1] == pytest.approx(0.5, abs=0.15), "one of two clusters"
    assert precision_recall(normal(120, 4, 2) + 50, real) == (0, 0)


def test_precision_and_recall_are_taken_at_equal_counts():
    few, many = normal(20, 4, 0), normal(400, 4, 1)
    one, other = precision_recall(few, many), precision_recall(many, few)
    assert abs(one[0] - other[0]) < 0.5 and all(0 <= each <= 1 for each in (*one, *other))
