"""Promises of training/common/shards.py: tars of pictures at an address, with a server on this machine."""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.shard_server import ShardServer, serving, shard
from training.common.pictures import NoPictures, Pictures
from training.common.runs import without_folders
from training.common.shards import expanded

ROOT = Path(__file__).resolve().parents[2]
SOME = ["a.png", "b.png", "c.png"]


@pytest.fixture(scope="module")
def everything() -> Iterator[ShardServer]:
    with serving() as server:
        yield server


@pytest.fixture
def server(everything: ShardServer) -> ShardServer:
    everything.files, everything.faults = {"/set/shard-000.tar": shard(SOME)}, {}
    everything.asked.clear()
    everything.tokens.clear()
    return everything


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own, and no proxy or endpoint of this machine's."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HF_ENDPOINT", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NOCTURNE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def kept(cache: Path) -> list[str]:
    """Names of what lies in the cache folder, without the locks."""
    return sorted(path.name[13:] for path in cache.glob("*") if path.suffix != ".lock")


def refused(source: str) -> str:
    """The one sentence with which a source is refused."""
    with pytest.raises(NoPictures) as stop:
        Pictures([source])
    assert "\n" not in str(stop.value)
    return str(stop.value)


def test_a_shard_is_downloaded_once_with_progress_and_read_like_one_on_this_machine(server, cache, tmp_path, capsys):
    address = f"{server.address}/set/shard-000.tar"
    pictures = Pictures([address])
    assert "shard-000.tar: 100%" in capsys.readouterr().err
    (tmp_path / "same.tar").write_bytes(server.files["/set/shard-000.tar"])
    same = Pictures([tmp_path / "same.tar"])
    assert [pictures.read(i).tobytes() for i in range(3)] == [same.read(i).tobytes() for i in range(3)]
    assert len(Pictures([address])) == 3
    assert server.asked == ["/set/shard-000.tar"]
    assert kept(cache) == ["shard-000.tar"]


def test_a_range_of_numbers_names_as_many_shards(server, cache):
    server.files = {f"/set/shard-{i:03d}.tar": shard([f"{i}.png"], i) for i in range(8, 12)}
    pictures = Pictures([f"{server.address}/set/shard-{{008..011}}.tar"])
    assert sorted(entry.name for entry in pictures.entries) == ["10.png", "11.png", "8.png", "9.png"]
    assert kept(cache) == [f"shard-{i:03d}.tar" for i in range(8, 12)]


def test_a_range_counts_with_or_without_leading_zeros():
    assert expanded("a-{8..10}.tar") == ["a-8.tar", "a-9.tar", "a-10.tar"]
    assert expanded("a-{08..10}.tar") == ["a-08.tar", "a-09.tar", "a-10.tar"]
    assert expanded("{0..1}/{0..1}.tar") == ["0/0.tar", "0/1.tar", "1/0.tar", "1/1.tar"]
    assert expanded("a.tar") == ["a.tar"]


@pytest.mark.parametrize(("revision", "path"), [("", "main"), ("@v1.0", "v1.0"), ("@refs%2Fpr%2F1", "refs%2Fpr%2F1")])
def test_an_address_of_the_hub_is_asked_for_where_the_hub_has_it(server, monkeypatch, revision, path):
    place = f"/datasets/somebody/landscapes/resolve/{path}/train/000.tar"
    server.files = {place: shard(SOME)}
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert len(Pictures([f"hf://datasets/somebody/landscapes{revision}/train/000.tar"])) == 3
    assert (server.asked, server.tokens) == ([place], ["Bearer hf_secret"])


def test_an_address_of_the_hub_that_is_none_is_refused(server, monkeypatch):
    assert "hf://datasets/OWNER/NAME/PATH.tar" in refused("hf://somebody/landscapes")


def test_a_token_goes_to_the_hub_alone(server, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    Pictures([f"{server.address}/set/shard-000.tar"])
    assert server.tokens == [None]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("cut", "the download broke off"),
        ("gone", "the download broke off"),
        ("404", r"no such file \(404\): check the address"),
        ("500", "the server answered 500"),
    ],
)
def test_a_download_that_fails_leaves_nothing_and_the_next_one_is_whole(server, cache, fault, sentence):
    address = f"{server.address}/set/shard-000.tar"
    server.faults = {"/set/shard-000.tar": fault}
    said = refused(address)
    assert said.startswith(address) and re.search(sentence, said)
    assert kept(cache) == []
    server.faults = {}
    assert len(Pictures([address])) == 3


