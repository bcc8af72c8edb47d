"""Measures what generators invent, in one table of runs that were trained on the same pictures.

    python -m training.synthesis.evaluate RUN [RUN ...] --weights SOURCE    where the ImageNet weights of Inception-v3
                                                                            and SqueezeNet (for LPIPS) are

Writes RUN/evaluation/ of each run: figures.json, figures.md and three sheets:

    samples.png    what noise becomes
    walk.png       rows from one noise to another
    nearest.png    invented pictures, and below each the three training pictures that are nearest to it

The real pictures are those of the training at its size; as usual for generators none is held out. So `nearest` tells
what FID and KID do not: it is the median distance of invented pictures to the nearest training picture, over that of
training pictures to the nearest other one. Much less than 1 means copies.
"""

import argparse
import math
import sys
from functools import partial
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm

from training.common import runs
from training.common.command import Missing
from training.common.grid import save_grid
from training.common.pictures import NoPictures, Pictures
from training.common.squares import to_picture
from training.evaluation import command
from training.evaluation.distances import FEWEST, precision_recall, set_distances
from training.evaluation.features import Features
from training.evaluation.perceptual import Lpips
from training.synthesis.batches import Squares
from training.synthesis.load import Loaded, load_generator
from training.synthesis.validation import noise

ROWS, COLUMNS = 8, 12  # of the sheets of samples and walks
NEAREST = 3  # training pictures below each invented one
PAIRS, AT_ONCE = 500, 50  # of pictures, for LPIPS
COMPARED = 32  # px: of the side at which the nearest pictures are searched
SOURCES = {"DCGAN of the source": 102.35, "SAGAN of the source": 80.91}  # FID of its faces, 32 px


class Real:
    """Training pictures [N,3,S,S] in [0,1], and what the measures need of them; S is at least 32 px."""

    def __init__(self, pictures: Tensor, features: Features, lpips: Lpips):
        self.pictures, self.features = pictures, seen(pictures, features)
        self.variety = pairwise(pictures, lpips)
        both = small(torch.cat([pictures, pictures.flip(3)]))  # training pictures are mirrored
        self.small = both
        self.apart = _nearest(both[: len(pictures)], both, itself=len(pictures)).values[:, 0].median()


def seen(pictures: Tensor, features: Features) -> Tensor:
    """Features [N,D] of pictures [N,3,H,W] in [0,1]."""
    shown = partial(tqdm, desc="features", unit="picture", dynamic_ncols=True, leave=False)
    return torch.stack([features(to_picture(picture)) for picture in shown(pictures)])


def pairwise(pictures: Tensor, lpips: Lpips) -> float:
    """Mean LPIPS of up to 500 pairs of different pictures [N,3,H,W] in [0,1], N >= 2; at random but the same."""
    order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))[: 2 * PAIRS]
    half = len(order) // 2
    one, other = (pictures[part].split(AT_ONCE) for part in (order[:half], order[half : 2 * half]))
    return torch.cat([lpips(a, b) for a, b in zip(one, other, strict=True)]).mean().item()


def small(pictures: Tensor) -> Tensor:
    """[N,3,S,S] -> [N, 3 * 32 * 32]."""
    return F.adaptive_avg_pool2d(pictures, COMPARED).flatten(1)


def _nearest(pictures: Tensor, others: Tensor, itself: int = 0) -> Any:
    """Distances to the three nearest of `others`, [N,3], and their numbers; [N,D] and [M,D].

    With `itself` picture i is among the others as i and, mirrored, as i + `itself`: these do not count.
    """
    found = torch.cdist(pictures, others)
    if itself:
        numbers = torch.arange(len(pictures))
        found[numbers, numbers] = found[numbers, numbers + itself] = math.inf
    return found.topk(min(NEAREST, len(others)), largest=False)


def walk(start: Tensor, end: Tensor, count: int) -> Tensor:
    """`count` vectors [count,D] from one [D] to another on an arc, on which noise keeps its length."""
    angle = torch.arccos(F.cosine_similarity(start, end, dim=0))
    shares = torch.linspace(0, 1, count)[:, None]
    return (torch.sin((1 - shares) * angle) * start + torch.sin(shares * angle) * end) / torch.sin(angle)


def measure(loaded: Loaded, real: Real, features: Features, lpips: Lpips, count: int, out: Path) -> dict[str, Any]:
    """All figures of a run on `count` invented pictures; writes the sheets into `out`."""
    size = real.pictures.shape[-1]
    invented = F.interpolate(loaded.samples(count), size)  # a PGGAN that has not grown up yet
    found = seen(invented, features)
    precision, recall = precision_recall(found, real.features)
    nearest = _nearest(small(invented), real.small)
    variety = pairwise(invented, lpips)
    save_grid(out / "samples.png", list(invented[: ROWS * COLUMNS].split(COLUMNS))[:ROWS])
    save_grid(out / "walk.png", walks(loaded, size))
    save_grid(out / "nearest.png", _beside(invented, real.pictures, nearest.indices))
    return {
        **set_distances(found, real.features),
        "precision": precision,
        "recall": recall,
        "lpips": variety,
        "lpips_real": real.variety,
        "lpips_ratio": variety / real.variety,
        "nearest": (nearest.values[:, 0].median() / real.apart).item(),
    }


