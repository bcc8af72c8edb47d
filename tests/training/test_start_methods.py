"""Trainings' batches are made in processes of every start method: Windows and macOS spawn theirs, and pickle for it."""

import pickle
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch.utils.data import Dataset

from training.common.pictures import Pictures
from training.daynight import batches as daynight
from training.daynight.config import Config
from training.style import batches as style
from training.style.config import EnlargerConfig, TeacherConfig
from training.style.teachers import RunTeacher
from training.style.train_enlarger import Reductions

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    for i in range(4):
        Image.effect_noise((80, 72), 90).convert("RGB").save(tmp_path / f"{i}.png")
    return Pictures([tmp_path])


def of_styles(pictures: Pictures) -> Dataset:
    config = TeacherConfig(batch=1, views=1, size=64, style_size=64, steps=2)
    return style.Batches(pictures, pictures, RunTeacher(ROOT / "training/style/published"), config)


def of_days_and_nights(pictures: Pictures) -> Dataset:
    return daynight.Batches(pictures, pictures, Config(batch=1, size=64, steps=2))


def of_reductions(pictures: Pictures) -> Dataset:
    return Reductions(pictures, EnlargerConfig(batch=1, side=64, steps=2))


@pytest.mark.parametrize("made", [of_styles, of_days_and_nights, of_reductions])
def test_a_process_of_its_own_makes_the_same_batches(pictures, made):
    here = made(pictures)
    there = pickle.loads(pickle.dumps(here))
    ours, theirs = here[1], there[1]
    assert ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)
