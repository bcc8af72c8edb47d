"""Promises of the relighting: where light is and where it never is, on a drawn street whose layers are known."""

import itertools

import pytest
import torch
from torch import Tensor

from training.daynight import relight
from training.daynight.relit import Relit, mixed, weights
from training.daynight.scene import LAYERS

SIZE = 128
SKY, HOUSE, ROAD, TREE = slice(0, 48), slice(48, 96), slice(96, 128), slice(88, 128)  # rows; columns of the tree


def layers_of(lights: Tensor, **where: tuple[slice, slice]) -> Tensor:
    """[1,9,H,W]: 0.98 in the layer of each place, and the lights [2,H,W]."""
    layers = torch.full((1, len(LAYERS), SIZE, SIZE), 0.02 / 6)
    for name, (rows, columns) in where.items():
        layers[:, :, rows, columns] = 0.02 / 6
        layers[:, list(LAYERS).index(name), rows, columns] = 0.98
    return torch.cat([layers, lights[None]], 1)


EVERYWHERE = slice(None)
WINDOWS = [(slice(60, 68), slice(left, left + 6)) for left in range(4, 84, 16)]
LIGHTS = torch.zeros(2, SIZE, SIZE)
for window in WINDOWS:
    LIGHTS[(0, *window)] = 1
LIGHTS[:, :40] = 1  # a mistake: lights in the sky
LAYERS_OF_STREET = layers_of(
    LIGHTS, sky=(SKY, EVERYWHERE), building=(HOUSE, EVERYWHERE), ground=(ROAD, EVERYWHERE), vegetation=(HOUSE, TREE)
)


def street(night: bool = False) -> Tensor:
    """[1,3,H,W]: a sky with a cloud, a house with windows, a tree with dark gaps as large as windows, a road."""
    photo = torch.zeros(1, 3, SIZE, SIZE)
    photo[:, :, SKY] = torch.tensor([0.45, 0.62, 0.85])[:, None, None]
    photo[:, :, 10:30, 20:70] = 0.95
    photo[:, :, HOUSE] = torch.tensor([0.7, 0.62, 0.55])[:, None, None]
    photo[:, :, HOUSE, TREE] = torch.tensor([0.35, 0.5, 0.3])[:, None, None]
    photo[:, :, ROAD] = 0.45
    for window in [*WINDOWS, (slice(60, 68), slice(100, 106))]:
        photo[(EVERYWHERE, EVERYWHERE, *window)] *= 0.25
    if night:
        photo = photo * 0.15
        photo[:, :, 70:74, 40:44] = torch.tensor([1.0, 0.8, 0.4])[:, None, None]
    return photo


@pytest.fixture(scope="module")
def evening():
    return relight.evening(street(), LAYERS_OF_STREET)


def test_each_hour_is_darker_than_the_one_before_and_keeps_the_clouds(evening):
    hours, _ = evening
    means = [street().mean(), *(hour.mean() for hour in hours)]
    assert all(later < 0.85 * earlier for earlier, later in itertools.pairwise(means))
    for hour in hours:
        cloud, beside = hour[:, :, 16:24, 30:60].mean(), hour[:, :, 16:24, 90:120].mean()
        assert cloud > 1.05 * beside


def test_the_sky_is_lighter_towards_the_skyline_and_blue_by_night(evening):
    night = evening[0][-1]
    assert night[:, :, 40:44, 90:].mean() > 1.3 * night[:, :, 2:6, 90:].mean()
    red, _, blue = night[:, :, SKY].mean((0, 2, 3))
    assert blue > 1.5 * red


def test_facades_far_away_get_points_of_light_where_they_are_darker():
    facade = slice(60, 90), slice(0, 80)
    lights = torch.zeros(2, SIZE, SIZE)
    lights[(1, *facade)] = 1
    layers = torch.cat([LAYERS_OF_STREET[:, : len(LAYERS)], lights[None]], 1)
    photo = street()
    photo[:, :, HOUSE, :80] = 0.6
    for row, column in itertools.product(range(60, 90, 4), range(0, 40, 4)):
        photo[:, :, row : row + 2, column : column + 2] *= 0.6
    lamps = relight.emitted(photo, relight.Scene(photo, layers)).sum(1)[0]
    assert lamps.sum() > 0 and lamps[facade].sum() > 0.98 * lamps.sum()
    assert lamps[60:90, :40].sum() > 1.3 * lamps[60:90, 40:80].sum() > 0


def test_windows_are_lit_warm_and_neither_the_sky_nor_other_dark_shapes_are(evening):
    scene = relight.Scene(street(), LAYERS_OF_STREET)
    lamps = relight.emitted(street(), scene)
    where = lamps.sum(1)[0]
    assert where.sum() > 0 and where[:56].sum() + where[72:].sum() < 0.02 * where.sum()
    assert where[:, TREE].sum() < 0.02 * where.sum()
    red, green, blue = lamps.sum((0, 2, 3))
    assert red > green > blue
    lights = evening[1]
    assert lights.min() > -1e-4 and lights[:, :, 60:68, :80].mean() > 3 * lights[:, :, 100:].mean() > 0


def test_by_day_the_sky_is_bright_lamps_are_dimmed_and_the_land_is_neutral():
    night = street(night=True)
    hours = relight.morning(night, LAYERS_OF_STREET)
    for hour in hours:
        assert hour[:, :, SKY].mean() > 0.6
        assert hour[:, :, HOUSE].mean() > 1.5 * night[:, :, HOUSE].mean()
    unlit = relight.without_lamps(night)
    assert unlit[:, :, 70:74, 40:44].max() < 0.7
    assert torch.equal(unlit[:, :, ROAD], night[:, :, ROAD])
    orange = night * torch.tensor([1.0, 0.7, 0.4])[:, None, None]
    noon = relight.morning(orange, LAYERS_OF_STREET)[-1][:, :, ROAD].mean((0, 2, 3))
    before = orange[:, :, ROAD].mean((0, 2, 3))
    assert noon.max() / noon.min() < 0.6 * before.max() / before.min()


@torch.inference_mode()
def test_any_hour_is_a_weighted_sum_of_what_is_published():
    relit, photo = Relit().eval(), torch.rand(1, 3, 64, 128)
    assert relit.one_way("day_to_night")(photo).shape == (1, 12, 64, 128)
    assert relit.one_way("night_to_day")(photo).shape == (1, 9, 64, 128)
    pictures = relit.to_evening(photo)
    golden, dark, lit = (relit.day_to_night(photo, hour, lights) for hour, lights in ((0, 0), (1, 0), (1, 1)))
    assert torch.equal(golden, pictures[:, :3].clamp(0, 1)) and torch.equal(dark, pictures[:, 6:9].clamp(0, 1))
    assert torch.allclose(lit, (pictures[:, 6:9] + pictures[:, 9:]).clamp(0, 1))
    assert weights(relit.to_evening, 0.75, 0.4) == [0, 0.5, 0.5, 0.4]
    assert torch.allclose(mixed(pictures, [0.5, 0.5, 0, 0]), (pictures[:, :3] + pictures[:, 3:6]) / 2, atol=1e-6)
    assert relit.night_to_day(photo).shape == relit.reconstruct_day(photo).shape == photo.shape
