"""Trainings that survive: kills at random moments, a full disk, broken pictures, losses that are no number.

make soak        a hundred kills instead of five, and a hundred of a distillation too
"""

import multiprocessing
import os
import random
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from distill.run import Config, distil, smoke
from training.common import runs
from training.common.config import from_json
from training.common.log import Log, NotFinite
from training.common.pictures import NoPictures, Pictures

SOAK = "SOAK" in os.environ
KILLS = 100 if SOAK else 5

Recipe = Callable[[Path, bool], None]


class Squares(Dataset):
    """step -> a picture as 'photo' [1,3,8,8] in [0,1], and 'skipped' []; the same for the same step."""

    def __init__(self, pictures: Pictures):
        self.pictures = pictures

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        number = int(np.random.default_rng(step).integers(len(self.pictures)))
        square = np.asarray(self.pictures.first_readable(number).resize((8, 8)))
        photo = torch.from_numpy(square.copy()).permute(2, 0, 1)[None].float() / 255
        return {"photo": photo, "skipped": torch.tensor(len(self.pictures.skipped))}


@dataclass
class Tiny:
    """A training of the usual parts that takes a second: a network learns to give its picture back."""

    photos: Path
    steps: int = 30
    rate: float = 1e-3
    save_every: int = 1

    def __call__(self, run: Path, resume: bool) -> None:
        torch.manual_seed(0)
        network = nn.Sequential(nn.Flatten(), nn.Linear(192, 300), nn.ReLU(), nn.Linear(300, 192))
        optimiser, step = torch.optim.Adam(network.parameters(), self.rate), 0
        if resume:
            state = runs.load(run)
            network.load_state_dict(state["network"])
            optimiser.load_state_dict(state["optimiser"])
            step = state["step"]
        else:
            runs.create_folder(run, {"recipe": "tiny"})
        log = Log(run, step, self.steps)
        squares = Squares(Pictures([self.photos]))
        for batch in DataLoader(squares, batch_size=None, sampler=range(step, self.steps), num_workers=1):
            loss = (network(batch["photo"]) - batch["photo"].flatten(1)).square().mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            log.step(step, {"loss": loss.item()}, int(batch["skipped"]))
            step += 1
            if step % self.save_every == 0 or step == self.steps:
                log.write(step)
                state = {"network": network.state_dict(), "optimiser": optimiser.state_dict(), "step": step}
                runs.save(run / "last.pt", state)
        log.close()


@dataclass
class Distillation:
    """`distill/run.py` at its smallest."""

    config: Config

    def __call__(self, run: Path, resume: bool) -> None:
        distil(run, self.config, resume)


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
    context.set_forkserver_preload(["distill.run"])
    first = context.Process(target=os.getpid)
    first.start()
    first.join()
    return context


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred small pictures."""
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(0)
    for i in range(100):
        Image.fromarray(random.integers(256, size=(8, 8, 3), dtype=np.uint8)).save(folder / f"{i:03d}.png")
    return folder


@pytest.fixture
def distillation(tmp_path: Path) -> Distillation:
    config = from_json(Config, runs.read_config(smoke(tmp_path)))
    return Distillation(replace(config, steps=6, batch=1, views=2, validate_every=3, save_every=1))


def differences(one: object, other: object, name: str = "") -> Iterator[str]:
    """Names of what differs between two checkpoints, by the last bit."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{name}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for i, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, f"{name}[{i}]")
    elif isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        if not torch.equal(one, other):
            yield name
    elif one != other:
        yield name


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
            assert list(differences(runs.load(run, file), runs.load(whole, file))) == []
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
    processes: ForkServerContext, photos: Path, tmp_path: Path
) -> None:
    survive(Tiny(photos), processes, tmp_path)


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
    processes: ForkServerContext, photos: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    Tiny(photos, steps=3)(run, False)
    good = (run / "last.pt").read_bytes()
    recipe = Tiny(photos, steps=6)
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
    photos: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    Tiny(spoil(photos, tmp_path / "photos", 1), steps=400, save_every=400)(tmp_path / "run", False)
    assert runs.load(tmp_path / "run")["step"] == 400
    said = capfd.readouterr().err
    assert said.count("broken picture skipped: 000.png") == 1


def test_more_than_five_broken_pictures_in_a_hundred_stop_the_training(photos: Path, tmp_path: Path) -> None:
    Tiny(spoil(photos, tmp_path / "five", 5), steps=400, save_every=400)(tmp_path / "goes-on", False)
    with pytest.raises(NoPictures, match=r"of the first \d+ pictures are broken.*fetch them again") as stop:
        Tiny(spoil(photos, tmp_path / "six", 6), steps=400, save_every=400)(tmp_path / "stops", False)
    assert "\n" not in str(stop.value)


def test_a_weight_that_is_no_number_is_never_saved(photos: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    Tiny(photos, steps=3)(run, False)
    good = (run / "last.pt").read_bytes()
    with pytest.raises(NotFinite, match=r"last\.pt: network.* is no longer finite"):
        Tiny(photos, steps=9, rate=float("inf"))(run, False)
    assert (run / "last.pt").read_bytes() == good


def test_a_loss_that_is_no_number_stops_at_once_naming_loss_and_batch(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFinite, match=r"loss 'loss' is (nan|inf) at step 1, in batch 1"):
        Tiny(photos, steps=9, rate=1e30)(tmp_path / "run", False)
    assert runs.load(tmp_path / "run")["step"] == 1
