"""Generators go the whole line too: noise in, a picture out."""

from pathlib import Path

import pytest

from converter import parity, run
from tests.converter.models import assert_files_as_described, assert_tensors_as_described, manifest_of
from training.export import exports
from training.synthesis.config import SynthesisConfig, defaults
from training.synthesis.train import smoke

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["dcgan", "sagan", "pggan"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    network = request.param
    config = SynthesisConfig(**{**defaults({"network": network}), "network": network})
    return smoke(tmp_path_factory.mktemp(network), config)


def test_a_generator_is_compared_on_noise_that_differs(trained: Path) -> None:
    [export] = exports(trained)
    samples = parity.samples(export, [export])
    assert len({sample.inputs["noise"].tobytes() for sample in samples}) == 5
    assert all(sample.expected["picture"].shape == (1, 3, 32, 32) for sample in samples)


def test_a_generator_goes_the_whole_line_and_stays_within_the_bounds(trained: Path, tmp_path: Path) -> None:
    run.main([str(trained), "--precision", "float32", "--out", str(tmp_path)])
    published = tmp_path / "inventor"
    assert_files_as_described(published)
    assert_tensors_as_described(published)
    described = manifest_of(published)
    assert described["constants"] == {"noise": 128, "side": 32}
    assert "photo's height" not in (published / "CARD.md").read_text()
