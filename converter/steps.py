"""Takes the steps of a conversion one by one, each quiet and compared with torch before the next."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from converter import parity
from converter.execute_tfjs import NoTensorFlowJs
from converter.layout import Arrays
from converter.quiet import quiet


class StepFailed(RuntimeError):
    """A step broke inside a library; the message names the step and the log."""


@dataclass(frozen=True)
class Step:
    """One conversion, and how its result is executed on all samples."""

    name: str
    make: Callable[[], None]
    execute: Callable[[], list[Arrays]]
    precision: str = "float32"


@dataclass(frozen=True)
class Taken:
    """Differences from torch after each step, and what the last step's network gives for each sample."""

    found: dict[str, parity.Differences]
    results: list[Arrays]


def take(name: str, steps: Sequence[Step], samples: Sequence[parity.Sample], log: Path) -> Taken:
    """Print a line a step. Raises OverBounds, StepFailed, NoTensorFlowJs."""
    found: dict[str, parity.Differences] = {}
    results: list[Arrays] = []
    for step in steps:
        with _guarded(name, step.name, log):
            step.make()
            results = step.execute()
        bounds = parity.BOUNDS[step.precision]
        found[step.name] = parity.worst(samples, results)
        print(parity.row(step.name, found[step.name], bounds), flush=True)
        parity.check(name, step.name, found[step.name], bounds)
    return Taken(found, results)


@contextlib.contextmanager
def _guarded(name: str, step: str, log: Path) -> Iterator[None]:
    """Quiet; whatever a library raises becomes StepFailed, with the chatter kept in a log file."""
    try:
        with quiet(log):
            yield
    except NoTensorFlowJs:
        raise
    except Exception as error:
        kept = Path(tempfile.gettempdir()) / "nocturne-converter.log"
        kept.write_text(log.read_text(errors="replace") + f"\n{type(error).__name__}: {error}\n")
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise StepFailed(f"{name}: the step {step} failed ({reason[:150]}); the whole log is {kept}") from error
