"""What the page paints is what the PyTorch network paints: a real photo, a real style, the published weights."""

import json

import numpy as np
import pytest
import skimage
import torch
from PIL import Image

from server import WEB
from tests.web.conftest import Studio, encoded
from tests.web.published import published_transformer
from tests.web.test_people import set_people
from training.style.transformer import MIDDLE

pytestmark = pytest.mark.browser


def test_the_pages_pixels_are_the_networks(studio: Studio) -> None:
    photo = (
        Image.fromarray(skimage.data.astronaut()).crop((64, 0, 448, 320)).resize((288, 240), Image.Resampling.LANCZOS)
    )
    studio.paint(encoded(photo))
    shown = set_people(studio, 100)
    style = json.loads((WEB / "styles" / "gallery.json").read_text())["styles"][0]
    network = published_transformer(WEB / "models" / "style-transformer")
    tensor = torch.from_numpy(np.asarray(photo).copy()).permute(2, 0, 1)[None].float() / 255
    with torch.inference_mode():
        painted = network(tensor, torch.tensor([[*style["vector"], MIDDLE]]))[0].permute(1, 2, 0).numpy() * 255
    difference = np.abs(shown - painted)
    assert np.abs(painted - np.asarray(photo)).mean() > 15, "the network painted nothing"
    assert difference.mean() < 0.5, "half a step of 255 is what rounding leaves"
    assert difference.max() < 3
