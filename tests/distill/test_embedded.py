"""Promises of the embedded set, on which `python distill/run.py` trains on a fresh clone."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.options import BadConfig
from training.common.runs import NoRoom
from training.networks.layers import begin_even
from training.style import embedded
from training.style.batches import recoloured
from training.style.config import DistilConfig
from training.style.distil import main
from training.style.predictors import MobileNetStylePredictor
from training.style.validation import relative_distance


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where nothing is laid by hand, and the working folder; no painter has to paint."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(embedded, "ANEW", 0)
    return tmp_path


def test_without_options_and_without_pictures_the_embedded_set_is_the_default(clone):
    config = DistilConfig(**embedded.defaults({}))
    config.check()
    assert embedded.is_embedded(config) and not config.perceptual
    assert config.teacher == "training/style/published"
    half = DistilConfig(**embedded.defaults({"steps": 300}))
    assert (half.taught_steps, half.vector_steps, half.predictor_steps) == (300, 300, 210)


@pytest.mark.parametrize("name", ["photos", "styles", "weights", "teacher", "start"])
def test_naming_pictures_or_networks_makes_a_real_run(clone, name):
    assert embedded.defaults({name: ["something"]}) == {}


@pytest.mark.parametrize("folder", ["data/content", "data/style"])
def test_pictures_in_the_usual_folders_make_a_real_run_which_names_what_it_lacks(clone, folder):
    (clone / folder).mkdir(parents=True)
    with pytest.raises(SystemExit, match=r"weights/.* not found") as stop:
        main([])
    assert "\n" not in str(stop.value) and not (clone / "data" / "embedded").exists()


def test_held_out_painters_and_photos_are_not_trained_on(clone):
    embedded.prepare()
    names = {
        kind.name: {file.stem.rpartition("-")[0] for file in kind.glob("*.png")}
        for kind in Path("data/embedded").iterdir()
    }
    assert names["held-styles"] == set(embedded.HELD_PAINTERS)
    assert names["held-photos"] == {embedded.HELD_PHOTO}
    assert len(names["styles"]) >= 20 and not names["styles"] & names["held-styles"]
    assert len(names["photos"]) >= 2 and not names["photos"] & names["held-photos"]


def test_what_is_prepared_already_stays_and_what_a_stop_left_out_is_added(clone):
    embedded.prepare()
    kept, gone = (Path("data/embedded/styles") / name for name in ("wheat-wind-0.png", "koi-mosaic-0.png"))
    before = gone.read_bytes()
    gone.unlink()
    kept.write_bytes(b"as it was")
    embedded.prepare()
    assert kept.read_bytes() == b"as it was" and gone.read_bytes() == before


def test_a_folder_that_takes_no_pictures_is_named_in_one_sentence(clone):
    Path("data").write_text("a file")
    with pytest.raises(NoRoom, match="data/embedded cannot be written") as stop:
        embedded.prepare()
    assert "\n" not in str(stop.value)


@pytest.mark.parametrize(
    "change", [{"taught_steps": 5}, {"teacher": "none", "predictor_steps": 0}], ids=["no pictures", "no teacher"]
)
def test_without_perceptual_losses_the_teachers_pictures_must_be_the_target(clone, change):
    config = replace(DistilConfig(**embedded.defaults({})), **change)
    with pytest.raises(BadConfig, match="set --taught-steps to --steps"):
        config.check()


def test_a_random_predictor_begins_with_even_features():
    torch.manual_seed(0)
    predictor, pictures = MobileNetStylePredictor(), torch.rand(4, 3, 128, 128)
    begin_even(predictor, pictures)
    seen: list[torch.Tensor] = []
    for layer in predictor.modules():
        if isinstance(layer, torch.nn.Conv2d):
            layer.register_forward_hook(lambda _, __, features: seen.append(features))
    with torch.no_grad():
        predictor(pictures)
    for features in seen:
        assert features.mean((0, 2, 3)).abs().max() < 0.05
        assert features.std((0, 2, 3)).median() == pytest.approx(1, abs=0.05)


def test_a_recoloured_picture_keeps_its_forms_and_changes_its_colours():
    y, x = np.mgrid[0:64, 0:64]
    picture = Image.fromarray(np.stack([40 + 3 * x, 40 + 2 * y, np.where(x > 32, 200, 60)], -1).astype(np.uint8))
    results = [np.asarray(recoloured(picture, np.random.default_rng(i)), float) for i in range(20)]
    for result in results:
        edge = np.abs(np.diff(result, axis=1)).sum(2)[:, 32].mean()
        assert edge > 2 * np.abs(np.diff(result, axis=1)).sum(2)[:, :30].mean()
    assert min(np.abs(result - np.asarray(picture)).mean() for result in results) > 5


def test_the_teachers_picture_has_distance_0_and_the_untouched_photo_1():
    photo, taught = torch.rand(2, 2, 3, 16, 16)
    assert relative_distance(taught, taught, photo).tolist() == [0, 0]
    assert relative_distance(photo, taught, photo).tolist() == pytest.approx([1, 1])
    assert relative_distance(photo.lerp(taught, 0.75), taught, photo).tolist() == pytest.approx([0.25, 0.25])
