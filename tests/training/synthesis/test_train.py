"""Promises of `python -m training.synthesis.train`, and of what opens, exports and refuses its runs."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.training.toys import differences
from training.common import runs
from training.common.devices import Process
from training.common.options import BadConfig
from training.common.task import BadRequest, Request
from training.export import exports
from training.synthesis import recipe
from training.synthesis.config import SynthesisConfig, defaults
from training.synthesis.load import load_generator
from training.synthesis.networks import NETWORKS
from training.synthesis.paint import painter
from training.synthesis.pggan import stage_at
from training.synthesis.recipe import SynthesisRecipe
from training.synthesis.smoke import make_pictures
from training.synthesis.train import main, smoke
from training.synthesis.validation import COLLAPSED, Validation, distance

CPU = Process(torch.device("cpu"), 0, 1)


def own(network: str, **options) -> SynthesisConfig:
    return SynthesisConfig(**{**defaults({"network": network}), "network": network, **options})


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> str:
    return str(make_pictures(tmp_path_factory.mktemp("made") / "pictures", 12))


def tiny(network: str, pictures: str, **options) -> SynthesisConfig:
    small = {"steps": 28, "batch": 4, "width": 1 / 64, "validate_every": 100, "save_every": 1, "precision": "float32"}
    return own(network, pictures=[pictures], **{**small, **options})


def refused(arguments: list[str]) -> str:
    """The sentence with which the command ends."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert "\n" not in str(end.value.code)
    return str(end.value.code)


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_a_smoke_run_leaves_a_run_directory_whose_generator_opens_and_is_exported(network, tmp_path):
    run = smoke(tmp_path, own(network))
    assert {"config.json", "last.pt", "best.pt", "log.jsonl", "samples", "curves.png"} <= {
        p.name for p in run.iterdir()
    }
    figures = json.loads((run / "log.jsonl").read_text().splitlines()[-1])
    assert {"generator", "discriminator_real", "discriminator_invented", "held_out_variety"} <= set(figures)
    assert Image.open(run / "samples" / "000028.jpg").size == (8 * 36 - 4, 8 * 36 - 4)
    loaded = load_generator(run)
    made = loaded.samples(5)
    assert made.shape == (5, 3, 32, 32) and torch.equal(made, loaded.samples(5))
    [export] = exports(run)
    [noise], [picture] = export.inputs, export.outputs
    assert (noise.name, noise.shape) == ("noise", (1, 128))
    assert (picture.name, picture.shape, picture.range) == ("picture", (1, 3, 32, 32), (0, 1))
    assert export.manifest["constants"] == {"noise": 128, "side": 32}
    given = {"config", "training_data", "initialisation", "licence", "limits", "metrics", "measured"}
    assert given <= set(export.manifest)
    assert not any("parametrizations" in name for name in export.network.state_dict())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("network", "stop"), [("dcgan", 9), ("sagan", 9), *(("pggan", stop) for stop in (2, 3, 5, 16, 24))]
)
def test_a_run_that_was_stopped_goes_on_as_if_it_had_not(network, stop, pictures, tmp_path, monkeypatch):
    """A PGGAN of 28 steps grows to 8 px at step 2, settles at 5, and fades to 32 px from step 14 to 19."""

    def stopping(self, batch, step, update=SynthesisRecipe.update):
        if step == stop:
            raise KeyboardInterrupt
        return update(self, batch, step)

    config = tiny(network, pictures)
    recipe.train(tmp_path / "whole", config)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(SynthesisRecipe, "update", stopping)
        recipe.train(tmp_path / "stopped", config)
    assert runs.load(tmp_path / "stopped")["step"] == stop
    recipe.train(tmp_path / "stopped", config, resume=True)
    assert differences(runs.load(tmp_path / "stopped"), runs.load(tmp_path / "whole")) == []
    assert differences(runs.load(tmp_path / "stopped", "best.pt"), runs.load(tmp_path / "whole", "best.pt")) == []


def test_a_pggan_begins_each_stage_with_new_optimisers_and_sees_pictures_of_its_size(pictures, monkeypatch):
    config = tiny("pggan", pictures)
    made = SynthesisRecipe(config, CPU)
    seen, counts = [], []
    made.generator.train(), made.discriminator.train()
    for step in range(config.steps):
        before = made.optimisers()["generator"]
        made.update({"pictures": torch.rand(4, 3, 32, 32)}, step)
        seen.append((made.side, made.alpha))
        counts.append(made.optimisers()["generator"] is before)
    assert seen == [stage_at(step, 28, 32) for step in range(28)]
    begins = [
        step
        for step in range(1, 28)
        if (seen[step][0], seen[step][1] == 1) != (seen[step - 1][0], seen[step - 1][1] == 1)
    ]
    assert [step for step, same in enumerate(counts) if not same] == begins and len(begins) == 6
    assert {each.param_groups[0]["betas"] for each in made.optimisers().values()} == {(0.5, 0.999)}


@pytest.mark.parametrize(
    ("network", "rates"), [("dcgan", (2e-4, 2e-4)), ("sagan", (9e-5, 3.6e-4)), ("pggan", (5e-5, 5e-4))]
)
def test_two_time_scales_give_the_discriminators_of_sagan_and_pggan_a_higher_learning_rate(network, rates, pictures):
    found = SynthesisRecipe(tiny(network, pictures), CPU).optimisers().values()
    assert [each.param_groups[0]["lr"] for each in found] == pytest.approx(rates)


