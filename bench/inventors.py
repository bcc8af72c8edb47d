"""Trains networks that invent pictures (training/synthesis) with different options, and measures all of them alike.

    python bench/inventors.py OUT --pictures SOURCE ... --weights SOURCE               the source's experiments, 32 px
    python bench/inventors.py OUT --pictures SOURCE ... --weights SOURCE --size 64     the three networks at 64 px

Each experiment is a run directory in OUT. The command may be stopped at any time: started again with the same options,
it goes on where it was stopped, and measures once all are trained. OUT/table.md has a row for each run; OUT/curves.png
shows losses and variety of the runs with seed 0, by step.
"""

import argparse
import sys
from pathlib import Path

import matplotlib.pyplot as plt

from training.common.command import Missing
from training.common.curves import read_curves
from training.common.pictures import NoPictures
from training.common.runs import NotARun
from training.synthesis import evaluate, train

Experiments = dict[str, list[str]]
"""The options of each run, by its name."""

RATES, SEEDS = ("9e-5", "1.4e-4", "2e-4"), ("0", "1")
SHOWN = ("generator", "discriminator_real", "discriminator_invented", "held_out_variety")


def swept(network: str, *options: str) -> Experiments:
    """A network with each learning rate and seed; the discriminator's rate is the network's own multiple of it."""
    return {
        f"{network}-{rate}-{seed}": ["--network", network, *options, "--learning-rate", rate, "--seed", seed]
        for rate in RATES
        for seed in SEEDS
    }


SMALL: Experiments = {
    **swept("dcgan"),
    **swept("sagan", "--attention", "8"),
    "dcgan-no-augmentation": ["--network", "dcgan", "--no-augmentation"],
    "sagan-no-attention": ["--network", "sagan", "--attention", "none"],
    "sagan-attention-16": ["--network", "sagan", "--attention", "16"],
    **{
        f"sagan-{name}": ["--network", "sagan", "--attention", "8", *options]
        for name, options in {
            "no-augmentation": ["--no-augmentation"],
            "no-spectral-norm": ["--no-spectral-norm"],
            "no-minibatch-discrimination": ["--no-minibatch-discrimination"],
            "no-smoothing": ["--no-smoothing"],
            "mse": ["--loss", "mse"],
            "wasserstein": ["--loss", "wasserstein"],
        }.items()
    },
}
LARGE: Experiments = {network: ["--network", network] for network in ("dcgan", "sagan", "pggan")}
EXPERIMENTS = {32: SMALL, 64: LARGE}


def trained(out: Path, experiments: Experiments, options: list[str]) -> list[Path]:
    """The runs, each trained to its end: one that was stopped goes on, one that has ended stays as it is."""
    paths = [out / name for name in experiments]
    for path, own in zip(paths, experiments.values(), strict=True):
        begun = (path / "last.pt").exists()
        print(path, flush=True)
        train.main(["--resume", str(path)] if begun else ["--run", str(path), *own, *options])
    return paths


def draw_together(paths: list[Path], out: Path) -> None:
    """A picture with a panel for each of SHOWN and a line for each run, whose names stand below."""
    figure, panels = plt.subplots(1, len(SHOWN), figsize=(18, 6))
    for path, colour in zip(paths, plt.colormaps["tab20"].colors, strict=False):
        curves = read_curves(path)
        for name, panel in zip(SHOWN, panels, strict=True):
            panel.plot(*zip(*curves[name], strict=True), label=path.name, linewidth=1, color=colour)
    for name, panel in zip(SHOWN, panels, strict=True):
        if "variety" not in name:
            panel.set_yscale("symlog")  # Wasserstein losses are unbounded
        panel.set_title(name.replace("held_out_", "").replace("_", " "))
        panel.set_xlabel("step")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=5)
    figure.tight_layout(rect=(0, 0.16, 1, 1))
    figure.savefig(out)
    plt.close(figure)


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, metavar="OUT", help="folder of the runs, the table and the curves")
    parser.add_argument("--pictures", nargs="+", required=True, metavar="SOURCE", help="pictures to learn from")
    parser.add_argument("--weights", nargs="+", required=True, metavar="SOURCE", help="ImageNet weights to measure by")
    parser.add_argument("--size", type=int, default=32, choices=list(EXPERIMENTS), help="side of the pictures, px")
    parser.add_argument("--steps", type=int, default=3000, help="steps of each run (default: 3000)")
    parser.add_argument("--batch", type=int, default=64, help="pictures in a step (default: 64)")
    parser.add_argument("--samples", type=int, default=1000, help="invented and real pictures to measure (1000)")
    options = parser.parse_args(arguments)
    flags = ["--size", str(options.size), "--steps", str(options.steps), "--batch", str(options.batch)]
    experiments = EXPERIMENTS[options.size]
    try:
        paths = trained(options.out, experiments, [*flags, "--pictures", *options.pictures])
        rows = evaluate.evaluate(paths, [], options.weights, options.samples, options.samples)
    except (NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))
    table = evaluate.table({Path(name).name: row for name, row in rows.items()})
    (options.out / "table.md").write_text(table, encoding="utf-8")
    draw_together([path for path in paths if not path.name.endswith("-1")], options.out / "curves.png")
    print(table, end="")


if __name__ == "__main__":
    main()
