"""Promises of what generators learn from: squares of one size, kept in memory, and what is refused."""

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.pictures import NoPictures, Pictures
from training.synthesis.batches import Batches, Squares, open_squares
from training.synthesis.config import SynthesisConfig
from training.synthesis.smoke import make_pictures


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    return str(make_pictures(tmp_path_factory.mktemp("made") / "pictures", 12))


def configured(*sources: str, **options) -> SynthesisConfig:
    return SynthesisConfig(pictures=list(sources), **{"batch": 4, **options})


def saved(folder, pictures: list[Image.Image]) -> str:
    folder.mkdir()
    for i, picture in enumerate(pictures):
        picture.save(folder / f"{i}.png")
    return str(folder)


def noisy(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise(size, 90).convert("RGB")


def test_a_step_is_the_same_however_it_is_shared_and_another_seed_has_others(folder):
    def batch(part=0, parts=1, **options):
        config = configured(folder, **options)
        return Batches(open_squares(config), config, part, parts)[3]["pictures"]

    whole = batch()
    assert whole.shape == (4, 3, 32, 32) and whole.min() >= 0 and whole.max() <= 1
    assert torch.equal(torch.cat([batch(part, 2) for part in (0, 1)]), whole)
    assert not torch.equal(batch(seed=1), whole)
    assert len(torch.unique(batch(batch=12).flatten(1).sum(1))) == 12, "no picture twice in a step"


def test_half_of_the_pictures_are_mirrored(folder):
    config = configured(folder, batch=12)
    squares = open_squares(config)
    originals = {tuple(square.flatten().tolist()) for square in (squares[i] for i in range(12))}
    steps = torch.cat([Batches(squares, config)[step]["pictures"] for step in range(10)])
    plain = [tuple((255 * each).round().byte().flatten().tolist()) in originals for each in steps]
    assert 0.3 < np.mean(plain) < 0.7
    assert all(tuple((255 * e.flip(2)).round().byte().flatten().tolist()) in originals for e in steps[~np.array(plain)])


def test_each_picture_is_opened_once_as_long_as_there_is_room(folder, monkeypatch):
    read, whole = [], Pictures.read
    monkeypatch.setattr(Pictures, "read", lambda self, i: read.append(i) or whole(self, i))
    squares = Squares(Pictures([folder]), 32)
    for _ in range(3):
        squares.spread(12)
    assert sorted(read) == list(range(12))
    read.clear()
    monkeypatch.setattr("training.synthesis.batches.KEPT", 3 * 3 * 32 * 32)
    squares = Squares(Pictures([folder]), 32)
    first, second = squares.spread(12), squares.spread(12)
    assert len(read) == 24 - 3 and torch.equal(first, second)


def test_a_broken_picture_is_counted_and_another_takes_its_place(folder, tmp_path):
    broken = make_pictures(tmp_path / "pictures", 8)
    (broken / "003.png").write_bytes(b"no picture")
    config = configured(str(broken), batch=8)
    batch = Batches(open_squares(config), config)[0]
    assert batch["skipped"] == 1 and batch["pictures"].shape == (8, 3, 32, 32)


def test_what_cannot_be_learnt_from_is_refused_in_one_sentence(tmp_path, folder):
    colours = [Image.new("RGB", (64, 64), (20 * i, 90, 30)) for i in range(6)]
    small = [noisy((40, 20)) for _ in range(6)]
    cases = {
        "12 pictures are too few for --batch 13": configured(folder, batch=13),
        "most pictures are of one colour": configured(saved(tmp_path / "even", [*colours, noisy((64, 64))])),
        "most pictures are smaller than --size 32, some only 20 px": configured(saved(tmp_path / "small", small)),
    }
    for sentence, config in cases.items():
        with pytest.raises(NoPictures, match=sentence) as refused:
            open_squares(config)
        assert "\n" not in str(refused.value)
    few = [noisy((64, 64)) for _ in range(6)] + small[:2] + colours[:2]
    assert len(open_squares(configured(saved(tmp_path / "mixed", few)))) == 10, "a few among many are no reason"
