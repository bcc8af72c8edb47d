"""The log of a training: a progress bar with losses, log.jsonl, and a stop when a loss is NaN or infinite."""

import json
import math
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from training.common.runs import ADVICE, NotFinite, replacing, writing

__all__ = ["Log", "NotFinite"]


class Log:
    """Progress bar and log.jsonl of one run; only the first process of several writes."""

    def __init__(self, run: Path, start: int, steps: int, writes: bool = True):
        self.path = run / "log.jsonl"
        self.file = _reopen(self.path, start) if writes else None
        self.bar = tqdm(total=steps, initial=start, dynamic_ncols=True, disable=not writes)
        self.means: dict[str, float] = {}
        self.skipped = 0

    def step(self, step: int, losses: dict[str, float], skipped: int = 0) -> None:
        """Count one step; tell of newly skipped pictures. Raises NotFinite, so that nothing of such a step is saved."""
        for name, value in losses.items():
            if not math.isfinite(value):
                raise NotFinite(f"loss '{name}' is {value} at step {step}, in batch {step}; {ADVICE}")
            self.means[name] = value + 0.95 * (self.means.get(name, value) - value)
        if skipped > self.skipped:
            self.say(f"{skipped} broken pictures skipped so far")
            self.skipped = skipped
        self.bar.update()
        self.bar.set_postfix({name: f"{value:.3f}" for name, value in self.means.items()}, refresh=False)

    def write(self, step: int, **figures: float) -> None:
        """Append one line of the running means and further figures to log.jsonl. Raises NoRoom."""
        if self.file:
            with writing(self.path):
                self.file.write(json.dumps({"step": step, **self.means, **figures}) + "\n")
                self.file.flush()

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        if self.file:
            self.bar.write(text)

    def close(self) -> None:
        self.bar.close()
        if self.file:
            with suppress(OSError):  # a full disk was reported already
                self.file.close()


def _reopen(path: Path, start: int) -> TextIO:
    """log.jsonl to append to, without what a killed run wrote after its last checkpoint, at step `start`."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    whole = [line for line in lines if line.endswith("}\n")]
    with replacing(path) as beside:
        beside.write_text("".join(line for line in whole if json.loads(line)["step"] <= start))
    return open(path, "a")
