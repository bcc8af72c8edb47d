"""Sorts pictures by brightness into day, night and undecided (aside). No picture is moved or changed.

    python -m training.daynight.sort PICTURES... --out FOLDER
    python -m training.daynight.sort --day data/day --night data/night --out FOLDER    labelled: tests the rules

PICTURES are folders or tar shards. The command writes to FOLDER: day.txt, night.txt and aside.txt, which a training
accepts in place of a folder of pictures (`--day FOLDER/day.txt`); split.json with the rule, counts and agreement; and
histogram.png. Pictures whose label disagrees with the rule go to aside.txt too.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from training.common import runs
from training.common.pictures import NoPictures, Pictures, list_line
from training.daynight.brightness import GREY, HSP, SKY_GREY, Rule, luminance, mean_grey, sky_grey

GROUPS = ("day", "night", "aside")
LOOK_AT = 256  # px of the shorter side; brightness needs no more


@dataclass(frozen=True)
class Measured:
    """One picture's brightness, 0..255: both greys, mean HSP luminance and the brightest pixel's luminance."""

    source: str
    name: str
    label: str | None
    grey: float
    sky_grey: float
    luminance: float
    peak: float


def measure(picture: Image.Image) -> tuple[float, float, float, float]:
    """Mean grey, sky grey, mean and greatest HSP luminance of an RGB picture, 0..255."""
    picture = picture.reduce(max(1, min(picture.size) // LOOK_AT))
    each = luminance(picture)
    return mean_grey(picture), sky_grey(picture), float(each.mean()), float(each.max())


def measure_all(sources: Iterable[tuple[str, str | None]]) -> tuple[list[Measured], list[str]]:
    """The pictures of (source, label) pairs, and the names of those that cannot be read. Raises NoPictures."""
    measured, broken = [], []
    for source, label in sources:
        pictures = Pictures([source])
        for i, entry in enumerate(tqdm(pictures.entries, desc=source, dynamic_ncols=True)):
            try:
                measured.append(Measured(source, entry.name, label, *measure(pictures.read(i))))
            except OSError:
                broken.append(entry.name)
    if not measured:
        raise NoPictures(f"none of the {len(broken)} pictures can be read")
    return measured, broken


Says = Callable[[Measured], str]


def rules(pictures: list[Measured]) -> dict[str, Says]:
    """Our rule and both sources', the luminance rule with each maximum that 'normalised by the maximum' may mean."""

    def hsp(maximum: Callable[[Measured], float], rule: Rule = HSP) -> Says:
        return lambda p: rule.says(p.luminance / max(maximum(p), 1e-9))

    brightest = max(p.luminance for p in pictures)
    return {
        "sky": lambda p: SKY_GREY.says(p.sky_grey),
        "grey": lambda p: GREY.says(p.grey),
        "hsp": hsp(lambda _: brightest),
        "hsp, over 255": hsp(lambda _: 255),
        "hsp, over the picture's brightest pixel": hsp(lambda p: p.peak),
    }


def agreement(pictures: list[Measured], says: Says) -> dict[str, dict[str, float]]:
    """For each label in use, the shares of its pictures that a rule gets right, leaves undecided, gets wrong."""
    shares = {}
    for label in ("day", "night"):
        said = [says(p) for p in pictures if p.label == label]
        if said:
            right, aside = said.count(label), said.count("aside")
            counts = {"right": right, "aside": aside, "wrong": len(said) - right - aside}
            shares[label] = {name: count / len(said) for name, count in counts.items()}
    return shares


def split(pictures: list[Measured], says: Says) -> dict[str, list[Measured]]:
    """Day, night and aside; a picture whose label disagrees with the rule goes to 'aside'."""
    groups: dict[str, list[Measured]] = {group: [] for group in GROUPS}
    for picture in pictures:
        said = says(picture)
        groups[said if picture.label in (None, said) else "aside"].append(picture)
    return groups


