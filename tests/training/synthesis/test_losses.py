"""Promises of the adversarial losses and of differentiable augmentation."""

import pytest
import torch

from training.synthesis import augmentation
from training.synthesis.augmentation import augmented
from training.synthesis.config import SynthesisConfig
from training.synthesis.losses import LOSSES, DiscriminatorLosses, GeneratorLoss, adversarial, real_labels


@pytest.mark.parametrize("loss", LOSSES)
def test_a_higher_score_is_better_for_what_shall_be_real_and_worse_for_what_shall_not(loss):
    low, high = torch.full((4,), -0.5), torch.full((4,), 0.8)
    ones, zeros = torch.ones(4), torch.zeros(4)
    assert adversarial(loss, high, ones) < adversarial(loss, low, ones)
    assert adversarial(loss, high.abs(), zeros) > adversarial(loss, 0 * low, zeros)


def test_wassersteins_losses_are_the_difference_of_mean_scores():
    real, invented = torch.tensor([1.0, 3.0]), torch.tensor([-1.0, 2.0])
    total = adversarial("wasserstein", real, torch.tensor([0.8, 0.95])) + adversarial("wasserstein", invented, 0 * real)
    assert total == pytest.approx(0.5 - 2)


def test_smoothing_is_one_sided_and_random():
    torch.manual_seed(0)
    scores = torch.zeros(1000)
    assert (real_labels(scores, False) == 1).all()
    labels = real_labels(scores, True)
    assert labels.min() >= 0.8 and labels.max() <= 1 and labels.std() > 0.05


class Mean(torch.nn.Module):
    """Stands for a discriminator: the mean of a picture."""

    def forward(self, pictures):
        return pictures.mean((1, 2, 3))


class Copy(torch.nn.Module):
    """Stands for a generator: noise [N,3*8*8] as pictures."""

    def forward(self, noise):
        return noise.reshape(-1, 3, 8, 8)


def test_generator_and_discriminator_want_the_opposite(monkeypatch):
    config = SynthesisConfig(augmentation=False)
    noise = torch.rand(4, 192, requires_grad=True)
    loss, pictures = GeneratorLoss(Copy(), config)(noise, Mean())
    assert not pictures.requires_grad and loss.item() == pytest.approx(
        torch.nn.functional.softplus(-noise.mean(1)).mean().item()
    )
    losses = DiscriminatorLosses(Mean(), config)(torch.full((4, 3, 8, 8), 9.0), torch.full((4, 3, 8, 8), -9.0))
    assert all(value < 0.001 for value in losses.values())


def test_with_augmentation_the_generator_learns_through_it_and_the_discriminator_sees_nothing_else(monkeypatch):
    seen = []
    monkeypatch.setattr("training.synthesis.losses.augmented", lambda x: seen.append(x) or 0.5 * x)
    config = SynthesisConfig()
    noise = torch.rand(4, 192, requires_grad=True)
    loss, pictures = GeneratorLoss(Copy(), config)(noise, Mean())
    DiscriminatorLosses(Mean(), config)(torch.ones(4, 3, 8, 8), pictures)
    assert len(seen) == 3 and loss.item() == pytest.approx(
        torch.nn.functional.softplus(-noise.mean(1) / 2).mean().item()
    )


def test_augmented_pictures_differ_from_one_another_and_pass_gradients_back():
    torch.manual_seed(0)
    pictures = torch.rand(1, 3, 32, 32).expand(8, -1, -1, -1).clone().requires_grad_()
    changed = augmented(pictures)
    assert changed.shape == pictures.shape and torch.pdist(changed.flatten(1)).min() > 1
    changed.sum().backward()
    assert (pictures.grad != 0).float().mean() > 0.9


def test_colours_change_by_as_much_as_the_paper_says():
    torch.manual_seed(0)
    changed = augmentation._coloured(torch.full((2000, 3, 2, 2), 0.5)).mean((1, 2, 3)) - 0.5
    assert changed.abs().max() <= 0.25 and changed.abs().max() > 0.24
    red = torch.tensor([1.0, 0, 0])[:, None, None].expand(2000, 3, 2, 2)
    saturation = augmentation._coloured(red)
    spread = (saturation[:, 0] - saturation[:, 1]).mean((1, 2))
    assert spread.min() >= 0 and 2.5 < spread.max() <= 3, "saturation up to 2, contrast up to 1.5"


def test_a_picture_is_moved_by_up_to_an_eighth_and_is_grey_where_it_was_not():
    torch.manual_seed(0)
    x = torch.zeros(200, 3, 32, 32)
    x[:, :, 16, 16] = 1
    moved = augmentation._translated(x)
    places = (moved[:, 0] == 1).nonzero()
    assert len(places) == 200
    shifts = places[:, 1:] - 16
    assert shifts.min() == -4 and shifts.max() == 4
    number = int(shifts[:, 0].argmax())
    assert (moved[number, :, :4] == 0.5).all() and (moved[number, 0, 4:, 10:20] != 0.5).all()


def test_a_square_of_half_the_side_is_cut_out():
    torch.manual_seed(0)
    cut = augmentation._cut_out(torch.ones(300, 3, 32, 32))
    shares = (cut == 0.5).float().mean((1, 2, 3))
    assert shares.max() == pytest.approx(0.25) and shares.min() >= 1 / 16
    assert (cut[shares.argmax(), 0] == 0.5).any(1).sum() == 16
