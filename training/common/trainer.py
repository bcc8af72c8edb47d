"""The training loop of every recipe: steps, validations, samples, log, checkpoints, and going on after any stop.

    train(run, config, build)                 begins in the folder `run`; `build` makes the recipe's object
    train(run, config, build, resume=True)    goes on from run/last.pt to the same weights, to the bit

The run directory gets config.json, last.pt (all that a resumed run needs), best.pt (what is published), log.jsonl,
curves.png, samples/ and tensorboard/. Step `i` trains on batch `i`, with random numbers of its own; the first of
several processes (torchrun) writes. A loss or a weight that is NaN or infinite stops the run before it is saved.
"""

from collections.abc import Callable
from pathlib import Path
from traceback import clear_frames
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader

from training.common import runs
from training.common.curves import Board, draw_curves
from training.common.devices import Process, this_process
from training.common.ema import Ema
from training.common.log import Log
from training.common.options import BadConfig, Options, changed, from_json
from training.common.recipe import Recipe


def train(run: Path, config: Options, build: Callable[[Process], Recipe], resume: bool = False) -> None:
    """Train into the folder `run` up to `config.steps`. Raises NotARun, BadConfig, NotFinite, Lost."""
    process = this_process()
    with process.together(f"what was saved is whole; continue with --resume {run}"):
        check_processes(process, config, resume)
        saved = process.from_first(lambda: check_resumable(run, config)) if resume else None
        torch.manual_seed(config.seed)
        trainer = Trainer(run, config, build(process), process)
        if resume:
            trainer.restore(process.from_first(lambda: runs.load(run)))
        elif config.start:
            start_from(Path(config.start), trainer.recipe)
        if process.rank == 0 and saved != config:
            runs.create(run, config)
        trainer.train()


def check_processes(process: Process, config: Options, resume: bool) -> None:
    """Raises BadConfig in every process where one was started with other options, or where they are too many."""
    all_of_them = process.gathered((config, resume))
    for rank, (other, resumes) in enumerate(all_of_them):
        differing = changed(other, config) if type(other) is type(config) else ["another command"]
        if differing or resumes != resume:
            raise BadConfig(
                f"process {rank} was started with {', '.join(differing) or ('--resume' if resumes else 'no --resume')} "
                f"and process {process.rank} was not: give all processes the same options"
            )
    if config.batch < process.world:
        raise BadConfig(f"--batch {config.batch} is too small for {process.world} processes: name at least that many")


def check_resumable(run: Path, config: Options) -> Options:
    """The configuration that was saved. Raises NotARun for another recipe's run, BadConfig for options that stay."""
    content = runs.read_config(run)
    runs.check_recipe(run, content, [config.recipe])
    saved = from_json(type(config), content)
    if kept := changed(saved, config):
        raise BadConfig(
            f"{run} was started with {', '.join(kept)}: resume with these, or start a new run with --start {run}"
        )
    return saved


def start_from(run: Path, recipe: Recipe) -> None:
    """Take over the networks of another run: best.pt's, and those that it lacks from last.pt. Raises NotARun."""
    files = [file for file in ("best.pt", "last.pt") if (run / file).exists()] or ["best.pt"]
    states = [runs.load(run, file) for file in files]
    networks = recipe.networks()
    found = {name: state[name] for state in reversed(states) for name in networks if name in state}
    try:
        for name in [name for name in networks if name in recipe.averaged or name in found]:
            networks[name].load_state_dict(found[name])
    except (KeyError, RuntimeError) as error:
        raise runs.NotARun(f"{run} holds other networks: name a run that was trained with the same options") from error


