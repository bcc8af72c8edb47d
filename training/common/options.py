"""Each recipe has one frozen dataclass for its command line, its saved config.json and its model card's table.

`option` makes a field, and `Options` has the fields that every recipe shares. Besides its default and its help text a
field may have: `choices`, `may_change` (a resumed run may be given another value) and `formerly` (the
option's name in older config.json files, which are read as if they had the new one).
"""

import argparse
import dataclasses
from typing import Any, ClassVar, TypeVar, get_args, get_origin

from training.common.devices import fastest_precision

T = TypeVar("T")


class BadConfig(ValueError):
    """Options that cannot work, alone or together; the message says which and what to name instead."""


def option(default: Any, help: str, **facts: Any) -> Any:
    """A dataclass field that is also a command-line option; lists become default factories."""
    metadata = {"help": help, **facts}
    if isinstance(default, list):
        return dataclasses.field(default_factory=lambda: list(default), metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def with_default(base: type, name: str, default: Any) -> Any:
    """The option `name` of a base class with another default; its help text and facts stay."""
    field = next(field for field in dataclasses.fields(base) if field.name == name)
    return option(default, **field.metadata)


@dataclasses.dataclass(frozen=True)
class Options:
    """The options of every recipe; a recipe's own class adds its name and fields, and changes some defaults."""

    recipe: ClassVar[str]
    weights: list[str] = option(
        ["weights"],
        "where the pretrained networks' ImageNet weights are: folders, files, or 'torchvision', which downloads them; "
        "the first that has a network is used",
        may_change=True,
    )
    start: str = option(
        "", "run directory to start from: the networks of its best.pt, or of its last.pt if it has no best.pt"
    )
    training_data: str = option(
        "see the folders in the configuration",
        "description of the training pictures for the model card",
        may_change=True,
    )
    steps: int = option(40000, "number of training steps")
    batch: int = option(4, "pictures of each domain in a step, split evenly between processes")
    learning_rate: float = option(2e-4, "learning rate of the optimisers")
    ema: float = option(
        0.0, "decay of the exponential moving average (EMA) of the weights that is published; 0 turns it off",
        formerly="average",
    )  # fmt: skip
    validate_every: int = option(
        500, "steps between validations; each also writes samples and may update best.pt", may_change=True
    )
    save_every: int = option(100, "steps between checkpoints", may_change=True)
    seed: int = option(0, "seed of picture order, noise and initial weights")
    precision: str = option(fastest_precision(), "dtype in which the networks compute", choices=["float32", "bfloat16"])


def flag(name: str) -> str:
    """The command-line option of a field."""
    return "--" + name.replace("_", "-")


def add_options(parser: argparse.ArgumentParser, config: type) -> None:
    """Add one `--option` for each field of the dataclass; options that are not given are left out of the result."""
    defaults = config()
    for field in dataclasses.fields(config):
        default = getattr(defaults, field.name)
        kind: dict[str, Any] = {"type": field.type, "choices": field.metadata.get("choices")}
        if isinstance(default, list):
            kind = {"nargs": "+", "type": get_args(field.type)[0]}
        elif field.type is bool:
            kind = {"action": argparse.BooleanOptionalAction}
        shown = " ".join(default) if isinstance(default, list) else default
        help = f"{field.metadata['help']} (default: {shown})"
        parser.add_argument(flag(field.name), default=argparse.SUPPRESS, help=help, **kind)


def given(config: type, options: argparse.Namespace) -> dict[str, Any]:
    """Values of the fields that were named on the command line."""
    return {f.name: getattr(options, f.name) for f in dataclasses.fields(config) if hasattr(options, f.name)}


def from_json(config: type[T], saved: dict[str, Any]) -> T:
    """The dataclass of a saved config.json; unknown keys are ignored. Raises BadConfig.

    Options that were renamed are read by their former names, 'yes' and 'no' as booleans, one value as a list of it.
    """
    values = {}
    for field in dataclasses.fields(config):  # type: ignore[arg-type]
        name = field.name if field.name in saved else field.metadata.get("formerly")
        if name in saved:
            values[field.name] = _checked(field, saved[name])
    return config(**values)


def _checked(field: dataclasses.Field, value: Any) -> Any:
    """The value as the field's type. Raises BadConfig."""
    kind = get_origin(field.type) or field.type
    if kind is bool and value in ("yes", "no"):
        return value == "yes"
    if kind is float and type(value) is int:
        return float(value)
    if kind is list and type(value) is str:
        return [value]
    choices = field.metadata.get("choices")
    if type(value) is not kind or (choices and value not in choices):
        raise BadConfig(f"config.json: {field.name} cannot be {value!r}, see {flag(field.name)} in --help")
    return value


def changed(saved: Any, wanted: Any) -> list[str]:
    """The options that differ and cannot be changed in a resumed run, as they were given; both of one dataclass."""
    return [
        _shown(field.name, getattr(saved, field.name))
        for field in dataclasses.fields(saved)
        if not field.metadata.get("may_change") and getattr(saved, field.name) != getattr(wanted, field.name)
    ]


def _shown(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return flag(name if value else f"no_{name}")
    return f"{flag(name)} {' '.join(value) if isinstance(value, list) else value}"
