"""Promises of SANet: its two levels and their weights, its losses, and the two passes over one another."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.portrait.config import SanetConfig
from training.portrait.sanet import LEVELS, Attention, Encoder, SaNet, normalised
from training.portrait.sanet_losses import SanetLosses, relative, style_distance
from training.portrait.two_passes import Passes, laid_over


@pytest.fixture
def network() -> SaNet:
    torch.manual_seed(0)
    network = SaNet("shallow")
    network.begin(torch.rand(2, 3, 64, 64))
    return network


def count(module: nn.Module) -> int:
    return sum(each.numel() for each in module.parameters())


@pytest.mark.parametrize("levels", LEVELS)
def test_a_photo_and_a_style_of_other_sizes_give_a_picture_of_the_photos_size(levels):
    assert SaNet(levels)(torch.rand(2, 3, 64, 96), torch.rand(2, 3, 48, 64)).shape == (2, 3, 64, 96)


def test_the_networks_are_as_large_as_they_say():
    counts = {}
    for levels in LEVELS:
        network = SaNet(levels)
        merge = network.decoder[0]
        parts = network.encoder, nn.ModuleList([network.fine, network.coarse]), merge
        counts[levels] = [*(count(each) for each in parts), count(network.decoder) - count(merge)]
    assert counts == {
        "paper": [12_944_960, 2_101_248, 2_359_808, 3_505_219],
        "shallow": [2_325_568, 526_336, 590_080, 555_075],
    }


@torch.no_grad()
def test_without_weights_the_decoder_gets_what_the_photo_gives_itself_whatever_the_style(network):
    photo = torch.rand(1, 3, 64, 64)
    features = network.encoder(photo)
    fine, coarse = features["relu3_1"] / network.sizes[0], features["pool3"] / network.sizes[1]
    fine, coarse = fine + network.fine(fine, fine), coarse + network.coarse(coarse, coarse)
    own = 0.5 + 0.25 * network.decoder(fine + F.interpolate(coarse, scale_factor=2))
    for style in (photo, *torch.rand(2, 1, 3, 64, 64)):
        assert torch.allclose(network(photo, style, 0, 0), own, atol=1e-6)
    assert torch.allclose(network(photo, photo), own, atol=1e-6)


@torch.no_grad()
def test_each_weight_changes_the_picture_and_plain_is_1_and_1(network):
    photo, style = torch.rand(2, 1, 3, 64, 64)
    pictures = [network(photo, style, *weights) for weights in ((0, 0), (1, 0), (0, 1), (1, 1), (2, 1))]
    for i, one in enumerate(pictures):
        assert all((one - other).abs().mean() > 1e-4 for other in pictures[i + 1 :])
    assert torch.equal(network(photo, style), pictures[3])


def test_all_that_is_not_frozen_learns_and_the_encoder_stays(network):
    network(torch.rand(1, 3, 64, 64), torch.rand(1, 3, 64, 64)).square().mean().backward()
    unmoved = {key for key, each in network.named_parameters() if each.grad is None or not each.grad.abs().sum() > 0}
    # what is added to all keys alike does not change the softmax
    assert unmoved - {"fine.g.bias", "coarse.g.bias"} == {
        f"encoder.{key}" for key, _ in network.encoder.named_parameters()
    }


@torch.no_grad()
def test_a_place_takes_from_the_styles_places_that_are_like_it():
    attention = Attention(4)
    for layer, scale in ((attention.f, 40), (attention.g, 1), (attention.h, 1), (attention.out, 1)):
        layer.weight.copy_(scale * torch.eye(4)[..., None, None])
        layer.bias.zero_()
    style = torch.eye(4)[None].unflatten(2, (2, 2))  # four places, each of a channel of its own
    content = torch.eye(4)[None, :, [2, 0, 3, 1, 1, 3, 0, 2]].unflatten(2, (2, 4))
    assert torch.allclose(attention(content, 3 * style), 3 * content, atol=1e-4)


def test_normalised_features_have_mean_0_and_deviation_1():
    x = normalised(5 + 3 * torch.randn(2, 4, 16, 16))
    assert torch.allclose(x.mean((2, 3)), torch.zeros(2, 4), atol=1e-5)
    assert torch.allclose(x.std((2, 3), correction=0), torch.ones(2, 4), atol=1e-3)


@torch.no_grad()
def test_features_and_layers_begin_alike_on_photos():
    torch.manual_seed(0)
    network, photos = SaNet("shallow"), torch.rand(2, 3, 64, 64)
    network.begin(photos)
    content, nothing = network.encoder(photos), torch.zeros(1)
    for name, size in zip(("relu3_1", "pool3"), network.sizes, strict=True):
        assert content[name].square().mean().sqrt().item() == pytest.approx(size.item(), rel=1e-3)
    assert network.decode(content, (nothing, nothing)).std().item() == pytest.approx(0.25, rel=0.05)


def test_what_the_encoder_subtracts_is_saved_with_it():
    one, other = Encoder(LEVELS["shallow"]), Encoder(LEVELS["shallow"])
    one.vgg.load_imagenet({**one.vgg.convs.state_dict(), "mean": torch.tensor([1.0, 2.0, 3.0])})
    other.load_state_dict(one.state_dict())
    assert other.vgg.mean.flatten().tolist() == [1, 2, 3]


class Perfect(nn.Module):
    """Gives the content back, as an autoencoder without loss."""

    def __init__(self) -> None:
        super().__init__()
        self.levels = LEVELS["shallow"]
        self.eyes = Encoder(self.levels)

    def encoder(self, pictures: Tensor) -> dict[str, Tensor]:
        return {**self.eyes(pictures), "picture": pictures}

    def attend(self, content, style):
        return ()

    def decode(self, content, given):
        return content["picture"]


def test_who_gives_pictures_back_has_no_identity_loss_and_no_content_loss():
    losses = SanetLosses(Perfect(), SanetConfig())(torch.rand(3, 3, 64, 64), torch.rand(3, 3, 64, 64).square())
    assert losses["identity"] == losses["identity_features"] == losses["content"] == 0
    assert losses["style"] > 0.01 and losses["total"] == pytest.approx(3 * losses["style"].item())


def test_an_untrained_network_has_all_losses_and_the_total_is_their_weighted_sum(network):
    config = SanetConfig(content_weight=2.0, style_weight=3.0, identity_weight=5.0, identity_features_weight=7.0)
    losses = SanetLosses(network, config)(torch.rand(3, 3, 64, 64), torch.rand(3, 3, 64, 64))
    weights = {"content": 2, "style": 3, "identity": 5, "identity_features": 7}
    assert all(losses[name] > 0 for name in weights)
    expected = sum(weight * losses[name].item() for name, weight in weights.items())
    assert losses["total"].item() == pytest.approx(expected, rel=1e-5)


def test_a_step_encodes_each_picture_once_and_what_is_painted_once(network):
    seen = []
    network.encoder.register_forward_hook(lambda _, given, __: seen.append(len(given[0])))
    SanetLosses(network, SanetConfig())(torch.rand(3, 3, 64, 64), torch.rand(3, 3, 64, 64))
    assert seen == [6, 6], "three photos and three styles; three in a style, three in themselves"


def test_distances_are_relative_and_those_of_styles_know_no_places():
    x = torch.rand(2, 4, 8, 8)
    assert relative(x, x).tolist() == [0, 0] and torch.allclose(relative(2 * x, x), torch.ones(2))
    places = torch.randperm(64)
    shuffled = x.flatten(2)[..., places].unflatten(2, (4, 16))
    assert style_distance(shuffled, x).max() < 1e-6 < style_distance(2 * x, x).min()


def test_the_two_passes_are_laid_over_one_another_by_the_mask_and_nothing_else():
    portrait, background = torch.rand(2, 1, 3, 8, 8)
    mask = torch.zeros(8, 8)
    mask[:, 4:] = 1
    mask[:, 3] = 0.5
    picture = laid_over(portrait, background, mask)
    assert torch.equal(picture[..., 4:], portrait[..., 4:]) and torch.equal(picture[..., :3], background[..., :3])
    assert torch.allclose(picture[..., 3], (portrait[..., 3] + background[..., 3]) / 2)


def test_passes_paint_as_the_network_does_and_encode_once(network):
    photo, style = torch.rand(2, 1, 3, 64, 64)
    seen = []
    network.encoder.register_forward_hook(lambda *_: seen.append(1))
    passes = Passes(network, photo, style)
    pictures = passes(1, 0.5), passes(0, 0)
    assert len(seen) == 2, "the photo and the style"
    assert torch.allclose(pictures[0], network(photo, style, 1, 0.5).clamp(0, 1), atol=1e-6)
    assert torch.allclose(pictures[1], network(photo, style, 0, 0).clamp(0, 1), atol=1e-6)
