"""What a training tells of itself on held-out pictures: the sources' measures, and a sheet of samples to look at."""

from pathlib import Path
from typing import Any

import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity
from torch import Tensor

from training.common.grid import save_grid
from training.common.pictures import Pictures
from training.common.squares import centre_square

MEASURED, SHOWN = 24, 8


class Validation:
    """Held-out pictures of both kinds, opened once."""

    def __init__(self, day: Pictures, night: Pictures, size: int, device: torch.device):
        self.day, self.night = (_squares(pictures, size).to(device) for pictures in (day, night))

    @torch.no_grad()
    def figures(self, translators: Any, sample: Path) -> dict[str, float]:
        """Mean SSIM of photo and translation, SSIM and PSNR (dB) of photo and reconstruction; writes the sheet."""
        night = _in_parts(translators.day_to_night, self.day)
        day = _in_parts(translators.night_to_day, self.night)
        day_again = _in_parts(translators.reconstruct_day, self.day)
        night_again = _in_parts(translators.reconstruct_night, self.night)
        columns = min(SHOWN, len(self.day), len(self.night))
        rows = [self.day, night, day_again, self.night, day, night_again]
        save_grid(sample, [row[:: max(1, len(row) // columns)][:columns] for row in rows])
        photos, again = torch.cat([self.day, self.night]), torch.cat([day_again, night_again])
        return {
            "ssim_day_to_night": ssim(self.day, night),
            "ssim_night_to_day": ssim(self.night, day),
            "ssim_reconstruction": ssim(photos, again),
            "psnr_reconstruction": psnr(photos, again),
        }


def ssim(a: Tensor, b: Tensor) -> float:
    """Mean structural similarity of pictures [N,3,H,W] in [0,1]."""
    pairs = zip(a.cpu().numpy(), b.cpu().numpy(), strict=True)
    return float(sum(structural_similarity(x, y, channel_axis=0, data_range=1) for x, y in pairs) / len(a))


def psnr(a: Tensor, b: Tensor) -> float:
    """Mean peak signal-to-noise ratio of pictures [N,3,H,W] in [0,1], dB."""
    pairs = zip(a.cpu().numpy(), b.cpu().numpy(), strict=True)
    return float(sum(peak_signal_noise_ratio(x, y, data_range=1) for x, y in pairs) / len(a))


def _in_parts(translate: Any, pictures: Tensor) -> Tensor:
    return torch.cat([translate(part).float().clamp(0, 1) for part in pictures.split(8)])


def _squares(pictures: Pictures, size: int) -> Tensor:
    """Centre squares of up to 24 pictures, spread over the list, [N,3,size,size]."""
    count = min(MEASURED, len(pictures))
    chosen = (pictures.first_readable(i * len(pictures) // count) for i in range(count))
    return torch.stack([centre_square(picture, size) for picture in chosen])
