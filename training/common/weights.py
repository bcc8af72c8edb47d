"""Pretrained networks' ImageNet weights: where they come from, and which file holds which network.

A source, as `--weights` names them, is
    a folder            files that are named as in LAYOUTS, such as PyTorch's cache of downloads
    a file              likewise, `.pth` (a state dict) or `.safetensors`
    torchvision         what torchvision publishes, downloaded to PyTorch's cache
    torch-fidelity      Inception-v3 of 2015-12-05 as torch-fidelity publishes it, likewise
The first source that has a network is used, and within a folder the first layout.

Downloads go to the cache that torchvision uses (~/.cache/torch/hub/checkpoints, or TORCH_HOME), by the same function
of torch.hub with the same check of the hash. The addresses stand here rather than being read from torchvision, so
that a training needs torch alone; they never change, because they contain the hash of what they name.
"""

import os
import pickle
import ssl
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from training.common import layouts
from training.common.command import Missing
from training.common.layouts import State

Weights = dict[str, State]  # by network and parameter


@dataclass(frozen=True)
class Layout:
    """A published version of a network: how its files are named, what it is, how its state dict becomes ours."""

    files: str  # a pattern
    title: str
    convert: Callable[[State], State]


LAYOUTS: dict[str, tuple[Layout, ...]] = {
    "vgg16": (
        Layout("vgg16_imagenet_to_conv3_3.safetensors", "VGG-16 of Oxford", layouts.as_it_is),
        Layout(
            "vgg16_features-*.pth",
            "torchvision's VGG-16 for features",
            partial(layouts.vgg, network="vgg16", pictures=layouts.CAFFE),
        ),
        Layout("vgg16[.-]*pth", "torchvision's VGG-16", partial(layouts.vgg, network="vgg16")),
    ),
    "vgg19": (
        Layout("vgg19_imagenet_to_conv3_4.safetensors", "VGG-19 of Oxford", layouts.as_it_is),
        Layout("vgg19[.-]*pth", "torchvision's VGG-19", partial(layouts.vgg, network="vgg19")),
    ),
    "inception": (
        Layout("inception_v3_imagenet_to_mixed_8.safetensors", "Inception-v3 of 2015-12-05", layouts.as_it_is),
        Layout(
            "*inception-2015-12-05*.pth",
            "Inception-v3 of 2015-12-05 by torch-fidelity",
            partial(layouts.inception, padded_pooling=False),
        ),
        Layout("inception_v3[_.-]*pth", "torchvision's Inception-v3", partial(layouts.inception, padded_pooling=True)),
    ),
    "mobilenet": (
        Layout("mobilenet_v2_imagenet.safetensors", "MobileNetV2 of the ONNX model zoo", layouts.mobilenet_of_the_zoo),
        Layout("mobilenet_v2[.-]*pth", "torchvision's MobileNetV2", layouts.mobilenet),
    ),
    "squeezenet": (
        Layout(
            "squeezenet1_1_imagenet.safetensors", "SqueezeNet 1.1 of the ONNX model zoo", layouts.squeezenet_of_the_zoo
        ),
        Layout("squeezenet1_1[.-]*pth", "torchvision's SqueezeNet 1.1", layouts.squeezenet),
    ),
}
TITLES = {
    "vgg16": "VGG-16",
    "vgg19": "VGG-19",
    "inception": "Inception-v3",
    "mobilenet": "MobileNetV2",
    "squeezenet": "SqueezeNet 1.1",
}
TORCHVISION = "https://download.pytorch.org/models/"
PUBLISHED = {
    "torchvision": {
        "vgg16": f"{TORCHVISION}vgg16-397923af.pth",
        "vgg19": f"{TORCHVISION}vgg19-dcbb9e9d.pth",
        "inception": f"{TORCHVISION}inception_v3_google-0cc3c7bd.pth",
        "mobilenet": f"{TORCHVISION}mobilenet_v2-b0353104.pth",
        "squeezenet": f"{TORCHVISION}squeezenet1_1-b8a52dc0.pth",
    },
    "torch-fidelity": {
        "inception": "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/"
        "weights-inception-2015-12-05-6726825d.pth"
    },
}


@dataclass(frozen=True)
class Found:
    """A network's weights: a file that is there, or one that `url` names and that `path` will be."""

    path: Path
    layout: Layout
    url: str = ""

    def __str__(self) -> str:
        return f"{self.layout.title} ({self.path.name})"


def find(sources: Sequence[str | Path], network: str) -> Found | None:
    """The first of the sources that has the network. Raises Missing for a file that names no network."""
    return next((found for source in sources for found in _of_source(str(source), network)), None)


def needed(sources: Sequence[str | Path], networks: Iterable[str]) -> dict[str, str]:
    """What no source has of these networks, and what it is: for training.common.command.require."""
    absent = [network for network in networks if not find(sources, network)]
    return {
        _expected(sources, network): f"{TITLES[network]}'s ImageNet weights: --weights torchvision downloads them"
        for network in absent
    }


