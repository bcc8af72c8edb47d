"""Promises of `python -m training.publish`: any run, halved."""

import json
import shutil
from pathlib import Path

import pytest
import torch

from training.common import runs
from training.export import exports
from training.publish import main
from training.style.smoke import make_teacher
from training.style.teachers import RunTeacher

ROOT = Path(__file__).resolve().parents[2]


def test_a_published_pair_is_half_as_large_and_says_what_the_run_said(tmp_path):
    run, folder = make_teacher(tmp_path / "run"), tmp_path / "published"
    runs.write_json(run / "config.json", {**runs.read_config(run), "photos": ["/home/someone/photos"]})
    main([str(run), str(folder)])
    assert (folder / "best.pt").stat().st_size < 0.52 * (run / "best.pt").stat().st_size
    state = runs.load(folder, "best.pt")
    assert state["predictor"]["head.weight"].dtype == torch.float16
    assert state["photo_mean_vector"].dtype == torch.float32
    ours, theirs = RunTeacher(folder), RunTeacher(run)
    pictures = torch.rand(1, 3, 96, 96)
    assert ours.name == theirs.name
    assert torch.allclose(ours.vectors(pictures), theirs.vectors(pictures), atol=5e-3)
    assert runs.read_config(folder)["photos"] == ["photos"]
    assert "Training pictures" in (folder / "CARD.md").read_text()
    assert [export.name for export in exports(folder)] == ["style-predictor", "style-transformer"]


@pytest.mark.parametrize("run", ["style/published", "style/published/enlarger", "daynight/published/small"])
def test_what_is_published_in_the_repository_is_published_so_to_the_bit(tmp_path, run):
    source = ROOT / "training" / run
    main([str(source), str(tmp_path / "again")])
    ours, theirs = (runs.load(folder, "best.pt") for folder in (source, tmp_path / "again"))
    networks = [name for name, part in ours.items() if isinstance(part, dict) and name != "metrics"]
    assert networks and all(torch.equal(ours[n][key], theirs[n][key]) for n in networks for key in ours[n])
    if (source / "evaluation").exists():
        figures = "evaluation/figures.json"
        assert json.loads((tmp_path / "again" / figures).read_text()) == json.loads((source / figures).read_text())


def test_several_runs_of_one_network_are_published_as_the_mean_of_their_weights(tmp_path):
    first = make_teacher(tmp_path / "first")
    second = shutil.copytree(first, tmp_path / "second")
    state = runs.load(second, "best.pt")
    weight = state["predictor"]["head.weight"].clone()
    state["predictor"]["head.weight"] *= 3
    runs.save(second / "best.pt", state)
    main([str(first), str(second), str(tmp_path / "mean")])
    mean = runs.load(tmp_path / "mean", "best.pt")
    assert torch.allclose(mean["predictor"]["head.weight"].float(), 2 * weight, atol=1e-3)
    assert list(mean["metrics"]) == ["step"]


def test_runs_of_different_networks_have_no_mean(tmp_path):
    run = make_teacher(tmp_path / "run")
    with pytest.raises(SystemExit, match=r"small holds other networks than .*run: name runs of the same ones"):
        main([str(run), str(ROOT / "training/daynight/published/small"), str(tmp_path / "mean")])


def test_a_folder_in_use_is_not_written_to(tmp_path):
    (tmp_path / "precious").write_text("")
    with pytest.raises(SystemExit, match="is not empty: name a new folder"):
        main([str(make_teacher(tmp_path / "run")), str(tmp_path)])


def test_weights_too_large_for_float16_are_refused_in_one_sentence(tmp_path):
    run = make_teacher(tmp_path / "run")
    state = runs.load(run, "best.pt")
    state["predictor"]["head.bias"][0] = 1e6
    runs.save(run / "best.pt", state)
    with pytest.raises(SystemExit, match=r"predictor\.head\.bias") as stop:
        main([str(run), str(tmp_path / "out")])
    assert "\n" not in str(stop.value)


def test_a_folder_that_is_no_run_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(SystemExit, match="is no run directory"):
        main([str(tmp_path), str(tmp_path / "out")])
