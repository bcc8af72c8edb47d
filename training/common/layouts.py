"""State dicts as others publish them -> the parameters of our networks: names mapped, batch norms folded.

    vgg                 'conv1_1.weight' …, and `mean` [3]: what the network subtracts from BGR of 0..255
    inception           the names of the 2015-12-05 graph ('conv.weight' …, 'mixed_7_tower_2_conv.bias'), and
                        `padded_pooling`: see training/networks/inception_v3.py
    mobilenet           'conv0.weight', 'block0.conv0.weight' …: a block's convolutions expand, filter and project
    squeezenet          torchvision's ('features.0.weight' …), without the classifier

Functions raise KeyError or ValueError for a state dict of another network.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

State = dict[str, Tensor]

IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # torchvision's mean and deviation of RGB in [0,1]
CAFFE = (0.48235, 0.45882, 0.40784), (1 / 255, 1 / 255, 1 / 255)  # those of its VGG-16 for features alone

VGG_DEPTHS = {"vgg16": (2, 2, 3, 3, 3), "vgg19": (2, 2, 4, 4, 4)}  # convolutions of each block

STEM = ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3")
BLOCKS = ("Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e")
TOWERS = {  # torchvision's name of a branch and its length: of blocks 5, of 6a, of the other blocks 6
    "Mixed_5": (("branch5x5_", 2), ("branch3x3dbl_", 3)),
    "Mixed_6a": (("branch3x3dbl_", 3),),
    "Mixed_6": (("branch7x7_", 3), ("branch7x7dbl_", 5)),
}
CLASSES_OF_2015 = 1008

BOTTLENECKS = 17
FIRES = (3, 4, 6, 7, 9, 10, 11, 12)  # in SqueezeNet 1.1's `features`


def folded(weight: Tensor, norm: Sequence[Tensor], eps: float) -> tuple[Tensor, Tensor]:
    """(weight, bias) of the convolution that equals one without bias and the batch norm after it.

    `norm` is scale, shift, running mean and running variance.
    """
    gamma, beta, mean, variance = (each.float() for each in norm)
    scale = gamma / (variance + eps).sqrt()
    return weight.float() * scale.view(-1, 1, 1, 1), beta - mean * scale


def as_it_is(state: State) -> State:
    """A file in our own layout."""
    return state


def vgg(state: State, network: str, pictures: tuple[tuple[float, ...], tuple[float, ...]] = IMAGENET) -> State:
    """torchvision's VGG, which takes (RGB in [0,1] - mean) / deviation; `pictures` are these two.

    Ours takes BGR of 0..255 less a mean, as the Oxford release did. Scale and order are folded into the first
    convolution. The mean cannot be: the padding of the edges is zero after it is subtracted, so it goes along.
    """
    names, (mean, deviation) = dict(_vgg_names(VGG_DEPTHS[network])), pictures
    wanted = {f"{index}.{part}" for index in names for part in ("weight", "bias")}
    if {name.removeprefix("features.") for name in state if name.startswith("features.")} != wanted:
        raise ValueError(f"not the layers of {network}")
    found = {
        f"{name}.{part}": state[f"features.{i}.{part}"] for i, name in names.items() for part in ("weight", "bias")
    }
    scale = 255 * torch.tensor(deviation).view(3, 1, 1)
    found["conv1_1.weight"] = (found["conv1_1.weight"].float() / scale).flip(1)
    return {**found, "mean": 255 * torch.tensor(mean).flip(0)}


def _vgg_names(depths: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    """(index in `features`, our name) of each convolution: a ReLU follows each, a pooling each block."""
    index = 0
    for block, depth in enumerate(depths, 1):
        for number in range(1, depth + 1):
            yield index, f"conv{block}_{number}"
            index += 2
        index += 1


def inception(state: State, padded_pooling: bool) -> State:
    """torchvision's Inception-v3, or torch-fidelity's port of the 2015-12-05 graph, which has its names."""
    if padded_pooling == (len(state["fc.bias"]) == CLASSES_OF_2015):
        raise ValueError("the file's name and its number of classes name different versions of Inception-v3")
    found: State = {"padded_pooling": torch.tensor(padded_pooling)}
    for ours, theirs in _inception_names():
        norm = [state[f"{theirs}.bn.{part}"] for part in ("weight", "bias", "running_mean", "running_var")]
        found[f"{ours}.weight"], found[f"{ours}.bias"] = folded(state[f"{theirs}.conv.weight"], norm, 1e-3)
    return found


def _inception_names() -> Iterator[tuple[str, str]]:
    """(our name, torchvision's) of each convolution up to Mixed_6e."""
    for i, theirs in enumerate(STEM):
        yield _numbered("conv", i), theirs
    for i, theirs in enumerate(BLOCKS):
        ours = _numbered("mixed", i)
        yield f"{ours}_conv", f"{theirs}.branch3x3" if theirs == "Mixed_6a" else f"{theirs}.branch1x1"
        for tower, (branch, length) in enumerate(TOWERS.get(theirs) or TOWERS[theirs[:7]]):
            for k in range(length):
                yield _numbered(f"{ours}_{_numbered('tower', tower)}_conv", k), f"{theirs}.{branch}{k + 1}"
        if theirs != "Mixed_6a":
            yield f"{ours}_tower_2_conv", f"{theirs}.branch_pool"


def _numbered(name: str, i: int) -> str:
    """TensorFlow's names: 'conv', 'conv_1' …"""
    return f"{name}_{i}" if i else name


def mobilenet(state: State) -> State:
    """torchvision's MobileNetV2, which leaves out the first block's expansion by 1: an identity takes its place."""
    places = [("conv0", "features.0.0", "features.0.1")]
    for block in range(BOTTLENECKS):
        theirs = f"features.{block + 1}.conv"
        first = [] if block == 0 else [(f"{theirs}.0.0", f"{theirs}.0.1")]
        filter, project = (0, 1) if block == 0 else (1, 2)
        last = [(f"{theirs}.{filter}.0", f"{theirs}.{filter}.1"), (f"{theirs}.{project}", f"{theirs}.{project + 1}")]
        numbers = range(block == 0, 3)
        pairs = zip(numbers, first + last, strict=True)
        places += [(f"block{block}.conv{k}", conv, norm) for k, (conv, norm) in pairs]
    found = _with_norms(state, places, "{}.weight", ("weight", "bias", "running_mean", "running_var"), ".")
    width = len(found["conv0.bias"])
    return {
        **found,
        "block0.conv0.weight": torch.eye(width).view(width, width, 1, 1),
        "block0.conv0.bias": torch.zeros(width),
    }


def mobilenet_of_the_zoo(state: State) -> State:
    """The ONNX model zoo's MobileNetV2."""
    places = [("conv0", "features_conv0", "features_batchnorm0")]
    for block in range(BOTTLENECKS):
        theirs = f"features_linearbottleneck{block}_"
        places += [(f"block{block}.conv{k}", f"{theirs}conv{k}", f"{theirs}batchnorm{k}") for k in range(3)]
    return _with_norms(state, places, "{}_weight", ("gamma", "beta", "running_mean", "running_var"), "_")


def _with_norms(
    state: State, places: list[tuple[str, str, str]], weight: str, norms: tuple[str, ...], between: str
) -> State:
    """The parameters of (our name, their convolution, their batch norm)."""
    found = {}
    for ours, conv, norm in places:
        parts = [state[f"{norm}{between}{part}"] for part in norms]
        found[f"{ours}.weight"], found[f"{ours}.bias"] = folded(state[weight.format(conv)], parts, 1e-5)
    return found


def squeezenet(state: State) -> State:
    """torchvision's SqueezeNet 1.1."""
    return {name: state[name] for name in _squeezenet_names()}


def squeezenet_of_the_zoo(state: State) -> State:
    """The ONNX model zoo's SqueezeNet 1.1, whose convolutions are numbered."""
    names = list(_squeezenet_names())
    return {name: state[f"conv{i // 2}_{name.rpartition('.')[2]}"] for i, name in enumerate(names)}


def _squeezenet_names() -> Iterator[str]:
    """torchvision's names, in the order of the convolutions."""
    fires = [f"features.{i}.{part}" for i in FIRES for part in ("squeeze", "expand1x1", "expand3x3")]
    for conv in ("features.0", *fires):
        yield f"{conv}.weight"
        yield f"{conv}.bias"
