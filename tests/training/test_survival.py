"""Trainings that survive: kills at random moments, a full disk, broken pictures, losses that are no number.

make soak        a hundred kills instead of five, and a hundred of a distillation too
"""

import multiprocessing
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest
import torch

from tests.training.toys import ToyConfig, differences, make_photos, train_toy
from training.common import runs
from training.common.log import NotFinite
from training.common.options import from_json
from training.common.pictures import NoPictures
from training.style.config import DistilConfig
from training.style.distil import smoke
from training.style.recipe import train

pytestmark = pytest.mark.slow

SOAK = "SOAK" in os.environ
KILLS = 100 if SOAK else 5

Recipe = Callable[[Path, bool], None]


@dataclass
class Tiny:
    """The toy of tests/training/toys.py, trained by the trainer of every recipe; it grows half way."""

    config: ToyConfig

    def __call__(self, run: Path, resume: bool) -> None:
        train_toy(run, self.config, resume)


@dataclass
class Distillation:
    """`distill/run.py` at its smallest."""

    config: DistilConfig

    def __call__(self, run: Path, resume: bool) -> None:
        train(run, self.config, resume)


def work(recipe: Recipe, run: Path, resume: bool) -> None:
    """A process's work; it leads a group of its own, so that its loader dies with it."""
    os.setsid()
    with open(run.with_name("output.txt"), "w") as output:
        os.dup2(output.fileno(), 2)
    multiprocessing.set_start_method("fork", force=True)  # for the loader, as anywhere else on Linux
    torch.set_num_threads(1)
    recipe(run, resume)


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Starts processes that need not import PyTorch again."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["training.style.distil"])
    first = context.Process(target=os.getpid)
    first.start()
    first.join()
    return context


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred small pictures."""
    return make_photos(tmp_path_factory.mktemp("survival") / "photos")


@pytest.fixture
def tiny(photos: Path) -> ToyConfig:
    """Six steps a second or more."""
    return ToyConfig(photos=str(photos), batch=2, precision="float32", noise=True)


@pytest.fixture
def distillation(tmp_path: Path) -> Distillation:
    config = from_json(DistilConfig, runs.read_config(smoke(tmp_path)))
    return Distillation(replace(config, steps=6, batch=1, views=2, validate_every=3, save_every=1))


def train_until(moment: float, process: ForkServerProcess) -> bool:
    """Kills the process and its loader after `moment` seconds; True if it had ended by then."""
    process.start()
    process.join(moment)
    if process.exitcode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it has no group of its own yet
            process.kill()
        process.join()
    assert process.exitcode in (0, -signal.SIGKILL), "the training failed by itself"
    return process.exitcode == 0


def assert_same(run: Path, whole: Path) -> None:
    """The same checkpoints and the same steps in the log."""
    for file in ("last.pt", "best.pt"):
        if (whole / file).exists():
            assert differences(runs.load(run, file), runs.load(whole, file)) == []
    steps = [[line.split(",")[0] for line in (r / "log.jsonl").read_text().splitlines()] for r in (run, whole)]
    assert steps[0] == steps[1]


def survive(recipe: Recipe, processes: ForkServerContext, folder: Path) -> None:
    """Kills runs of the recipe KILLS times, goes on after each, and compares them with one that was left alone."""
    chance, kills, finished, began = random.Random(5), 0, 0, time.monotonic()
    whole = folder / "whole" / "run"
    whole.parent.mkdir()
    assert train_until(600, processes.Process(target=work, args=(recipe, whole, False)))
    usual = time.monotonic() - began
    while kills < KILLS or not finished:
        run = folder / str(finished) / "run"
        run.parent.mkdir(exist_ok=True)
        process = processes.Process(target=work, args=(recipe, run, (run / "last.pt").exists()))
        if train_until(chance.uniform(0, usual) if kills < KILLS else 600, process):
            finished += 1
            assert_same(run, whole)
        else:
            kills += 1
        if (run / "last.pt").exists():
            assert runs.load(run)["step"] > 0
    print(f"{kills} kills, {finished} runs finished, {time.monotonic() - began:.0f} s")


def test_a_run_killed_at_random_moments_ends_as_if_left_alone(
    processes: ForkServerContext, tiny: ToyConfig, tmp_path: Path
) -> None:
    survive(Tiny(replace(tiny, grow_at=15)), processes, tmp_path)


@pytest.mark.skipif(not SOAK, reason="`make soak` does it: minutes")
def test_a_distillation_killed_at_random_moments_ends_as_if_left_alone(
    processes: ForkServerContext, distillation: Distillation, tmp_path: Path
) -> None:
    survive(distillation, processes, tmp_path)


def on_a_full_disk(recipe: Recipe, run: Path, room: int) -> None:
    """A process's work where no file may grow over `room` bytes; leaves what it would say at its end."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        work(recipe, run, True)
    except runs.NotARun as error:
        run.with_name("sentence.txt").write_text(str(error))


