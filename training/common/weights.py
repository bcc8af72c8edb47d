"""Pretrained networks' ImageNet weights: which file of the folder `weights` holds which."""

from collections.abc import Iterable
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from training.common.command import Missing

FILES = {
    "vgg16": "vgg16_imagenet_to_conv3_3.safetensors",
    "inception": "inception_v3_imagenet_to_mixed_8.safetensors",
    "mobilenet": "mobilenet_v2_imagenet.safetensors",
}
TITLES = {"vgg16": "VGG-16", "inception": "Inception-v3", "mobilenet": "MobileNetV2"}
Weights = dict[str, dict[str, Tensor]]  # by network and parameter


def needed(folder: Path, networks: Iterable[str]) -> dict[str, str]:
    """Where the weights of these networks lie, and what they are: for training.common.command.require."""
    return {str(folder / FILES[network]): f"{TITLES[network]}'s ImageNet weights" for network in networks}


def read(folder: Path, networks: Iterable[str]) -> Weights:
    """The weights of these networks. Raises Missing for a file that is not there or damaged."""
    return {network: _read(folder / FILES[network]) for network in networks}


def _read(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except (OSError, SafetensorError) as error:
        raise Missing(f"{file} is missing or damaged: fetch it again, or name its folder with --weights") from error
