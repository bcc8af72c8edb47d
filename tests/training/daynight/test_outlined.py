"""Promises of the skies that were outlined by eye."""

import numpy as np
import pytest
from PIL import Image

from training.daynight import outlined
from training.daynight.labelled import Labelled
from training.daynight.scene import CLASSES, NO_BUILDING, NO_SKY, UNLABELLED

UPPER_HALF = [[[0, 0], [100, 0], [100, 50], [0, 50]]]


def test_an_outline_is_a_mask_and_its_band_lies_along_the_skyline_only():
    half = outlined.within(UPPER_HALF, (200, 100))
    assert half[:50].all() and not half[52:].any()
    rows = outlined.along(half, 0.03).any(1).nonzero()[0]
    assert rows.min() >= 45 and rows.max() <= 56


def test_every_outline_lies_within_its_picture():
    kinds = [outlined.to_measure(), outlined.to_learn("day"), outlined.to_learn("night")]
    kinds.append(outlined.walls_by_day())
    for polygon in (polygon for kind in kinds for polygons in kind.values() for polygon in polygons):
        assert len(polygon) >= 3 and np.min(polygon) >= 0 and np.max(polygon) <= 100


def test_what_is_measured_by_is_not_learnt_from():
    assert not outlined.to_measure().keys() & outlined.to_learn("night").keys()


def test_walls_are_of_photos_by_day_whose_sky_is_known():
    assert outlined.walls_by_day().keys() <= outlined.to_learn("day").keys()


def test_where_walls_are_known_all_else_is_no_building():
    lower_left = [[[0, 50], [50, 50], [50, 100], [0, 100]]]
    labels = outlined.labels_of(UPPER_HALF, lower_left, (200, 200))
    building = CLASSES.index("building")
    assert (labels[:95] == CLASSES.index("sky")).all() and (labels[105:, :95] == building).all()
    assert (labels[105:, 105:] == NO_BUILDING).all() and (labels[150, 100], labels[100, 150]) == (
        UNLABELLED,
        UNLABELLED,
    )


def test_a_photo_gets_labels_of_its_outline_and_one_without_sky_has_none(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(outlined, "to_learn", lambda time: {"a.jpg": UPPER_HALF, "b.jpg": []} if time == "day" else {})
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        Image.new("RGB", (700, 500)).save(tmp_path / name)
    outlined.main(["day", str(tmp_path), "--out", str(tmp_path / "labelled")])
    assert "2 photos with labels" in capsys.readouterr().out
    learnt = Labelled([str(tmp_path / "labelled")], "train")
    (photo, half), (_, none) = learnt.read(0), learnt.read(1)
    assert photo.size == half.size == (416, 288)
    rows = np.asarray(half)
    assert (
        (rows[:140] == CLASSES.index("sky")).all() and (rows[148:] == NO_SKY).all() and (rows[144] == UNLABELLED).all()
    )
    assert (np.asarray(none) == NO_SKY).all()
    with pytest.raises(SystemExit, match="none of the pictures has a sky outlined by night"):
        outlined.main(["night", str(tmp_path), "--out", str(tmp_path / "labelled")])
