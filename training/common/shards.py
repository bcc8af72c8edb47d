"""Tars of pictures at an address: each is downloaded once, to a cache folder, and is whole there or not there at all.

    https://HOST/PATH.tar, http://HOST/PATH.tar
    hf://datasets/OWNER/NAME/PATH.tar      of the Hugging Face Hub; NAME@REVISION for another revision than main
    https://HOST/shard-{000..009}.tar      ten shards

The cache folder is `~/.cache/nocturne`, or what NOCTURNE_CACHE names. HF_ENDPOINT and HF_TOKEN mean what they mean to
the Hub's own tools, and HTTPS_PROXY what it means to other programs. fsspec transfers the bytes; of several processes
one downloads a shard and the others wait for it.
"""

import hashlib
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

ADDRESS = re.compile(r"(https?|hf)://", re.IGNORECASE)
RANGE = re.compile(r"\{(\d+)\.\.(\d+)\}")
HUB = re.compile(r"hf://datasets/([^/@]+/[^/@]+)(?:@([^/]+))?/(.+)", re.IGNORECASE)
SILENCE = 60  # seconds without a byte after which a server counts as gone


class NotFetched(ValueError):
    """A shard that cannot be had or kept; the message says which, why and what to do."""


def is_address(source: str) -> bool:
    """Whether a source is downloaded, rather than a path on this machine."""
    return bool(ADDRESS.match(source))


def expanded(source: str) -> list[str]:
    """The sources that a range of numbers in braces stands for; a source without one is itself."""
    found = RANGE.search(source)
    if not found:
        return [source]
    first, last = found.groups()
    numbers = range(int(first), int(last) + 1)
    before, after = source[: found.start()], source[found.end() :]
    return [each for number in numbers for each in expanded(f"{before}{number:0{len(first)}d}{after}")]


def fetched(address: str) -> Path:
    """The shard in the cache folder, downloaded first where it is not there yet. Raises NotFetched."""
    folder = Path(os.environ.get("NOCTURNE_CACHE") or Path.home() / ".cache" / "nocturne")
    place = folder / _file_name(address)
    if place.exists():
        return place
    url, headers = _request(address)
    with _in_one_sentence(address, folder):
        from filelock import FileLock  # comes with PyTorch

        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{place}.lock"):
            if not place.exists():  # another process may have fetched it meanwhile
                _download(address, url, headers, place)
    return place


def _file_name(address: str) -> str:
    """One for each address, ending in the shard's own name."""
    name = re.sub(r"[^\w.-]", "_", urlsplit(address).path.rpartition("/")[2])[-100:]
    return f"{hashlib.sha256(address.encode()).hexdigest()[:12]}-{name or 'shard.tar'}"


def _request(address: str) -> tuple[str, dict[str, str]]:
    """The address and headers to ask with; those of the Hub's files are documented at huggingface.co/docs/hub."""
    if not address.lower().startswith("hf://"):
        return address, {}
    found = HUB.fullmatch(address)
    if not found:
        raise NotFetched(f"{address}: write the address as hf://datasets/OWNER/NAME/PATH.tar")
    name, revision, path = found.groups()
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    token = os.environ.get("HF_TOKEN")
    url = f"{endpoint}/datasets/{name}/resolve/{quote(unquote(revision or 'main'), safe='')}/{quote(path)}"
    return url, {"Authorization": f"Bearer {token}"} if token else {}


def _download(address: str, url: str, headers: dict[str, str], place: Path) -> None:
    """Stream the shard to a file beside `place` and rename it once it is whole and a tar."""
    import aiohttp
    from fsspec.callbacks import TqdmCallback
    from fsspec.implementations.http import HTTPFileSystem

    options = {
        "timeout": aiohttp.ClientTimeout(total=None, sock_connect=SILENCE, sock_read=SILENCE),
        "trust_env": True,
        "headers": headers,
    }
    web = HTTPFileSystem(client_kwargs=options, skip_instance_cache=True)
    bar = {"desc": place.name[13:], "unit": "B", "unit_scale": True, "dynamic_ncols": True}
    beside = place.with_name(place.name + ".part")
    try:
        with TqdmCallback(tqdm_kwargs=bar) as progress:
            web.get_file(url, str(beside), callback=progress)
        _check(beside, address)
        os.replace(beside, place)
    finally:
        beside.unlink(missing_ok=True)


def _check(file: Path, address: str) -> None:
    """Raises NotFetched for what is no whole tar, such as a page that asks for a password."""
    try:
        with tarfile.open(file, "r:") as archive:
            for _ in archive:
                pass
    except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
        raise NotFetched(
            f"{address}: what the server sent is no readable plain tar ({error}), so it was not kept: check the address"
        ) from error


@contextmanager
def _in_one_sentence(address: str, folder: Path) -> Iterator[None]:
    """Turns whatever keeps a shard from being fetched into NotFetched."""
    try:
        import aiohttp
        import fsspec  # noqa: F401
    except ImportError as error:
        raise NotFetched(
            f"{address}: addresses are read with fsspec and aiohttp: install them with `pip install fsspec aiohttp`"
        ) from error
    try:
        yield
    except FileNotFoundError as error:
        raise NotFetched(f"{address}: the server has no such file (404): check the address") from error
    except aiohttp.ClientResponseError as error:
        advice = "set HF_TOKEN, or check the address" if is_hub(address) else "check the address, or try again later"
        raise NotFetched(f"{address}: the server answered {error.status} {error.message}: {advice}") from error
    except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as error:
        raise NotFetched(
            f"{address}: the server cannot be reached ({_reason(error)}): check the address and the network"
        ) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotFetched(
            f"{address}: the download broke off ({_reason(error)}), and nothing of it was kept: run the command again"
        ) from error
    except OSError as error:
        raise NotFetched(
            f"{folder} cannot be written ({error.strerror or error}): make room there, or name another folder with "
            "NOCTURNE_CACHE"
        ) from error


def is_hub(address: str) -> bool:
    """Whether an address is one of the Hugging Face Hub's."""
    return address.lower().startswith("hf://")


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
