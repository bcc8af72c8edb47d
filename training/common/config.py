"""One frozen dataclass a recipe: its command line, its saved config.json and its model card's table."""

import argparse
import dataclasses
from typing import Any, TypeVar, get_args, get_origin

T = TypeVar("T")


def option(default: Any, help: str, **kwargs: Any) -> Any:
    """A dataclass field that is also a command-line option; lists become default factories."""
    metadata = {"help": help, **kwargs}
    if isinstance(default, list):
        return dataclasses.field(default_factory=lambda: list(default), metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def add_options(parser: argparse.ArgumentParser, config: type) -> None:
    """Add one `--option` for each field of the dataclass."""
    defaults = config()
    for field in dataclasses.fields(config):
        default = getattr(defaults, field.name)
        flag, shown = "--" + field.name.replace("_", "-"), " ".join(default) if isinstance(default, list) else default
        help = f"{field.metadata['help']} (default: {shown})"
        if get_origin(field.type) is list:
            parser.add_argument(flag, nargs="+", type=get_args(field.type)[0], default=default, help=help)
        else:
            choices = field.metadata.get("choices")
            parser.add_argument(flag, type=field.type, default=default, choices=choices, help=help)


def from_options(config: type[T], options: argparse.Namespace) -> T:
    """The dataclass of parsed options."""
    return config(**{f.name: getattr(options, f.name) for f in dataclasses.fields(config)})  # type: ignore[arg-type]


def from_json(config: type[T], saved: dict) -> T:
    """The dataclass of a saved config.json; keys of no field (`recipe`) are left aside."""
    names = {f.name for f in dataclasses.fields(config)}  # type: ignore[arg-type]
    return config(**{k: v for k, v in saved.items() if k in names})
