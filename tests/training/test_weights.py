"""Promises of the pretrained weights: torchvision's networks and ours see the same, and what is wrong is said."""

import hashlib
import pickle
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from training.common import layouts, weights
from training.common.command import Missing
from training.evaluation.packages import package
from training.networks.inception_v3 import InceptionV3
from training.networks.mobilenet_v2 import MobileNetV2
from training.networks.vgg16 import Vgg16
from training.networks.vgg19 import DeepVgg19, Vgg19

MEAN, DEVIATION = (torch.tensor(each).view(1, 3, 1, 1) for each in layouts.IMAGENET)
BUILDERS: dict[str, Callable[[ModuleType], nn.Module]] = {
    "vgg16-0.pth": lambda models: vgg(models, "D"),
    "vgg19-0.pth": lambda models: vgg(models, "E"),
    "inception_v3_google-0.pth": lambda models: models.Inception3(init_weights=False, transform_input=True),
    "mobilenet_v2-0.pth": lambda models: models.mobilenet_v2(),
    "squeezenet1_1-0.pth": lambda models: models.squeezenet1_1(),
}


def vgg(models: ModuleType, configuration: str) -> nn.Module:
    """torchvision's network without the classifier, which has nine tenths of the weights."""
    return nn.ModuleDict({"features": models.vgg.make_layers(models.vgg.cfgs[configuration], False)})


TAPS = {Vgg16: (4, 9, 16), Vgg19: (4, 9, 18), DeepVgg19: (4, 9, 18, 27, 30)}  # our blocks end before these layers


@pytest.fixture(scope="module")
def models() -> ModuleType:
    return package("torchvision.models")


