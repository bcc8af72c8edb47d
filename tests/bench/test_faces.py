"""Faces are located in the photo alone, and nothing else of the pictures matters."""

import numpy as np
import pytest
from PIL import Image

from bench.faces import Faces

dlib = pytest.importorskip("dlib")
SMALL, LARGE = dlib.rectangle(5, 5, 45, 45), dlib.rectangle(90, 90, 190, 190)


@pytest.fixture(scope="module")
def faces() -> Faces:
    return Faces()


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (280, 280, 3), np.uint8)


def test_a_photo_without_a_face_has_no_features(faces):
    assert faces([Image.new("RGB", (200, 200), "white")] * 2) is None


def test_features_are_those_of_the_photos_largest_face_in_every_picture(faces, monkeypatch):
    monkeypatch.setattr(faces, "detector", lambda photo, _: [SMALL, LARGE] if np.array_equal(photo, noise(0)) else [])
    elsewhere, there = noise(0), noise(0)
    elsewhere[:45, :45] = 0
    there[90:190, 90:190] = 0
    photo, same, changed = faces([Image.fromarray(each) for each in (noise(0), elsewhere, there)])
    assert photo.shape == (128,)
    assert np.array_equal(photo, same)
    assert not np.allclose(photo, changed)
