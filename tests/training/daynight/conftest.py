"""What the tests of published translators share: streets that no training has seen."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from training.common.pictures import Pictures
from training.common.squares import centre_square
from training.daynight.smoke import make_streets


@pytest.fixture
def streets(tmp_path: Path) -> Callable[[str], torch.Tensor]:
    """`streets(kind)`: four made squares by "day" or "night", [4,3,256,256]."""

    def squares(kind: str) -> torch.Tensor:
        pictures = Pictures([str(make_streets(tmp_path / kind, kind, count=4))])
        return torch.stack([centre_square(pictures.read(i), 256) for i in range(4)])

    return squares
