"""The whole line on small random networks, from a torch module to a folder that TensorFlow.js runs."""

import json
import os
import tempfile
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from converter import parity, run
from tests.converter.models import assert_files_as_described, assert_tensors_as_described, contents, manifest_of
from training.common import runs
from training.export import PICTURE, Export, Port
from training.style.export import VECTOR

pytestmark = pytest.mark.slow

PHOTO, PAINTED, STYLE = (Port(name, PICTURE, (0.0, 1.0)) for name in ("photo", "painted", "style"))
CARD = {
    "style_space": "test",
    "config": {"photos": ["/home/someone/photos"], "steps": 3},
    "metrics": {"cosine": 0.5},
    "measured": "On pictures of cats.",
    "training_data": "none",
    "initialisation": "random",
    "licence": "none",
    "limits": "none",
}


class SmallPredictor(nn.Module):
    """What the real one is made of: strided and depthwise convolutions, ReLU6, mean and deviation, a linear head."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, 2, 1)
        self.depthwise = nn.Conv2d(8, 8, 3, 2, 1, groups=8)
        self.head = nn.Linear(16, 100)

    def forward(self, style: Tensor) -> Tensor:
        x = self.depthwise(F.relu6(self.conv(style)))
        mean = x.mean((2, 3))
        deviation = (x - mean[:, :, None, None]).square().mean((2, 3)).sqrt()
        return self.head(torch.cat([mean, deviation], 1))


class SmallTransformer(nn.Module):
    """What the real one is made of: reflection, conditional instance norm, depthwise convolution, pixel shuffle."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 8, 4, 2, padding_mode="reflect")
        self.style = nn.Conv2d(100, 16, 1)
        self.depthwise = nn.Conv2d(8, 8, 3, 1, 1, groups=8, padding_mode="reflect")
        self.exit = nn.Conv2d(8, 48, 1)

    def forward(self, photo: Tensor, vector: Tensor) -> Tensor:
        scale, shift = self.style(vector[:, :, None, None]).split(8, 1)
        x = self.stem(photo)
        x = x - F.avg_pool2d(x, 2).mean((2, 3), keepdim=True)
        deviation = torch.rsqrt(F.avg_pool2d(x.square(), 2).mean((2, 3), keepdim=True) + 1e-5)
        x = x + self.depthwise(F.relu(x * (scale * deviation) + shift))
        return torch.sigmoid(F.pixel_shuffle(F.pixel_shuffle(self.exit(x), 2), 2))


def networks() -> list[Export]:
    torch.manual_seed(0)
    predictor, transformer = SmallPredictor().eval(), SmallTransformer().eval()
    return [
        Export("small-predictor", "A small predictor", predictor, (STYLE,), (VECTOR,), CARD),
        Export("small-transformer", "A small transformer", transformer, (PHOTO, VECTOR), (PAINTED,), CARD),
    ]


@pytest.fixture(scope="module", params=[("float32", "small-transformer"), ("mixed", "small-predictor")])
def published(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one published model."""
    precision, name = request.param
    out = tmp_path_factory.mktemp(precision)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "exports", lambda _: networks())
        run.main(["a run", "--precision", precision, "--only", name, "--out", str(out)])
    assert [path.name for path in out.iterdir()] == [name]
    return out / name


@pytest.mark.slow
def test_random_networks_go_the_whole_line_and_stay_within_the_bounds(published: Path) -> None:
    report = manifest_of(published)["parity"]
    assert list(report["steps"]) == ["onnx", "tensorflow", "tfjs"]
    for step, found in report["steps"].items():
        for kind, value in found.items():
            assert value <= report["bounds"][step][kind]


@pytest.mark.slow
def test_the_files_are_as_the_manifest_says(published: Path) -> None:
    assert_files_as_described(published)
    assert_tensors_as_described(published)


@pytest.mark.slow
def test_a_graph_with_instance_norms_names_their_statistics_and_how_far_a_pixel_reaches(published: Path) -> None:
    described = manifest_of(published)
    if published.name == "small-predictor":  # a mean and a deviation, but no norm
        assert "statistics" not in described
        return
    assert described["statistics"] == ["norm00.mean:0", "norm00.reciprocal_deviation:0"]
    assert described["reach"] == 8  # a neighbour at a quarter of the size, and what the stem reads beyond it
    nodes = {node["name"] for node in json.loads((published / "model.json").read_text())["modelTopology"]["node"]}
    assert {tensor.removesuffix(":0") for tensor in described["statistics"]} <= nodes


@pytest.mark.slow
def test_weights_take_the_bytes_of_their_precision(published: Path) -> None:
    described = manifest_of(published)
    weights = sum(each["bytes"] for each in described["files"] if each["path"].endswith(".bin"))
    assert 1 < weights / described["parameters"] / {"float32": 4, "mixed": 2}[described["precision"]] < 1.3


@pytest.mark.slow
def test_every_model_has_a_readable_card(published: Path) -> None:
    card = (published / "CARD.md").read_text()
    assert card.startswith(f"# {published.name}\n")
    assert f"{manifest_of(published)['parameters']:,}" in card


@pytest.mark.slow
def test_the_manifest_keeps_no_folder_of_the_machine_it_was_trained_on(published: Path) -> None:
    assert manifest_of(published)["config"] == {"photos": ["photos"], "steps": 3}


def test_a_network_over_the_bounds_is_refused_and_what_is_published_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small-predictor").mkdir()
    (tmp_path / "small-predictor" / "model.json").write_text("the published one")
    before = contents(tmp_path)
    monkeypatch.setattr(run, "exports", lambda _: networks())
    monkeypatch.setitem(parity.BOUNDS, "float32", {"vector norm": 1e-12})
    with pytest.raises(SystemExit) as exit:
        run.main(["a run", "--only", "small-predictor", "--out", str(tmp_path)])
    assert str(exit.value).count("\n") == 0
    assert "small-predictor is not published: after the step onnx" in str(exit.value)
    assert contents(tmp_path) == before


def test_when_one_network_is_refused_none_of_the_run_is_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def convert(export: Export, *_: object) -> run.Converted:
        if export.name == "small-transformer":
            raise parity.OverBounds("small-transformer is not published")
        return run.Converted(tmp_path, {"name": export.name}, [])

    monkeypatch.setattr(run, "exports", lambda _: networks())
    monkeypatch.setattr(run, "convert", convert)
    with pytest.raises(parity.OverBounds):
        run.convert_run(Path("a run"), "float16", tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_what_breaks_inside_a_library_is_one_sentence_and_a_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        os.write(2, b"chatter of C++")
        raise TypeError("no such operator\nat line 3")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(run, "exports", lambda _: networks())
    monkeypatch.setattr(run, "to_onnx", broken)
    with pytest.raises(SystemExit) as exit:
        run.main(["a run", "--out", str(tmp_path / "models")])
    assert "small-predictor: the step onnx failed (no such operator)" in str(exit.value)
    assert "chatter of C++" in (tmp_path / "nocturne-converter.log").read_text()


def test_a_folder_that_is_no_run_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as exit:
        run.main([str(tmp_path), "--out", str(tmp_path / "models")])
    assert str(exit.value).count("\n") == 0
    assert "is no run directory" in str(exit.value)
    assert not (tmp_path / "models").exists()


def test_an_unknown_network_is_refused_with_the_names_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "exports", lambda _: networks())
    with pytest.raises(runs.NotARun, match="name one of small-predictor, small-transformer"):
        run.convert_run(Path("a run"), "float16", Path("nowhere"), "day-to-night")
