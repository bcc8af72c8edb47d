"""Curves of a run's losses and figures: for TensorBoard where it is installed, and as a picture of log.jsonl."""

import json
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.common.runs import replacing, writing

PANEL, MARGIN, COLUMNS = (360, 200), 36, 3
INK, GRID, LINE = "#222222", "#dddddd", "#2b6cb0"


class Board:
    """TensorBoard's files of a run: scalars and sample pictures; nothing where TensorBoard is not installed."""

    def __init__(self, run: Path, step: int, say: Callable[[str], None]):
        # TensorBoard takes its own writer, not TensorFlow with all its memory, where it finds a module of this name.
        sys.modules.setdefault("tensorboard.compat.notf", ModuleType("notf"))
        self.folder = run / "tensorboard"
        try:
            from torch.utils.tensorboard import SummaryWriter  # slow to import, and not needed to train
        except ImportError:
            self.writer = None
            say("TensorBoard is not installed: curves.png and samples/ show how the training goes")
        else:
            with writing(self.folder):
                self.writer = SummaryWriter(self.folder, purge_step=step)

    def write(self, step: int, scalars: dict[str, float], sample: Path | None) -> None:
        """Add figures and, if there is one, a picture of samples. Raises NoRoom."""
        if not self.writer:
            return
        with writing(self.folder):
            for name, value in scalars.items():
                self.writer.add_scalar(name, value, step)
            if sample:
                self.writer.add_image("samples", np.asarray(Image.open(sample)), step, dataformats="HWC")
            self.writer.flush()


def read_curves(run: Path) -> dict[str, list[tuple[int, float]]]:
    """(step, value) of each figure of log.jsonl; a step that was taken anew after a stop counts once."""
    values: dict[str, dict[int, float]] = defaultdict(dict)
    for line in (run / "log.jsonl").read_text().splitlines():
        figures = json.loads(line)
        for name in figures.keys() - {"step"}:
            values[name][figures["step"]] = figures[name]
    return {name: sorted(points.items()) for name, points in sorted(values.items())}


def draw_curves(run: Path) -> None:
    """Write `curves.png`, a panel for each figure of log.jsonl."""
    curves = read_curves(run)
    rows = -(-len(curves) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * PANEL[0], max(rows, 1) * PANEL[1]), "white")
    for i, (name, points) in enumerate(curves.items()):
        sheet.paste(_panel(name, points), (i % COLUMNS * PANEL[0], i // COLUMNS * PANEL[1]))
    with replacing(run / "curves.png") as beside:
        sheet.save(beside, "PNG")


def _panel(name: str, points: list[tuple[int, float]]) -> Image.Image:
    panel = Image.new("RGB", PANEL, "white")
    draw, font = ImageDraw.Draw(panel), ImageFont.load_default(12)
    steps, values = zip(*points, strict=True)
    low, high = min(values), max(values)
    left, top, right, bottom = MARGIN + 16, 28, PANEL[0] - 12, PANEL[1] - 24

    def point(step: int, value: float) -> tuple[float, float]:
        x = left + (right - left) * (step - steps[0]) / max(steps[-1] - steps[0], 1)
        return x, bottom - (bottom - top) * (value - low) / ((high - low) or 1)

    for value, y in ((high, top), (low, bottom)):
        draw.line([(left, y), (right, y)], GRID)
        draw.text((left - 6, y), f"{value:.3g}", INK, font, "rm")
    draw.text((left, 8), name.replace("_", " "), INK, font)
    draw.text((left, bottom + 6), f"{steps[0]}", INK, font)
    draw.text((right, bottom + 6), f"step {steps[-1]}", INK, font, "ra")
    if len(points) > 1:
        draw.line([point(*each) for each in points], LINE, 2, "curve")
    return panel
