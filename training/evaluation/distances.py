"""How far two sets of pictures are apart, by the features [N,D] of a network (training/evaluation/features.py).

    fid    Frechet distance of the Gaussians fitted to both, Heusel et al. 2017 (arXiv 1706.08500). Biased for few
           pictures, so it compares at equal counts only
    kid    unbiased squared maximum mean discrepancy with the kernel (x.y / D + 1)^3, Binkowski et al. 2018 (arXiv
           1801.01401): mean and standard deviation over 100 random subsets
    precision, recall
           shares of pictures among real ones, and of real ones among pictures: in a ball around one of them that
           reaches to its third neighbour, Kynkaanniemi et al. 2019 (arXiv 1904.06991). At equal counts only

All are computed by torch-fidelity.
"""

import numpy as np
import torch
from torch import Tensor

from training.evaluation.packages import package

SUBSETS, LARGEST = 100, 1000  # of KID, by convention: how many, and of how many pictures each at most
NEIGHBOUR = 3  # whose distance is a ball's radius, by convention
FEWEST = 4  # real pictures, for two halves of two


def fid(a: Tensor, b: Tensor) -> float:
    """Frechet distance of features [N,D] and [M,D], float64; N, M >= 2. Raises Missing without torch-fidelity."""
    metric = package("torch_fidelity.metric_fid")
    statistics = [metric.fid_features_to_statistics(features) for features in (a, b)]
    return metric.fid_statistics_to_metric(*statistics, verbose=False)[metric.KEY_METRIC_FID]


def kid(a: Tensor, b: Tensor, count: int, subsets: int = SUBSETS, seed: int = 0) -> tuple[float, float]:
    """Mean and deviation of KID over random subsets of `count` of features [N,D] and [M,D]; 2 <= count <= N, M."""
    metric = package("torch_fidelity.metric_kid")
    found = metric.kid_features_to_metric(
        a, b, kid_subsets=subsets, kid_subset_size=count, rng_seed=seed, verbose=False
    )
    return found[metric.KEY_METRIC_KID_MEAN], found[metric.KEY_METRIC_KID_STD]


def kid_among(real: Tensor, count: int) -> tuple[float, float]:
    """The same of real pictures to real pictures: over random pairs of disjoint subsets; 2 * count <= M."""
    pairs = [_two_parts(real, count, seed) for seed in range(SUBSETS)]
    values = [kid(a, b, count, subsets=1)[0] for a, b in pairs]
    return float(np.mean(values)), float(np.std(values))


def set_distances(pictures: Tensor, real: Tensor) -> dict[str, float]:
    """Features [N,D] of pictures compared with those [M,D] of real ones; N >= 2, M >= FEWEST. Raises Missing.

    fid                                       of all pictures to all real ones
    count                                     of the pictures on each side in what follows
    kid, kid_deviation                        of pictures to real ones
    kid_real, kid_real_deviation              of real pictures to other real ones
    fid_at_count, fid_real                    likewise
    """
    count = min(len(pictures), len(real) // 2)
    some, (one, other) = _two_parts(pictures, count, 0)[0], _two_parts(real, count, 0)
    of_subset = min(count, LARGEST)
    mean, deviation = kid(pictures, real, of_subset)
    real_mean, real_deviation = kid_among(real, of_subset)
    return {
        "fid": fid(pictures, real),
        "count": count,
        "kid": mean,
        "kid_deviation": deviation,
        "kid_real": real_mean,
        "kid_real_deviation": real_deviation,
        "fid_at_count": fid(some, one),
        "fid_real": fid(other, one),
    }


def precision_recall(pictures: Tensor, real: Tensor) -> tuple[float, float]:
    """Of features [N,D] and [M,D], as many random ones of each as both have, at least FEWEST. Raises Missing."""
    metric = package("torch_fidelity.metric_prc")
    count = min(len(pictures), len(real))
    parts = (_two_parts(each, count, 0)[0] for each in (pictures, real))
    found = metric.prc_features_to_metric(*parts, prc_neighborhood=NEIGHBOUR, verbose=False)
    return found[metric.KEY_METRIC_PRECISION], found[metric.KEY_METRIC_RECALL]


def _two_parts(features: Tensor, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """`count` random rows, and as many of the others, or what is left of them."""
    order = torch.randperm(len(features), generator=torch.Generator().manual_seed(seed))
    return features[order[:count]], features[order[count : 2 * count]]
