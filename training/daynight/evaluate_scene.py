"""Measures a scene network on labelled photos that it never saw: intersection over union, by day and as made nights.

    python -m training.daynight.evaluate_scene RUN [--labelled SOURCE ...]
    python -m training.daynight.evaluate_scene RUN --nights SOURCE ...      and on real nights, of outlined skies

Writes RUN/evaluation/figures.json and figures.md. Photos whose names begin with `test_` are measured, and of the real
nights those that skies.json names: intersection over union of the sky, and the share of wrong pixels in a band along
the skyline.
"""

import argparse
import math
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from training.common import runs
from training.common.pictures import NoPictures, Pictures
from training.common.squares import to_tensor
from training.daynight.labelled import Labelled, intersections
from training.daynight.outlined import SKIES, along, name_of, to_measure, within
from training.daynight.scene import CLASSES, MULTIPLE, SceneNetwork
from training.daynight.train_scene import measured
from training.evaluation import command

BAND = 0.03  # of the shorter side, to both sides of the skyline


def load_scene(run: Path) -> SceneNetwork:
    """The network of a run of train_scene, in eval mode. Raises NotARun."""
    config, state = runs.read_config(run), runs.load(run, "best.pt")
    if config.get("recipe") != "scene" or "scene" not in state:
        raise runs.NotARun(f"{run} holds no scene network: name a run of training.daynight.train_scene")
    network = SceneNetwork()
    with runs.fitting(run):
        network.load_state_dict(state["scene"])
    return network.eval()


def evaluate(run: Path, sources: list[str], nights: list[str]) -> dict[str, dict[str, float]]:
    """Figures by 'day', 'night' and, of real nights, 'skies'; writes them too. Raises NotARun, NoPictures."""
    network = load_scene(run)
    labelled = Labelled(sources or runs.read_config(run)["labelled"], "test")
    confused = {
        name: measured(network, labelled, torch.device("cpu"), name == "night", len(labelled))[0]
        for name in ("day", "night")
    }
    figures = {name: intersections(each) for name, each in confused.items()}
    text = table(figures, len(labelled))
    if nights:
        figures["skies"] = skies(network, Pictures(nights))
        count, sky, skyline = (figures["skies"][name] for name in ("count", "sky", "skyline"))
        text += f"\nSkies of {count:.0f} real nights: {sky:.3f}, wrong along the skyline: {skyline:.3f}\n"
    command.write(run, figures, text)
    return figures


@torch.no_grad()
def skies(network: SceneNetwork, pictures: Pictures) -> dict[str, float]:
    """Means over the outlined nights among the pictures: 'sky' (intersection over union), 'skyline' and 'count'."""
    drawn = to_measure()
    found = []
    for i, entry in enumerate(pictures.entries):
        if (name := name_of(entry)) not in drawn:
            continue
        photo = pictures.read(i)
        sky = within(drawn[name], photo.size)
        x = to_tensor(photo.resize([round(side / MULTIPLE) * MULTIPLE for side in photo.size]))[None]
        logits = F.interpolate(network(x)[0], photo.size[::-1], mode="bilinear", align_corners=False)
        seen = (logits.argmax(1)[0] == CLASSES.index("sky")).numpy()
        band = along(sky, BAND)
        found.append(((seen & sky).sum() / max(1, (seen | sky).sum()), (seen != sky)[band].mean()))
    if not found:
        raise NoPictures(f"none of the pictures has an outlined sky in {SKIES.name}")
    sky_iou, skyline = np.mean(found, 0)
    return {"sky": float(sky_iou), "skyline": float(skyline), "count": len(found)}


def table(figures: dict[str, dict[str, float]], count: int) -> str:
    """The figures in Markdown."""
    rows = []
    for name in (*CLASSES, "mean"):
        day, night = (figures[time].get(name, math.nan) for time in ("day", "night"))
        rows.append(f"| {name} | {day:.3f} | {night:.3f} |")
    head = f"Intersection over union, {count} photos\n\n| class | by day | made nights |\n| --- | --- | --- |\n"
    return head + "\n".join(rows) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.daynight.train_scene")
    parser.add_argument("--labelled", nargs="+", default=[], help="folders or tars (default: those of the training)")
    parser.add_argument("--nights", nargs="+", default=[], help="folders or tars with the nights that skies.json names")
    options = parser.parse_args(arguments)
    try:
        evaluate(options.run, options.labelled, options.nights)
    except (runs.NotARun, NoPictures) as error:
        sys.exit(str(error))
    print((options.run / "evaluation" / "figures.md").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
