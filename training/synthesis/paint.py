"""These networks paint no photo: what they make, they make of noise."""

from pathlib import Path

from training.common.task import BadRequest, Painter, Request


def painter(run: Path, request: Request) -> Painter:
    """Raises BadRequest."""
    raise BadRequest(
        f"{run} invents pictures and paints no photo: python -m training.synthesis.evaluate {run} shows them"
    )
