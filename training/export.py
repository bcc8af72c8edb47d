"""What a run directory offers to the converter, whichever task it is of."""

from pathlib import Path

from training.common.task import PICTURE, Export, Port
from training.tasks import task_of

__all__ = ["PICTURE", "Export", "Port", "exports"]


def exports(run: Path) -> list[Export]:
    """The networks of a run, ready to be converted. Raises training.common.runs.NotARun."""
    return task_of(run).exports(run)
