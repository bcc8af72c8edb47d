"""What the smoke test stands on: pictures and a random teacher, made on the spot."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from training.common import runs
from training.style.predictors import MobileNetStylePredictor
from training.style.transformer import StyleTransformer


def make_pictures(folder: Path, seed: int, count: int = 48) -> Path:
    """`count` pictures of coloured waves, 80 x 64."""
    folder.mkdir(parents=True)
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:64, 0:80] / 64
    for i in range(count):
        waves = [np.sin(random.uniform(2, 30) * (x * random.normal() + y * random.normal())) for _ in range(3)]
        Image.fromarray((127 + 120 * np.stack(waves, -1)).astype(np.uint8)).save(folder / f"{i:03d}.png")
    return folder


def make_teacher(run: Path) -> Path:
    """A run directory of untrained networks."""
    torch.manual_seed(0)
    runs.create_folder(run, {"recipe": "distill", "predictor": "mobilenet"})
    state = {
        "predictor": MobileNetStylePredictor().state_dict(),
        "transformer": StyleTransformer().state_dict(),
    }
    runs.save(
        run / "best.pt",
        {**state, "style_space": "smoke", "photo_mean_vector": torch.zeros(100), "metrics": {}},
    )
    return run
