"""Measures a scene network on labelled photos that it never saw: intersection over union, by day and as made nights.

    python -m training.daynight.evaluate_scene RUN [--labelled SOURCE ...]
    python -m training.daynight.evaluate_scene RUN --nights SOURCE ...      and on real nights, of outlined skies

Writes RUN/evaluation/figures.json and figures.md. Photos whose names begin with `test_` are measured, and of the real
nights those that skies.json names: intersection over union of the sky, and the share of wrong pixels in a band along
the skyline.
"""

import argparse
import json
import math
import sys
from pathlib import Path, PurePosixPath

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw

from training.common import runs
from training.common.pictures import NoPictures, Pictures
from training.common.squares import to_tensor
from training.daynight.labelled import Labelled, intersections
from training.daynight.scene import CLASSES, MULTIPLE, SceneNetwork
from training.daynight.train_scene import measured
from training.evaluation import command

SKIES = Path(__file__).with_name("skies.json")
BAND = 0.03  # of the shorter side, to both sides of the skyline


def load_scene(run: Path) -> SceneNetwork:
    """The network of a run of train_scene, in eval mode. Raises NotARun."""
    config, state = runs.read_config(run), runs.load(run, "best.pt")
    if config.get("recipe") != "scene" or "scene" not in state:
        raise runs.NotARun(f"{run} holds no scene network: name a run of training.daynight.train_scene")
    network = SceneNetwork()
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
    drawn = outlines()
    found = []
    for i, entry in enumerate(pictures.entries):
        if (name := PurePosixPath(entry.name).name) not in drawn:
            continue
        photo = pictures.read(i)
        sky = outlined(drawn[name], photo.size)
        x = to_tensor(photo.resize([round(side / MULTIPLE) * MULTIPLE for side in photo.size]))[None]
        logits = F.interpolate(network(x), photo.size[::-1], mode="bilinear", align_corners=False)
        seen = (logits.argmax(1)[0] == CLASSES.index("sky")).numpy()
        band = along(sky)
        found.append(((seen & sky).sum() / max(1, (seen | sky).sum()), (seen != sky)[band].mean()))
    if not found:
        raise NoPictures(f"none of the pictures has an outlined sky in {SKIES.name}")
    sky_iou, skyline = np.mean(found, 0)
    return {"sky": float(sky_iou), "skyline": float(skyline), "count": len(found)}


def outlines() -> dict[str, list]:
    """The outlines of skies by the names of photos, polygons in percent of width and height."""
    return json.loads(SKIES.read_text(encoding="utf-8"))["skies"]


def outlined(polygons: list[list[list[float]]], size: tuple[int, int]) -> np.ndarray:
    """Polygons in percent of width and height -> [H,W], true within them."""
    mask = Image.new("1", size)
    for polygon in polygons:
        ImageDraw.Draw(mask).polygon([(x * size[0] / 100, y * size[1] / 100) for x, y in polygon], fill=1)
    return np.array(mask)


def along(mask: np.ndarray) -> np.ndarray:
    """[H,W]: within BAND of the shorter side of where the mask ends, the picture's own edges aside."""
    side = 2 * round(BAND * min(mask.shape)) + 1
    near = F.avg_pool2d(torch.from_numpy(mask)[None].float(), side, 1, side // 2, count_include_pad=False)[0].numpy()
    return (near > 0) & (near < 1)


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