def walks(loaded: Loaded, size: int) -> list[Tensor]:
    """Rows of pictures [12,3,size,size] in [0,1], from one noise to another."""
    pairs = noise(2 * ROWS, 1).split(2)
    return [F.interpolate(loaded.invented(walk(start, end, COLUMNS)), size) for start, end in pairs]


def _beside(invented: Tensor, pictures: Tensor, numbers: Tensor) -> list[Tensor]:
    """A row of invented pictures, and rows of their nearest training pictures; `numbers` count mirrored ones too."""
    shown = numbers[:COLUMNS]
    mirrored = (shown >= len(pictures))[..., None, None, None]
    found = pictures[shown % len(pictures)]
    return [invented[: len(shown)], *torch.where(mirrored, found.flip(-1), found).unbind(1)]


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The rows in Markdown."""
    first = next(iter(rows.values()))
    lines = [
        f"{first['samples']} invented and {first['pictures']} training pictures of {first['size']} px; FID of "
        f"{first['count']} in brackets.",
        "",
        "| run | network | parameters | steps | FID | KID | precision | recall | LPIPS, of real | nearest |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, row in rows.items():
        facts = f"{row['network']} | {row['parameters']:,} | {row['step']:,}"
        fid = f"{row['fid']:.2f} ({row['fid_at_count']:.2f})"
        kid = f"{row['kid']:.5f} ± {row['kid_deviation']:.5f}"
        variety = f"{row['lpips']:.3f}, {row['lpips_ratio']:.2f}"
        lines.append(
            f"| {name} | {facts} | {fid} | {kid} | {row['precision']:.3f} | {row['recall']:.3f} | {variety} | "
            f"{row['nearest']:.2f} |"
        )
    among = f"({first['fid_real']:.2f}) | {first['kid_real']:.5f} ± {first['kid_real_deviation']:.5f}"
    lines.append(f"| real to other real pictures | | | | {among} | | | {first['lpips_real']:.3f} | 1 |")
    lines += [f"| {name}, its data | | | | {fid} | | | | | |" for name, fid in SOURCES.items()]
    lines += ["", f"FID, KID, precision and recall: {first['features']}. LPIPS {first['lpips_network']}."]
    return "\n".join(lines) + "\n"


def evaluate(paths: list[Path], pictures: list[str], weights: list[str], count: int, limit: int) -> dict[str, Any]:
    """The rows of the table by name; writes them too. What is empty is as in training. Raises NotARun and others."""
    loaded = {path: load_generator(path) for path in paths}
    first = loaded[paths[0]].config
    for path, each in loaded.items():
        if each.config.size != first.size or (not pictures and each.config.pictures != first.pictures):
            raise runs.NotARun(f"{path} was trained on other pictures than {paths[0]}: measure them one at a time")
    sources = weights or first.weights
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    features, lpips = Features(sources, device), Lpips(sources, device)
    squares = Squares(Pictures(pictures or first.pictures), first.size)
    if len(squares) < FEWEST:
        raise NoPictures(f"fewer than {FEWEST} pictures: name more with --pictures")
    real = Real(squares.spread(limit or len(squares)), features, lpips)
    facts = {"size": first.size, "samples": count, "pictures": len(real.pictures), "features": features.source}
    rows: dict[str, dict[str, Any]] = {}
    for path, each in loaded.items():
        out = path / "evaluation"
        out.mkdir(exist_ok=True)
        about = {"network": each.config.network, "step": each.metrics["step"], "lpips_network": lpips.source}
        about["parameters"] = sum(weight.numel() for weight in each.generator.parameters())
        rows[str(path)] = {**facts, **about, **measure(each, real, features, lpips, count, out)}
    for path in paths:
        command.write(path, rows[str(path)], table(rows))
    return rows


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="run directories of training.synthesis.train")
    parser.add_argument("--pictures", nargs="+", default=[], help="real pictures (default: those of the training)")
    parser.add_argument(
        "--weights",
        nargs="+",
        default=[],
        metavar="SOURCE",
        help="folders or files of ImageNet weights, 'torchvision' or 'torch-fidelity' (default: the training's)",
    )
    parser.add_argument("--samples", type=int, default=1000, help="invented pictures to measure (default: 1000)")
    parser.add_argument(
        "--limit", type=int, default=2000, help="at most so many real pictures; 0 for all (default: 2000)"
    )
    options = parser.parse_args(arguments)
    if options.samples < FEWEST or (options.limit and options.limit < FEWEST) or options.limit < 0:
        parser.error(f"--samples and --limit are {FEWEST} or more")
    try:
        evaluate(options.runs, options.pictures, options.weights, options.samples, options.limit)
    except (runs.NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))
    print((options.runs[0] / "evaluation" / "figures.md").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
