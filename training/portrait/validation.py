"""How good masks are, and what a training tells of them on held-out photos."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from training.common.grid import save_grid
from training.common.pictures import Pictures
from training.common.squares import centre_square
from training.portrait.masked import Masked
from training.portrait.networks import SIDE, mask_of

BAND = 0.03  # of the shorter side, to both sides of an outline
ALARM = 0.01  # of a photo without people, that may be taken for a person
MEASURED, SHOWN = 100, 8
FIGURES = ("iou", "mean_iou", "outline", "false_alarms", "missed", "taken_for_people")  # the last two: evaluate.py


class Validation:
    """Held-out portraits and photos without people, up to 100 of each, opened once."""

    def __init__(self, portraits: Masked, backgrounds: Pictures, device: torch.device):
        self.portraits = [portraits[i] for i in _spread(len(portraits))]
        self.backgrounds = [backgrounds.first_readable(i) for i in _spread(len(backgrounds))]
        self.device = device

    def figures(self, network: nn.Module, sample: Path) -> dict[str, float]:
        """Means of `measured`, and `false_alarms`; writes a sheet of photos, masks and the network's."""
        masks = [mask_of(network, photo, self.device) for photo, _ in self.portraits]
        truths = [is_person(mask) for _, mask in self.portraits]
        self._sheet(masks, sample)
        empty = (mask_of(network, photo, self.device) for photo in self.backgrounds)
        return {**measured(zip(masks, truths, strict=True)), "false_alarms": false_alarms(empty)}

    def _sheet(self, masks: list[np.ndarray], path: Path) -> None:
        shown = list(zip(self.portraits, masks, strict=True))[:: max(1, len(masks) // SHOWN)][:SHOWN]
        columns = [(photo, mask, grey(found)) for (photo, mask), found in shown]
        rows = [[_square(each) for each in row] for row in zip(*columns, strict=True)]
        save_grid(path, [torch.stack(row) for row in rows])


def measured(pairs: Iterable[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Means over pairs of a mask, [H,W] in [0,1], and the truth, [H,W] of booleans.

    `iou`: intersection over union of people; `mean_iou`: the mean of that and of what is around them; `outline`: the
    share of wrong pixels in a band along the outline.
    """
    found = []
    for mask, truth in pairs:
        seen = mask > 0.5
        person, rest = intersection_over_union(seen, truth), intersection_over_union(~seen, ~truth)
        found.append((person, (person + rest) / 2, (seen != truth)[band(truth)].mean()))
    return dict(zip(("iou", "mean_iou", "outline"), np.mean(found, 0).tolist(), strict=True))


def intersection_over_union(seen: np.ndarray, truth: np.ndarray) -> float:
    """Of two [H,W] of booleans; 1 where both are empty."""
    union = (seen | truth).sum()
    return float((seen & truth).sum() / union) if union else 1.0


def false_alarms(masks: Iterable[np.ndarray]) -> float:
    """The share of photos without people, by their masks, in which over ALARM of the picture is called a person."""
    return float(np.mean([(mask > 0.5).mean() > ALARM for mask in masks]))


def band(truth: np.ndarray) -> np.ndarray:
    """[H,W]: within BAND of the shorter side of where people end, the picture's own edges aside."""
    side = 2 * max(1, round(BAND * min(truth.shape))) + 1
    near = F.avg_pool2d(torch.from_numpy(truth)[None].float(), side, 1, side // 2, count_include_pad=False)[0].numpy()
    return (near > 0) & (near < 1)


def is_person(mask: Image.Image) -> np.ndarray:
    """[H,W] of booleans of a mask in one channel."""
    return np.asarray(mask) > 127


def grey(mask: np.ndarray) -> Image.Image:
    """[H,W] in [0,1] -> a picture in one channel."""
    return Image.fromarray((255 * mask).round().astype(np.uint8))


def _square(picture: Image.Image) -> Tensor:
    return centre_square(picture.convert("RGB"), SIDE)


def _spread(length: int) -> list[int]:
    """Numbers of up to 100, spread over so many."""
    count = min(MEASURED, length)
    return [i * length // count for i in range(count)]