def test_shards_that_were_whole_are_not_downloaded_again_when_a_later_one_failed(server, cache):
    server.files["/set/shard-001.tar"] = shard(["d.png"])
    server.faults = {"/set/shard-001.tar": "cut"}
    refused(f"{server.address}/set/shard-{{000..001}}.tar")
    server.faults = {}
    assert len(Pictures([f"{server.address}/set/shard-{{000..001}}.tar"])) == 4
    assert server.asked.count("/set/shard-000.tar") == 1


def test_a_closed_data_set_asks_for_the_token(server, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", server.address)
    server.faults = {"/datasets/a/b/resolve/main/c.tar": "401"}
    assert "answered 401 Unauthorized: set HF_TOKEN" in refused("hf://datasets/a/b/c.tar")


def test_a_server_that_is_not_there_is_named(cache):
    with serving() as gone:
        address = f"{gone.address}/set/shard-000.tar"
    assert "cannot be reached" in refused(address)
    assert kept(cache) == []


@pytest.mark.parametrize("content", [b"<html>Please log in</html>" * 99, shard(SOME)[:700]])
def test_what_is_no_whole_tar_is_not_kept(server, cache, content):
    server.files = {"/set/shard-000.tar": content}
    assert "no readable plain tar" in refused(f"{server.address}/set/shard-000.tar")
    assert kept(cache) == []


def test_a_cache_folder_that_is_none_is_named(server, cache):
    cache.write_text("a file")
    said = refused(f"{server.address}/set/shard-000.tar")
    assert f"{cache} cannot be written" in said and "NOCTURNE_CACHE" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_cache_folder_without_the_right_to_write_is_named(server, cache):
    cache.mkdir(mode=0o500)
    assert f"{cache} cannot be written (Permission denied)" in refused(f"{server.address}/set/shard-000.tar")


FULL = """
import resource, signal, sys
from training.common.pictures import NoPictures, Pictures
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    Pictures([sys.argv[1]])
except NoPictures as error:
    print(error)
"""


def test_a_cache_disk_that_is_full_is_named_and_keeps_nothing(server, cache):
    """By a limit on the size of files, which fails a write as a full disk does."""
    command = [sys.executable, "-c", FULL, f"{server.address}/set/shard-000.tar"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    reason = f"{cache} cannot be written ({os.strerror(errno.EFBIG)})"
    assert said == f"{reason}: make room there, or name another folder with NOCTURNE_CACHE\n"
    assert kept(cache) == []


def test_of_several_processes_one_downloads_each_shard(server, cache):
    program = "import sys; from training.common.pictures import Pictures; print(len(Pictures([sys.argv[1]])))"
    command = [sys.executable, "-c", program, f"{server.address}/set/shard-000.tar"]
    processes = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert [process.communicate()[0] for process in processes] == ["3\n"] * 3
    assert server.asked == ["/set/shard-000.tar"]
    assert kept(cache) == ["shard-000.tar"]


def test_without_the_packages_one_sentence_says_which(server, monkeypatch):
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    assert "`pip install fsspec aiohttp`" in refused(f"{server.address}/set/shard-000.tar")


def test_a_shard_that_disappears_in_mid_run_is_named(server, cache):
    pictures = Pictures([f"{server.address}/set/shard-000.tar"])
    next(cache.glob("*.tar")).unlink()
    with pytest.raises(NoPictures, match=r"shard-000\.tar has disappeared: put it back, then continue with --resume"):
        pictures.first_readable(1)


def test_a_published_configuration_keeps_an_address_but_no_secret_of_it():
    photos = ["https://me:word@host.org/a-{0..9}.tar?signature=1", "hf://datasets/a/b/c.tar", "/mine/photos"]
    published = without_folders({"photos": photos})["photos"]
    assert published == ["https://host.org/a-{0..9}.tar", "hf://datasets/a/b/c.tar", "photos"]
