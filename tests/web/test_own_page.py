"""The walk of README.md from a clone to a page with networks of one's own, in small."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from converter import run as converter
from server import WEB
from tests.web.conftest import OpenStudio, encoded, photo
from training.common import runs
from training.common.squares import to_tensor
from training.style import distil, embedded
from training.style.load import load_pair

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROOT = Path(__file__).resolve().parents[2]
SMALL = [
    "--steps",
    "4",
    "--validate-every",
    "4",
    "--batch",
    "2",
    "--views",
    "4",
    "--size",
    "96",
    "--style-size",
    "96",
    "--precision",
    "float32",
]
OWN_SPACE = ["--vector-steps", "3"]  # vectors that end as the student's own


def block() -> str:
    """The README's five commands with their comments."""
    [found] = re.findall(
        r"### From a clone to your own page\n\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S
    )
    return found


def walk() -> list[list[str]]:
    """The same as words."""
    return [shlex.split(line, comments=True) for line in block().splitlines()]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone in which the third and the fourth command of the walk have run, with few steps."""
    clone = tmp_path_factory.mktemp("clone")
    (clone / "training").symlink_to(ROOT / "training")
    _, _, distill, convert, _ = walk()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(clone)
        patch.setattr(embedded, "ANEW", 0)  # painting anew takes two minutes
        assert distill[1] == "distill/run.py" and convert[1] == "converter/run.py"
        distil.main([*distill[2:], *SMALL, *OWN_SPACE])
        converter.main(convert[2:])
    return clone


def test_the_walk_is_five_commands_that_exist():
    clone, setup, distill, convert, serve = walk()
    assert clone[:2] == ["git", "clone"] and setup == ["make", "setup"]
    assert re.search(r"^setup: ", (ROOT / "Makefile").read_text(), re.M)
    for python, script, *_ in (distill, convert, serve):
        assert python == ".venv-train/bin/python" and (ROOT / script).is_file()


def test_the_embedded_run_is_a_pair_of_its_own_whose_card_says_what_it_was_trained_on(clone):
    config = runs.read_config(clone / "runs/distill")
    assert config["steps"] == 4 and config["styles"] == ["data/embedded/styles"]
    own = json.loads((clone / "web/models/own/gallery.json").read_text())
    published = json.loads((WEB / "styles" / "gallery.json").read_text())
    assert own["style_space"] != published["style_space"]
    assert [style["id"] for style in own["styles"]] == [style["id"] for style in published["styles"]]
    for name, begun in (("style-predictor", "MobileNetV2 with random weights"), ("style-transformer", "the teacher's")):
        manifest = json.loads((clone / "web/models/own" / name / "manifest.json").read_text())
        assert manifest["style_space"] == own["style_space"]
        assert "own rendered photos and painted pictures" in manifest["training_data"]
        assert manifest["initialisation"].startswith(begun)
        assert 0 <= manifest["metrics"]["from_teacher"] < 1


def test_the_page_paints_the_gallery_and_an_own_style_with_the_own_pair(
    clone: Path, serve: Callable[..., str], open_studio: OpenStudio
) -> None:
    [models] = re.findall(r"\?(models=\S+)", block())
    shutil.copytree(WEB / "models", clone / "web" / "models", dirs_exist_ok=True)
    studio = open_studio(f"?backend=wasm&{models}", serve(MODELS=clone / "web" / "models"))
    painted = studio.paint()
    expect(studio.part("boldness")).to_be_hidden()  # this pair has learnt none
    own = json.loads((clone / "web/models/own/gallery.json").read_text())
    pair = load_pair(clone / "runs/distill")
    with torch.inference_mode():
        vector = torch.tensor([own["styles"][0]["vector"]])
        expected = pair.transformer(to_tensor(photo())[None], vector)[0].permute(1, 2, 0).numpy() * 255
    assert np.abs(painted.astype(float) - expected).mean() < 3
    studio.give(encoded(photo().rotate(180)), "own.png", to="style-input")
    studio.wait_for("done")
    assert not np.array_equal(studio.result(), painted)
