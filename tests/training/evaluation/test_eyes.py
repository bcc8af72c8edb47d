"""Promises of the networks that measure: which features FID and KID get, and LPIPS with weights of our own."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor

from training.common import weights
from training.common.command import Missing
from training.evaluation.features import SIDE, Features
from training.evaluation.packages import package
from training.evaluation.perceptual import Lpips
from training.networks.inception_v3 import InceptionV3

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine has downloaded is not used."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "cache"))


@pytest.fixture
def picture() -> Image.Image:
    pixels = np.random.default_rng(0).integers(256, size=(320, 400, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def square(picture: Image.Image) -> Image.Image:
    return picture.crop((40, 0, 360, 320)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def tensor(picture: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(picture).copy()).permute(2, 0, 1)[None]


@torch.no_grad()
def test_without_torch_fidelitys_weights_features_are_our_networks_mixed_6e(tmp_path, picture):
    torch.manual_seed(0)
    network = InceptionV3("mixed_7")
    save_file(network.convs.state_dict(), tmp_path / "inception_v3_imagenet_to_mixed_8.safetensors")
    features = Features([tmp_path], CPU)
    assert features.source == (
        "Inception-v3 of 2015-12-05 (inception_v3_imagenet_to_mixed_8.safetensors), mean of Mixed_6e, squares of 299 px"
    )
    expected = network(tensor(square(picture)).float() / 255)["mixed_7"].mean((2, 3))[0]
    assert torch.allclose(features(picture), expected.double(), atol=1e-6)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """torch-fidelity's file, with random weights."""
    torch.manual_seed(0)
    models = package("torchvision.models")
    network = models.Inception3(num_classes=1008, aux_logits=False, init_weights=False)
    file = tmp_path_factory.mktemp("graph") / "weights-inception-2015-12-05-6726825d.pth"
    torch.save(network.state_dict(), file)
    return file


@pytest.mark.slow
def test_with_torch_fidelitys_weights_features_are_its_last_pooling(graph, picture):
    features = Features([graph], CPU)
    assert features.source == (
        f"Inception-v3 of 2015-12-05 by torch-fidelity ({graph.name}), last pooling, squares of 299 px"
    )
    extractor = package("torch_fidelity.feature_extractor_inceptionv3").FeatureExtractorInceptionV3
    expected = extractor("inception", ["2048"], feature_extractor_weights_path=str(graph))(tensor(square(picture)))
    assert features(picture).shape == (2048,)
    assert torch.equal(features(picture), expected[0][0].double())


def test_torch_fidelitys_weights_are_found_where_it_keeps_its_downloads(tmp_path, monkeypatch):
    monkeypatch.setattr("training.evaluation.features._torch_fidelity", lambda found, device: (str(found.path), None))
    save_file(InceptionV3().convs.state_dict(), tmp_path / "inception_v3_imagenet_to_mixed_8.safetensors")
    assert "Mixed_6e" in Features([tmp_path], CPU).source
    weights.cache().mkdir(parents=True)
    downloaded = weights.cache() / "weights-inception-2015-12-05-6726825d.pth"
    downloaded.touch()
    assert Features([tmp_path], CPU).source.startswith(str(downloaded))


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(Missing, match=r"Inception-v3's ImageNet weights.*--weights"):
        Features([tmp_path], CPU)
    with pytest.raises(Missing, match=r"SqueezeNet 1\.1's ImageNet weights.*--weights"):
        Lpips([tmp_path], CPU)


@pytest.fixture(scope="module")
def squeezenet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    file = tmp_path_factory.mktemp("squeezenet") / "squeezenet1_1-0.pth"
    torch.save(package("torchvision.models").squeezenet1_1().state_dict(), file)
    return file


@pytest.fixture(scope="module")
def lpips(squeezenet: Path) -> Lpips:
    return Lpips([squeezenet], CPU)


def test_lpips_is_that_of_its_definition_with_the_named_weights(lpips, squeezenet):
    """Distances of normalised features, weighted by the package's learned weights, averaged over places, summed."""
    a, b = torch.rand(2, 2, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    network = package("torchvision.models").squeezenet1_1()
    network.load_state_dict(torch.load(squeezenet))
    total = torch.zeros(2)
    with torch.no_grad():
        x, y = (((2 * each - 1) - SHIFT) / SCALE for each in (a, b))
        for i, layer in enumerate(network.features):
            x, y = layer(x), layer(y)
            if i in ENDS:
                difference = (normalised(x) - normalised(y)).square()
                learned = lpips.network.lins[ENDS.index(i)].model[1].weight
                total += (difference * learned).sum(1).mean((1, 2))
    assert torch.allclose(lpips(a, b), total, rtol=1e-4)
    assert lpips.source == "0.1 with torchvision's SqueezeNet 1.1 (squeezenet1_1-0.pth)"


SHIFT = torch.tensor([-0.030, -0.088, -0.188]).view(1, 3, 1, 1)
SCALE = torch.tensor([0.458, 0.448, 0.450]).view(1, 3, 1, 1)
ENDS = (1, 4, 7, 9, 10, 11, 12)  # the layers that LPIPS reads


def normalised(x: Tensor) -> Tensor:
    return x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10)


def test_lpips_is_nothing_for_equal_pictures_and_more_for_more_noise(lpips):
    picture = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    noise = torch.randn(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    none, little, much = (float(lpips(picture, (picture + share * noise).clamp(0, 1))) for share in (0, 0.1, 0.4))
    assert none == 0 < little < much
