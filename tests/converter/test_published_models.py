"""The models in web/models are what their manifests say, and belong together."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from torch import nn

from converter import parity
from converter.gallery import GALLERY
from converter.run import MODELS
from converter.tiling import tiling
from tests.converter.models import assert_files_as_described, assert_tensors_as_described, manifest_of
from training.daynight.constants import TRANSLATOR
from training.daynight.relight import EVENING, MORNING
from training.daynight.relit import BOXES, FLAT, USUAL_HOUR
from training.export import PICTURE, Export, Port
from training.portrait import networks as mask
from training.style.constants import PREDICTOR, TRANSFORMER
from training.style.export import WITH_BOLDNESS
from training.style.transformer import KEPT
from training.synthesis.layers import LATENT

STYLE, TRANSLATORS = ("style-predictor", "style-transformer"), ("day-to-night", "night-to-day")
# What a manifest says of the page's finer controls, and of the guided upsampling.
HOURS = {
    name: {"hours": list(hours), "has_lights": lights, "usual_hour": USUAL_HOUR[name], "boxes": BOXES, "flat": FLAT}
    for name, hours, lights in (("day-to-night", EVENING, True), ("night-to-day", MORNING, False))
}
# Bytes, model.json included.
BUDGETS = {
    "style-predictor": 2.6e6,
    "style-transformer": 0.6e6,
    "day-to-night": 1.4e6,
    "night-to-day": 1.6e6,
    "person-mask": 0.6e6,
    "style-inventor": 0.3e6,
}
PORTS = {
    "style-predictor": ({"style": [1, None, None, 3]}, {"vector": [1, 100]}),
    "style-transformer": ({"photo": [1, None, None, 3], "vector": [1, 101]}, {"painted": [1, None, None, 3]}),
    "day-to-night": ({"photo": [1, None, None, 3]}, {"painted": [1, None, None, 12]}),  # three hours, and the lights
    "night-to-day": ({"photo": [1, None, None, 3]}, {"painted": [1, None, None, 9]}),  # three hours
    "person-mask": ({"photo": [1, None, None, 3]}, {"mask": [1, None, None, 1]}),
    "style-inventor": ({"noise": [1, 128]}, {"vector": [1, 100]}),
}


model = pytest.mark.parametrize("model", sorted(p.parent for p in MODELS.glob("*/manifest.json")), ids=lambda p: p.name)


@model
def test_files_and_tensors_are_as_the_manifest_says(model: Path) -> None:
    assert_files_as_described(model)
    assert_tensors_as_described(model)


@model
def test_differences_from_torch_are_within_the_bounds(model: Path) -> None:
    described = manifest_of(model)
    for kind, value in described["parity"]["steps"]["tfjs"].items():
        assert value <= parity.BOUNDS[described["precision"]][kind]


def test_the_first_number_of_a_vector_keeps_the_photo_or_lets_go_of_it() -> None:
    styles = json.loads(GALLERY.read_text())["styles"]
    assert [style["vector"][KEPT] for style in styles] == [0] * len(styles)
    assert manifest_of(MODELS / "style-transformer")["photo_mean_vector"][KEPT] == 1


def test_day_to_night_finds_the_sky() -> None:
    """Intersection over union on held-out photos, and on nights made of them."""
    found = manifest_of(MODELS / "day-to-night")["metrics"]
    assert found["sky"] >= 0.9 and found["night_sky"] >= 0.88


def test_people_are_found() -> None:
    """Overlap on held-out portraits, and how often the page finds nobody there, or anybody where nobody is."""
    found = manifest_of(MODELS / "person-mask")["metrics"]
    assert found["mean_iou"] >= 0.94 and found["missed"] <= 0.02 and found["taken_for_people"] <= 0.03


def test_invented_styles_are_varied_and_not_copied() -> None:
    """Distances to one another and to the nearest training vector, over those of training vectors."""
    found = manifest_of(MODELS / "style-inventor")["metrics"]
    assert found["variety"] >= 0.8 and found["nearest"] >= 0.6


def test_the_models_together_are_small() -> None:
    assert sum(each["bytes"] for model in BUDGETS for each in manifest_of(MODELS / model)["files"]) <= 8e6


def test_days_keep_the_edges_of_nights() -> None:
    """Correlation of the gradients' lengths, on held-out pictures."""
    assert manifest_of(MODELS / "night-to-day")["metrics"]["structure"] >= 0.85


@model
def test_a_card_tells_the_licence_and_the_training_pictures(model: Path) -> None:
    described, card = manifest_of(model), (model / "CARD.md").read_text()
    assert described["licence"] in card
    assert described["training_data"] in card


@pytest.mark.parametrize(
    ("name", "constants"),
    [
        ("style-predictor", asdict(PREDICTOR)),
        ("style-transformer", asdict(TRANSFORMER)),
        *((name, asdict(TRANSLATOR) | controls) for name, controls in HOURS.items()),
        ("person-mask", mask.CONSTANTS),
        ("style-inventor", {"noise": LATENT}),
    ],
)
def test_the_manifests_carry_the_constants_that_page_and_python_share(name: str, constants: dict) -> None:
    assert manifest_of(MODELS / name)["constants"] == json.loads(json.dumps(constants))


@pytest.mark.parametrize("name", BUDGETS)
def test_the_models_keep_within_their_budgets_of_bytes(name: str) -> None:
    assert sum(each["bytes"] for each in manifest_of(MODELS / name)["files"]) <= BUDGETS[name]


@pytest.mark.parametrize("name", PORTS)
def test_the_ports_are_those_the_page_uses(name: str) -> None:
    described = manifest_of(MODELS / name)
    for side, ports in zip(("inputs", "outputs"), PORTS[name], strict=True):
        assert {port["name"]: port["shape"] for port in described[side]} == ports


def test_all_that_gives_style_vectors_is_of_the_transformers_style_space() -> None:
    gallery = json.loads(GALLERY.read_text())
    spaces = {manifest_of(MODELS / name)["style_space"] for name in (*STYLE, "style-inventor")}
    spaces |= {gallery["style_space"]}
    assert len(spaces) == 1
    assert all(len(style["vector"]) == 100 for style in gallery["styles"])
    assert len(manifest_of(MODELS / "style-transformer")["photo_mean_vector"]) == 100


def test_the_transformer_can_be_painted_in_tiles(tmp_path: Path) -> None:
    """Its statistics, fed back, give the same picture, and then a pixel reaches no farther than the manifest says."""
    model = MODELS / "style-transformer"
    described = manifest_of(model)
    photo, painted = (Port(name, PICTURE, (0.0, 1.0)) for name in ("photo", "painted"))
    export = Export("", "", nn.Identity(), (photo, WITH_BOLDNESS), (painted,), {})
    assert tiling(model, export, tmp_path) == {key: described[key] for key in ("statistics", "reach")}
    assert described["reach"] < 128
