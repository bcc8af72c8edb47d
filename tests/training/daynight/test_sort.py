"""Promises of training/daynight/sort.py."""

import json
from pathlib import Path

import pytest
from PIL import Image

from training.common.pictures import Pictures
from training.daynight.sort import main, measure_all, rules


def write(folder: Path, **greys: int) -> str:
    folder.mkdir(exist_ok=True)
    for name, grey in greys.items():
        Image.new("RGB", (16, 12), (grey, grey, grey)).save(folder / f"{name}.png")
    return str(folder)


def names(list_: Path) -> list[str]:
    return [entry.name for entry in Pictures([list_]).entries]


def test_pictures_are_listed_by_their_brightness_and_stay_where_they_are(tmp_path, capsys):
    source = write(tmp_path / "p", dark=20, dusk=90, bright=180)
    before = {file: file.read_bytes() for file in Path(source).iterdir()}
    main([source, "--out", str(tmp_path / "out")])
    assert [names(tmp_path / "out" / f"{group}.txt") for group in ("day", "night", "aside")] == [
        ["bright.png"],
        ["dark.png"],
        ["dusk.png"],
    ]
    assert {file: file.read_bytes() for file in Path(source).iterdir()} == before
    assert "1 day, 1 night, 1 aside" in capsys.readouterr().out
    assert Image.open(tmp_path / "out" / "histogram.png").width > 500


def test_a_label_that_disagrees_with_the_brightness_sets_the_picture_aside(tmp_path, capsys):
    day, night = write(tmp_path / "d", right=150, wrong=10), write(tmp_path / "n", night=30)
    main(["--day", day, "--night", night, "--out", str(tmp_path / "out")])
    assert names(tmp_path / "out" / "aside.txt") == ["wrong.png"]
    figures = json.loads((tmp_path / "out" / "split.json").read_text())
    assert figures["agreement"]["sky"]["day"] == {"right": 0.5, "aside": 0, "wrong": 0.5}
    assert " 50.0% wrong" in capsys.readouterr().out


def test_the_luminance_rule_divides_by_the_brightest_picture_of_all(tmp_path):
    pictures, _ = measure_all([(write(tmp_path / "p", a=40, b=100, c=66), None)])
    says = rules(pictures)
    assert [says["hsp"](p) for p in pictures] == ["night", "day", "day"]
    assert [says["hsp, over 255"](p) for p in pictures] == ["night", "night", "night"]
    assert [says["hsp, over the picture's brightest pixel"](p) for p in pictures] == ["day", "day", "day"]


def test_broken_pictures_are_named_and_in_no_list(tmp_path, capsys):
    source = write(tmp_path / "p", good=150)
    (tmp_path / "p" / "bad.jpg").write_bytes(b"no picture")
    main([source, "--out", str(tmp_path / "out")])
    assert json.loads((tmp_path / "out" / "split.json").read_text())["unreadable"] == ["bad.jpg"]
    said = capsys.readouterr().out
    assert "1 pictures cannot be read" in said and "no night picture: a training needs both" in said


def test_black_pictures_are_night(tmp_path):
    pictures, _ = measure_all([(write(tmp_path / "p", black=0), None)])
    assert {says(pictures[0]) for says in rules(pictures).values()} == {"night"}


def test_a_source_without_pictures_ends_in_one_sentence(tmp_path):
    with pytest.raises(SystemExit, match="no such folder or tar"):
        main([str(tmp_path / "nothing"), "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()
