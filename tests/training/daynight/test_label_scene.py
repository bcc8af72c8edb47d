"""Promises of labelling photos for the scene network's own training."""

import numpy as np
import pytest
import torch
from PIL import Image

from training.daynight import label_scene
from training.daynight.labelled import Labelled
from training.daynight.scene import CLASSES, UNLABELLED, SceneNetwork


class Upper(SceneNetwork):
    """Sure that the upper half is sky, unsure of the rest."""

    def forward(self, photo):
        logits = torch.zeros(1, len(CLASSES), *photo.shape[-2:])
        logits[:, 0, : photo.shape[2] // 2] = 9
        return logits, torch.zeros(1, 2, *photo.shape[-2:])


@pytest.fixture
def network(monkeypatch):
    monkeypatch.setattr(label_scene, "load_scene", lambda run: Upper())


def test_photos_get_labels_to_learn_from_where_the_network_is_sure(network, tmp_path, capsys):
    folder, out = tmp_path / "days", tmp_path / "labelled"
    folder.mkdir()
    Image.new("RGB", (700, 500), "white").save(folder / "a.jpg")
    Image.new("RGB", (200, 100)).save(folder / "camvid_b.jpg")
    Image.new("RGB", (200, 100)).save(folder / next(iter(label_scene.to_measure())))
    label_scene.main(["run", str(folder), "--out", str(out), "--without", "camvid_"])
    assert "1 photos with labels" in capsys.readouterr().out
    photo, labels = Labelled([str(out)], "train").read(0)
    assert photo.size == labels.size == (416, 288)
    classes = np.asarray(labels)
    assert (classes[:144] == 0).all() and (classes[144:] == UNLABELLED).all()


def test_what_cannot_be_labelled_is_said_in_one_sentence(network, tmp_path):
    Image.new("RGB", (200, 100)).save(tmp_path / "camvid_b.jpg")
    with pytest.raises(SystemExit, match="nothing is left of"):
        label_scene.main(["run", str(tmp_path), "--out", str(tmp_path / "out"), "--without", "camvid_"])
