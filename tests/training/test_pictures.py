"""Promises of training/common/pictures.py."""

import io
import tarfile
from pathlib import Path

import pytest
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