@pytest.mark.slow
def test_it_learns_the_colours_of_its_pictures(tmp_path):
    folder = tmp_path / "red"
    folder.mkdir()
    for i in range(8):
        noise = Image.effect_noise((32, 32), 60)
        Image.merge("RGB", (noise.point(lambda v: 180 + v // 4), noise, Image.new("L", (32, 32), 20))).save(
            folder / f"{i}.png"
        )
    config = tiny("dcgan", str(folder), steps=150, batch=8, learning_rate=2e-3, width=1 / 16, augmentation=False)
    recipe.train(tmp_path / "run", replace(config, save_every=150))
    red, green, blue = load_generator(tmp_path / "run").samples(16).mean((0, 2, 3))
    assert red > green + 0.1 > blue + 0.2


class Fixed(torch.nn.Module):
    """Stands for a generator: pictures of noise, as much as `amount`."""

    def __init__(self, amount: float):
        super().__init__()
        self.amount = amount

    def forward(self, noise):
        return 0.5 + self.amount * torch.rand(len(noise), 3, 32, 32)


def test_a_collapse_is_said_and_the_checkpoint_before_it_is_kept(pictures, tmp_path, capsys):
    made = SynthesisRecipe(tiny("dcgan", pictures), CPU)
    scores, figures = [], []
    for step, amount in enumerate((0.001, 0.0001, 1.0, 1.0, 0.001, 1.0)):
        made.generator, made.step = Fixed(amount), step
        found, score = made.validate(tmp_path / f"{step}.jpg")
        figures.append(found["variety"])
        scores.append(score)
    best, kept = float("inf"), []
    for step, score in enumerate(scores):
        if score < best:
            best = score
            kept.append(step)
    assert kept == [0, 2, 3, 5], "the first there is, then the newest that has not collapsed"
    said = capsys.readouterr().out
    assert said.count("collapsed: the samples' mean distance is 0.0") == 3
    assert all((variety < COLLAPSED) == (step in (0, 1, 4)) for step, variety in enumerate(figures))


def test_real_pictures_have_the_variety_1_and_smaller_ones_are_compared_at_their_size(pictures, tmp_path):
    made = SynthesisRecipe(tiny("dcgan", pictures), CPU)
    validation: Validation = made.validation
    for side in (32, 8):
        real = validation.real[..., :: 32 // side, :: 32 // side]
        found = validation.figures(lambda noise, real=real: real, tmp_path / "sheet.jpg")
        assert found == {"variety": pytest.approx(1)}
    assert distance(torch.stack([torch.zeros(3, 4, 4), torch.ones(3, 4, 4)])) == pytest.approx(48**0.5)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"network": "dcgan", "attention": "16"}, "--attention 16 is for SAGAN"),
        ({"network": "sagan", "attention": "32"}, "features are smaller than --size 32: name 8"),
        ({"network": "dcgan", "spectral_norm": True}, "a DCGAN has neither --spectral-norm nor"),
        ({"network": "dcgan", "loss": "wasserstein"}, "only spectral normalisation bounds its discriminator"),
        ({"network": "sagan", "loss": "wasserstein", "spectral_norm": False}, "only spectral normalisation bounds"),
        ({"network": "pggan", "start": "runs/other"}, "a PGGAN grows from its first size on"),
        ({"network": "pggan", "steps": 20}, "--steps 20 are too few to grow in: name at least 28"),
        ({"width": 0.0}, "--width 0: name a number above 0, at most 1"),
        ({"batch": 1}, "--batch 1: name 2 or more"),
    ],
)
def test_options_that_do_not_work_together_are_refused_in_one_sentence(options, sentence):
    with pytest.raises(BadConfig, match=sentence):
        own(**{"network": "dcgan", **options}).check()


def test_processes_with_too_few_pictures_each_are_refused_in_one_sentence(pictures):
    with pytest.raises(BadConfig, match="each of 4 processes needs 2 pictures or more"):
        SynthesisRecipe(tiny("dcgan", pictures), Process(torch.device("cpu"), 0, 4))


def test_each_network_trains_with_what_is_its_own_unless_something_else_is_named(monkeypatch, pictures):
    taken = {}
    monkeypatch.setattr("training.synthesis.recipe.train", lambda run, config, resume: taken.update(asdict(config)))
    for arguments, expected in {
        ("--network", "sagan"): {"attention": "16", "spectral_norm": True, "loss": "bce", "discriminator_rate": 4},
        ("--network", "pggan"): {"attention": "none", "spectral_norm": True, "loss": "mse", "discriminator_rate": 10},
        ("--network", "sagan", "--no-spectral-norm"): {"spectral_norm": False, "smoothing": True},
        (): {"network": "dcgan", "spectral_norm": False, "smoothing": False, "augmentation": True},
    }.items():
        main([*arguments, "--pictures", pictures])
        assert {name: taken[name] for name in expected} == expected


def test_what_is_missing_or_no_run_is_named_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "data/style (pictures: a folder or tars of JPEGs) not found" in refused([])
    runs.create_folder(tmp_path / "run", {"recipe": "scene"})
    runs.save(tmp_path / "run" / "best.pt", {})
    with pytest.raises(runs.NotARun, match=r"holds no generator \(recipe scene\): name a run of training\.synthesis"):
        load_generator(tmp_path / "run")


def test_it_paints_no_photo_and_says_what_shows_its_pictures():
    with pytest.raises(BadRequest, match="invents pictures and paints no photo"):
        painter(Path("runs/synthesis"), Request(style=Image.new("RGB", (9, 9))))
