"""The budgets: what a first visit may cost over the wire, and what the published models may weigh."""

from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench import wire
from bench.pictures import pictures
from server import WEB

MB = 1_000_000
MODELS = WEB / "models"


def weight(folder: Path) -> int:
    """Raw bytes of a published model, or of all of them: model.json and weights."""
    files = list(folder.rglob("*.bin")) + list(folder.rglob("model.json"))
    assert files, f"nothing is published in {folder}"
    return sum(file.stat().st_size for file in files)


def test_the_predictor_weighs_at_most_2_6_mb() -> None:
    assert weight(MODELS / "style-predictor") <= 2.6 * MB


def test_the_transformer_weighs_at_most_0_6_mb() -> None:
    assert weight(MODELS / "style-transformer") <= 0.6 * MB


def test_all_published_models_weigh_at_most_8_mb() -> None:
    assert weight(MODELS) <= 8 * MB


@pytest.fixture(scope="module")
def visits(chromium: Browser, site: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[str], Counter[str]]:
    """Bytes by path until the first painting in a gallery style, and until one in a style of one's own."""
    photo, style = pictures(tmp_path_factory.mktemp("pictures"))
    return wire.first_paintings(chromium, photo, style, backend="wasm")


@pytest.mark.browser
def test_a_first_painting_in_a_gallery_style_fetches_at_most_1_5_mb(
    visits: tuple[Counter[str], Counter[str]],
) -> None:
    gallery, _ = visits
    assert gallery.total() <= 1.5 * MB, wire.by_part(gallery)


@pytest.mark.browser
def test_a_first_painting_in_a_gallery_style_fetches_no_predictor(
    visits: tuple[Counter[str], Counter[str]],
) -> None:
    gallery, _ = visits
    assert wire.by_part(gallery)["predictor"] == 0


@pytest.mark.browser
def test_a_first_painting_in_a_style_of_ones_own_fetches_at_most_4_5_mb(
    visits: tuple[Counter[str], Counter[str]],
) -> None:
    _, own = visits
    assert own.total() <= 4.5 * MB, wire.by_part(own)


@pytest.mark.browser
def test_what_is_fetched_includes_the_models(visits: tuple[Counter[str], Counter[str]]) -> None:
    _, own = visits
    assert wire.by_part(own)["transformer"] > 0.1 * MB
    assert wire.by_part(own)["predictor"] > 0.1 * MB
