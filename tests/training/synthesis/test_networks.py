"""Promises of the networks that invent pictures, of their layers, and of how a PGGAN grows."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from training.synthesis import pggan
from training.synthesis.config import SynthesisConfig, defaults
from training.synthesis.layers import LATENT, Attention, MinibatchDiscrimination, spectral, without_parametrizations
from training.synthesis.networks import NETWORKS, networks_of
from training.synthesis.validation import noise


def configured(network: str, **options) -> SynthesisConfig:
    """The network's own options, narrow."""
    return SynthesisConfig(**{**defaults({"network": network}), "network": network, "width": 1 / 64, **options})


def grown(config: SynthesisConfig) -> tuple[nn.Module, nn.Module]:
    generator, discriminator = networks_of(config)
    for network in (generator, discriminator) if config.network == "pggan" else ():
        network.grow_to(config.size, 1.0)
    return generator, discriminator


def parameters(network: nn.Module) -> int:
    return sum(each.numel() for each in network.parameters())


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("network", NETWORKS)
def test_noise_becomes_pictures_and_these_scores_and_all_parts_learn(network, size):
    generator, discriminator = grown(configured(network, size=size))
    for layer in [*generator.modules(), *discriminator.modules()]:
        if isinstance(layer, Attention):
            layer.gamma.data.fill_(1)  # with 0, as it begins, what it attends to does not matter yet
    pictures = generator(noise(4, 0))
    assert pictures.shape == (4, 3, size, size) and generator.side == size
    assert pictures.min() >= 0 and pictures.max() <= 1
    scores = discriminator(pictures)
    assert scores.shape == (4,)
    scores.square().mean().backward()
    weights = [*generator.named_parameters(), *discriminator.named_parameters()]
    still = [name for name, each in weights if each.grad is None or not each.grad.abs().sum() > 0]
    assert all(name.endswith(".g.bias") for name in still), "which changes no softmax"


def test_the_networks_are_as_large_as_their_files_say():
    counts = {}
    for network, width in (("dcgan", 0.25), ("sagan", 0.25), ("pggan", 1 / 16)):
        both = grown(configured(network, size=64, width=width))
        counts[network] = tuple(parameters(each) for each in both)
    assert counts == {
        "dcgan": (1_214_915, 694_689), "sagan": (1_220_116, 1_748_050), "pggan": (2_291_667, 2_231_089),
    }  # fmt: skip
    assert [pggan.channels_at(side, 1) for side in (4, 8, 16, 32, 64)] == [512, 512, 512, 512, 256]
    assert [pggan.channels_at(side, 1 / 16) for side in (4, 8, 16, 32, 64)] == [256, 128, 64, 32, 16]


@pytest.mark.parametrize("attention", ["8", "16", "32"])
def test_attention_is_at_the_size_that_is_named_in_both_networks(attention):
    for network in networks_of(configured("sagan", size=64, attention=attention)):
        seen: list[torch.Size] = []
        found = [each for each in network.modules() if isinstance(each, Attention)]
        assert len(found) == 1
        found[0].register_forward_hook(lambda _, __, output, seen=seen: seen.append(output.shape))
        network(noise(2, 0) if hasattr(network, "side") else torch.rand(2, 3, 64, 64))
        assert seen[0][2:] == (int(attention), int(attention))


def test_attention_begins_as_the_identity_and_then_mixes_places_with_weights_that_add_up_to_1():
    torch.manual_seed(0)
    attention, x = Attention(16, False), torch.rand(2, 16, 4, 4)
    assert torch.equal(attention(x), x)
    attention.gamma.data.fill_(1)
    attention.h.weight.data.zero_()
    attention.h.bias.data.fill_(3)
    assert torch.allclose(attention(x), x + 3, atol=1e-5), "a mean of what is equal everywhere is that"
    assert attention.f.out_channels == attention.g.out_channels == 2


@pytest.mark.parametrize(
    ("kind", "sizes"), [(nn.Linear, (7, 5)), (nn.Conv2d, (3, 8, 3)), (nn.ConvTranspose2d, (6, 4, 3))]
)
def test_a_spectrally_normalised_weight_has_norm_1_also_where_its_vector_was_averaged(kind, sizes):
    torch.manual_seed(0)
    layer = spectral(kind(*sizes))
    for _ in range(200):
        weight = layer.weight
    axis = int(isinstance(layer, nn.ConvTranspose2d))
    assert torch.linalg.matrix_norm(weight.transpose(0, axis).flatten(1), 2).item() == pytest.approx(1, abs=1e-3)
    vector = layer.parametrizations.weight[0].u
    layer.eval()
    kept = layer.weight.clone()
    averaged = vector.mul_(0.3).clone()
    assert torch.allclose(layer.weight, kept, atol=1e-4)
    assert torch.equal(vector, averaged), "nothing moves in eval mode"
    plain = without_parametrizations(nn.Sequential(layer))[0]
    assert not hasattr(plain, "parametrizations") and torch.allclose(plain.weight, kept, atol=1e-4)


