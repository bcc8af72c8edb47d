"""Promises of the CycleGAN networks, the small generator among them."""

import pytest
import torch
from torch import nn

from training.common.guided import carried
from training.daynight.config import Config
from training.daynight.curve_generator import CurveGenerator
from training.daynight.cyclegan import CycleGan
from training.daynight.discriminators import SourceDiscriminator
from training.daynight.generators import SourceGenerator
from training.daynight.losses import discriminator_loss, generator_loss
from training.daynight.networks import DISCRIMINATORS, GENERATORS
from training.daynight.recipe import Discriminators


def count(network: nn.Module) -> int:
    return sum(each.numel() for each in network.parameters())


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_keeps_the_size_and_the_range(name):
    torch.manual_seed(0)
    photo = torch.rand(1, 3, 72, 104)
    out = GENERATORS[name](0.25).eval()(photo)
    assert out.shape == photo.shape
    assert out.min() >= 0
    assert out.max() <= 1


def test_the_source_s_generator_has_the_sizes_of_its_table():
    network, seen = SourceGenerator(), []
    layers = [*network.convs, *network.blocks, *network.transposed, network.exit]
    for layer in layers:
        layer.register_forward_hook(lambda module, inputs, output: seen.append(tuple(inputs[0].shape[1:])))
    with torch.no_grad():
        out = network(torch.rand(1, 3, 256, 256))
    down = [(3, 256, 256), (32, 128, 128), (64, 64, 64), (128, 32, 32)]
    up = [(128, 32, 32), (64, 64, 64), (32, 128, 128), (16, 256, 256)]
    assert seen == [*down, *[(128, 32, 32)] * 5, *up]
    assert out.shape == (1, 3, 256, 256)


def test_the_source_s_discriminator_has_the_sizes_of_its_table():
    network, seen = SourceDiscriminator(), []
    for layer in network.convs:
        layer.register_forward_hook(lambda module, inputs, output: seen.append(tuple(inputs[0].shape[1:])))
    [score] = network(torch.rand(2, 3, 256, 256))
    assert seen == [(3, 256, 256), (32, 64, 64), (64, 16, 16), (128, 4, 4)]
    assert score.shape == (2, 1, 1, 1)


def test_a_patch_score_sees_70_pixels():
    network = DISCRIMINATORS["patch"](0.125)
    for i, layer in enumerate(network.layers):
        if isinstance(layer, nn.InstanceNorm2d):  # its statistics see the whole picture
            network.layers[i] = nn.Identity()
    picture = torch.rand(1, 3, 128, 128, requires_grad=True)
    [scores] = network(picture)
    scores[0, 0, 7, 7].backward()
    touched = picture.grad.abs().sum((0, 1)) > 0
    assert touched.any(0).sum() == touched.any(1).sum() == 70


def test_the_multiscale_discriminator_judges_three_sizes():
    scores = DISCRIMINATORS["multiscale"](0.125)(torch.rand(2, 3, 128, 128))
    assert [tuple(score.shape) for score in scores] == [(2, 1, 8, 8), (2, 1, 4, 4), (2, 1, 2, 2)]


def test_the_small_generator_fits_the_page():
    assert count(CurveGenerator()) == 281_912  # as its table says
    assert count(CurveGenerator()) <= 500_000


def test_the_small_generator_begins_near_the_photo():
    torch.manual_seed(0)
    photo = torch.rand(2, 3, 64, 64)
    assert (CurveGenerator()(photo) - photo).abs().mean() < 0.05


@pytest.mark.parametrize(("exposure", "grey"), [(-1.0, 0.072), (1.0, 0.888)])
def test_the_small_generator_can_darken_and_brighten(exposure, grey):
    network, photo = CurveGenerator(0.25, 1), torch.full((1, 3, 16, 16), 0.5)
    nn.init.zeros_(network.exit.weight)
    with torch.no_grad():
        network.exit.bias[:4] = exposure
        assert abs(network(photo).mean() - grey) < 0.02


def test_darkening_never_makes_a_blown_out_sky_rough():
    network, noise = CurveGenerator(0.25, 1), 0.98 + 0.02 * torch.rand(1, 3, 16, 16)
    nn.init.zeros_(network.exit.weight)
    with torch.no_grad():
        network.exit.bias[:4] = -1.0
        assert network(noise).std() < noise.std()


def test_the_small_generator_can_light_a_lamp_on_black():
    network = CurveGenerator(0.25, 1)
    with torch.no_grad():
        network.exit.bias[16:] = 4.0
        assert network(torch.zeros(1, 3, 16, 16)).mean() > 0.9


def test_a_flat_sky_stays_flat():
    torch.manual_seed(0)
    network = CurveGenerator()
    nn.init.normal_(network.exit.weight, std=0.3)
    sky = torch.full((1, 3, 64, 64), 0.7)
    out = network(sky)
    assert (out - out.mean((2, 3), keepdim=True)).abs().max() < 1e-4


def test_the_losses_are_least_squares():
    good, bad = [torch.ones(2, 1, 3, 3)], [torch.zeros(2, 1, 3, 3)]
    assert (generator_loss(good), generator_loss(bad)) == (0, 1)
    assert (discriminator_loss(good, bad), discriminator_loss(bad, good)) == (0, 1)


@pytest.mark.slow
def test_with_guided_the_losses_judge_what_a_visitor_sees():
    torch.manual_seed(0)
    config = Config(generator="small", discriminator_width=0.125, guided=True, cycle_weight=0, identity_weight=0)
    network, discriminators = CycleGan(config), Discriminators(config).networks
    day, night = torch.rand(2, 2, 3, 64, 64)
    losses, fake = network(day, night, discriminators)
    with torch.no_grad():
        assert torch.equal(fake["night"], carried(day, network.day_to_night(day)))
    losses["total"].backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
