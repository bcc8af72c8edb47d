"""Promises of the perceptual losses."""

import pytest
import torch

from training.style.losses import PerceptualLosses, gram, importance, relative


@pytest.fixture(scope="module")
def losses() -> PerceptualLosses:
    torch.manual_seed(0)
    return PerceptualLosses()


def test_a_picture_that_is_photo_and_style_at_once_costs_nothing(losses):
    picture = torch.rand(2, 3, 96, 96)
    assert all(loss.abs().max() < 1e-6 for loss in losses(picture, picture, losses.grams(picture)).values())


def test_each_loss_is_given_for_each_picture(losses):
    result = losses(*torch.rand(2, 2, 3, 96, 96), losses.grams(torch.rand(2, 3, 96, 96)))
    assert {name: loss.shape for name, loss in result.items()} == dict.fromkeys(
        ["style", "strokes", "content", "detail"], (2,)
    )


def test_gradients_reach_the_picture_and_not_the_eye(losses):
    painted = torch.rand(1, 3, 96, 96, requires_grad=True)
    sum(losses(painted, torch.rand(1, 3, 96, 96), losses.grams(torch.rand(1, 3, 96, 96))).values()).sum().backward()
    assert painted.grad.abs().sum() > 0
    assert all(p.grad is None for p in losses.parameters())


def test_the_style_loss_does_not_see_where_things_lie():
    features = torch.rand(1, 5, 8, 8)
    shuffled = features.flatten(2)[:, :, torch.randperm(64)].view(1, 5, 8, 8)
    assert torch.allclose(gram(features), gram(shuffled), atol=1e-5)


def test_detail_counts_more_where_the_photo_has_fine_structure():
    photo = torch.full((1, 3, 96, 96), 0.5)
    photo[..., :48] += 0.3 * torch.randn(1, 3, 96, 48)
    weight = importance(photo, (24, 24))
    assert weight.mean().item() == pytest.approx(1, abs=1e-5)
    assert weight[..., :10].mean() > 3 * weight[..., -10:].mean()
    assert weight.max() / weight.min() < 2.5 / 0.4 + 1e-3


def test_distances_are_relative_to_what_is_aimed_at():
    a, b = torch.rand(1, 4), torch.rand(1, 4)
    assert torch.allclose(relative(a, b), relative(10 * a, 10 * b))
    assert relative(torch.zeros(1, 4), b).item() == pytest.approx(1)
