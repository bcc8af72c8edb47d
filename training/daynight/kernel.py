"""The kernel distance of translated to real pictures, as a loss: what KID measures, trained on directly.

Maximum mean discrepancy as a generator's loss: Li et al. 2015 (arXiv 1502.02761), there of pixels and of an
autoencoder's codes; here of Inception-v3's features and with KID's kernel, Binkowski et al. 2018 (arXiv 1801.01401).

Features are the means of Mixed_5d, 6b and 6e over the upper and over the lower half of a picture, so that skies are
compared with skies, and the picture itself at 8 x 8 px: Inception alone is content with patterns that look like night
to it and like a net to us (100 steps were enough). The distance of two sets needs many pictures and a step has few:
real ones are therefore measured once (`learn`), and the last 64 translated ones are remembered as they were. Each
layer's distance is divided by that of the untouched pictures of the other domain: a translator that does nothing has
the loss 1, real pictures have 0.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.common.options import BadConfig
from training.networks.inception_v3 import InceptionV3

LAYERS = {"mixed_2": 288, "mixed_4": 768, "mixed_7": 768}  # channels of 5d, 6b, 6e
HALVES, THUMBNAIL = 2, 8
SCALE = 299 / 256  # Inception sees pictures as large as KID's does those of 256 px
SIZES = [THUMBNAIL * THUMBNAIL * 3, *(HALVES * channels for channels in LAYERS.values())]
SHARES = (1 / 6, 1 / 6, 1 / 6, 1 / 2)  # of the loss: the thumbnail's, 5d's, 6b's, 6e's, which falls last
REMEMBERED = 64  # translated pictures of each domain


def kernel(x: Tensor, y: Tensor) -> Tensor:
    """KID's, (x.y / D + 1)^3, of features [N,D] and [M,D] -> [N,M]."""
    return (x @ y.T / x.shape[1] + 1) ** 3


def among(x: Tensor) -> Tensor:
    """The mean kernel of different pictures' features [N,D], N >= 2."""
    values = kernel(x, x)
    return (values.sum() - values.trace()) / (len(x) * (len(x) - 1))


def discrepancy(a: Tensor, b: Tensor) -> Tensor:
    """Unbiased squared maximum mean discrepancy of features [N,D] and [M,D]; N, M >= 2."""
    return among(a) + among(b) - 2 * kernel(a, b).mean()


class KernelDistance(nn.Module):
    """Squared maximum mean discrepancy of translated pictures to real ones, over that of untouched ones.

    Call `learn` first, then show it 64 translations of each domain before its values count. Inception's weights stay
    frozen; the remembered features are buffers.
    """

    def __init__(self, domains: Sequence[str]):
        super().__init__()
        self.inception = InceptionV3("mixed_7").requires_grad_(False)
        self.domains = domains
        for domain in domains:
            self.register_buffer(f"remembered_{domain}", torch.zeros(REMEMBERED, sum(SIZES)))

    def features(self, pictures: Tensor) -> Tensor:
        """[N,3,H,W] in [0,1], at least 64 px -> [N,3840], float32."""
        larger = F.interpolate(pictures, scale_factor=SCALE, mode="bilinear")
        maps, thumbnail = self.inception(larger), F.adaptive_avg_pool2d(2 * pictures.float() - 1, THUMBNAIL)
        means = [F.adaptive_avg_pool2d(maps[name].float(), (HALVES, 1)).flatten(1) for name in LAYERS]
        return torch.cat([thumbnail.flatten(1), *means], 1)

    def learn(self, real: dict[str, Tensor]) -> None:
        """Take real pictures' features [M,3840] by domain.

        Raises BadConfig when the domains cannot be told apart.
        """
        self.real = {domain: features.split(SIZES, 1) for domain, features in real.items()}
        self.among = {domain: [among(layer) for layer in layers] for domain, layers in self.real.items()}
        one, other = self.domains
        self.untouched = [float(discrepancy(x, y)) for x, y in zip(self.real[one], self.real[other], strict=True)]
        if not min(self.untouched) > 0:
            raise BadConfig("day and night pictures look alike: name other folders, or train with --kernel-weight 0")

    def forward(self, translated: Tensor, domain: str) -> Tensor:
        """Pictures [N,3,H,W] translated to `domain` -> the weighted mean of the layers' ratios; remembers the pictures.

        With respect to one of many translated pictures, the distance has the gradient of twice its mean kernel with
        the others less that with the real ones. The rest is constant and makes the value that of the distance.
        """
        fresh = self.features(translated)
        with torch.autocast(fresh.device.type, enabled=False):  # differences too small for 8 bits
            return self._ratio(fresh, domain)

    def _ratio(self, fresh: Tensor, domain: str) -> Tensor:
        remembered, ratios = getattr(self, f"remembered_{domain}"), []
        for x, former, real, among_real, untouched in zip(
            fresh.split(SIZES, 1), remembered.split(SIZES, 1), self.real[domain], self.among[domain], self.untouched,
            strict=True,
        ):  # fmt: skip
            witness = kernel(x, former).mean() - kernel(x, real).mean()
            ratios.append((2 * witness + among_real - among(former)) / untouched)
        setattr(self, f"remembered_{domain}", torch.cat([fresh.detach(), remembered])[:REMEMBERED])
        return torch.stack([share * ratio for share, ratio in zip(SHARES, ratios, strict=True)]).sum()