def test_a_full_disk_keeps_the_former_checkpoint_and_says_so(
    processes: ForkServerContext, tiny: ToyConfig, tmp_path: Path
) -> None:
    run, recipe = tmp_path / "run", Tiny(replace(tiny, steps=6))
    Tiny(replace(tiny, steps=3))(run, False)
    good = (run / "last.pt").read_bytes()
    runs.create(run, recipe.config)
    assert train_until(60, processes.Process(target=on_a_full_disk, args=(recipe, run, 300_000)))
    assert (run / "last.pt").read_bytes() == good
    sentence = (tmp_path / "sentence.txt").read_text()
    assert "last.pt cannot be written (File too large)" in sentence and "--resume" in sentence
    assert "\n" not in sentence
    assert not list(run.glob("*.new"))
    recipe(run, True)
    assert runs.load(run)["step"] == 6


def spoil(photos: Path, folder: Path, count: int) -> Path:
    """The photos, `count` of them broken."""
    folder.mkdir()
    for i, photo in enumerate(sorted(photos.iterdir())):
        (folder / photo.name).write_bytes(b"no picture" if i % 100 < count else photo.read_bytes())
    return folder


def test_one_broken_picture_in_a_hundred_is_listed_and_skipped(
    photos: Path, tiny: ToyConfig, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    long = replace(tiny, steps=200, save_every=200, validate_every=200)
    train_toy(tmp_path / "run", replace(long, photos=str(spoil(photos, tmp_path / "photos", 1))))
    assert runs.load(tmp_path / "run")["step"] == 200
    said = capfd.readouterr().err
    assert said.count("broken picture skipped: 000.png") == 1


def test_more_than_five_broken_pictures_in_a_hundred_stop_the_training(
    photos: Path, tiny: ToyConfig, tmp_path: Path
) -> None:
    long = replace(tiny, steps=200, save_every=200, validate_every=200)
    train_toy(tmp_path / "goes-on", replace(long, photos=str(spoil(photos, tmp_path / "five", 5))))
    processes = set(multiprocessing.active_children())
    with pytest.raises(NoPictures, match=r"of the first \d+ pictures are broken.*download them again") as stop:
        train_toy(tmp_path / "stops", replace(long, photos=str(spoil(photos, tmp_path / "six", 6))))
    assert "\n" not in str(stop.value)
    assert set(multiprocessing.active_children()) <= processes  # another would hold this process's pipes open


def test_a_weight_that_is_no_number_is_never_saved(tiny: ToyConfig, tmp_path: Path) -> None:
    train_toy(tmp_path, replace(tiny, steps=3))
    good = (tmp_path / "last.pt").read_bytes()
    with pytest.raises(NotFinite, match=r"last\.pt: body.* is no longer finite"):
        train_toy(tmp_path, replace(tiny, steps=9, learning_rate=float("inf")))
    assert (tmp_path / "last.pt").read_bytes() == good


def test_a_loss_that_is_no_number_stops_at_once_naming_loss_and_batch(tiny: ToyConfig, tmp_path: Path) -> None:
    with pytest.raises(NotFinite, match=r"loss 'loss' is (nan|inf) at step 1, in batch 1"):
        train_toy(tmp_path, replace(tiny, steps=9, learning_rate=1e30))
    assert runs.load(tmp_path)["step"] == 1
