"""The page's style networks are measured beside a SANet as they paint by themselves."""

import numpy as np
import torch
from PIL import Image

from bench import sanet
from training.common.squares import to_tensor
from training.common.task import Request
from training.portrait.evaluate_sanet import Pair
from training.style.paint import painter


def test_the_pages_networks_paint_the_portrait_in_the_style(monkeypatch) -> None:
    given: list = []
    monkeypatch.setattr(sanet.evaluate_sanet, "main", lambda *arguments: given.extend(arguments))
    sanet.main(["runs/sanet"])
    arguments, beside = given
    noise = np.random.default_rng(0).integers(256, size=(2, 64, 64, 3), dtype=np.uint8)
    photo, style = (Image.fromarray(each) for each in noise)
    pair = Pair(to_tensor(photo)[None], torch.zeros(1, 1, 64, 64), to_tensor(style)[None], style)
    [painted] = [paint(pair) for paint in beside.values()]
    expected = to_tensor(painter(sanet.PUBLISHED, Request(style=style))(photo))
    assert arguments == ["runs/sanet"] and torch.equal(painted[0], expected)
