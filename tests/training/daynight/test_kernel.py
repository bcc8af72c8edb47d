"""Promises of the kernel distance as a loss, in the space of its features, and of the evenness of exposures."""

import pytest
import torch
from torch import Tensor, nn

from training.common.options import BadConfig
from training.daynight.kernel import REMEMBERED, KernelDistance, discrepancy
from training.daynight.losses import unevenness

SIZES = [4, 12]  # of made features, in two layers


def cloud(centre: float, count: int, seed: int) -> Tensor:
    """Features [count,16] of made pictures."""
    return centre + torch.randn(count, sum(SIZES), generator=torch.Generator().manual_seed(seed))


@pytest.fixture
def distance(monkeypatch) -> KernelDistance:
    """A distance whose pictures are features already; day lies at 0, night at 1."""
    monkeypatch.setattr("training.daynight.kernel.SIZES", SIZES)
    monkeypatch.setattr("training.daynight.kernel.SHARES", (0.5, 0.5))
    monkeypatch.setattr("training.daynight.kernel.InceptionV3", lambda last: nn.Identity())
    distance = KernelDistance(("day", "night"))
    monkeypatch.setattr(distance, "features", lambda features: features)
    distance.learn({"day": cloud(0, 300, 0), "night": cloud(1, 300, 1)})
    distance(cloud(0, REMEMBERED, 9), "night")
    return distance


def test_doing_nothing_is_as_far_as_untouched_pictures_and_real_ones_are_not_far(distance):
    assert float(distance(cloud(0, 64, 2), "night")) == pytest.approx(1, abs=0.1)
    for seed in range(REMEMBERED // 64):
        distance(cloud(1, 64, 10 + seed), "night")
    assert float(distance(cloud(1, 64, 3), "night")) == pytest.approx(0, abs=0.1)


def test_two_folders_of_one_domain_end_in_one_sentence(distance):
    with pytest.raises(BadConfig, match="look alike"):
        distance.learn({"day": cloud(0, 300, 0), "night": cloud(0, 300, 0)})


@pytest.mark.slow
def test_two_pictures_a_step_teach_a_translator_the_way(distance):
    shift = nn.Parameter(torch.zeros(sum(SIZES)))
    optimiser = torch.optim.Adam([shift], 0.02, betas=(0.5, 0.999))
    for step in range(300):
        optimiser.zero_grad()
        distance(cloud(0, 2, 100 + step) + shift, "night").backward()
        optimiser.step()
    assert (shift - 1).abs().mean() < 0.2
    translated, day, night = cloud(0, 300, 5) + shift.detach(), cloud(0, 300, 5), cloud(1, 300, 6)
    assert discrepancy(translated, night) < 0.1 * discrepancy(day, night)


def test_only_the_newest_translations_are_remembered_and_without_their_history(distance):
    newest = cloud(1, 2, 7).requires_grad_()
    for features in (cloud(0, REMEMBERED, 8), newest):
        distance(features, "night")
    remembered = distance.remembered_night
    assert len(remembered) == REMEMBERED and torch.equal(remembered[:2], newest) and not remembered.requires_grad


def test_any_even_exposure_is_even_and_a_pattern_is_not():
    photo = torch.linspace(0.2, 0.8, 64).expand(1, 3, 64, 64)
    assert unevenness(photo, photo) == 0
    pattern = 1 + 0.1 * (torch.arange(64) % 2)
    even, uneven = (float(unevenness(photo * gain, photo)) for gain in (torch.tensor(0.3), 0.3 * pattern))
    assert even < 0.3 * uneven


def test_light_may_begin_at_an_edge_of_the_photo():
    sky = torch.zeros(1, 1, 64, 64)
    sky[:, :, :32] = 1
    edge, flat = 0.2 + 0.6 * sky.expand(1, 3, 64, 64), torch.full((1, 3, 64, 64), 0.5)
    assert unevenness(edge * (1 - 0.8 * sky), edge) < 0.1 * unevenness(flat * (1 - 0.8 * sky), flat)
