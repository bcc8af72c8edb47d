"""Promises of the skies, walls and windows that were outlined by eye."""

import numpy as np
import pytest
from PIL import Image

from training.daynight import outlined
from training.daynight.labelled import Labelled
from training.daynight.scene import CLASSES, FACADE, NO_BUILDING, NO_LIGHT, NO_SKY, UNLABELLED, WALL, WINDOW

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


def test_windows_lie_within_their_pictures_or_are_cut_by_its_edge():
    for windows in outlined.windows_by_day().values():
        for polygon in windows.drawn + windows.facades:
            assert len(polygon) >= 3 and np.min(polygon) >= -3 and np.max(polygon) <= 103


def test_what_is_measured_by_is_not_learnt_from():
    assert not outlined.to_measure().keys() & outlined.to_learn("night").keys()


def test_walls_are_of_photos_by_day_whose_sky_is_known():
    assert outlined.walls_by_day().keys() <= outlined.to_learn("day").keys()


def test_where_walls_are_known_all_else_is_no_building():
    lower_left = [[[0, 50], [50, 50], [50, 100], [0, 100]]]
    labels = outlined.labels_of(UPPER_HALF, lower_left, None, (200, 200))
    building = CLASSES.index("building")
    assert (labels[:95] == CLASSES.index("sky")).all() and (labels[105:, :95] == building).all()
    assert (labels[105:, 105:] == NO_BUILDING).all() and (labels[150, 100], labels[100, 150]) == (
        UNLABELLED,
        UNLABELLED,
    )


def test_a_regular_facade_has_a_window_in_the_middle_of_each_cell():
    windows = outlined.cells([[10, 10], [50, 10], [50, 30], [10, 30]], columns=4, rows=2, width=0.5, height=0.4)
    assert len(windows) == 8
    assert np.allclose(windows[0], [[12.5, 13], [17.5, 13], [17.5, 17], [12.5, 17]])
    assert np.allclose(windows[7], [[42.5, 23], [47.5, 23], [47.5, 27], [42.5, 27]])


def test_windows_facades_and_walls_are_told_apart_and_elsewhere_is_no_light():
    wall, window, facade = ([[[x, 60], [x + 20, 60], [x + 20, 90], [x, 90]]] for x in (10, 30, 60))
    windows = outlined.Windows(window, facade)
    known = outlined.labels_of(UPPER_HALF, wall, windows, (200, 200))
    unknown = outlined.labels_of(None, None, windows, (200, 200))
    assert known[150, 30] == WALL and known[20, 100] == CLASSES.index("sky") and known[150, 190] == NO_BUILDING
    assert unknown[150, 30] == unknown[20, 100] == unknown[150, 190] == NO_LIGHT
    for labels in (known, unknown):
        assert labels[150, 80] == WINDOW and labels[150, 140] == FACADE
        assert (labels == WINDOW).mean() == pytest.approx(0.06, abs=0.003)  # all of it: nothing is left out around


def test_photos_with_windows_have_a_folder_of_their_own_and_some_are_held_out(tmp_path, monkeypatch):
    names = [f"street_{i}.jpg" for i in range(60)]
    windows = {name: outlined.Windows(UPPER_HALF, []) for name in names[1:]}
    monkeypatch.setattr(outlined, "windows_by_day", lambda: windows)
    monkeypatch.setattr(outlined, "to_learn", lambda time: {"street_0.jpg": UPPER_HALF})
    monkeypatch.setattr(outlined, "walls_by_day", dict)
    for name in names:
        Image.new("RGB", (64, 64)).save(tmp_path / name)
    out = tmp_path / "labelled"
    outlined.main(["day", str(tmp_path), "--walls", "--out", str(out)])
    assert [file.name for file in out.glob("*.jpg")] == ["day-street_0.jpg"]
    held = [file for file in (out / "windows").glob("*.jpg") if file.name.startswith("val_day-")]
    assert len(list((out / "windows").glob("*.jpg"))) == 59 and 1 <= len(held) <= 10
    assert (np.asarray(Labelled([str(out / "windows")], "val").read(0)[1])[:30] == WINDOW).all()


def test_labelled_streets_get_their_windows(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(outlined, "windows_by_day", lambda: {"train_a.jpg": outlined.Windows(UPPER_HALF, [])})
    building, road = CLASSES.index("building"), CLASSES.index("road")
    for name in ("train_a", "train_b"):
        Image.new("RGB", (64, 64)).save(tmp_path / f"{name}.jpg")
        labels = np.full((64, 64), building, np.uint8)
        labels[:, 32:] = road
        Image.fromarray(labels).save(tmp_path / f"{name}.labels.png")
    outlined.main(["street", str(tmp_path), "--out", str(tmp_path / "windows")])
    assert "1 photos with labels" in capsys.readouterr().out
    labels = np.asarray(Labelled([str(tmp_path / "windows")], "train").read(0)[1])
    assert (labels[:31, :32] == WINDOW).all() and (labels[34:, :32] == WALL).all() and (labels[:, 32:] == road).all()


def test_a_photo_gets_labels_of_its_outline_and_one_without_sky_has_none(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(outlined, "windows_by_day", dict)
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