def write(out: Path, groups: dict[str, list[Measured]], figures: dict) -> None:
    """The lists that a training reads (a source and a picture's name a line) and split.json."""
    for group, pictures in groups.items():
        lines = [list_line(Path(p.source).resolve(), p.name) for p in pictures]
        (out / f"{group}.txt").write_text("".join(lines), encoding="utf-8")
    runs.write_json(out / "split.json", figures)


def histogram(path: Path, pictures: list[Measured]) -> None:
    """The sources' two figures: how many pictures have which mean grey, and the luminances in ascending order."""
    from matplotlib import pyplot as plt

    plt.switch_backend("agg")
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    labels = [("night", "#31447f"), ("day", "#f0a534"), (None, "#8a8f98")]
    named = [(label or "no label", colour, [p for p in pictures if p.label == label]) for label, colour in labels]
    named = [(label, colour, those) for label, colour, those in named if those]
    colours = [colour for _, colour, _ in named]
    left.hist([[p.grey for p in those] for *_, those in named], bins=51, range=(0, 255), stacked=True, color=colours)
    left.set(title="Mean grey", xlabel="mean grey, 0 to 255", ylabel="pictures", xlim=(0, 255))
    left.axvspan(GREY.low, GREY.high, color="#c33", alpha=0.25, label=f"disputed, {GREY.low} to {GREY.high}", lw=0)
    brightest = max(p.luminance for p in pictures)
    for label, colour, those in named:
        values = sorted(p.luminance / max(brightest, 1e-9) for p in those)
        right.plot([i / len(values) for i in range(len(values))], values, color=colour, label=label, lw=2)
    right.set(title="HSP luminance over the brightest picture's, in order", xlabel="share of the pictures", ylim=(0, 1))
    right.axhspan(HSP.low, HSP.high, color="#c33", alpha=0.15, label=f"undecided, {HSP.low} to {HSP.high}", lw=0)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def report(rule: str, groups: dict[str, list[Measured]], figures: dict) -> str:
    """What the command prints: counts, and how far each rule agrees with the labels."""
    lines = [f"by the rule '{rule}': " + ", ".join(f"{len(groups[group])} {group}" for group in GROUPS)]
    if figures["unreadable"]:
        lines.append(f"{len(figures['unreadable'])} pictures cannot be read and are in no list (see split.json)")
    lines += [f"no {group} picture: a training needs both" for group in ("day", "night") if not groups[group]]
    for name, labels in figures["agreement"].items():
        for label, shares in labels.items():
            percents = ", ".join(f"{share:6.1%} {what}" for what, share in shares.items())
            lines.append(f"{name:40s}{label:6s}{percents}")
    return "\n".join(lines)


def sort(sources: list[tuple[str, str | None]], out: Path, rule: str = "sky") -> dict[str, list[Measured]]:
    """Measure, split, write into `out` and print. Raises NoPictures."""
    pictures, broken = measure_all(sources)
    by_name = rules(pictures)
    groups = split(pictures, by_name[rule])
    figures = {
        "rule": rule,
        "counts": {group: len(those) for group, those in groups.items()},
        "agreement": {name: agreement(pictures, says) for name, says in by_name.items()},
        "unreadable": broken,
    }
    out.mkdir(parents=True, exist_ok=True)
    write(out, groups, figures)
    histogram(out / "histogram.png", pictures)
    print(report(rule, groups, figures))
    return groups


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="*", help="folders or tar shards without labels")
    parser.add_argument("--day", nargs="+", default=[], help="folders or tar shards labelled as day")
    parser.add_argument("--night", nargs="+", default=[], help="folders or tar shards labelled as night")
    parser.add_argument("--out", type=Path, required=True, help="folder for the lists and the histogram")
    parser.add_argument("--rule", choices=["sky", "grey", "hsp"], default="sky", help="the rule to sort by")
    options = parser.parse_args(arguments)
    given: list[tuple[str | None, list[str]]] = [
        (None, options.pictures), ("day", options.day), ("night", options.night)
    ]  # fmt: skip
    sources = [(source, label) for label, named in given for source in named]
    if not sources:
        parser.error("name folders or tar shards of pictures")
    try:
        sort(sources, options.out, options.rule)
    except NoPictures as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
