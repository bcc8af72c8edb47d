"""Promises of training/common/pictures.py."""

import gzip
import io
import os
import pickle
import tarfile
from pathlib import Path

import pytest
import torch
from PIL import Image

from training.common.command import Missing, require
from training.common.pictures import NoPictures, Pictures, list_line


def write_pictures(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
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


def test_masks_are_among_the_pictures_only_where_they_are_asked_for(tmp_path):
    folder = write_pictures(tmp_path / "p", 1)
    Image.new("L", (20, 10)).save(folder / "000.mask.png")
    assert [e.name for e in Pictures([folder]).entries] == ["000.png"]
    assert [e.name for e in Pictures([folder], masks=True).entries] == ["000.mask.png", "000.png"]


def test_a_list_gives_the_named_pictures_of_its_sources_under_the_same_names(tmp_path):
    folder = write_pictures(tmp_path / "p", 4)
    (tmp_path / "some.txt").write_text(f"{folder}\t003.png\n{folder}\tgone.png\n{folder}\t001.png\n")
    assert [e.name for e in Pictures([tmp_path / "some.txt"]).entries] == ["001.png", "003.png"]


def test_a_list_names_pictures_folders_and_tars_a_line_each_relative_to_itself(tmp_path):
    write_pictures(tmp_path / "sets" / "folder", 2)
    write_pictures(tmp_path / "sets" / "single", 3)
    with tarfile.open(tmp_path / "sets" / "shard.tar", "w") as tar:
        tar.add(tmp_path / "sets" / "single" / "000.png", "from-the-tar.png")
    lines = [
        "\ufeff# my pictures",
        "",
        "folder",
        "  ",
        "single/002.png",
        "shard.tar",
        f"{tmp_path}/sets/single/001.png",
    ]
    (tmp_path / "sets" / "all.txt").write_text("\r\n".join(lines), encoding="utf-8")
    pictures = Pictures([tmp_path / "sets" / "all.txt"])
    names = ["000.png", "001.png", "single/002.png", "from-the-tar.png", f"{tmp_path}/sets/single/001.png"]
    assert sorted(e.name for e in pictures.entries) == sorted(names)
    assert [pictures.first_readable(i).size for i in range(5)] == [(20, 10)] * 5


@pytest.mark.parametrize("line", ["gone.jpg", "gone", "gone.tar", "other.txt", "notes.md"])
def test_a_line_of_a_list_that_names_no_pictures_is_refused_in_one_sentence(tmp_path, line):
    (tmp_path / "other.txt").write_text("a.jpg\n")
    (tmp_path / "notes.md").write_text("words")
    (tmp_path / "all.txt").write_text(f"{line}\n")
    with pytest.raises(NoPictures, match=rf"all\.txt names .*{line}") as stop:
        Pictures([tmp_path / "all.txt"])
    assert "\n" not in str(stop.value)


def test_a_range_of_numbers_names_shards_of_a_folder(tmp_path):
    write_pictures(tmp_path / "p", 3)
    for i in range(3):
        with tarfile.open(tmp_path / f"shard-{i:03d}.tar", "w") as tar:
            tar.add(tmp_path / "p" / f"{i:03d}.png", f"{i}.png")
    assert [e.name for e in Pictures([tmp_path / "shard-{000..002}.tar"]).entries] == ["0.png", "1.png", "2.png"]
    require({str(tmp_path / "shard-{000..002}.tar"): "photos"})
    with pytest.raises(Missing, match=r"shard-\{000\.\.003\}\.tar \(photos\) not found"):
        require({str(tmp_path / "shard-{000..003}.tar"): "photos", "https://host/a.tar": "photos"})


def test_a_tar_that_disappears_is_named_at_once_and_a_file_counts_as_broken(tmp_path):
    write_pictures(tmp_path / "p", 3)
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        tar.add(tmp_path / "p" / "000.png", "000.png")
    pictures, shard = Pictures([tmp_path / "p"]), Pictures([tmp_path / "shard.tar"])
    (tmp_path / "p" / "000.png").unlink()
    (tmp_path / "shard.tar").unlink()
    assert pictures.first_readable(0).getpixel((0, 0)) == (1, 0, 0)
    with pytest.raises(NoPictures, match=r"shard\.tar has disappeared: put it back"):
        shard.first_readable(0)


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
    with pytest.raises(NoPictures, match=r"of the first \d+ pictures are broken, including .*\.png"):
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


def test_forty_photos_with_their_hidden_twins_are_forty_and_none_is_broken(tmp_path, capsys):
    folder = write_pictures(tmp_path / "p", 40)
    for file in list(folder.iterdir()):
        (folder / f"._{file.name}").write_bytes(bytes(4096))
    pictures = Pictures([folder])
    for i in range(40):
        pictures.first_readable(i)
    assert len(pictures) == 40 and not pictures.skipped and not capsys.readouterr().err


def test_a_tars_hidden_twins_and_thumbnails_are_passed_over(tmp_path):
    folder = write_pictures(tmp_path / "p", 3)
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for file in sorted(folder.iterdir()):
            tar.add(file, f"./p/{file.name}")
            tar.add(file, f"./p/._{file.name}")
            tar.add(file, f"__MACOSX/{file.name}")
    assert [e.name for e in Pictures([tmp_path / "shard.tar"]).entries] == [f"./p/{i:03d}.png" for i in range(3)]


def test_shards_lie_at_any_depth_of_a_folder(tmp_path):
    folder = write_pictures(tmp_path / "p", 2)
    (tmp_path / "data" / "deep").mkdir(parents=True)
    with tarfile.open(tmp_path / "data" / "deep" / "shard.TAR", "w") as tar:
        for file in folder.iterdir():
            tar.add(file, file.name)
    assert len(Pictures([tmp_path / "data"])) == len(Pictures([tmp_path / "data" / "deep" / "shard.TAR"])) == 2


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("name", ["photos.tar.gz", "photos.tar", "photos.tgz", "photos"])
def test_a_compressed_tar_is_refused_as_what_it_is_whatever_its_name(tmp_path, mode, name):
    with tarfile.open(tmp_path / name, mode) as tar:
        tar.add(write_pictures(tmp_path / "p", 2), "p")
    kind = {"w:gz": "gzip", "w:bz2": "bzip2", "w:xz": "xz"}[mode]
    with pytest.raises(NoPictures, match=rf"photos.*: a compressed tar \({kind}\).*unpack it and name the folder"):
        Pictures([tmp_path / name])


def test_a_plain_tar_is_read_whatever_its_name(tmp_path):
    with tarfile.open(tmp_path / "photos.tar.gz", "w") as tar:
        tar.add(write_pictures(tmp_path / "p", 2), "p")
    assert len(Pictures([tmp_path / "photos.tar.gz"])) == 2


def test_a_compressed_shard_in_a_folder_is_refused_by_name(tmp_path):
    write_pictures(tmp_path / "p", 2)
    (tmp_path / "p" / "shard.tar").write_bytes(gzip.compress(bytes(2048)))
    with pytest.raises(NoPictures, match=r"shard\.tar: a compressed tar \(gzip\)"):
        Pictures([tmp_path / "p"])


@pytest.mark.parametrize("contents", [b"", b"x", bytes(100), b"PK\3\4" + bytes(600), b"\xff" * 1024])
def test_what_is_no_tar_is_named_in_one_sentence(tmp_path, contents):
    (tmp_path / "photos.tar").write_bytes(contents)
    with pytest.raises(NoPictures, match=r"photos\.tar: ") as refused:
        Pictures([tmp_path / "photos.tar"])
    assert "\n" not in str(refused.value)


def test_photos_that_are_all_heic_are_named_with_what_to_do(tmp_path, capsys):
    folder = tmp_path / "p"
    folder.mkdir()
    for i in range(3):
        (folder / f"IMG_{i}.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(NoPictures, match=r"only HEIC pictures \(3, such as IMG_0\.HEIC\): save them as JPEG"):
        Pictures([folder])
    write_pictures(folder, 2)
    assert len(Pictures([folder])) == 2
    assert "HEIC pictures (3, such as IMG_0.HEIC): save them as JPEG" in capsys.readouterr().err


def test_a_turned_photo_is_read_upright_and_transparency_on_white(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (96, 64)).save(tmp_path / "a.jpg", exif=exif)
    half = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    half.paste((9, 9, 9, 255), (10, 0, 20, 10))
    half.save(tmp_path / "b.png")
    pictures = Pictures([tmp_path])
    assert pictures.read(0).size == (64, 96)
    assert [pictures.read(1).getpixel((x, 5)) for x in (2, 15)] == [(255, 255, 255), (9, 9, 9)]


def test_a_decoders_exception_is_a_broken_picture_that_is_listed(tmp_path, capsys):
    write_pictures(tmp_path / "p", 10)
    data = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(data, "AVIF")
    (tmp_path / "p" / "000.jpg").write_bytes(data.getvalue()[: len(data.getvalue()) * 2 // 3])
    Pictures([tmp_path / "p"]).first_readable(0)
    assert "broken picture skipped: 000.jpg: " in capsys.readouterr().err


STRANGE = [b"\xff\xfe.png", b"a\nb.png", b"tab\t.png", "снимок\u2028.png".encode(), b"\x1b[2J.png", b"[a.png"]


def with_strange_names(folder: Path) -> Path:
    folder.mkdir()
    for i, name in enumerate(STRANGE):
        Image.new("RGB", (20, 10), (i, 0, 0)).save(data := io.BytesIO(), "PNG")
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(data.getvalue())
    return folder


def test_pictures_of_any_name_are_read_split_and_printed(tmp_path, capsys):
    folder = with_strange_names(tmp_path / "p")
    training, held = Pictures([folder]).split(3)
    assert len(training) + len(held) == len(STRANGE)
    for file in folder.iterdir():
        file.write_bytes(b"no picture")
    with pytest.raises(NoPictures) as stop:
        training.first_readable(0)
        held.first_readable(0)
    said = capsys.readouterr().err + str(stop.value)
    assert said.encode() and "\x1b" not in said and r"a\nb.png" in said


def test_a_tar_of_pictures_of_any_name_is_read(tmp_path):
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        tar.add(with_strange_names(tmp_path / "p"), "p")
    pictures = Pictures([tmp_path / "shard.tar"])
    assert {pictures.read(i).getpixel((0, 0))[0] for i in range(len(pictures))} == set(range(len(STRANGE)))
    pictures.split(2)


def test_a_list_names_pictures_of_any_name(tmp_path):
    folder = with_strange_names(tmp_path / "p\n")
    lines = [list_line(folder, entry.name) for entry in Pictures([folder]).entries]
    (tmp_path / "some.txt").write_text("".join(lines), encoding="utf-8")
    assert {os.fsencode(e.name) for e in Pictures([tmp_path / "some.txt"]).entries} == set(STRANGE)


def test_what_is_no_list_is_named(tmp_path):
    (tmp_path / "some.txt").write_bytes(b"\xff\xfe notes\n")
    with pytest.raises(NoPictures, match=r"some\.txt: no list of pictures"):
        Pictures([tmp_path / "some.txt"])


def test_a_member_that_a_tar_holds_twice_is_the_last_one(tmp_path):
    folder = write_pictures(tmp_path / "p", 2)
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        tar.add(folder / "000.png", "a.png")
        tar.add(folder / "001.png", "a.png")
    pictures = Pictures([tmp_path / "shard.tar"])
    assert len(pictures) == 1 and pictures.read(0).getpixel((0, 0)) == (1, 0, 0)


class Widths(torch.utils.data.Dataset):
    """Pictures in a loader's processes."""

    def __init__(self, pictures: Pictures):
        self.pictures = pictures

    def __getitem__(self, i: int) -> int:
        return self.pictures.first_readable(i).width


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_of_every_start_method_read_pictures(tmp_path, method):
    training, _ = Pictures([write_pictures(tmp_path / "p", 9)]).split(3)
    loader = torch.utils.data.DataLoader(Widths(training), None, num_workers=1, multiprocessing_context=method,
                                         sampler=range(len(training)))  # fmt: skip
    assert list(loader) == [20] * len(training)


def test_what_pictures_raise_travels_between_processes(tmp_path):
    with pytest.raises(NoPictures) as stop:
        Pictures([tmp_path])
    assert str(pickle.loads(pickle.dumps(stop.value))) == str(stop.value)