def read(sources: Sequence[str | Path], networks: Iterable[str]) -> Weights:
    """The weights of these networks, downloaded where a source says so.

    Raises Missing for weights that are missing, damaged or another network's, and for a download that fails.
    """
    return {network: _read(sources, network) for network in networks}


def put(network: nn.Module, weights: State, title: str) -> None:
    """Give the network its parameters of these. Raises Missing for weights of another network."""
    try:
        network.load_state_dict({name: weights[name].float() for name in network.state_dict()})
    except (KeyError, RuntimeError) as error:
        raise Missing(f"the weights named with --weights do not fit {title}: name others, or torchvision") from error


def cache() -> Path:
    """PyTorch's folder of downloaded weights."""
    return Path(torch.hub.get_dir()) / "checkpoints"


def fetched(found: Found) -> Path:
    """Its file, downloaded if it is not there yet. Raises Missing."""
    if not found.path.exists():
        _download(found.url, found.path)
    return found.path


def state_dict(path: Path) -> State:
    """The tensors of a `.safetensors` or `.pth` file by name; nothing in it is run. Raises Missing."""
    try:
        state = load_file(path) if path.suffix == ".safetensors" else torch.load(path, "cpu", weights_only=True)
        if isinstance(state, dict) and all(isinstance(each, torch.Tensor) for each in state.values()):
            return state
        raise ValueError("no state dict")
    except (OSError, RuntimeError, ValueError, KeyError, EOFError, pickle.UnpicklingError, SafetensorError) as error:
        raise Missing(
            f"{path} is damaged, or holds no state dict: delete it and download it again, or name another file with "
            "--weights"
        ) from error


def _of_source(source: str, network: str) -> Iterator[Found]:
    """What a source has of a network, the preferred one first."""
    path = Path(source)
    if source in PUBLISHED:
        if url := PUBLISHED[source].get(network):
            path = cache() / url.rpartition("/")[2]
            yield Found(path, next(_fitting(path, network)), url)
    elif path.is_dir():
        for layout in LAYOUTS[network]:
            yield from _the_only(sorted(path.glob(layout.files)), layout, network)
    elif path.is_file():
        if not any(True for each in LAYOUTS for _ in _fitting(path, each)):
            raise Missing(
                f"{path}: its name does not say which network it holds: name it as it was published, such as "
                f"{', '.join(url.rpartition('/')[2] for url in PUBLISHED['torchvision'].values())}"
            )
        yield from (Found(path, layout) for layout in _fitting(path, network))


def _fitting(path: Path, network: str) -> Iterator[Layout]:
    """The network's layouts whose files are named so."""
    return (layout for layout in LAYOUTS[network] if fnmatch(path.name, layout.files))


def _the_only(files: list[Path], layout: Layout, network: str) -> list[Found]:
    if len(files) > 1:
        raise Missing(
            f"{files[0].parent} has several files of {TITLES[network]} ({', '.join(file.name for file in files)}): "
            "name one of them with --weights, before the folder"
        )
    return [Found(file, layout) for file in files]


def _expected(sources: Sequence[str | Path], network: str) -> str:
    """Where a message says that the network's file should be."""
    places = [source for source in sources if str(source) not in PUBLISHED and not Path(source).is_file()]
    place = Path(places[0]) if places else cache()
    return str(place if place.suffix in (".pth", ".safetensors") else place / LAYOUTS[network][0].files)


def _read(sources: Sequence[str | Path], network: str) -> State:
    found = find(sources, network)
    if not found:
        raise Missing(
            f"{_expected(sources, network)} ({TITLES[network]}'s ImageNet weights) not found: put it there, or name "
            "another source with --weights; '--weights torchvision' downloads it"
        )
    state = state_dict(fetched(found))
    try:
        return found.layout.convert(state)
    except (KeyError, ValueError, RuntimeError) as error:
        raise Missing(
            f"{found.path} is no state dict of {found.layout.title}: download it again, or name another with --weights"
        ) from error


def _download(url: str, path: Path) -> None:
    """Write what the address names in place of `path`, once it is whole and has the hash of its name."""
    name, hash = path.name, path.stem.rpartition("-")[2]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{path.stem}-", dir=path.parent) as folder:
            print(f"downloading {url} to {path.parent}", flush=True)
            torch.hub.download_url_to_file(url, f"{folder}/{name}", hash, progress=True)
            os.replace(f"{folder}/{name}", path)
    except (URLError, HTTPException, ConnectionError, TimeoutError, ssl.SSLError) as error:
        reason = getattr(error, "reason", error)
        raise Missing(
            f"{url} cannot be downloaded ({reason}): connect to the network, or put {name} into {path.parent} by hand"
        ) from error
    except OSError as error:
        raise Missing(
            f"{path.parent} takes no download ({error.strerror}): make room there, or name another folder in TORCH_HOME"
        ) from error
    except RuntimeError as error:  # torch.hub's for a wrong hash
        raise Missing(f"{url} arrived incomplete or altered, and was not kept: try again") from error
