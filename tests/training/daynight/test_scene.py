"""Promises of the scene layers: their pictures, made nights, training and figures."""

import json

import numpy as np
import pytest
import torch
from PIL import Image

from training.common import runs
from training.common.pictures import NoPictures, Pictures
from training.daynight import evaluate_scene, train_scene
from training.daynight.config import SceneConfig
from training.daynight.labelled import Labelled, Streets, confusion, exposed, intersections, made_night, of_class
from training.daynight.outlined import to_measure
from training.daynight.scene import (
    CLASSES,
    FACADE,
    LAYERS,
    LIGHTS,
    NO_BUILDING,
    NO_LIGHT,
    NO_SKY,
    UNLABELLED,
    WALL,
    WINDOW,
    SceneNetwork,
    layers,
)
from training.daynight.smoke import make_labelled_streets

TINY = {"steps": 4, "batch": 4, "size": 64, "validate_every": 4, "save_every": 1, "precision": "float32"}


@pytest.fixture(scope="module")
def streets(tmp_path_factory) -> str:
    return str(make_labelled_streets(tmp_path_factory.mktemp("scene") / "streets"))


@pytest.fixture(scope="module")
def run(streets, tmp_path_factory):
    run = tmp_path_factory.mktemp("scene-run") / "run"
    train_scene.train(run, SceneConfig(labelled=[streets], **TINY))
    return run


def test_each_part_has_its_own_photos_with_their_labels(streets):
    parts = {part: Labelled([streets], part) for part in ("train", "val", "test")}
    names = {part: {each.pictures.entries[i].name for i, _ in each.pairs} for part, each in parts.items()}
    assert [len(each) for each in names.values()] == [4, 4, 4] and len(set.union(*names.values())) == 12
    photo, labels = parts["val"].read(1)
    assert photo.size == labels.size == (160, 96) and labels.mode == "L" and set(np.unique(labels)) <= {0, 1, 3}


def test_a_mask_labels_people_and_nothing_else(tmp_path):
    Image.new("RGB", (64, 32)).save(tmp_path / "a.jpg")
    mask = np.zeros((32, 64), np.uint8)
    mask[:, :20] = 255
    Image.fromarray(mask).save(tmp_path / "a.mask.png")
    labelled = Labelled([str(tmp_path)], "train")
    _, labels = labelled.read(0)
    assert len(labelled) == 1
    assert (np.asarray(labels) == np.where(mask > 0, CLASSES.index("pedestrian"), UNLABELLED)).all()


def test_photos_without_labels_are_named_in_one_sentence(tmp_path):
    Image.new("RGB", (64, 64)).save(tmp_path / "train_a.png")
    with pytest.raises(NoPictures, match=r"no photo of .* has labels \(NAME\.labels\.png\) and a name of train_"):
        Labelled([str(tmp_path)], "train")


def test_a_step_has_as_many_days_as_nights_and_is_the_same_however_it_is_shared(streets):
    config = SceneConfig(labelled=[streets], **TINY)
    labelled = Labelled([streets], "train")
    whole = Streets(labelled, config)[2]
    brightness = whole["photos"].mean((1, 2, 3))
    assert brightness[::2].mean() > 1.5 * brightness[1::2].mean()
    halves = [Streets(labelled, config, part, 2)[2] for part in (0, 1)]
    for name in ("photos", "labels"):
        assert torch.equal(torch.cat([half[name] for half in halves]), whole[name])


def test_photos_are_learnt_from_with_other_light_and_with_more_and_less_colour():
    photo = np.tile(np.array([0.3, 0.4, 0.5], np.float32), (8, 8, 1))
    seen = [exposed(photo, np.random.default_rng(seed)) for seed in range(40)]
    spread = [float(np.ptp(each[0, 0]) / each.mean()) for each in seen]
    assert min(spread) < 0.3 and max(spread) > 0.9  # the photo's own: 0.5
    assert min(each.mean() for each in seen) < 0.3 and max(each.mean() for each in seen) > 0.5
    assert all(each.min() >= 0 and each.max() <= 1 for each in seen)


def test_a_made_night_is_dark_above_and_lit_where_houses_are():
    classes = np.zeros((64, 64), np.uint8)
    classes[32:] = CLASSES.index("building")
    photo = np.full((64, 64, 3), 0.6, np.float32)
    nights = [made_night(photo, classes, np.random.default_rng(seed)) for seed in range(12)]
    assert np.median([night[classes == 0].mean() for night in nights]) < 0.3
    brightest = [np.unravel_index(night.sum(2).argmax(), (64, 64))[0] for night in nights]
    assert np.mean(np.array(brightest) >= 24) > 0.7
    assert all(night.min() >= 0 and night.max() <= 1 for night in nights)


