"""Promises of UNIT."""

import pytest
import torch

from training.daynight.config import Config
from training.daynight.losses import PerceptualDistance, kl_to_unit_gaussian, unevenness
from training.daynight.recipe import Discriminators
from training.daynight.unit import NORMALISATIONS, Unit

NARROW = Config(recipe="unit", width=0.125, discriminator_width=0.125)


def unit(**changes) -> Unit:
    torch.manual_seed(0)
    return Unit(Config(recipe="unit", **{"width": 0.125, "discriminator_width": 0.125, **changes}))


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_each_normalisation_translates_within_the_range(normalisation):
    network, photo = unit(normalisation=normalisation).eval(), torch.rand(1, 3, 40, 56)
    for translate in (network.day_to_night, network.night_to_day, network.reconstruct_day, network.reconstruct_night):
        out = translate(photo)
        assert out.shape == photo.shape
        assert 0 <= out.min() <= out.max() <= 1


def test_both_domains_share_the_latent_layers_and_nothing_else():
    network = unit()
    network.day_to_night(torch.rand(1, 3, 32, 32)).sum().backward()
    used = {
        name.split(".")[0] + "." + name.split(".")[1] for name, p in network.named_parameters() if p.grad is not None
    }
    assert used == {"encoders.day", "generators.night", "shared_encoder.layers", "shared_generator.layers"}


def test_one_way_alone_is_the_same_network():
    network, photo = unit().eval(), torch.rand(1, 3, 32, 32)
    alone = network.one_way("night_to_day")
    assert torch.equal(alone(photo), network.night_to_day(photo))
    assert sum(p.numel() for p in alone.parameters()) < sum(p.numel() for p in network.parameters())


def test_the_total_is_the_sum_of_the_weighted_terms():
    weights = {"lambda_0": 2.0, "lambda_1": 3.0, "lambda_2": 5.0, "lambda_3": 7.0, "lambda_4": 11.0, "vgg_weight": 13.0}
    weights["unevenness_weight"] = 17.0
    network = unit(**weights)
    discriminators = Discriminators(NARROW).networks
    day, night = torch.rand(2, 1, 3, 64, 64)
    losses, fake = network(day, night, discriminators, perceptual=PerceptualDistance())
    terms = ["adversarial", "kl", "reconstruction", "cycle_kl", "cycle", "vgg", "unevenness"]
    expected = sum(w * losses[name] for w, name in zip(weights.values(), terms, strict=True))
    assert torch.allclose(losses["total"], expected)
    assert fake["night"].shape == day.shape
    assert not fake["day"].requires_grad


def test_noise_is_added_in_training_alone():
    network = unit().eval()
    photo = torch.rand(1, 3, 32, 32)
    assert torch.equal(network.day_to_night(photo), network.day_to_night(photo))
    day, night = torch.rand(2, 1, 3, 64, 64)
    first, second = (network(day, night, Discriminators(NARROW).networks)[1]["night"] for _ in range(2))
    assert not torch.equal(first, second)


def test_the_kl_term_is_that_of_unit_gaussians():
    mean = torch.tensor([[0.0, 1.0], [2.0, -1.0]])
    gaussian = torch.distributions.Normal
    expected = torch.distributions.kl_divergence(gaussian(mean, 1.0), gaussian(0.0, 1.0)).mean()
    assert torch.allclose(kl_to_unit_gaussian(mean), expected)


def test_the_perceptual_distance_sees_forms_and_not_exposure():
    torch.manual_seed(0)
    distance = PerceptualDistance()
    distance.vgg.mean.zero_()
    for conv in distance.vgg.convs.values():  # without offsets, darker pictures have smaller features, all alike
        torch.nn.init.zeros_(conv.bias)
    photo, other = torch.rand(2, 1, 3, 64, 64)
    assert distance(photo * 0.3, photo) < 0.05 * distance(other, photo)


def test_without_normalisation_it_begins_as_the_identity():
    network, photo = unit(width=0.25, normalisation="none").eval(), torch.rand(1, 3, 32, 48)
    for translate in (network.day_to_night, network.night_to_day, network.reconstruct_day, network.reconstruct_night):
        assert torch.allclose(translate(photo), photo, atol=1e-4)


def test_what_is_painted_beyond_black_has_an_exposure_too():
    photo = torch.rand(1, 3, 32, 32)
    assert unevenness(photo - 2, photo).isfinite()
