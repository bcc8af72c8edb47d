"""The losses of SANet, on features of its own encoder: content, style, and both identity terms.

    content            mean square of the differences of normalised features, both levels
    style              distance of the channels' means and deviations
    identity           the photo painted in itself is the photo, the style in itself the style: mean square of pixels
    identity_features  the same of the features

Style and identity_features are sums over the layers, each relative to the target's features, so that bright and dark
pictures weigh alike, and so do all layers. Both identity terms are the photo's plus the style's.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.portrait.config import SanetConfig
from training.portrait.sanet import Features, SaNet, normalised


def relative(a: Tensor, b: Tensor) -> Tensor:
    """|a - b|^2 / |b|^2 of each of N pictures' features [N,...], as [N]."""
    difference = (a.float() - b.float()).square().flatten(1).sum(1)
    return difference / b.float().square().flatten(1).sum(1).clamp_min(1e-8)


def style_distance(a: Tensor, b: Tensor) -> Tensor:
    """How far the channels' means and deviations are apart, [N]; features [N,C,H,W] of any two sizes."""
    return relative(_statistics(a), _statistics(b))


def _statistics(x: Tensor) -> Tensor:
    """[N,C,H,W] -> means and deviations, [N,2,C]; the small number keeps the root's slope finite on flat channels."""
    variance, mean = torch.var_mean(x.float(), (2, 3), correction=0)
    return torch.stack([mean, (variance + 1e-5).sqrt()], 1)


class SanetLosses(nn.Module):
    """A network and its losses, as a step calls it."""

    def __init__(self, network: SaNet, config: SanetConfig):
        super().__init__()
        self.network, self.config = network, config

    def forward(self, photos: Tensor, styles: Tensor) -> dict[str, Tensor]:
        """[N,3,S,S] in [0,1] each -> losses by name, [], the weighted `total` among them.

        Each picture is encoded once. What is painted in the style, and in itself, is painted as one batch. Of the
        pictures every second one is painted in itself: that halves the work, and the mean is the same in the long run.
        """
        network, count, pictures = self.network, len(photos), torch.cat([photos, styles])
        with torch.no_grad():
            own = network.encoder(pictures)
        photo, style, itself = (_part(own, part) for part in (slice(count), slice(count, None), slice(None, None, 2)))
        content, given = _joined(photo, itself), _joined(style, itself)
        painted = network.decode(content, network.attend(content, given))
        found = network.encoder(painted)
        losses = {
            **self._of_the_style(_part(found, slice(count)), photo, style),
            **self._of_identity(_part(found, slice(count, None)), itself),
            "identity": 2 * F.mse_loss(painted[count:], pictures[::2]),
        }
        return {**losses, "total": self._total(losses)}

    def _of_the_style(self, found: Features, photo: Features, style: Features) -> dict[str, Tensor]:
        levels = self.network.levels
        both = [F.mse_loss(normalised(found[name]), normalised(photo[name])) for name in (levels.fine, levels.coarse)]
        distances = [style_distance(found[name], style[name]).mean() for name in levels.layers]
        return {"content": torch.stack(both).sum(), "style": torch.stack(distances).sum()}

    def _of_identity(self, found: Features, itself: Features) -> dict[str, Tensor]:
        distances = [relative(found[name], itself[name]).mean() for name in self.network.levels.layers]
        return {"identity_features": 2 * torch.stack(distances).sum()}

    def _total(self, losses: dict[str, Tensor]) -> Tensor:
        c = self.config
        perceptual = c.content_weight * losses["content"] + c.style_weight * losses["style"]
        identity = c.identity_weight * losses["identity"]
        return perceptual + identity + c.identity_features_weight * losses["identity_features"]


def _part(features: Features, part: slice) -> Features:
    """The features of some of the pictures."""
    return {name: x[part] for name, x in features.items()}


def _joined(one: Features, other: Features) -> Features:
    """The features of these pictures and of those."""
    return {name: torch.cat([one[name], other[name]]) for name in one}
