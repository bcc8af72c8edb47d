"""Where a photo's sky ends: what the scene network saw roughly (scene.py), with the photo's own edges.

Arithmetic only, nothing is learnt. Evidence is added up for each place, positive for sky, and its sigmoid is the mask.

    rough     what the network says around there
    near      whether its colour is that of the sky, or of the land, nearby
    by day    whether the sky or the land of the whole photo has its colour: branches, gaps between leaves, and what the
              network saw in parts only. Nothing darker than a sky by day can be: masts and spires
    by night  where the network is not sure, nothing far brighter than the sky there: towers and bridges that are lit;
              nor darker than a bright one

Photos are [N,3,H,W] in [0,1], H and W multiples of 16, masks [N,1,H,W]. The constants were chosen by eye, on pictures
of day-001, day-city-000 and content-000, and by night on 46 of night-000, night-001 and night-city-000.
"""

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor

from training.daynight.nearby import SMALL, around, mean_around

WHOLE, DARK = 12.0, 14.0  # evidence of a colour that only the sky has, and of a place too dark or bright for a sky
DOUBT = 0.6  # of the evidence of colours is taken away where the network is sure
ROUNDS, REDUCED = 3, 4  # of the vote, which is held on a reduced photo
LAND = 0.5  # of a place in the vote, beside 1 of sky: what the network misses is more often sky
FEW = 0.0005  # of all places: a colour that is as rare decides little


def along_edges(photo: Tensor, sky: Tensor, evidence: Tensor | float = 0.0) -> Tensor:
    """A mask that a network saw roughly, with the photo's edges; `evidence`: further one, as of `by_day`."""
    inner, outer = (sky - 0.6).clamp(min=0.0), (0.4 - sky).clamp(min=0.0)
    to_sky, to_land = (
        (photo - around(photo * side, 16, 2) / (around(side, 16, 2) + SMALL)).square().sum(1, keepdim=True)
        for side in (inner, outer)
    )
    near = (to_land - to_sky) / (to_land + to_sky + 0.01)
    rough = roughly(sky)
    return torch.sigmoid(7 * rough + 4 * near * (1 - rough.square()) + evidence)


def by_day(photo: Tensor, sky: Tensor) -> Tensor:
    """Evidence [N,1,H,W] that a photo by day gives."""
    rough = roughly(sky)
    return _weighed(of_sky_colour(photo, rough), rough) - DARK * darker_than_sky(photo, sky)


def roughly(sky: Tensor) -> Tensor:
    """-1..1: what the network says around a place."""
    return 2 * around(sky, 4) - 1


def _weighed(colours: Tensor, rough: Tensor) -> Tensor:
    return WHOLE * colours * (1 - DOUBT * rough.square())


def darker_than_sky(photo: Tensor, sky: Tensor) -> Tensor:
    """0..1: how much darker a place is than a sky by day can be: masts and spires that the network does not see."""
    brightest, usual = beside_usual(photo, sky)
    return ((0.45 - brightest / (usual + 0.1)) / 0.15).clamp(0.0, 1.0) * near_sky(sky)


def by_night(photo: Tensor, sky: Tensor) -> Tensor:
    """Evidence [N,1,H,W] that a photo by night gives."""
    brightest, usual = beside_usual(photo, sky)
    lit = ((brightest / (usual + 0.06) - 2.5) / 0.7).clamp(0.0, 1.0)
    dark = ((0.45 - brightest / (usual + 0.04)) / 0.15).clamp(0.0, 1.0) * ((usual - 0.2) / 0.1).clamp(0.0, 1.0)
    unsure = ((0.95 - around(sky, 4)) / 0.2).clamp(0.0, 1.0)  # the moon and stars are of the sky
    return -DARK * unsure * (lit + dark) * near_sky(sky)


def beside_usual(photo: Tensor, sky: Tensor) -> tuple[Tensor, Tensor]:
    """[N,1,H,W] each: how bright a place is in its brightest colour, and how bright the sky around is."""
    brightest = photo.amax(1, keepdim=True)
    return brightest, mean_around(brightest, sky, 16, 2)


def near_sky(sky: Tensor) -> Tensor:
    """0 where no sky is around, 1 where a fifth is."""
    return (5 * around(sky, 16, 2)).clamp(0.0, 1.0)


def of_sky_colour(photo: Tensor, rough: Tensor) -> Tensor:
    """[N,1,H,W], -1..1: whether the photo's sky has a place's colour or its land has; 0 is undecided.

    All places vote for the side that the network sees there, and a colour goes to the side with more votes; that is
    evidence of where the sky is, which decides the next vote.
    """
    small, (blueness, greenness, light) = F.avg_pool2d(rough, REDUCED), binned(F.avg_pool2d(photo, REDUCED))
    colours, side = product(blueness, product(greenness, light)), small / 2
    for _ in range(ROUNDS):
        votes = voted(colours, side)
        of_colour = (votes * colours).sum(1, keepdim=True)
        side = torch.sigmoid(5 * small + _weighed(of_colour, small)) - 0.5
    return looked_up(votes, *binned(photo))


def binned(photo: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """How much bluer than red a place is, how green, and how light: [N,5,H,W], [N,3,H,W], [N,6,H,W]; each sums to 1."""
    red, green, blue = photo[:, :1], photo[:, 1:2], photo[:, 2:]
    blueness, greenness, light = blue - red, green - (red + blue) / 2, (red + green + blue) / 3
    return shared(blueness, -0.5, 0.5, 5), shared(greenness, -0.25, 0.25, 3), shared(light, 0.0, 1.0, 6)


def shared(value: Tensor, low: float, high: float, bins: int) -> Tensor:
    """[N,1,H,W] -> [N,bins,H,W]: 1 at the bin of the value, or shared by the two bins that it lies between."""
    at = ((value - low) / (high - low)).clamp(0.0, 1.0) * (bins - 1)
    return torch.cat([(1 - (at - i).abs()).clamp(min=0.0) for i in range(bins)], 1)


def product(one: Tensor, other: Tensor) -> Tensor:
    """[N,A,H,W], [N,B,H,W] -> [N,AB,H,W]"""
    return torch.cat([each * other for each in one.split(1, 1)], 1)


def voted(colours: Tensor, side: Tensor) -> Tensor:
    """-1..1 of each colour, [N,BINS,1,1]; `side` [N,1,H,W] is positive for sky."""
    yes, no = (
        (colours * votes).mean((2, 3), keepdim=True) for votes in (side.clamp(min=0.0), LAND * (-side).clamp(min=0.0))
    )
    return (yes - no) / (yes + no + FEW)


def looked_up(votes: Tensor, blueness: Tensor, greenness: Tensor, light: Tensor) -> Tensor:
    """[N,1,H,W]: what was voted on the colour of each place. One by one, as all at once would take much memory."""
    found = torch.zeros_like(light[:, :1])
    pairs = itertools.product(blueness.split(1, 1), greenness.split(1, 1))
    for (one, other), of_pair in zip(pairs, votes.split(light.shape[1], 1), strict=True):
        found = found + one * other * (of_pair * light).sum(1, keepdim=True)
    return found
