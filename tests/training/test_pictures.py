"""Promises of training/common/pictures.py."""

import io
import tarfile
from pathlib import Path

import pytest
import torch
from PIL import Image

from training.common.pictures import NoPictures, Pictures


def write_pictures(folder: Path, count: int) -> Path:
    folder.mkdir(exist_ok=True)
    for i in range(count):
        Image.new("RGB", (20, 10), (i, 0, 0)).save(folder / f"{i:03d}.png")
    return folder


def test_a_folder_is_searched_through_and_sorted(tmp_path):
    write_pictures(tmp_path / "b", 2)
    pictures = Pictures([tmp_path])
    assert [e.name for e in pictures.entries] == ["b/000.png", "b/001.png"]
    assert pictures.read(1).getpixel((0, 0)) == (1, 0, 0)


def test_a_tar_is_read_without_unpacking_and_its_masks_are_left_out(tmp_path):
    folder = write_pictures(tmp_path / "p", 3)
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for file in sorted(folder.iterdir()):
            tar.add(file, file.name)
        tar.add(folder / "000.png", "000.mask.png")
    pictures = Pictures([tmp_path / "shard.tar"])
    assert len(pictures) == 3
    assert pictures.read(2).getpixel((0, 0)) == (2, 0, 0)


def test_a_list_gives_the_named_pictures_of_its_sources_under_the_same_names(tmp_path):
    folder = write_pictures(tmp_path / "p", 4)
    (tmp_path / "some.txt").write_text(f"{folder}\t003.png\n{folder}\tgone.png\n{folder}\t001.png\n")
    assert [e.name for e in Pictures([tmp_path / "some.txt"]).entries] == ["001.png", "003.png"]


def test_a_broken_picture_among_good_ones_is_skipped_and_counted(tmp_path):
    folder = write_pictures(tmp_path / "p", 3)
    (folder / "001.png").write_bytes((folder / "001.png").read_bytes()[:40])
    pictures = Pictures([folder])
    with pytest.raises(OSError, match=r"001\.png"):
        pictures.read(1)
    assert pictures.first_readable(1).getpixel((0, 0)) == (2, 0, 0)
    assert pictures.skipped == {"001.png"}


def broken_among(folder: Path, count: int, broken: int) -> Pictures:
    """`count` pictures, of which those spread evenly are broken."""
    write_pictures(folder, count)
    for i in range(broken):
        (folder / f"{i * count // broken:03d}.png").write_bytes(b"no picture")
    return Pictures([folder])


@pytest.mark.parametrize(("count", "broken"), [(100, 1), (100, 5), (200, 10), (20, 4)])
def test_up_to_five_in_a_hundred_broken_pictures_are_skipped_and_each_is_listed_once(tmp_path, capsys, count, broken):
    pictures = broken_among(tmp_path / "p", count, broken)
    for i in [*range(count), *range(count)]:
        pictures.first_readable(i)
    assert len(pictures.skipped) == broken
    listed = [line.split(": ")[1] for line in capsys.readouterr().err.splitlines()]
    assert sorted(listed) == sorted(pictures.skipped)


@pytest.mark.parametrize(("count", "broken", "within"), [(100, 6, 100), (200, 20, 200), (200, 150, 8)])
def test_more_than_five_in_a_hundred_broken_pictures_stop_as_soon_as_it_is_clear(tmp_path, count, broken, within):
    pictures = broken_among(tmp_path / "p", count, broken)
    with pytest.raises(NoPictures, match=r"of the first \d+ pictures are broken, .*\.png among them"):
        for i in range(within):
            pictures.first_readable(i * 7 % count)


def test_a_broken_held_out_picture_counts_among_all(tmp_path):
    training, held = broken_among(tmp_path / "p", 100, 5).split(10)
    for part in (held, training):
        for i in range(len(part)):
            part.first_readable(i)
    assert len(held.skipped | training.skipped) == 5


def test_a_loaders_process_tells_in_one_sentence_too(tmp_path):
    class Loaded(torch.utils.data.Dataset):
        def __getitem__(self, i):
            return pictures.first_readable(i).width

    pictures = broken_among(tmp_path / "p", 20, 19)
    with pytest.raises(NoPictures) as stop:
        list(torch.utils.data.DataLoader(Loaded(), sampler=range(20), num_workers=1))
    assert str(stop.value).startswith("5 of the first") and "\n" not in str(stop.value)


def test_only_broken_pictures_end_in_one_sentence(tmp_path):
    (tmp_path / "x.jpg").write_bytes(b"no picture")
    with pytest.raises(NoPictures, match="none of the 1 pictures can be read"):
        Pictures([tmp_path]).first_readable(0)


@pytest.mark.parametrize(
    "make", [lambda p: None, lambda p: p.mkdir(), lambda p: p.with_suffix(".tar").write_bytes(b"?")]
)
def test_a_missing_an_empty_or_a_broken_source_is_named(tmp_path, make):
    source = tmp_path / "photos"
    make(source)
    named = source.with_suffix(".tar") if source.with_suffix(".tar").exists() else source
    with pytest.raises(NoPictures, match="photos"):
        Pictures([named])


def test_the_held_out_pictures_stay_the_same_when_others_are_added(tmp_path):
    folder = write_pictures(tmp_path / "p", 60)
    training, held = Pictures([folder]).split(8)
    assert len(training) + len(held) == 60 and len(held) >= 1
    write_pictures(folder, 90)
    more_training, more_held = Pictures([folder]).split(8)
    assert {e.name for e in held.entries} <= {e.name for e in more_held.entries}
    assert {e.name for e in training.entries} <= {e.name for e in more_training.entries}


def test_bytes_of_another_format_behind_a_jpg_name_are_read_for_what_they_are(tmp_path):
    data = io.BytesIO()
    Image.new("CMYK", (8, 8)).save(data, "TIFF")
    (tmp_path / "x.jpg").write_bytes(data.getvalue())
    assert Pictures([tmp_path]).read(0).mode == "RGB"
