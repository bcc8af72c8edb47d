"""Promises of the options: one dataclass is command line and config.json, and older files are read."""

import argparse
import json
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from training.common.options import BadConfig, Options, add_options, changed, from_json, given, option
from training.daynight.config import Config
from training.tasks import TASKS

PUBLISHED = sorted((Path(__file__).resolve().parents[2] / "training").glob("*/published/**/config.json"))


@dataclass(frozen=True)
class Example(Options):
    """A recipe's options."""

    folders: list[str] = option(["data"], "folders")
    guided: bool = option(False, "guided")
    size: int = option(128, "side, px")


def parsed(*arguments: str) -> dict:
    parser = argparse.ArgumentParser()
    add_options(parser, Example)
    return given(Example, parser.parse_args(arguments))


def test_only_what_is_given_is_taken_from_the_command_line():
    assert parsed() == {}
    assert parsed("--size", "64", "--folders", "a", "b") == {"size": 64, "folders": ["a", "b"]}


def test_booleans_are_switches():
    assert parsed("--guided") == {"guided": True}
    assert parsed("--no-guided") == {"guided": False}
    with pytest.raises(SystemExit):
        parsed("--guided", "yes")


def test_older_files_are_read_by_former_names_and_words():
    config = from_json(Config, {"recipe": "cyclegan", "average": 0.98, "guided": "yes", "compiled": "no", "unheard": 1})
    assert (config.ema, config.guided, config.compiled) == (0.98, True, False)


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: str(file.parent.relative_to(file.parents[3])))
def test_every_published_configuration_is_read_whole(file):
    saved = json.loads(file.read_text())
    config = next(task.recipes[saved["recipe"]] for task in TASKS.values() if saved["recipe"] in task.recipes)
    read = from_json(config, saved)
    assert read.recipe == saved["recipe"] and read.steps == saved["steps"]
    assert read.ema == saved.get("ema", saved.get("average", 0.0))


@pytest.mark.parametrize(
    ("saved", "named"),
    [
        ({"size": "large"}, "size"),
        ({"guided": 1}, "guided"),
        ({"precision": "int8"}, "precision"),
        ({"ema": None}, "ema"),
    ],
)
def test_a_value_that_no_option_has_is_refused_by_name(saved, named):
    with pytest.raises(BadConfig, match=f"{named} cannot be"):
        from_json(Example, saved)


def test_some_options_may_change_in_a_resumed_run_and_others_not():
    assert changed(Example(), Example(size=64, save_every=7, guided=True)) == ["--no-guided", "--size 128"]
    free = {field.name for field in fields(Config) if field.metadata.get("may_change")}
    assert free == {"weights", "training_data", "validate_every", "save_every", "compiled"}