@torch.inference_mode()
def test_the_layers_join_all_classes_and_sum_to_one_and_lights_are_beside_them():
    assert sorted(name for joined in LAYERS.values() for name in joined) == sorted(CLASSES)
    network = SceneNetwork().eval()
    logits, lights = network(torch.rand(1, 3, 64, 96))
    assert logits.shape == (1, len(CLASSES), 64, 96) and lights.shape == (1, len(LIGHTS), 64, 96)
    found = layers(logits)
    assert found.shape == (1, len(LAYERS), 64, 96)
    assert torch.allclose(found.sum(1), torch.ones(1, 64, 96), atol=1e-5)


def test_intersection_over_union_leaves_the_unlabelled_out():
    labels = torch.tensor([0, 0, 0, 1, 1, UNLABELLED])
    predicted = torch.tensor([0, 0, 1, 1, 0, 0])
    found = intersections(confusion(predicted, labels))
    assert found == {"sky": 0.5, "building": pytest.approx(1 / 3), "mean": pytest.approx(5 / 12)}


def test_where_no_sky_or_no_building_is_only_that_costs_and_the_unlabelled_cost_nothing():
    logits = torch.zeros(1, len(CLASSES), 1, 4)
    logits[0, 0, 0, :2], logits[0, 3, 0, 2:] = 20, 20  # two places of sky, two of road
    sky, road = CLASSES.index("sky"), CLASSES.index("road")

    def loss(*labels: int) -> float:
        return train_scene.cross_entropy(logits, torch.tensor([[labels]])).item()

    assert loss(sky, sky, road, road) == pytest.approx(0, abs=1e-4)
    assert loss(sky, UNLABELLED, NO_SKY, NO_SKY) == pytest.approx(0, abs=1e-4)
    assert loss(NO_SKY, UNLABELLED, NO_SKY, UNLABELLED) > 5
    assert loss(UNLABELLED, UNLABELLED, NO_BUILDING, NO_BUILDING) == pytest.approx(0, abs=1e-4)
    logits[0, 1, 0, 2:] = 40  # two places of building
    assert loss(UNLABELLED, UNLABELLED, NO_SKY, NO_SKY) == pytest.approx(0, abs=1e-4)
    assert loss(UNLABELLED, UNLABELLED, NO_BUILDING, NO_SKY) > 5
    assert loss(*4 * [UNLABELLED]) == 0


def test_lights_are_learnt_where_they_are_known_and_facades_say_nothing_of_single_windows():
    def loss(logits: tuple[float, float], *labels: int) -> float:
        each = torch.tensor(logits).view(1, 2, 1, 1).expand(1, 2, 1, len(labels))
        return train_scene.lights_entropy(each, torch.tensor([[labels]])).item()

    window, facade, none = (9.0, -9.0), (-9.0, 9.0), (-9.0, -9.0)
    road, building = CLASSES.index("road"), CLASSES.index("building")
    assert loss(window, WINDOW) < 0.01 and loss(facade, FACADE) < 0.01 and loss((9.0, 9.0), FACADE) < 0.01
    assert loss(none, WINDOW) > 3 and loss(none, FACADE) > 3
    for dark in (WALL, NO_LIGHT, NO_BUILDING, road):
        assert loss(none, dark) < 0.01 and loss(window, dark) > 3 and loss(facade, dark) > 3
    assert loss(window, building, UNLABELLED, NO_SKY, 255) == 0


def test_what_labels_say_of_windows_is_left_out_of_their_classes():
    labels = torch.tensor([0, UNLABELLED, NO_SKY, WINDOW, WALL, FACADE, NO_LIGHT, 255])
    building = CLASSES.index("building")
    assert of_class(labels).tolist() == [0, UNLABELLED, NO_SKY, building, building, building, UNLABELLED, 255]


def test_a_source_that_is_named_twice_is_learnt_from_twice_and_measured_once(streets):
    for part, times in (("train", 2), ("val", 1), ("test", 1)):
        once, twice = (Labelled(sources, part) for sources in ([streets], [streets, streets]))
        names = [sorted(each.pictures.entries[i].name for i, _ in each.pairs) for each in (once, twice)]
        assert names[1] == sorted(times * names[0])


