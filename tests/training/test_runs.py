"""Promises of run directories and the training log."""

import errno
import json
from pathlib import Path

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


def test_a_disk_that_is_full_keeps_the_former_checkpoint_and_says_so(tmp_path, monkeypatch):
    runs.save(tmp_path / "last.pt", {"step": 1})
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("os.fsync", lambda file: (_ for _ in ()).throw(full))
    with pytest.raises(runs.NoRoom, match=r"last\.pt cannot be written \(No space left on device\).*--resume"):
        runs.save(tmp_path / "last.pt", {"step": 2})
    assert runs.load(tmp_path)["step"] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["last.pt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_log_that_the_disk_does_not_take_stops_with_a_sentence(tmp_path):
    log = Log(tmp_path, 0, 10)
    log.file = open("/dev/full", "a")  # noqa: SIM115
    with pytest.raises(runs.NoRoom, match=r"log\.jsonl cannot be written \(No space left on device\)"):
        log.write(1)
    log.close()


def test_a_resumed_log_goes_on_after_the_checkpoint_whatever_a_kill_left_in_it(tmp_path):
    (tmp_path / "log.jsonl").write_text('{"step": 5}\n{"step": 10}\n{"step": 15}\n{"step": 20, "lo')
    log = Log(tmp_path, 10, 20)
    log.write(15)
    log.close()
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == [5, 10, 15]


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_checkpoint_with_a_weight_that_is_no_number_is_not_saved(tmp_path, value):
    runs.save(tmp_path / "last.pt", {"network": {"bias": torch.zeros(2)}, "best": float("inf")})
    with pytest.raises(NotFinite, match=r"last\.pt: network\.bias is no longer finite"):
        runs.save(tmp_path / "last.pt", {"network": {"bias": torch.tensor([0, value])}})
    assert runs.load(tmp_path)["network"]["bias"].isfinite().all()


def test_a_loss_that_is_no_number_stops_naming_loss_step_and_batch(tmp_path):
    log = Log(tmp_path, 0, 10)
    log.step(0, {"style": 0.5})
    with pytest.raises(NotFinite, match="'style' is nan at step 1, in batch 1"):
        log.step(1, {"style": float("nan")})
    log.close()
