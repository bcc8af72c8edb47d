"""Promises of the sky's mask: what the network saw roughly ends where the photo does, on a drawn tree before a sky."""

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from training.daynight.skyline import along_edges, by_day, by_night

SIZE = 256
SKY, LAND, TREE = slice(0, 144), slice(144, SIZE), slice(176, 240)  # rows; columns of the tree
MISSED = slice(32, 80)  # rows and columns of a patch of sky that the network takes for land
BLUE, BROWN, GREEN = (
    torch.tensor(each)[:, None, None] for each in ((0.45, 0.62, 0.9), (0.5, 0.4, 0.3), (0.2, 0.3, 0.1))
)


@pytest.fixture
def photo() -> Tensor:
    """[1,3,H,W]: a sky, land, and before the sky a tree with gaps of 4 px between its branches."""
    photo = torch.zeros(1, 3, SIZE, SIZE)
    photo[:, :, SKY], photo[:, :, LAND] = BLUE, BROWN
    for left in range(TREE.start, TREE.stop, 8):
        photo[:, :, 48:144, left : left + 4] = GREEN
    return photo


@pytest.fixture
def seen() -> Tensor:
    """[1,1,H,W]: what a network sees: no gaps in the tree, and not all of the sky."""
    sky = torch.full((1, 1, SIZE, SIZE), 0.02)
    sky[:, :, SKY] = 0.98
    sky[:, :, 48:144, TREE] = 0.1
    sky[:, :, MISSED, MISSED] = 0.2
    small = F.avg_pool2d(sky, 16)
    return F.interpolate(small, scale_factor=16, mode="bilinear", align_corners=False)


def test_what_was_seen_roughly_gets_the_photos_edge(photo, seen):
    mask = along_edges(photo, seen)[0, 0]
    assert mask[:143, 96:160].min() > 0.8 and mask[146:].max() < 0.2


def test_by_day_sky_is_found_between_branches_and_where_the_network_missed_it(photo, seen):
    before, mask = along_edges(photo, seen)[0, 0], along_edges(photo, seen, by_day(photo, seen))[0, 0]
    inside = (slice(70, 130), slice(190, 226))  # of the tree
    gaps = photo[0, 2][inside] > 0.5
    assert before[inside][gaps].max() < 0.2 and mask[inside][gaps].min() > 0.8
    assert mask[inside][~gaps].max() < 0.2 and mask[146:].max() < 0.2
    assert before[MISSED, MISSED].mean() < 0.5 and mask[MISSED, MISSED].min() > 0.9


def test_a_wall_that_the_network_is_sure_of_stays_one_though_the_clouds_have_its_colour(photo, seen):
    photo[:, :, :32], photo[:, :, 180:] = 0.95, 0.95
    assert along_edges(photo, seen, by_day(photo, seen))[0, 0, 180:].max() < 0.3


def test_where_no_sky_is_seen_none_is_found(photo):
    seen = torch.full((1, 1, SIZE, SIZE), 0.05)
    assert along_edges(photo, seen, by_day(photo, seen)).max() < 0.05


def test_what_is_far_darker_than_the_sky_is_none_whatever_the_network_says(photo, seen):
    photo[:, :, 8:120, 120:122] = 0.05
    assert along_edges(photo, seen, by_day(photo, seen))[0, 0, 8:120, 120:122].max() < 0.2


def test_by_night_a_lit_tower_that_the_network_half_takes_for_sky_is_none_and_the_moon_is_of_the_sky(photo, seen):
    night = 0.1 * photo
    night[:, :, 60:144, 108:114], night[:, :, 10:16, 150:156] = 0.8, 0.8
    seen[:, :, 48:144, 96:128] = 0.7
    before, mask = along_edges(night, seen)[0, 0], along_edges(night, seen, by_night(night, seen))[0, 0]
    assert before[64:140, 108:114].mean() > 0.5 and mask[64:140, 108:114].max() < 0.2
    assert mask[10:16, 150:156].min() > 0.8 and (mask - before)[:32].abs().max() < 0.1
