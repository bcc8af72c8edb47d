"""Two pictures made here, a photo's and a style's stand-in, for measurements that any picture serves."""

from pathlib import Path

import numpy as np
from PIL import Image


def pictures(folder: Path) -> tuple[Path, Path]:
    """Writes photo.jpg (384 x 256) and style.jpg (256 x 256) into the folder."""
    photo, style = folder / "photo.jpg", folder / "style.jpg"
    waves(384, 256, 40).save(photo)
    waves(256, 256, 9).save(style)
    return photo, style


def waves(width: int, height: int, length: float) -> Image.Image:
    """Coloured waves, `length` pixels long."""
    y, x = np.mgrid[:height, :width]
    phases = [x, y, x + y]
    channels = [127.5 + 127.5 * np.sin(phase / length) for phase in phases]
    return Image.fromarray(np.stack(channels, -1).astype(np.uint8))
