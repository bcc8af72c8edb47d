"""The bench measures what it says: graphs are really run, bytes add up, sheets show every picture."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser

from bench import distillation, quality, sheets, speed, wire
from bench.harness import Harness, Run
from bench.painters import Painter
from bench.pictures import pictures


@pytest.fixture(scope="module")
def harness(chromium: Browser) -> Harness:
    return Harness(chromium)


def write_graph(folder: Path, with_weights: bool) -> Path:
    """A TF.js graph of one step: what comes in, plus the weight 2.5."""
    dtype = {"dtype": {"type": 1}}
    nodes = [
        {"name": "x", "op": "Placeholder", "attr": dtype | {"shape": {"shape": {"unknownRank": True}}}},
        {"name": "weights", "op": "Const", "attr": dtype | {"value": {"tensor": {"dtype": 1}}}},
        {"name": "sum", "op": "AddV2", "input": ["x", "weights"], "attr": {"T": {"type": 1}}},
    ]
    specs = [{"name": "weights", "shape": [1], "dtype": "float32"}]
    model = {
        "modelTopology": {"node": nodes, "versions": {"producer": 1}},
        "weightsManifest": [{"paths": ["weights.bin"], "weights": specs}],
    }
    (folder / "model.json").write_text(json.dumps(model))
    if with_weights:
        (folder / "weights.bin").write_bytes(np.float32([2.5]).tobytes())
    return folder / "model.json"


@pytest.mark.browser
def test_a_graph_runs_and_is_timed_in_chromium(tmp_path: Path, harness: Harness) -> None:
    harness.load("sum", write_graph(tmp_path, with_weights=True))
    x = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    assert np.array_equal(harness.run("sum", {"x": x}), x + 2.5)
    [times] = harness.time([Run("sum", {"x": [1, 2, 3]})], repeats=3)
    assert len(times) == 3


@pytest.mark.browser
def test_a_graph_without_its_weights_runs_with_random_ones(tmp_path: Path, harness: Harness) -> None:
    harness.load("sum", write_graph(tmp_path, with_weights=False))
    assert harness.run("sum", {"x": np.zeros((1, 2), np.float32)}).shape == (1, 2)


def test_a_peers_graph_is_found_under_either_name(tmp_path: Path) -> None:
    comparison = speed.COMPARISONS[2]
    assert speed.find_peer(None, comparison) is None
    assert speed.find_peer(tmp_path, comparison) is None
    topology = tmp_path / "magenta-style_inception.topology.json"
    topology.write_text("{}")
    assert speed.find_peer(tmp_path, comparison) == topology


def test_a_peer_may_be_given_a_larger_picture() -> None:
    people = next(each for each in speed.COMPARISONS if each.peer_side)
    assert speed.inputs_of({"inputs": [{"tensor": "photo", "shape": [1, None, None, 3]}]}, people.side) == {
        "photo": [1, 256, 256, 3]
    }
    assert speed.peer_inputs(people)["Placeholder"] == [1, 512, 512, 3]


def test_a_ratio_below_the_promised_one_is_said_to_be_short() -> None:
    comparison = speed.COMPARISONS[0]
    assert "6.0x faster  (at least 5x)" in speed.row(speed.Result(comparison, ours=10, peer=60))
    assert "4.0x faster  (SHORT OF 5x)" in speed.row(speed.Result(comparison, ours=10, peer=40))
    assert "faster" not in speed.row(speed.Result(comparison, ours=10, peer=None))


@pytest.mark.browser
def test_teacher_and_student_are_weighed_and_timed(tmp_path: Path, harness: Harness) -> None:
    port = {"tensor": "x", "shape": [1, None, None, 3]}
    for folder, size in (("teacher", 4000), ("student", 1000)):
        (tmp_path / folder).mkdir()
        manifest = {"inputs": [port], "files": [{"bytes": size - 10}, {"bytes": 10}]}
        (tmp_path / folder / "manifest.json").write_text(json.dumps(manifest))
        write_graph(tmp_path / folder, with_weights=True)
    found = distillation.networks(harness, [tmp_path / "teacher", tmp_path / "student"], [8, 16], repeats=2)
    assert [network.bytes for network in found] == [4000, 1000]
    assert all(set(network.times) == {8, 16} for network in found)


def test_the_table_tells_how_many_times_smaller_and_faster_the_student_is() -> None:
    teacher, student = distillation.Network(18_000_000, {256: 300.0}), distillation.Network(2_000_000, {256: 40.0})
    size, time = distillation.lines(distillation.Saving("style-predictor", teacher, student))
    assert size.split() == ["style-predictor", "bytes,", "MB", "18.00", "2.00", "9.0x"]
    assert time.split() == ["style-predictor", "256", "px,", "ms", "300.0", "40.0", "7.5x"]


def test_bytes_are_counted_by_part_and_none_is_lost() -> None:
    sent = {
        "/": 10,
        "/assets/worker-abcdefgh.js": 100,
        "/models/style-transformer/model.json": 1000,
        "/styles/a.webp": 5,
    }
    parts = wire.by_part(sent)
    assert parts["transformer"] == 1000
    assert parts.total() == sum(sent.values())


def test_sheets_show_photo_style_ours_and_every_other_network(tmp_path: Path) -> None:
    photo, style = pictures(tmp_path)
    pairs, out = tmp_path / "pairs", tmp_path / "out"
    for folder, picture in (("content", photo), ("style", style), ("peer", style)):
        (pairs / folder).mkdir(parents=True)
        Image.open(picture).save(pairs / folder / "00.jpg")
    out.mkdir()
    inverting = Painter(lambda style: np.ones((1, 100), np.float32), lambda photo, _: 1 - photo, np.zeros((1, 100)))
    path = quality.paint_path(inverting, quality.pair(pairs, "00"), out)
    quality.write_sheets(pairs, out, ["00"], [path])
    assert Image.open(out / "pairs-1.jpg").width == 4 * sheets.CELL
    assert Image.open(out / "strengths-1.jpg").width == 5 * sheets.CELL