def test_the_discriminator_is_told_how_alike_the_pictures_of_its_batch_are():
    torch.manual_seed(0)
    layer = MinibatchDiscrimination(10, False)
    alike, various = torch.rand(1, 10).expand(4, 10), 20 * torch.randn(4, 10)
    assert torch.allclose(layer(alike)[:, 10:], torch.ones(4, 32))
    assert layer(various)[:, 10:].mean() < 0.2
    assert torch.equal(layer(various)[:, :10], various)
    assert torch.allclose(layer(alike.repeat(4, 1)), layer(alike).repeat(4, 1)), "whatever the batch's size"


def test_a_pggan_grows_in_stages_that_fade_and_settle_and_last_the_longer_the_larger():
    steps = [pggan.stage_at(step, 700, 64) for step in range(700)]
    assert [side for side, _ in steps] == sorted(side for side, _ in steps)
    lengths = {side: sum(each == side for each, _ in steps) for side in (4, 8, 16, 32, 64)}
    assert list(lengths.values()) == sorted(lengths.values()) and min(lengths.values()) == 40
    assert steps[0] == (4, 1.0) and steps[-1] == (64, 1.0) and pggan.stage_at(700, 700, 64) == (64, 1.0)
    for side in (8, 16, 32, 64):
        alphas = [alpha for each, alpha in steps if each == side]
        fading = [alpha for alpha in alphas if alpha < 1]
        assert alphas[0] == 0 and alphas == sorted(alphas) and 0.9 < max(fading) < 1
        assert len(fading) == pytest.approx(len(alphas) / (3 if side == 64 else 2), abs=1)
    assert {side for side, _ in (pggan.stage_at(step, 700, 32) for step in range(700))} == {4, 8, 16, 32}


@pytest.mark.parametrize("side", [8, 32])
@torch.no_grad()
def test_when_a_block_begins_to_fade_in_a_pggan_does_what_it_did_before(side):
    generator, discriminator = networks_of(configured("pggan", size=64))
    vectors, real = noise(4, 0), torch.rand(4, 3, 64, 64)
    for network in (generator, discriminator):
        network.grow_to(side // 2, 1.0)
        network.eval()
    before = generator(vectors), discriminator(pggan.reduced(real, side // 2))
    for network in (generator, discriminator):
        network.grow_to(side, 0.0)
        network.eval()
    twice = before[0].repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.allclose(generator(vectors), twice, atol=1e-6)
    assert torch.allclose(discriminator(pggan.reduced(real, side)), before[1], atol=1e-6)
    former = pggan.reduced(real, side // 2).repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert torch.equal(pggan.faded(real, side, 0.0), former), "real pictures show no more than it can invent"
    assert torch.equal(pggan.faded(real, side, 1.0), pggan.reduced(real, side))
    assert torch.allclose(pggan.faded(real, side, 0.5), (former + pggan.reduced(real, side)) / 2)


@torch.no_grad()
def test_a_pggan_does_not_see_where_the_edge_is_so_flat_features_stay_flat():
    generator, _ = networks_of(configured("pggan", size=64))
    generator.grow_to(64, 1.0)
    flat = torch.rand(2, pggan.channels_at(4, 1 / 64), 1, 1).expand(-1, -1, 4, 4)
    picture = generator.pictures["64"](nn.Sequential(*generator.blocks[1:])(flat))
    assert torch.allclose(picture, picture[..., :1, :1].expand_as(picture), atol=1e-5)
    assert not torch.allclose(picture[0], picture[1], atol=1e-3)


@torch.no_grad()
def test_when_it_settles_a_pggan_loses_the_former_layer_and_nothing_jumps():
    generator, _ = networks_of(configured("pggan", size=64))
    generator.grow_to(16, 1 - 1e-6)
    generator.eval()
    fading, names = generator(noise(4, 0)), set(generator.state_dict())
    generator.grow_to(16, 1.0)
    assert torch.allclose(generator(noise(4, 0)), fading, atol=1e-5)
    gone = names - set(generator.state_dict())
    assert gone and all(name.startswith("pictures.8.") for name in gone)


def test_the_new_layers_of_a_size_have_names_of_their_own():
    """Else the moving average would go on from the former layer's weights."""
    generator, _ = networks_of(configured("pggan", size=64))
    layouts = []
    for side in (4, 8, 16):
        generator.grow_to(side, 1.0)
        layouts.append({name for name in generator.state_dict() if name.startswith("pictures.")})
    assert all(not one & other for one, other in pairwise(layouts))


def test_every_generator_takes_the_same_noise():
    assert noise(3, 5).shape == (3, LATENT)
    assert torch.equal(noise(3, 5), noise(3, 5)) and not torch.equal(noise(3, 5), noise(3, 6))


@pytest.mark.parametrize("network", NETWORKS)
def test_an_untrained_discriminator_gives_different_pictures_different_scores(network):
    torch.manual_seed(0)
    _, discriminator = grown(configured(network, size=64))
    colours = torch.rand(16, 3, 1, 1).expand(16, 3, 64, 64) / 2 + torch.rand(16, 3, 64, 64) / 2
    with torch.no_grad():
        for _ in range(20):  # the power iteration of spectral normalisation
            scores = discriminator(colours)
    assert scores.std() > 0.005
