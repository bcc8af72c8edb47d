"""Contact sheets: rows of pictures to look at."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from training.common.runs import writing


def save_grid(path: Path, rows: list[torch.Tensor], gap: int = 4) -> None:
    """Write rows of [N,3,H,W] in [0,1], one size throughout, as one picture. Raises NoRoom."""
    cells = [[_array(picture) for picture in row] for row in rows]
    height, width = cells[0][0].shape[:2]
    sheet = np.full((len(cells) * (height + gap) - gap, len(cells[0]) * (width + gap) - gap, 3), 255, np.uint8)
    for y, row in enumerate(cells):
        for x, cell in enumerate(row):
            top, left = y * (height + gap), x * (width + gap)
            sheet[top : top + height, left : left + width] = cell
    with writing(path):
        Image.fromarray(sheet).save(path)


def _array(picture: torch.Tensor) -> np.ndarray:
    return (picture.detach().float().clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
