"""The experiments with networks that invent pictures: which there are, and that a stopped command goes on."""

from pathlib import Path

import pytest

from bench import inventors
from training.common.curves import read_curves
from training.synthesis.config import SynthesisConfig
from training.synthesis.smoke import make_pictures


@pytest.mark.parametrize("size", inventors.EXPERIMENTS)
def test_every_experiment_is_one_that_the_training_takes(size: int, monkeypatch, tmp_path: Path) -> None:
    begun: list[SynthesisConfig] = []
    monkeypatch.setattr(inventors.train.recipe, "begin", lambda run, config, resume: begun.append(config))
    experiments = inventors.EXPERIMENTS[size]
    inventors.trained(tmp_path, experiments, ["--size", str(size)])
    for config in begun:
        config.check()
    assert len(begun) == len(experiments) == len({str(config) for config in begun}), "no two are alike"


def test_each_rate_is_tried_with_two_seeds() -> None:
    tried = inventors.swept("dcgan").values()
    pairs = {(options[options.index("--learning-rate") + 1], options[options.index("--seed") + 1]) for options in tried}
    assert pairs == {(rate, seed) for rate in ("9e-5", "1.4e-4", "2e-4") for seed in ("0", "1")}


def test_what_was_trained_stays_what_was_stopped_goes_on_and_all_is_drawn(tmp_path: Path) -> None:
    shared = ["--pictures", str(make_pictures(tmp_path / "pictures")), "--steps", "2", "--batch", "4"]
    tiny = [*shared, "--width", "0.015625"]
    [first] = inventors.trained(tmp_path, {"a-0": ["--network", "dcgan"]}, tiny)
    before = (first / "last.pt").read_bytes()
    paths = inventors.trained(tmp_path, {"a-0": ["--network", "dcgan"], "b-0": ["--network", "sagan"]}, tiny)
    assert (first / "last.pt").read_bytes() == before
    assert all(read_curves(path)["generator"][-1][0] == 2 for path in paths)
    inventors.draw_together(paths, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").stat().st_size > 0
