"""Promises of training/common/finding.py: which files of a folder are pictures."""

import os
from pathlib import Path

import pytest

from training.common.finding import passed_over, search


def write(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"a picture or none: by the name alone")
    return folder


def numbered(count: int, pattern: str = "{:02d}.jpg") -> list[str]:
    return [pattern.format(i) for i in range(count)]


@pytest.mark.parametrize(
    "beside",
    [
        "._{}",
        ".{}",
        "__MACOSX/{}",
        "__MACOSX/photos/._{}",
        "@eaDir/{}/SYNOPHOTO_THUMB_M.jpg",
        ".thumbnails/{}",
        ".@__thumb/{}",
        "thumbs/{}",
        "Thumbnails/large/{}",
        ".Trash-1000/files/{}",
        "#recycle/{}",
        "$RECYCLE.BIN/{}",
        "deep/.hidden/deeper/{}",
    ],
)
def test_what_systems_put_beside_pictures_is_passed_over(tmp_path, beside):
    write(tmp_path, *numbered(40), *(beside.format(name) for name in numbered(40)))
    assert search(tmp_path).pictures == numbered(40)
    assert passed_over(beside.format("a.jpg")) and passed_over("./photos/" + beside.format("a.jpg"))


@pytest.mark.parametrize(
    "name", ["a.jpg", "./a.jpg", "../a.jpg", "thumb.jpg", "thumbs up.jpg", "eaDir/a.jpg", "#1/a.jpg"]
)
def test_nothing_else_is_passed_over(name):
    assert not passed_over(name)


def test_the_named_folder_itself_may_be_hidden_or_one_of_thumbnails(tmp_path):
    for name in (".photos", "thumbnails"):
        assert search(write(tmp_path / name, "a.jpg")).pictures == ["a.jpg"]


@pytest.mark.parametrize("suffix", ["jpg", "JPEG", "jpe", "jfif", "png", "webp", "avif", "gif", "bmp", "tif", "TIFF"])
def test_pictures_are_known_by_their_suffix(tmp_path, suffix):
    assert search(write(tmp_path, f"a.{suffix}", "b.txt", "Thumbs.db", "c")).pictures == [f"a.{suffix}"]


def test_a_folder_a_pipe_or_a_link_to_nothing_is_no_picture_whatever_its_name(tmp_path):
    write(tmp_path, "photos.jpg/a.png")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "lost.jpg").symlink_to("nowhere.jpg")
    (tmp_path / "itself.jpg").symlink_to("itself.jpg")
    assert search(tmp_path).pictures == ["photos.jpg/a.png"]


def test_links_to_folders_and_files_are_followed(tmp_path):
    twelve = write(tmp_path / "elsewhere", *numbered(12))
    folder = write(tmp_path / "photos", "a.jpg", "b.jpg")
    (folder / "more").symlink_to(twelve)
    assert len(search(folder).pictures) == 14
    (folder / "c.jpg").symlink_to(write(tmp_path, "z.png") / "z.png")
    assert len(search(folder).pictures) == 15


def test_what_is_linked_twice_is_found_once_and_without_the_link_where_that_is_possible(tmp_path):
    twelve = write(tmp_path / "elsewhere", *numbered(12))
    folder = write(tmp_path / "photos", "a.jpg", "z/b.jpg")
    for name in ("more", "again", "z/once-more"):
        (folder / name).symlink_to(twelve)
    (folder / "a-link").symlink_to("z")
    (folder / "0.jpg").symlink_to("a.jpg")
    (folder / "1.jpg").symlink_to(twelve / "00.jpg")
    found = search(folder).pictures
    assert len(found) == 14 and {"a.jpg", "z/b.jpg"} <= set(found)


@pytest.mark.parametrize("to", [".", "..", "deep", "deep/deeper"])
def test_links_in_circles_end(tmp_path, to):
    folder = write(tmp_path / "photos", "a.jpg", "deep/deeper/b.jpg")
    (folder / "deep" / "deeper" / "circle").symlink_to(folder / to)
    (folder / "circle").symlink_to(folder / "deep" / "other")
    (folder / "deep" / "other").symlink_to(folder / "circle")
    assert sorted(search(folder).pictures) == ["a.jpg", "deep/deeper/b.jpg"]


def test_any_name_that_the_system_allows_is_found(tmp_path):
    names = [
        b"\xff\xfe.jpg",
        "снимок.JPG".encode(),
        b"a\nb.jpg",
        b"tab\t.jpg",
        b"-rf.jpg",
        b"\x1b[2J.jpg",
        b"x" * 251 + b".jpg",
    ]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"")
    assert {os.fsencode(name) for name in search(tmp_path).pictures} == set(names)


def test_tars_are_found_at_any_depth_and_what_is_left_out_is_named_with_what_to_do(tmp_path):
    write(
        tmp_path,
        "deep/a.tar",
        "B.TAR",
        "c.tar.gz",
        "d.tgz",
        "e.zip",
        "labels.csv.gz",
        "f.HEIC",
        "g.heif",
        "deep/.h.heic",
    )
    found = search(tmp_path)
    assert sorted(found.tars) == ["B.TAR", "deep/a.tar"]
    assert found.left_out() == [
        "HEIC pictures (2, such as f.HEIC): save them as JPEG",
        "compressed archives (3, such as c.tar.gz): unpack them",
    ]


def test_a_folder_that_cannot_be_opened_is_named(tmp_path, monkeypatch):
    write(tmp_path, "a.jpg", "private/b.jpg")
    scan = os.scandir

    def refused(path: Path):
        if Path(path).name == "private":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refused)
    found = search(tmp_path)
    assert found.pictures == ["a.jpg"]
    assert found.left_out() == ["folders (1, such as private): they cannot be opened"]
