"""Promises of the training loop, training/common/trainer.py, on a recipe that takes a second."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from tests.training.toys import Toy, ToyConfig, differences, make_photos, train_toy
from training.common import runs
from training.common.devices import Process, this_process
from training.common.ema import Ema
from training.common.options import BadConfig
from training.common.trainer import check_processes, start_from

ROOT = Path(__file__).resolve().parents[2]
TWO = """
import sys
from pathlib import Path
import torch
from tests.training.toys import Toy, ToyConfig
from training.common.devices import Process, this_process
from training.common.trainer import Trainer
run, config, process = Path(sys.argv[1]), ToyConfig(**eval(sys.argv[2])), this_process()
torch.manual_seed(config.seed)
trainer = Trainer(run, config, Toy(config, process), process)
trainer.train()
torch.save([trainer.ema.means, trainer.recipe.parts["body"].state_dict()], run / f"{process.rank}.pt")
"""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_photos(tmp_path_factory.mktemp("toys") / "photos")


@pytest.fixture
def config(photos: Path) -> ToyConfig:
    return ToyConfig(photos=str(photos), steps=8, validate_every=4, precision="float32")


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, ToyConfig, int], None]:
    """`stopped(run, config, step)` trains and stops before that step."""

    def stop(run: Path, config: ToyConfig, last: int) -> None:
        update = Toy.update

        def interrupted(self: Toy, batch: dict, step: int) -> dict:
            if step == last:
                raise KeyboardInterrupt
            return update(self, batch, step)

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Toy, "update", interrupted)
            train_toy(run, config)

    return stop


@pytest.mark.slow
@pytest.mark.parametrize("step", [3, 4, 5])
def test_a_network_that_grows_is_stopped_and_goes_on_to_the_same_end(config, stopped, tmp_path, step):
    config = replace(config, grow_at=4, noise=True)
    train_toy(tmp_path / "whole", config)
    stopped(tmp_path / "stopped", config, step)
    train_toy(tmp_path / "stopped", config, resume=True)
    for file in ("last.pt", "best.pt"):
        whole, resumed = (runs.load(tmp_path / name, file) for name in ("whole", "stopped"))
        assert differences(whole, resumed) == []
    whole = runs.load(tmp_path / "whole")
    assert {"body", "detail"} <= whole.keys() and whole["body"]["5.weight"].shape == (192, 120)
    assert whole["optimisers"].keys() == whole["ema"].keys() == {"body", "detail"}


def test_a_run_directory_has_all_that_is_promised(config, tmp_path):
    train_toy(tmp_path, config)
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "curves.png", "samples"} <= set(names(tmp_path))
    assert names(tmp_path / "samples") == ["000004.jpg", "000008.jpg"]
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert last["step"] == 8 and last["memory_mb"] > 0 and last["held_out_error"] > 0


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_ema_is_published_and_training_goes_on_with_the_weights(config, tmp_path):
    train_toy(tmp_path, replace(config, validate_every=8))
    best, last = runs.load(tmp_path, "best.pt"), runs.load(tmp_path)
    assert differences(best["body"], last["ema"]["body"]) == []
    assert differences(best["body"], last["body"])
    train_toy(tmp_path / "often", replace(config, validate_every=1))
    assert differences(runs.load(tmp_path / "often")["body"], last["body"]) == []


def test_without_ema_the_weights_themselves_are_published(config, tmp_path):
    train_toy(tmp_path, replace(config, ema=0.0))
    last = runs.load(tmp_path)
    assert last["ema"] == {} and differences(runs.load(tmp_path, "best.pt")["body"], last["body"]) == []


def test_an_ema_moves_by_its_decay_and_faster_at_first():
    network, ema = nn.Linear(1, 1, bias=False), Ema(0.5)
    for step, (weight, mean) in enumerate([(1.0, 1.0), (2.0, 1.8181818), (4.0, 3.5)]):
        nn.init.constant_(network.weight, weight)
        ema.update({"network": network}, step if step < 2 else 1000)
        if step == 2:
            mean = 0.5 * 1.8181818 + 0.5 * 4
        assert ema.means["network"]["weight"].item() == pytest.approx(mean)


def test_the_best_validation_is_published_or_the_newest_where_there_is_no_score(config, tmp_path, monkeypatch):
    scores = iter([0.5, 0.2, 0.3, 0.4])
    monkeypatch.setattr(Toy, "validate", lambda self, sample: ({"error": 1.0}, next(scores)))
    monkeypatch.setattr("training.common.curves.Board.write", lambda *_: None)
    train_toy(tmp_path / "scored", replace(config, validate_every=2))
    assert runs.load(tmp_path / "scored", "best.pt")["metrics"] == {"error": 1.0, "step": 4}
    monkeypatch.setattr(Toy, "validate", lambda self, sample: ({"error": 1.0}, None))
    train_toy(tmp_path / "newest", replace(config, validate_every=2))
    assert runs.load(tmp_path / "newest", "best.pt")["metrics"]["step"] == 8


@pytest.mark.slow
def test_two_processes_have_one_ema_batch_norm_and_all(config, tmp_path):
    (tmp_path / "two.py").write_text(TWO)
    runs.create(tmp_path / "run", config)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    options = {"photos": config.photos, "steps": 3, "precision": "float32"}
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [*torchrun, str(tmp_path / "two.py"), str(tmp_path / "run"), repr(options)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True, timeout=300)
    (first, weights), (second, _) = (torch.load(tmp_path / "run" / f"{rank}.pt") for rank in (0, 1))
    assert differences(first, second) == []
    assert differences(first["body"], weights)


def test_more_processes_than_pictures_in_a_step_are_refused_in_one_sentence(config, monkeypatch):
    monkeypatch.setattr(Process, "gathered", lambda self, value: [value] * self.world)
    check_processes(Process(torch.device("cpu"), 3, 4), config, resume=False)
    with pytest.raises(BadConfig, match=r"--batch 4 is too small for 5 processes: name at least that many"):
        check_processes(Process(torch.device("cpu"), 3, 5), config, resume=False)


@pytest.mark.parametrize(
    ("others", "sentence"),
    [
        ({"seed": 1, "steps": 9}, "process 1 was started with --steps 9, --seed 1 and process 0 was not"),
        ({"validate_every": 7}, ""),
    ],
)
def test_options_that_may_differ_between_processes_do_and_others_are_named(config, monkeypatch, others, sentence):
    both = [(config, False), (replace(config, **others), False)]
    monkeypatch.setattr(Process, "gathered", lambda *_: both)
    process = Process(torch.device("cpu"), 0, 2)
    with pytest.raises(BadConfig, match=sentence) if sentence else nullcontext():
        check_processes(process, config, resume=False)


def begun(config: ToyConfig, run: Path) -> Toy:
    torch.manual_seed(1)
    toy = Toy(config, this_process())
    start_from(run, toy)
    return toy


def test_start_takes_what_is_published_and_what_that_lacks_from_the_last_checkpoint(config, tmp_path):
    train_toy(tmp_path, replace(config, grow_at=4))
    last, published = runs.load(tmp_path), runs.load(tmp_path, "best.pt")
    grown = Toy(config, this_process())
    grown.restore({"grown": True})
    published.pop("detail")
    runs.save(tmp_path / "best.pt", published)
    grown.averaged = ("body",)  # type: ignore[misc]
    start_from(tmp_path, grown)
    assert differences(grown.parts["body"].state_dict(), published["body"]) == []
    assert differences(grown.parts["detail"].state_dict(), last["detail"]) == []


def test_start_takes_the_last_checkpoint_where_nothing_is_published_yet(config, stopped, tmp_path):
    stopped(tmp_path, config, 2)
    toy = Toy(config, this_process())
    start_from(tmp_path, toy)
    assert differences(toy.parts["body"].state_dict(), runs.load(tmp_path)["body"]) == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [({"body": {"0.weight": torch.zeros(1)}}, "holds other networks"), ({"other": {}}, "holds other networks")],
)
def test_start_with_other_networks_is_refused_in_one_sentence(config, tmp_path, state, sentence):
    runs.save(tmp_path / "best.pt", state)
    with pytest.raises(runs.NotARun, match=sentence) as stop:
        begun(config, tmp_path)
    assert "\n" not in str(stop.value)


def test_start_with_no_run_is_refused_in_one_sentence(config, tmp_path):
    with pytest.raises(runs.NotARun, match=r"holds no readable best\.pt: train first"):
        train_toy(tmp_path / "run", replace(config, start=str(tmp_path)))
    assert not (tmp_path / "run").exists()


def test_an_option_that_cannot_change_is_refused_by_name(config, stopped, tmp_path):
    stopped(tmp_path, config, 3)
    good = (tmp_path / "last.pt").read_bytes()
    with pytest.raises(BadConfig, match=r"was started with --batch 4, --learning-rate 0\.001: resume") as stop:
        train_toy(tmp_path, replace(config, learning_rate=1.0, batch=2), resume=True)
    assert "\n" not in str(stop.value)
    assert (tmp_path / "last.pt").read_bytes() == good


def test_an_option_that_can_change_does_and_is_saved(config, stopped, tmp_path):
    stopped(tmp_path, config, 3)
    train_toy(tmp_path, replace(config, validate_every=5), resume=True)
    assert names(tmp_path / "samples") == ["000005.jpg", "000008.jpg"]
    assert runs.read_config(tmp_path)["validate_every"] == 5


def test_a_run_of_another_recipe_is_refused_as_such(config, stopped, tmp_path):
    stopped(tmp_path, config, 3)
    runs.write_json(tmp_path / "config.json", {**runs.read_config(tmp_path), "recipe": "distill"})
    with pytest.raises(runs.NotARun, match="is a run of the recipe distill, not of toy"):
        train_toy(tmp_path, config, resume=True)


@pytest.mark.parametrize("change", [{"optimisers": []}, {"extra": None}, {"body": {}}])
def test_a_checkpoint_of_another_version_is_refused_in_one_sentence(config, stopped, tmp_path, change):
    stopped(tmp_path, config, 3)
    runs.save(tmp_path / "last.pt", runs.load(tmp_path) | change)
    with pytest.raises(runs.NotARun, match=r"saved by another version of this recipe: use --start"):
        train_toy(tmp_path, config, resume=True)


def test_tensorboard_has_losses_figures_and_samples(config, tmp_path):
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    train_toy(tmp_path, config)
    events = accumulator.EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert {"loss", "held_out_error"} <= set(events.Tags()["scalars"])
    assert [event.step for event in events.Scalars("held_out_error")] == [4, 8]
    assert [event.step for event in events.Images("samples")] == [4, 8]


def test_without_tensorboard_one_line_says_so_and_the_training_goes_on(config, tmp_path, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    train_toy(tmp_path, config)
    assert "".join(capfd.readouterr()).count("TensorBoard is not installed") == 1
    assert runs.load(tmp_path)["step"] == 8 and not (tmp_path / "tensorboard").exists()
