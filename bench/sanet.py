"""Measures a SANet on held-out portraits, as training.portrait.evaluate_sanet does, beside the page's style networks.

    python bench/sanet.py RUN --weights SOURCE ...    the options of training.portrait.evaluate_sanet

The sheets may show other people's pictures, so do not publish them.
"""

from pathlib import Path

from torch import Tensor

from training.common.squares import to_picture, to_tensor
from training.common.task import Request
from training.portrait import evaluate_sanet
from training.portrait.evaluate_sanet import Pair
from training.style.load import load_pair
from training.style.paint import stylist

PUBLISHED = Path(__file__).parents[1] / "training/style/published"


def main(arguments: list[str] | None = None) -> None:
    """Both networks in one table; bad input ends in one sentence."""
    networks = load_pair(PUBLISHED)

    def painted(pair: Pair) -> Tensor:
        photo, device = to_picture(pair.portrait[0]), pair.portrait.device
        picture = stylist(networks, pair.style_picture, Request())(photo)
        return to_tensor(picture)[None].to(device)

    evaluate_sanet.main(arguments, {"the page's style networks": painted})


if __name__ == "__main__":
    main()
