"""What a training says: a progress bar with losses, log.jsonl, and a clear stop when a loss is no number."""

import json
import math
from pathlib import Path

from tqdm import tqdm


class NotFinite(RuntimeError):
    """A loss became NaN or infinite; the message names the loss and the step."""


class Log:
    """Progress bar and log.jsonl of one run; only the first process of several writes."""

    def __init__(self, run: Path, start: int, steps: int, writes: bool = True):
        self.file = open(run / "log.jsonl", "a") if writes else None  # noqa: SIM115 (closed in `close`)
        self.bar = tqdm(total=steps, initial=start, dynamic_ncols=True, disable=not writes)
        self.means: dict[str, float] = {}
        self.skipped = 0

    def step(self, step: int, losses: dict[str, float], skipped: int = 0) -> None:
        """Count one step; tell of newly skipped pictures. Raises NotFinite, so that nothing of such a step is saved."""
        for name, value in losses.items():
            if not math.isfinite(value):
                advice = "what was saved is good: begin anew with --start and a lower --learning-rate"
                raise NotFinite(f"loss '{name}' is {value} at step {step}; {advice}")
            self.means[name] = value + 0.95 * (self.means.get(name, value) - value)
        if skipped > self.skipped:
            self.say(f"{skipped} broken pictures skipped so far")
            self.skipped = skipped
        self.bar.update()
        self.bar.set_postfix({name: f"{value:.3f}" for name, value in self.means.items()}, refresh=False)

    def write(self, step: int, **figures: float) -> None:
        """Append one line of the running means and further figures to log.jsonl."""
        if self.file:
            self.file.write(json.dumps({"step": step, **self.means, **figures}) + "\n")
            self.file.flush()

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        if self.file:
            self.bar.write(text)

    def close(self) -> None:
        self.bar.close()
        if self.file:
            self.file.close()