class Trainer:
    """A run in progress."""

    def __init__(self, run: Path, config: Options, recipe: Recipe, process: Process):
        self.run, self.config, self.recipe, self.process = run, config, recipe, process
        self.ema, self.step, self.best = Ema(config.ema), 0, float("inf")

    def train(self) -> None:
        """All steps that are left."""
        steps = range(self.step, self.config.steps)
        loader = DataLoader(self.recipe.batches, batch_size=None, sampler=steps, num_workers=1, prefetch_factor=4)
        if not self.ema.means:
            self.ema.update(self._averaged(), 0)  # the means begin with the first weights
        writes = self.process.rank == 0
        self.log = Log(self.run, self.step, self.config.steps, writes)
        try:
            self.board = Board(self.run, self.step, self.log.say) if writes else None
            for batch in loader:
                self._step(batch)
        except Exception as error:
            clear_frames(error.__traceback__)  # they hold the loader, whose process would outlive the training
            raise
        finally:
            self.log.close()

    def _step(self, batch: dict[str, Tensor]) -> None:
        random = np.random.default_rng((self.config.seed, 3, self.step, self.process.rank))
        torch.manual_seed(int(random.integers(2**62)))  # the step's own noise, whether the run was stopped or not
        losses = self.recipe.update({name: part.to(self.process.device) for name, part in batch.items()}, self.step)
        self.log.step(self.step, {name: loss.item() for name, loss in losses.items()}, int(batch["skipped"]))
        self.ema.update(self._averaged(), self.step)
        self.step += 1
        if self.process.rank == 0:
            self._record()

    def _record(self) -> None:
        """Validate, save and write curves, where the step is due for it."""
        last = self.step == self.config.steps
        sample = self.run / "samples" / f"{self.step:06d}.jpg"
        validated = last or self.step % self.config.validate_every == 0
        figures = self._validate(sample) if validated else {}
        if not (validated or self.step % self.config.save_every == 0):
            return
        told = {f"held_out_{name}": value for name, value in figures.items()}
        self.log.write(self.step, **told, memory_mb=self.process.peak_memory())
        runs.save(self.run / "last.pt", self.state())
        assert self.board
        self.board.write(self.step, {**self.log.means, **told}, sample if validated else None)
        if validated:
            draw_curves(self.run)

    def _validate(self, sample: Path) -> dict[str, float]:
        with self.ema.applied(self.recipe.networks()), torch.no_grad():
            with self.process.autocast(self.config.precision):
                figures, score = self.recipe.validate(sample)
            told = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
            self.log.say(f"step {self.step}: {told}; memory {self.process.peak_memory():.0f} MB")
            if score is None or score < self.best:
                self.best = float("inf") if score is None else score
                metrics = {**{name: round(value, 4) for name, value in figures.items()}, "step": self.step}
                runs.save(self.run / "best.pt", {**self.recipe.published(), "metrics": metrics})
        return figures

    def _averaged(self) -> dict[str, nn.Module]:
        return {name: network for name, network in self.recipe.networks().items() if name in self.recipe.averaged}

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run needs; networks lie under their own names."""
        recipe = self.recipe
        return {
            **{name: network.state_dict() for name, network in recipe.networks().items()},
            "optimisers": {name: optimiser.state_dict() for name, optimiser in recipe.optimisers().items()},
            "schedules": {name: schedule.state_dict() for name, schedule in recipe.schedules().items()},
            "ema": self.ema.means,
            "extra": recipe.extra(),
            "step": self.step,
            "best": self.best,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave. Raises NotARun."""
        recipe = self.recipe
        try:
            recipe.restore(state["extra"])
            for name, network in recipe.networks().items():
                network.load_state_dict(state[name])
            for kind, parts in (("optimisers", recipe.optimisers()), ("schedules", recipe.schedules())):
                for name, part in parts.items():
                    part.load_state_dict(state[kind][name])
            self.ema.load(state["ema"], self.process.device)
            self.step, self.best = state["step"], state["best"]
        except (KeyError, RuntimeError, TypeError, ValueError) as error:
            raise runs.NotARun(
                f"{self.run}/last.pt was saved by another version of this recipe: use --start {self.run} instead"
            ) from error
