"""Promises of training/synthesis/train_vectors.py and evaluate_vectors.py: style vectors of noise."""

import json
from pathlib import Path

import pytest
import torch

from tests.training.toys import differences
from training.common import runs
from training.common.options import BadConfig
from training.export import exports
from training.synthesis import evaluate_vectors, train_vectors
from training.synthesis.config import VectorConfig
from training.synthesis.evaluate_vectors import figures_of
from training.synthesis.export import VECTOR_FIGURES
from training.synthesis.load import load_vectors
from training.synthesis.smoke import make_pictures
from training.synthesis.style_vectors import NUMBERS, Scale, VectorDiscriminator, VectorGenerator
from training.synthesis.train_vectors import VectorRecipe, smoke
from training.synthesis.validation import noise

PUBLISHED = str(train_vectors.ROOT / "training" / "style" / "published")


@pytest.fixture
def real() -> torch.Tensor:
    """Correlated vectors whose first number is the same for all."""
    torch.manual_seed(0)
    vectors = 3 + torch.randn(400, NUMBERS) @ torch.randn(NUMBERS, NUMBERS)
    return torch.cat([torch.zeros(400, 1), vectors[:, 1:]], 1)


def covariance(vectors: torch.Tensor) -> torch.Tensor:
    return torch.cov(vectors.T)


@torch.no_grad()
def test_a_generator_begins_as_the_gaussian_of_the_real_vectors(real):
    generator = VectorGenerator()
    generator.begin(real)
    invented = generator(noise(20_000, 0))
    assert (covariance(invented) - covariance(real)).norm() < 0.1 * covariance(real).norm()
    assert (invented.mean(0) - real.mean(0)).abs().max() < 0.1 * real.std(0).max()
    assert invented[:, 0].abs().max() == 0, "what all real vectors share stays as it is"


def test_what_the_discriminator_sees_is_normalised(real):
    scale = Scale()
    scale.read(real)
    seen = scale.normalised(real)
    torch.testing.assert_close(seen[:, 1:].std(0), torch.ones(NUMBERS - 1))
    assert seen[:, 0].abs().max() == 0
    torch.testing.assert_close(scale(seen), real, atol=1e-3, rtol=1e-3)
    discriminator = VectorDiscriminator()
    discriminator.scale.read(real)
    assert discriminator(real[:7]).shape == (7,)


def test_the_yardsticks_know_real_vectors_copies_and_strangers(real):
    same, far = figures_of(real.clone(), real), figures_of(real + 1000, real)
    assert same["nearest"] < 1e-3 and same["variety"] == pytest.approx(1) and same["precision"] == 1
    assert far["precision"] == far["recall"] == 0 and far["distance"] > same["distance"] + 1000


@pytest.mark.slow
def test_a_smoke_run_leaves_a_run_directory_that_opens_is_measured_and_exported(tmp_path):
    run = smoke(tmp_path, VectorConfig())
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples"} <= {p.name for p in run.iterdir()}
    loaded = load_vectors(run)
    assert loaded.generator(noise(3, 0)).shape == (3, NUMBERS)
    rows = evaluate_vectors.evaluate(run)
    assert set(rows) == {"invented", "a Gaussian", "half of the real ones to the other half"}
    assert {"figures.json", "figures.md", "samples.png", "walk.png"} <= {p.name for p in (run / "evaluation").iterdir()}
    [export] = exports(run)
    [noise_port], [vector] = export.inputs, export.outputs
    assert (export.name, noise_port.shape, vector.shape) == ("style-inventor", (1, 128), (1, NUMBERS))
    assert export.manifest["constants"] == {"noise": 128}
    assert export.manifest["style_space"] == runs.load(Path(PUBLISHED), "best.pt")["style_space"]
    assert set(export.manifest["metrics"]) == {*VECTOR_FIGURES, "step"}
    assert json.loads((run / "evaluation" / "figures.json").read_text())["vectors"] == 24


@pytest.mark.slow
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(tmp_path, monkeypatch):
    def stopping(self, batch, step, update=VectorRecipe.update):
        if step == 5:
            raise KeyboardInterrupt
        return update(self, batch, step)

    pictures = [str(make_pictures(tmp_path / "pictures", 12))]
    config = VectorConfig(pair=PUBLISHED, pictures=pictures, steps=8, batch=4, validate_every=100, save_every=1)
    train_vectors.train(tmp_path / "whole", config)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(VectorRecipe, "update", stopping)
        train_vectors.train(tmp_path / "stopped", config)
    train_vectors.train(tmp_path / "stopped", config, resume=True)
    assert differences(runs.load(tmp_path / "stopped"), runs.load(tmp_path / "whole")) == []


def refused(arguments: list[str]) -> str:
    """The sentence with which the command ends."""
    with pytest.raises(SystemExit) as end:
        train_vectors.main(arguments)
    assert "\n" not in str(end.value.code)
    return str(end.value.code)


def test_too_few_pictures_and_pictures_of_one_style_are_refused_in_one_sentence(tmp_path):
    few = str(make_pictures(tmp_path / "few", 3))
    asked = ["--pair", PUBLISHED, "--run", str(tmp_path / "run")]
    assert "3 pictures are too few for --batch 8: name more" in refused([*asked, "--pictures", few, "--batch", "8"])
    alike = tmp_path / "alike"
    alike.mkdir()
    for i in range(4):
        (alike / f"{i}.png").write_bytes((tmp_path / "few" / "000.png").read_bytes())
    same = ["--pictures", str(alike), "--batch", "4", "--views", "0"]
    assert "all pictures have one style" in refused([*asked, *same])
    assert "not found" in refused(["--pair", str(tmp_path / "none"), "--pictures", few])


@pytest.mark.parametrize(
    ("options", "sentence"), [({"batch": 1}, "--batch 1: name 2 or more"), ({"views": -1}, "--views -1: name 0")]
)
def test_options_that_make_no_training_are_refused(options, sentence):
    with pytest.raises(BadConfig, match=sentence):
        VectorConfig(**options).check()