@pytest.fixture(scope="module")
def folder(models: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State dicts of torchvision's networks, with random weights and statistics."""
    folder = tmp_path_factory.mktemp("weights")
    for name, build in BUILDERS.items():
        torch.manual_seed(0)
        network = build(models)
        for norm in (each for each in network.modules() if isinstance(each, nn.BatchNorm2d)):
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.normal_(norm.bias, std=0.3)
            norm.running_mean.normal_(std=0.3), norm.running_var.uniform_(0.5, 2)
        classifier = {"classifier.0.bias": torch.zeros(1)} if name.startswith("vgg") else {}
        torch.save(network.state_dict() | classifier, folder / name)
    return folder


def theirs(models: ModuleType, folder: Path, name: str) -> nn.Module:
    network = BUILDERS[name](models)
    network.load_state_dict(torch.load(folder / name), strict=not name.startswith("vgg"))
    return network.eval()


def photo() -> Tensor:
    """Edges and odd sizes, where padding and pooling show."""
    return torch.rand(1, 3, 107, 123, generator=torch.Generator().manual_seed(1))


def assert_same(ours: Tensor, theirs: Tensor) -> None:
    assert ours.shape == theirs.shape
    assert (ours - theirs).abs().max() < 1e-4 * max(1.0, float(theirs.abs().max()))


@torch.no_grad()
@pytest.mark.parametrize(("kind", "name"), [(Vgg16, "vgg16-0.pth"), (Vgg19, "vgg19-0.pth"), (DeepVgg19, "vgg19-0.pth")])
def test_vgg_with_torchvisions_weights_sees_what_torchvisions_does(models, folder, kind, name):
    ours = kind()
    ours.load_imagenet(weights.read([folder], [name[:5]])[name[:5]])
    expected = theirs(models, folder, name)["features"]
    for (_, features), end in zip(ours(photo()).items(), TAPS[kind], strict=True):
        assert_same(features, expected[:end]((photo() - MEAN) / DEVIATION))


@torch.no_grad()
def test_vgg16_for_features_alone_is_fed_as_it_was_trained(models, folder, tmp_path):
    state = {k: v for k, v in torch.load(folder / "vgg16-0.pth").items() if k.startswith("features")}
    torch.save(state, tmp_path / "vgg16_features-amdegroot-0.pth")
    ours, (mean, deviation) = Vgg16(), (torch.tensor(each).view(1, 3, 1, 1) for each in layouts.CAFFE)
    ours.load_imagenet(weights.read([tmp_path], ["vgg16"])["vgg16"])
    expected = theirs(models, folder, "vgg16-0.pth")["features"][:16]((photo() - mean) / deviation)
    assert_same(ours(photo())["relu3_3"], expected)


@torch.no_grad()
def test_inception_with_torchvisions_weights_sees_what_torchvisions_does(models, folder):
    ours, network = InceptionV3(), theirs(models, folder, "inception_v3_google-0.pth")
    ours.load_imagenet(weights.read([folder], ["inception"])["inception"])
    seen: dict[str, Tensor] = {}
    for ours_name, their_name in (("mixed", "Mixed_5b"), ("mixed_2", "Mixed_5d"), ("mixed_3", "Mixed_6a")):
        network.get_submodule(their_name).register_forward_hook(partial(keep, seen, ours_name))
    network.Mixed_6e.register_forward_hook(partial(keep, seen, "mixed_7"))
    network((photo() - MEAN) / DEVIATION)
    features = ours(photo())
    for name, expected in seen.items():
        assert_same(features[name], expected)


def keep(seen: dict[str, Tensor], name: str, module: nn.Module, inputs: tuple, output: Tensor) -> None:
    seen[name] = output


@pytest.fixture(scope="module")
def graph_of_2015(models: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inception-v3 as torch-fidelity publishes it, with random weights."""
    torch.manual_seed(0)
    network = models.Inception3(num_classes=1008, aux_logits=False, init_weights=False)
    file = tmp_path_factory.mktemp("graph") / "weights-inception-2015-12-05-0.pth"
    torch.save(network.state_dict(), file)
    return file


@pytest.mark.slow
@torch.no_grad()
def test_inception_of_2015_sees_what_torch_fidelitys_does(graph_of_2015):
    extractor = package("torch_fidelity.feature_extractor_inceptionv3").FeatureExtractorInceptionV3
    network = extractor("inception", ["768"], feature_extractor_weights_path=str(graph_of_2015))
    picture = (torch.rand(1, 3, 299, 299, generator=torch.Generator().manual_seed(1)) * 255).byte()
    ours = InceptionV3()
    ours.load_imagenet(weights.read([graph_of_2015], ["inception"])["inception"])
    as_the_graph = ((picture.float() - 128) / 128 + 1) / 2
    assert_same(ours(as_the_graph)["mixed_7"].mean((2, 3)), network(picture)[0])


@torch.no_grad()
def test_a_file_whose_name_and_classes_contradict_each_other_is_refused(folder, graph_of_2015, tmp_path):
    for file, name in (
        (graph_of_2015, "inception_v3_google-0.pth"),
        (folder / "inception_v3_google-0.pth", graph_of_2015.name),
    ):
        (tmp_path / name).symlink_to(file)
        with pytest.raises(Missing, match="is no state dict of"):
            weights.read([tmp_path / name], ["inception"])


@torch.no_grad()
def test_mobilenet_with_torchvisions_weights_sees_what_torchvisions_does(models, folder):
    ours, network = MobileNetV2(), theirs(models, folder, "mobilenet_v2-0.pth")
    ours.load_imagenet(weights.read([folder], ["mobilenet"])["mobilenet"])
    x = (photo() - MEAN) / DEVIATION
    for end, features in zip((2, 4, 7, 11, 14, 16), ours(photo()).values(), strict=True):
        assert_same(features, network.features[:end](x))


def test_the_model_zoos_mobilenet_is_torchvisions_under_other_names(folder, tmp_path):
    """But for the first block's expansion by 1, which the zoo's has and which is an identity here."""
    state = torch.load(folder / "mobilenet_v2-0.pth")
    width = len(state["features.0.1.bias"])
    ones, zeros = torch.ones(width), torch.zeros(width)
    state |= {"first.weight": torch.eye(width).view(width, width, 1, 1), "norm.weight": ones, "norm.bias": zeros}
    state |= {"norm.running_mean": zeros, "norm.running_var": ones - 1e-5}
    places = {"features_conv0": "features.0.0", "features_batchnorm0": "features.0.1"}
    for block in range(17):
        theirs = f"features.{block + 1}.conv"
        convs = [("0.0", "0.1"), ("1.0", "1.1"), ("2", "3")] if block else [("0.0", "0.1"), ("1", "2")]
        pairs = [(f"{theirs}.{conv}", f"{theirs}.{norm}") for conv, norm in convs]
        for k, (conv, norm) in enumerate(pairs if block else [("first", "norm"), *pairs]):
            places |= {f"features_linearbottleneck{block}_conv{k}": conv}
            places |= {f"features_linearbottleneck{block}_batchnorm{k}": norm}
    names = {"gamma": "weight", "beta": "bias", "running_mean": "running_mean", "running_var": "running_var"}
    zoo = {}
    for ours, place in places.items():
        for part, name in names.items() if "norm" in ours else [("weight", "weight")]:
            zoo[f"{ours}_{part}"] = state[f"{place}.{name}"].clone()
    save_file(zoo, tmp_path / "mobilenet_v2_imagenet.safetensors")
    expected, found = (weights.read([each], ["mobilenet"])["mobilenet"] for each in (folder, tmp_path))
    assert found.keys() == expected.keys()
    assert all(torch.allclose(found[name], expected[name], atol=1e-6) for name in expected)


def test_squeezenets_weights_keep_torchvisions_names(models, folder):
    found = weights.read([folder], ["squeezenet"])["squeezenet"]
    expected = theirs(models, folder, "squeezenet1_1-0.pth").features.state_dict()
    assert all(torch.equal(found[f"features.{name}"], value) for name, value in expected.items())
    assert len(found) == len(expected)


def test_the_model_zoos_squeezenet_gets_torchvisions_names(folder, tmp_path):
    expected = weights.read([folder], ["squeezenet"])["squeezenet"]
    zoo = {f"conv{i // 2}_{name.rpartition('.')[2]}": value for i, (name, value) in enumerate(expected.items())}
    save_file(zoo, tmp_path / "squeezenet1_1_imagenet.safetensors")
    found = weights.read([tmp_path], ["squeezenet"])["squeezenet"]
    assert found.keys() == expected.keys() and all(torch.equal(found[name], expected[name]) for name in expected)


def test_a_folded_convolution_equals_convolution_and_batch_norm():
    plain, norm = nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4).eval()
    nn.init.uniform_(norm.weight)
    norm.running_mean.uniform_(), norm.running_var.uniform_(0.5, 2)
    ours, x = nn.Conv2d(3, 4, 3), torch.rand(1, 3, 8, 8)
    parts = [norm.weight, norm.bias, norm.running_mean, norm.running_var]
    ours.weight.data, ours.bias.data = layouts.folded(plain.weight, parts, norm.eps)
    assert torch.allclose(ours(x), norm(plain(x)), atol=1e-5)


def test_the_first_source_that_has_a_network_is_used(folder, graph_of_2015):
    sources = [graph_of_2015, folder, "torchvision"]
    assert "2015-12-05" in str(weights.find(sources, "inception"))
    assert str(weights.find(sources, "vgg16")) == "torchvision's VGG-16 (vgg16-0.pth)"
    assert weights.find(["torch-fidelity", "torchvision"], "vgg16").url == weights.PUBLISHED["torchvision"]["vgg16"]


def test_the_addresses_are_torchvisions_own(models):
    enums = {
        "vgg16": models.VGG16_Weights,
        "vgg19": models.VGG19_Weights,
        "inception": models.Inception_V3_Weights,
        "mobilenet": models.MobileNet_V2_Weights,
        "squeezenet": models.SqueezeNet1_1_Weights,
    }
    assert weights.PUBLISHED["torchvision"] == {name: each.IMAGENET1K_V1.url for name, each in enums.items()}
    url = package("torch_fidelity.feature_extractor_inceptionv3").URL_INCEPTION_V3
    assert weights.PUBLISHED["torch-fidelity"] == {"inception": url}


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("vgg19-0.pth", "vgg16-0.pth"),
        ("vgg16-0.pth", "vgg19-0.pth"),
        ("squeezenet1_1-0.pth", "mobilenet_v2-0.pth"),
        ("mobilenet_v2-0.pth", "inception_v3_google-0.pth"),
        ("vgg16-0.pth", "squeezenet1_1-0.pth"),
    ],
)
def test_a_state_dict_of_another_network_is_refused(folder, tmp_path, file, name):
    (tmp_path / name).symlink_to(folder / file)
    network = next(each for each in weights.LAYOUTS if weights.find([tmp_path], each))
    with pytest.raises(Missing, match=f"{name} is no state dict of torchvision's"):
        weights.read([tmp_path], [network])


def test_weights_of_another_shape_are_refused():
    wrong = {name: torch.zeros(1) for name in Vgg16().convs.state_dict()}
    with pytest.raises(Missing, match="do not fit VGG-16"):
        Vgg16().load_imagenet(wrong)


def test_a_file_that_runs_code_is_refused_and_not_run(tmp_path):
    class Attack:
        def __reduce__(self):
            return Path.touch, (tmp_path / "run",)

    (tmp_path / "vgg16.pth").write_bytes(pickle.dumps(Attack(), 2))
    with pytest.raises(Missing, match="damaged, or holds no state dict"):
        weights.read([tmp_path], ["vgg16"])
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", ["squeezenet1_1-0.pth", "squeezenet1_1_imagenet.safetensors"])
@pytest.mark.parametrize("length", [0, 7, 3000])
def test_a_truncated_file_is_refused(folder, tmp_path, name, length):
    (tmp_path / name).write_bytes((folder / "squeezenet1_1-0.pth").read_bytes()[:length])
    with pytest.raises(Missing, match="damaged, or holds no state dict"):
        weights.read([tmp_path], ["squeezenet"])


def test_a_file_whose_name_names_no_network_is_refused(tmp_path):
    torch.save({}, tmp_path / "best.pth")
    with pytest.raises(Missing, match="its name does not say which network"):
        weights.needed([tmp_path / "best.pth"], ["vgg16"])


def test_of_several_files_of_a_network_one_has_to_be_named(tmp_path):
    for name in ("mobilenet_v2-a.pth", "mobilenet_v2-b.pth"):
        torch.save({}, tmp_path / name)
    with pytest.raises(Missing, match="several files of MobileNetV2"):
        weights.find([tmp_path], "mobilenet")
    assert weights.find([tmp_path / "mobilenet_v2-b.pth", tmp_path], "mobilenet").path.name == "mobilenet_v2-b.pth"


def test_what_no_source_has_is_named_with_the_way_to_get_it(tmp_path):
    wanted = weights.needed([tmp_path, "torch-fidelity"], ["vgg16", "inception"])
    assert list(wanted) == [str(tmp_path / "vgg16_imagenet_to_conv3_3.safetensors")]
    assert "--weights torchvision downloads them" in next(iter(wanted.values()))
    assert weights.needed(["torchvision"], weights.LAYOUTS) == {}
    with pytest.raises(Missing, match="'--weights torchvision' downloads it"):
        weights.read([tmp_path], ["vgg16"])


class Site:
    """Serves one small file at addresses of our choice, `cut` short if asked, and counts what was asked of it."""

    def __init__(self, content: bytes):
        self.content, self.cut, self.asked = content, 0, 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked += 1
                self.send_response(200)
                self.send_header("Content-Length", str(len(site.content)))
                self.end_headers()
                self.wfile.write(site.content[: len(site.content) - site.cut])

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, hash: str) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/squeezenet1_1-{hash}.pth"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site = Site((folder / "squeezenet1_1-0.pth").read_bytes())
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "cache"))
    monkeypatch.setitem(
        weights.PUBLISHED["torchvision"], "squeezenet", site.url(hashlib.sha256(site.content).hexdigest()[:8])
    )
    yield site
    site.close()


def downloaded() -> dict[str, Tensor]:
    return weights.read(["torchvision"], ["squeezenet"])["squeezenet"]


def left() -> list[Path]:
    return list(weights.cache().rglob("*"))


def test_a_download_is_checked_kept_and_not_repeated(site, folder, capsys):
    expected = weights.read([folder], ["squeezenet"])["squeezenet"]
    for _ in range(2):
        found = downloaded()
        assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert site.asked == 1 and [file.read_bytes() for file in left()] == [site.content]
    said = capsys.readouterr()
    assert "downloading http://127.0.0.1" in said.out and "100%" in said.err


def test_what_lies_in_the_cache_is_used_without_a_network(site, folder):
    weights.cache().mkdir(parents=True)
    (weights.cache() / weights.PUBLISHED["torchvision"]["squeezenet"].rpartition("/")[2]).write_bytes(site.content)
    assert downloaded() and site.asked == 0


def test_a_truncated_download_is_not_kept(site):
    site.cut = 1000
    with pytest.raises(Missing, match="arrived incomplete or altered, and was not kept"):
        downloaded()
    assert left() == []
    site.cut = 0
    assert downloaded()


def test_a_download_with_a_wrong_hash_is_not_kept(site, monkeypatch):
    monkeypatch.setitem(weights.PUBLISHED["torchvision"], "squeezenet", site.url("00000000"))
    with pytest.raises(Missing, match="arrived incomplete or altered, and was not kept"):
        downloaded()
    assert left() == []


def test_without_a_network_one_sentence_says_what_to_do(site):
    site.close()
    with pytest.raises(
        Missing, match=r"cannot be downloaded \(.*refused.*\): connect to the network, or put squeezenet"
    ):
        downloaded()
    assert left() == []


def test_an_address_that_is_gone_is_said_to_be(site, monkeypatch):
    site.server.RequestHandlerClass.do_GET = lambda self: self.send_error(404)
    with pytest.raises(Missing, match="cannot be downloaded"):
        downloaded()
    assert left() == []


def test_a_cache_folder_that_cannot_be_written_is_named(site, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(
        Missing, match=r"takes no download \(.*\): make room there, or name another folder in TORCH_HOME"
    ):
        downloaded()
    assert site.asked == 0


def test_a_full_disk_keeps_nothing_of_a_download(site):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(Missing, match="takes no download"):
            downloaded()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, former)
    assert left() == []
