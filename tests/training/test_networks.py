"""Promises of the style networks: sizes, layouts, what a small device can afford."""

import pytest
import torch

from training.networks.inception_v3 import InceptionV3
from training.style.affine_transformer import AffineTransformer, Double
from training.style.bold_transformer import BoldTransformer
from training.style.predictors import InceptionStylePredictor, MobileNetStylePredictor
from training.style.transformer import StyleTransformer, emboldened, for_transformer, instance_norm, keeping


def parameters(network: torch.nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def test_the_transformers_keep_within_their_published_size():
    assert parameters(StyleTransformer()) == 294_332
    assert parameters(AffineTransformer()) == 296_495
    assert parameters(BoldTransformer()) == 294_332 + 35_888


def test_the_small_predictor_is_an_eighth_of_the_large_one():
    assert parameters(MobileNetStylePredictor()) == 1_069_892
    assert parameters(InceptionStylePredictor()) > 8 * parameters(MobileNetStylePredictor())


@pytest.mark.parametrize("network", [StyleTransformer, AffineTransformer, BoldTransformer])
@pytest.mark.parametrize("size", [(64, 96), (128, 72)])
def test_a_painted_picture_has_the_photos_size_and_range(network, size):
    network = network()
    painted = network(torch.rand(2, 3, *size), for_transformer(network, torch.randn(2, 100)))
    assert painted.shape == (2, 3, *size)
    assert painted.min() >= 0
    assert painted.max() <= 1


def test_the_vector_changes_the_picture():
    network, photo = StyleTransformer(), torch.rand(1, 3, 64, 64)
    assert (network(photo, torch.randn(1, 100)) - network(photo, torch.randn(1, 100))).abs().mean() > 1e-3


@pytest.mark.parametrize("network", [StyleTransformer, AffineTransformer, BoldTransformer])
def test_the_vectors_first_number_keeps_the_photo(network):
    network, photo, vector = network(), torch.rand(2, 3, 64, 64), torch.randn(2, 100)
    assert torch.allclose(network(photo, for_transformer(network, keeping(vector, 1))), photo, atol=1e-6)
    assert (network(photo, for_transformer(network, keeping(vector, 0))) - photo).abs().mean() > 1e-2


def test_boldness_comes_after_the_vectors_numbers():
    vectors = torch.randn(2, 100)
    bold = emboldened(vectors, torch.tensor([0.2, 0.9]))
    assert bold[:, 100].tolist() == pytest.approx([0.2, 0.9])
    assert torch.equal(bold[:, :100], vectors)
    assert emboldened(vectors, 0.5)[:, 100].tolist() == [0.5, 0.5]
    assert for_transformer(StyleTransformer(), vectors) is vectors


def test_boldness_leaves_the_middle_as_it_was():
    small, bold, photo = StyleTransformer(), BoldTransformer(), torch.rand(1, 3, 64, 64)
    vector = keeping(torch.randn(1, 100), 0)  # nothing of the photo is kept
    bold.load_state_dict(small.state_dict())
    assert torch.equal(bold(photo, emboldened(vector, 1)), small(photo, vector))  # not trained yet
    torch.nn.init.normal_(bold.bolder[1].weight, std=0.1)
    assert torch.equal(bold(photo, emboldened(vector, 0.5)), small(photo, vector))
    careful, daring = (bold(photo, emboldened(vector, boldness)) for boldness in (0, 1))
    assert (careful - daring).abs().mean() > 1e-3
    again = BoldTransformer()
    again.load_state_dict(bold.state_dict())
    assert torch.equal(again(photo, emboldened(vector, 1)), daring)


def test_doubling_leaves_no_grid():
    """What is flat stays flat, what rises evenly rises evenly: each pixel of a ramp is as far from the next."""
    ramp = torch.arange(16.0).expand(1, 1, 16, 16)
    steps = Double(1)(ramp).diff(dim=3)[..., 4:-4]
    assert torch.allclose(steps, torch.full_like(steps, 0.5), atol=0.04)
    assert torch.allclose(Double(2)(torch.ones(1, 2, 8, 8)), torch.ones(1, 2, 16, 16), atol=1e-6)


def test_the_affine_transformer_keeps_the_photos_edges():
    """Untrained, it gives the photo in softer contrast; a sharp edge stays within its two pixels."""
    photo = torch.full((1, 3, 64, 64), 0.2)
    photo[..., 32:] = 0.8
    profile = AffineTransformer()(photo, torch.zeros(1, 101))[0, :, 32].mean(0)
    assert profile[33] - profile[30] > 0.8 * (profile.max() - profile.min())


@pytest.mark.parametrize("network", [StyleTransformer, AffineTransformer, BoldTransformer])
def test_a_flat_photo_stays_flat_whatever_the_network_has_learnt(network):
    """No grid, no checkerboard: resize and convolve can only spread what is there."""
    network = network()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    painted = network(torch.full((1, 3, 64, 64), 0.4), for_transformer(network, torch.randn(1, 100)))
    assert (painted - painted[:, :, :1, :1]).abs().max() < 1e-3


def test_instance_norm_sets_mean_and_deviation_of_each_channel():
    x = instance_norm(torch.randn(2, 3, 32, 32) * 5 + 7, torch.full((2, 3, 1, 1), 2.0), torch.full((2, 3, 1, 1), 0.5))
    assert torch.allclose(x.mean((2, 3)), torch.tensor(0.5), atol=1e-4)
    assert torch.allclose(x.std((2, 3), correction=0), torch.tensor(2.0), atol=1e-3)


@pytest.mark.parametrize("network", [InceptionStylePredictor, MobileNetStylePredictor])
def test_a_predictor_takes_any_size(network):
    predictor = network().eval()
    assert predictor(torch.rand(2, 3, 256, 256)).shape == (2, 100)
    assert predictor(torch.rand(1, 3, 160, 224)).shape == (1, 100)


def test_inception_taps_have_the_papers_shapes():
    features = InceptionV3()(torch.rand(1, 3, 299, 299))
    assert features["conv_4"].shape[1:] == (192, 71, 71)
    assert features["mixed_2"].shape[1:] == (288, 35, 35)
    assert features["mixed_7"].shape[1:] == (768, 17, 17)


def test_a_trunk_cut_short_holds_no_later_weights():
    assert not [name for name in InceptionV3("mixed_2").convs if name.startswith("mixed_3")]
