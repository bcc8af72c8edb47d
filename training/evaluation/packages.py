"""The packages that only measuring needs, imported where they are used."""

import importlib
from types import ModuleType

import torch

from training.common.command import Missing

SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_declared: list[torch.library.Library] = []  # a declaration lasts as long as its object


def package(name: str) -> ModuleType:
    """The module `name` of a package that only measuring needs. Raises Missing where it is not installed."""
    try:
        _import_torchvision()
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise Missing(
            f"{error.name} is not installed, and measuring needs it: pip install -r requirements/train.txt"
        ) from error


def _import_torchvision() -> None:
    """Import torchvision, also beside a PyTorch that its compiled operators were not built for.

    PyPI's torchvision does not load its operators beside PyTorch's CPU build. It goes on without them, but for two
    functions that it registers for operators that nobody has declared then. Its networks need no such operator, so
    declaring the two is enough.
    """
    try:
        import torchvision
    except RuntimeError as error:
        if "operator torchvision::" not in str(error) or _declared:
            raise
        _declared.append(torch.library.Library("torchvision", "FRAGMENT"))
        for operator in ("nms", "qnms"):
            _declared[0].define(operator + SCHEMA)
        import torchvision  # noqa: F401
