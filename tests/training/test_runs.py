"""Promises of run directories and the training log."""

import pytest
import torch

from training.common import runs
from training.common.log import Log, NotFinite
from training.export import exports


def test_a_folder_that_is_no_run_is_named_with_what_to_do(tmp_path):
    with pytest.raises(runs.NotARun, match=r"no run directory.*name a folder"):
        exports(tmp_path)


def test_a_run_without_a_checkpoint_says_to_train_first(tmp_path):
    runs.create_folder(tmp_path, {"recipe": "distill", "predictor": "mobilenet"})
    with pytest.raises(runs.NotARun, match=r"best\.pt.*train first"):
        exports(tmp_path)


def test_a_half_written_checkpoint_is_refused(tmp_path):
    runs.create_folder(tmp_path, {"recipe": "distill", "predictor": "mobilenet"})
    runs.save(tmp_path / "best.pt", {"weight": torch.rand(1000)})
    (tmp_path / "best.pt").write_bytes((tmp_path / "best.pt").read_bytes()[:600])
    with pytest.raises(runs.NotARun, match=r"best\.pt"):
        exports(tmp_path)


def test_a_checkpoint_that_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / "last.pt").write_bytes(b"neither a zip nor a pickle")
    with pytest.raises(runs.NotARun, match=r"last\.pt"):
        runs.load(tmp_path)


def test_a_checkpoint_replaces_the_former_one_whole(tmp_path):
    for value in (1, 2):
        runs.save(tmp_path / "last.pt", {"step": value})
    assert runs.load(tmp_path)["step"] == 2
    assert [p.name for p in tmp_path.iterdir()] == ["last.pt"]


def test_a_loss_that_is_no_number_stops_naming_loss_and_step(tmp_path):
    log = Log(tmp_path, 0, 10)
    log.step(0, {"style": 0.5})
    with pytest.raises(NotFinite, match="'style' is nan at step 1"):
        log.step(1, {"style": float("nan")})
    log.close()
