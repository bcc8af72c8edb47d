"""Promises of the networks of the person mask, and of their losses."""

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.pictures import Pictures
from training.portrait.losses import MaskLosses, cross_entropy, overlap_loss
from training.portrait.mask import MaskNetwork
from training.portrait.networks import NETWORKS, found, mask_of, network_of
from training.portrait.segnet import SegNet
from training.portrait.smoke import make_backgrounds


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_gives_a_probability_for_each_pixel_and_learns_in_all_its_parts(name):
    network = network_of(name, 0.125)
    photos = torch.rand(2, 3, 64, 96)
    masks = network(photos)
    assert masks.shape == (2, 1, 64, 96) and masks.min() >= 0 and masks.max() <= 1
    MaskLosses(network)(photos, torch.ones(2, 1, 64, 96).tril())["total"].backward()
    unmoved = [key for key, each in network.named_parameters() if each.grad is None or not each.grad.abs().sum() > 0]
    assert not unmoved


def test_the_networks_are_as_large_as_they_say():
    counts = {name: sum(each.numel() for each in network_of(name, 0.25).parameters()) for name in NETWORKS}
    assert counts == {"mask": 317_697, "segnet": 1_843_137}
    assert sum(each.numel() for each in SegNet().parameters()) == 29_435_649


@torch.no_grad()
def test_the_masks_network_sees_the_whole_picture_from_its_middle():
    torch.manual_seed(0)
    network, photo = MaskNetwork().eval(), torch.rand(1, 3, 256, 256)
    changed = photo.clone()
    changed[..., :2] = 1 - changed[..., :2]
    away = (network.logits(photo) - network.logits(changed)).abs()
    assert away[..., 128].max() > 0


@torch.no_grad()
def test_segnets_decoder_puts_features_back_where_the_maxima_lay():
    network, seen = SegNet(0.125).eval(), []
    network.encoder[0].register_forward_hook(lambda *each: seen.append(each[2]))
    network.decoder[-1].register_forward_hook(lambda *each: seen.append(each[1][0]))
    network(torch.rand(1, 3, 64, 64))
    before, unpooled = seen
    blocks = [each.unfold(2, 2, 2).unfold(3, 2, 2).flatten(-2) for each in (before, unpooled)]
    filled = blocks[1] != 0
    assert filled.any() and filled.sum(-1).max() == 1
    assert torch.equal(blocks[0].argmax(-1)[filled.any(-1)], filled.float().argmax(-1)[filled.any(-1)])


@torch.no_grad()
def test_a_photo_and_its_mirror_image_have_masks_that_mirror_each_other():
    torch.manual_seed(0)
    network, photo = MaskNetwork().eval(), torch.rand(1, 3, 64, 96)
    torch.testing.assert_close(found(network, photo.flip(3)), found(network, photo).flip(3))
    assert not torch.allclose(network(photo.flip(3)), network(photo).flip(3))


def test_a_mask_has_the_photos_size_whatever_it_is(tmp_path):
    photo = Pictures([make_backgrounds(tmp_path / "photos", 1)]).read(0).resize((301, 77))
    mask = mask_of(MaskNetwork().eval(), photo)
    assert mask.shape == (77, 301) and mask.min() >= 0 and mask.max() <= 1


def half(side: int = 32) -> torch.Tensor:
    """A person in the left half."""
    mask = torch.zeros(1, 1, side, side)
    mask[..., : side // 2] = 1
    return mask


def test_the_overlap_is_1_for_the_mask_itself_and_0_for_the_rest():
    assert overlap_loss(half(), half()) == pytest.approx(0)
    assert overlap_loss(1 - half(), half()) == pytest.approx(1, abs=0.01)
    empty = torch.zeros(1, 1, 32, 32)
    assert overlap_loss(empty, empty) == 0 and overlap_loss(half(), empty) > 0.99


def test_an_error_along_the_outline_costs_more_than_one_far_from_it():
    logits = 20 * half() - 10
    near, far = logits.clone(), logits.clone()
    near[..., 17], far[..., 30] = 10, 10
    assert cross_entropy(near, half()) > 2 * cross_entropy(far, half()) > cross_entropy(logits, half())


def test_a_soft_mask_follows_the_photos_edges():
    class Soft(torch.nn.Module):
        """Sees the edge at half the width as a ramp of 32 px."""

        def forward(self, x):
            width = x.shape[3]
            ramp = ((torch.arange(width) - width / 2) / 32 + 0.5).clamp(0, 1).expand(1, x.shape[2], width)
            return torch.stack([ramp if each[..., -1].mean() > each[..., 0].mean() else ramp.flip(2) for each in x])

    photo = Image.new("RGB", (512, 384), (20, 30, 60))
    photo.paste((230, 200, 180), (256, 0, 512, 384))
    row = mask_of(Soft(), photo)[192]
    assert row[:240].max() < 0.3 and row[272:].min() > 0.7
    assert np.abs(np.diff(row)).argmax() == 255
