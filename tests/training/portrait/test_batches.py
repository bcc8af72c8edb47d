"""Promises of what a person mask learns from: photos with masks, their split, cuts and pasted people."""

import tarfile

import numpy as np
import pytest
import torch
from PIL import Image

from training.common.pictures import NoPictures, Pictures
from training.portrait.batches import Batches, cut, exposed, pasted, shaped
from training.portrait.config import MaskConfig
from training.portrait.masked import Masked
from training.portrait.smoke import make_backgrounds, make_portraits

RED, BLUE = (250, 0, 0), (0, 0, 250)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("people")
    return str(make_portraits(folder / "portraits", 24)), str(make_backgrounds(folder / "places"))


def batches(sources, part=0, parts=1, **options) -> Batches:
    config = MaskConfig(batch=4, size=64, **options)
    return Batches([Masked([sources[0]]).split(11)[0]], Pictures([sources[1]]), config, part, parts)


def red_person(box=(20, 10, 40, 60), size=(60, 60)) -> tuple[Image.Image, Image.Image]:
    """A red person in a blue photo."""
    photo, mask = Image.new("RGB", size, BLUE), Image.new("L", size)
    photo.paste(RED, box)
    mask.paste(255, box)
    return photo, mask


def test_photos_find_their_masks_in_folders_and_in_tars(sources, tmp_path):
    with tarfile.open(tmp_path / "people.tar", "w") as tar:
        tar.add(sources[0], "")
    for source in (sources[0], str(tmp_path / "people.tar")):
        masked = Masked([source])
        assert len(masked) == 24 and masked.names[:2] == ["000.png", "001.png"]
        photo, mask = masked[3]
        assert photo.mode == "RGB" and mask.mode == "L" and set(np.unique(mask)) == {0, 255}
        bright = np.asarray(photo).max(2) > 140
        assert (bright == (np.asarray(mask) == 255)).mean() > 0.99


def test_the_sixth_of_each_eleven_is_held_out_and_never_trained_on(sources, monkeypatch):
    training, held = Masked([sources[0]]).split(11)
    assert held.names == ["005.png", "016.png"] and not set(held.names) & set(training.names)
    assert len(training) + len(held) == 24
    read, whole = [], Pictures.read

    def noted(pictures, i):
        read.append(pictures.entries[i].name)
        return whole(pictures, i)

    monkeypatch.setattr(Pictures, "read", noted)
    made = Batches([training], Pictures([sources[1]]), MaskConfig(batch=4, size=64))
    for step in range(40):
        made[step]
    masks = {name for name in read if ".mask." in name}
    assert masks == {name.replace(".png", ".mask.png") for name in training.names}


def test_photos_that_have_no_masks_or_are_too_few_are_named_in_one_sentence(sources, tmp_path):
    with pytest.raises(NoPictures, match=r"no photo of .* has a mask \(NAME\.mask\.png beside NAME\.jpg\)"):
        Masked([sources[1]])
    few = str(make_portraits(tmp_path / "few", 4))
    with pytest.raises(NoPictures, match="4 photos are too few to hold out 1 in 11"):
        Masked([few]).split(11)


def test_a_mask_of_another_size_or_a_broken_one_is_named_in_one_sentence(tmp_path):
    folder = make_portraits(tmp_path / "people", 2)
    Image.new("L", (5, 5)).save(folder / "000.mask.png")
    (folder / "001.mask.png").write_bytes(b"no picture")
    masked = Masked([str(folder)])
    with pytest.raises(NoPictures, match=r"000\.png and its mask are not of one size"):
        masked[0]
    with pytest.raises(NoPictures, match=r"001\.mask\.png: no picture: put the file right"):
        masked[1]


def test_a_step_is_the_same_however_it_is_shared_and_another_seed_has_others(sources):
    whole = batches(sources)[2]
    halves = [batches(sources, part, 2)[2] for part in (0, 1)]
    for name in ("photos", "masks"):
        assert torch.equal(torch.cat([half[name] for half in halves]), whole[name])
        assert whole[name].min() >= 0 and whole[name].max() <= 1
    assert not torch.equal(batches(sources, seed=1)[2]["photos"], whole["photos"])


def test_steps_are_square_tall_and_wide_and_some_pictures_show_nobody(sources):
    made = Batches([Masked([sources[0]])], Pictures([sources[1]]), MaskConfig(batch=4, size=128))
    steps = [made[step] for step in range(12)]
    assert {tuple(step["photos"].shape[2:]) for step in steps} == {(128, 128), (128, 96), (96, 128)}
    empty = torch.cat([step["masks"].amax((1, 2, 3)) for step in steps]) == 0
    assert 0 < empty.float().mean() < 0.5
    assert shaped(256, (0.75, 1.0)) == (192, 256)


def test_a_cut_takes_photo_and_mask_from_the_same_place():
    for seed in range(20):
        photo, mask = cut(red_person(), (64, 96), 0.4, np.random.default_rng(seed))
        assert photo.size == mask.size == (64, 96)
        red = np.asarray(photo)[..., 0] > 125
        assert (red == (np.asarray(mask) > 127)).mean() > 0.98


def test_a_pasted_person_has_the_right_mask_and_brings_none_of_their_own_background():
    place = Image.new("RGB", (96, 96), (0, 250, 0)), Image.new("L", (96, 96))
    shares = []
    for seed in range(40):
        photo, mask = pasted(place, red_person(), np.random.default_rng(seed))
        pixels, person = np.asarray(photo).astype(int), np.asarray(mask) > 127
        assert (((pixels[..., 0] > pixels[..., 1]) == person).mean()) > 0.98
        assert pixels[..., 2].max() < 60, "blue is the portrait's own background"
        shares.append(person.mean())
    assert min(shares) < 0.06 and max(shares) > 0.2, "small and large"
    assert place[1].getbbox() is None, "the place itself stays as it was"


def test_two_people_have_both_masks_and_nobody_changes_nothing():
    place = red_person()
    mask = pasted(place, red_person(), np.random.default_rng(3))[1]
    first, both = np.asarray(place[1]) > 127, np.asarray(mask) > 127
    assert (both[first]).all() and both.sum() > first.sum()
    nobody = Image.new("RGB", (60, 60)), Image.new("L", (60, 60))
    assert pasted(place, nobody, np.random.default_rng(3)) == place


def test_a_person_whom_the_photo_cuts_off_is_cut_off_by_the_picture_too():
    place = Image.new("RGB", (96, 96)), Image.new("L", (96, 96))
    for seed in range(20):
        _, mask = pasted(place, red_person((20, 10, 40, 60)), np.random.default_rng(seed))
        assert np.asarray(mask)[-1].any()


def test_another_exposure_keeps_what_is_dark_dark_and_what_is_bright_bright():
    ramp = Image.fromarray(np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, 2))
    for seed in range(10):
        changed = np.asarray(exposed(ramp, np.random.default_rng(seed))).astype(int)
        assert (np.diff(changed, axis=1) >= 0).all() and changed[0, 0].max() == 0 and changed[0, 255].min() > 60


def test_some_photos_lose_their_colours_and_keep_their_masks(sources):
    photos = torch.cat([batches(sources, steps=12)[step]["photos"] for step in range(12)])
    grey = (photos.amax(1) == photos.amin(1)).flatten(1).all(1)
    assert 0 < grey.sum() < len(photos) / 2