def test_photos_of_one_name_in_two_folders_keep_their_own_labels(tmp_path):
    for folder, label in (("a", 1), ("b", 3)):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (64, 32)).save(tmp_path / folder / "x.jpg")
        Image.new("L", (64, 32), label).save(tmp_path / folder / "x.labels.png")
    labelled = Labelled([str(tmp_path / "a"), str(tmp_path / "b")], "train")
    assert {int(np.asarray(labelled.read(i)[1]).max()) for i in range(len(labelled))} == {1, 3}


def test_squares_have_several_sizes_for_windows_of_whole_photos_are_small(streets):
    config = SceneConfig(labelled=[streets], **{**TINY, "size": 128, "steps": 40})
    squares = Streets(Labelled([streets], "train"), config)
    assert {squares[step]["photos"].shape[-1] for step in range(20)} == {64, 96, 128}


def test_lights_are_measured_where_windows_are_known(tmp_path):
    class Left(torch.nn.Module):
        """Sees windows in the left half and facades nowhere."""

        def forward(self, x):
            lights = torch.full((1, 2, *x.shape[-2:]), -1.0)
            lights[:, 0, :, : x.shape[3] // 2] = 1
            return torch.zeros(1, len(CLASSES), *x.shape[-2:]), lights

    Image.new("RGB", (64, 64)).save(tmp_path / "val_a.jpg")
    labels = np.full((64, 64), WALL, np.uint8)
    labels[:, :16], labels[:, 48:] = WINDOW, FACADE
    Image.fromarray(labels).save(tmp_path / "val_a.labels.png")
    found = train_scene.lights_found(Left(), Labelled([str(tmp_path)], "val"), torch.device("cpu"))
    assert found == {"window": 0.5, "facade": 0}


@pytest.mark.slow
def test_a_training_leaves_what_a_run_has_and_resumes_as_if_it_had_never_stopped(streets, run, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    assert runs.read_config(run)["recipe"] == "scene" and list((run / "samples").iterdir())
    config = SceneConfig(labelled=[streets], **TINY)
    with monkeypatch.context() as stopping, pytest.raises(KeyboardInterrupt):
        stopping.setattr("training.daynight.train_scene.SceneRecipe.validate", stop)
        train_scene.train(tmp_path / "run", config)
    train_scene.train(tmp_path / "run", config, resume=True)
    whole, resumed = (runs.load(each)["scene"] for each in (run, tmp_path / "run"))
    assert all(torch.allclose(whole[name], resumed[name], atol=1e-6) for name in whole)


@pytest.mark.slow
def test_a_run_is_measured_on_its_test_photos(run, capsys):
    evaluate_scene.main([str(run)])
    figures = json.loads((run / "evaluation" / "figures.json").read_text())
    assert set(figures) == {"day", "night"} and 0 <= figures["day"]["mean"] <= 1
    assert "Intersection over union, 4 photos" in capsys.readouterr().out


def test_another_run_is_refused_in_one_sentence(tmp_path):
    runs.create_folder(tmp_path / "run", {"recipe": "cyclegan"})
    with pytest.raises(SystemExit):
        evaluate_scene.main([str(tmp_path / "run")])


def test_the_sky_of_real_nights_is_measured_where_it_was_outlined(tmp_path):
    class Upper(torch.nn.Module):
        """Calls the upper half sky and the rest building."""

        def forward(self, x):
            logits = torch.zeros(1, len(CLASSES), *x.shape[-2:])
            logits[:, 0, : x.shape[2] // 2], logits[:, 1, x.shape[2] // 2 :] = 1, 1
            return logits, torch.zeros(1, 2, *x.shape[-2:])

    names = list(to_measure())
    Image.new("RGB", (200, 100)).save(tmp_path / names[0])
    Image.new("RGB", (200, 100)).save(tmp_path / "another.jpg")
    found = evaluate_scene.skies(Upper(), Pictures([tmp_path]))  # type: ignore[arg-type]
    assert found["count"] == 1 and 0 <= found["sky"] <= 1 and 0 <= found["skyline"] <= 1
    (tmp_path / names[0]).unlink()
    with pytest.raises(NoPictures, match="none of the pictures has an outlined sky"):
        evaluate_scene.skies(Upper(), Pictures([tmp_path]))  # type: ignore[arg-type]
