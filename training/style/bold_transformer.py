r"""The small style transformer with one more number in its vector: the boldness, from 0 (careful) to 1 (bold).

One network learns all of it, from loss weights that vary with it (Dosovitskiy and Djolonga 2020, "You only train once";
Babaeizadeh and Ghiasi 2020, arXiv 1811.08560, vary scales and shifts of style transfer so). The network is that of
transformer.py with a second term, through a bottleneck:

    scales, shifts + (2 boldness - 1) x (100 -> 16 -> 2016)     35,888 parameters

Few steps are enough where the rest stays as it is: then it paints in the middle what the network without boldness
paints, exactly. RUN, a small transformer's, is the start of

    python distill/run.py --transformer bold --boldness-alone --start RUN --teacher none --joint-from 0 \
        --vector-steps 0 --taught-steps 0
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor, nn

from training.style.transformer import VECTOR, StyleTransformer

RANK = 16


class BoldTransformer(StyleTransformer):
    """Photo [N,3,H,W] in [0,1], H and W multiples of 8, and vector with boldness [N,101] -> painted [N,3,H,W]."""

    bold = True

    def __init__(self) -> None:
        super().__init__()
        self.bolder = nn.Sequential(nn.Conv2d(VECTOR, RANK, 1), nn.Conv2d(RANK, 2 * sum(self.norms), 1))
        for parameter in self.bolder[1].parameters():
            nn.init.zeros_(parameter)

    def scales_and_shifts(self, vector: Tensor) -> list[tuple[Tensor, Tensor]]:
        """[N,101] -> two [N,C,1,1] for each norm."""
        style, boldness = vector[:, :VECTOR, None, None], vector[:, VECTOR:, None, None]
        return self._by_norm(self.style(style) + (2 * boldness - 1) * self.bolder(style), 1)

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False) -> Any:
        """Takes a small transformer's weights too: then boldness changes nothing yet."""
        untrained = {name: value for name, value in self.state_dict().items() if name.startswith("bolder.")}
        return super().load_state_dict({**untrained, **state_dict}, strict, assign)
