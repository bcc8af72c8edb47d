"""What is compared with torch, and when a network is refused."""

import numpy as np
import pytest

from converter import parity


def sample(expected: np.ndarray) -> parity.Sample:
    return parity.Sample("a sample", {}, {"result": expected})


def test_pictures_differ_by_mean_and_max_and_vectors_by_relative_norm() -> None:
    picture, vector = np.zeros((1, 3, 2, 2)), np.full((1, 100), 2.0)
    picture_found = parity.difference(picture, picture + np.eye(2) * 0.5)
    assert picture_found == {"picture mean": pytest.approx(0.25), "picture max": pytest.approx(0.5)}
    assert parity.difference(vector, vector * 1.01) == {"vector norm": pytest.approx(0.01)}


def test_of_masks_few_places_may_turn() -> None:
    mask, other = np.full((1, 1, 2, 5), 0.4), np.full((1, 1, 2, 5), 0.45)
    other[0, 0, 1, 2] = 0.6
    assert parity.difference(mask, other) == {
        "mask mean": pytest.approx((9 * 0.05 + 0.2) / 10),
        "mask turned": pytest.approx(0.1),
    }


def test_of_hours_few_values_may_be_far_off() -> None:
    hours = np.zeros((1, 9, 2, 2))
    away = hours.copy()
    away[0, 0] = [[0.5, 0.05], [0, 0]]
    assert parity.difference(hours, away) == {
        "hours mean": pytest.approx(0.55 / 36),
        "hours far": pytest.approx(1 / 36),
    }


def test_the_worst_sample_counts() -> None:
    samples = [sample(np.zeros((1, 3, 2, 2))) for _ in range(3)]
    results = [{"result": np.full((1, 3, 2, 2), away)} for away in (0.1, 0.3, 0.2)]
    assert parity.worst(samples, results)["picture max"] == pytest.approx(0.3)


@pytest.mark.parametrize("precision", ["float32", "float16", "mixed"])
def test_a_difference_just_over_the_bound_is_refused(precision: str) -> None:
    bounds = parity.BOUNDS[precision]
    for kind, bound in bounds.items():
        parity.check("a-model", "tfjs", {kind: bound}, bounds)
        with pytest.raises(parity.OverBounds, match="a-model is not published"):
            parity.check("a-model", "tfjs", {kind: bound * 1.01}, bounds)


def test_a_network_that_gives_no_numbers_is_refused() -> None:
    expected = np.zeros((1, 3, 2, 2))
    found = parity.worst([sample(expected)] * 2, [{"result": expected * np.nan}, {"result": expected}])
    with pytest.raises(parity.OverBounds):
        parity.check("a-model", "tfjs", found, parity.BOUNDS["mixed"])


def test_a_result_of_another_size_is_refused() -> None:
    with pytest.raises(parity.OverBounds, match="shape"):
        parity.difference(np.zeros((1, 3, 8, 16)), np.zeros((1, 3, 16, 8)))
