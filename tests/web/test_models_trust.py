"""No byte reaches TensorFlow.js that is not the published one, and a download that is stopped has stopped."""

import itertools
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from tests.web.conftest import QUIET, Studio, encoded, photo
from tests.web.faulty_site import (
    Drip,
    Fault,
    FaultySite,
    OpenSite,
    a_page,
    cut_off,
    flipped_bit,
    not_found,
    swapped_with,
    truncated,
)

pytestmark = pytest.mark.browser

TRANSFORMER = "models/style-transformer"
WEIGHTS = f"{TRANSFORMER}/group1-shard1of1.bin"
PREDICTOR_WEIGHTS = "models/style-predictor/group1-shard1of1.bin"
KEPT = """async (path) => {
    const keys = await (await caches.open('nocturne')).keys();
    return keys.map(({ url }) => url).filter((url) => url.includes(path + '?'));
}"""
SPOIL = """async (path) => {
    const cache = await caches.open('nocturne');
    const key = (await cache.keys()).find(({ url }) => url.includes(path));
    const bytes = new Uint8Array(await (await cache.match(key)).arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(key, new Response(bytes));
}"""


@pytest.fixture
def faulty(open_site: OpenSite) -> FaultySite:
    return open_site()


@pytest.fixture
def studio(chromium: Browser) -> Iterator[Studio]:
    """A fresh visitor, whose page is not opened yet."""
    context = chromium.new_context(**QUIET)
    yield Studio(context.new_page())
    context.close()


def visit(studio: Studio, site: FaultySite, *states: str) -> None:
    studio.page.goto(f"{site.address}/?backend=wasm")
    studio.wait_for(*states)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (WEIGHTS, not_found),
        (WEIGHTS, a_page),
        (WEIGHTS, truncated),
        (WEIGHTS, cut_off),
        (WEIGHTS, flipped_bit),
        (WEIGHTS, swapped_with(PREDICTOR_WEIGHTS)),
        (f"{TRANSFORMER}/model.json", swapped_with("models/style-predictor/model.json")),
        (f"{TRANSFORMER}/manifest.json", a_page),
        (f"{TRANSFORMER}/manifest.json", swapped_with("models/style-predictor/manifest.json")),
    ],
    ids=lambda value: value.__name__ if callable(value) else value.removeprefix(f"{TRANSFORMER}/"),
)
def test_a_wrong_file_is_refused_before_anything_is_painted_and_the_right_one_paints(
    faulty: FaultySite, studio: Studio, path: str, fault: Fault
) -> None:
    faulty.fail(path, fault)
    visit(studio, faulty, "error")
    assert len(faulty.times_asked(path)) == 4, (
        f"fetched again three times; {studio.part('error').inner_text()}; {faulty.asked}"
    )
    assert studio.page.evaluate(KEPT, path) == []
    faulty.faults.clear()
    studio.give(encoded(photo()))
    studio.wait_for("done")
    assert not np.array_equal(studio.result(), np.asarray(photo()))


def test_a_file_that_is_right_at_the_fourth_attempt_is_used_and_the_pauses_grow(
    faulty: FaultySite, studio: Studio
) -> None:
    faulty.faults[WEIGHTS] = [cut_off, a_page, flipped_bit]
    visit(studio, faulty, "ready")
    pauses = [later - earlier for earlier, later in itertools.pairwise(faulty.times_asked(WEIGHTS))]
    assert len(pauses) == 3
    assert pauses[0] >= 0.25
    assert pauses[1] >= 0.75
    assert pauses[2] >= 2
    studio.paint()


def test_a_wrong_predictor_is_refused_and_the_gallery_goes_on(faulty: FaultySite, studio: Studio) -> None:
    visit(studio, faulty, "ready")
    painted = studio.paint()
    faulty.fail(PREDICTOR_WEIGHTS, flipped_bit)
    studio.give(encoded(photo().rotate(90)), "own.png", to="style-input")
    studio.wait_for("error")
    np.testing.assert_array_equal(studio.result(), painted)
    studio.choose_style(1)
    faulty.faults.clear()
    studio.page.locator('[data-style^="own-"]').click()
    studio.wait_for("done")


def test_a_spoilt_entry_of_the_store_is_removed_and_fetched_anew(faulty: FaultySite, studio: Studio) -> None:
    visit(studio, faulty, "ready")
    assert len(studio.page.evaluate(KEPT, WEIGHTS)) == 1
    studio.page.evaluate(SPOIL, WEIGHTS)
    faulty.fail(WEIGHTS, not_found)
    visit(studio, faulty, "error")
    assert studio.page.evaluate(KEPT, WEIGHTS) == [], "the bad entry is gone"
    faulty.faults.clear()
    visit(studio, faulty, "ready")
    assert len(studio.page.evaluate(KEPT, WEIGHTS)) == 1
    studio.paint()


def test_what_is_kept_is_not_asked_for_again(faulty: FaultySite, studio: Studio) -> None:
    visit(studio, faulty, "ready")
    faulty.asked.clear()
    visit(studio, faulty, "ready")
    studio.paint()
    assert faulty.times_asked(WEIGHTS) == []


def test_cancel_stops_the_first_download_and_painting_begins_it_anew(faulty: FaultySite, studio: Studio) -> None:
    drip = Drip()
    faulty.fail(WEIGHTS, drip, times=1)
    studio.page.goto(f"{faulty.address}/?backend=wasm")
    studio.give(encoded(photo()))
    until(lambda: drip.sent > 2)
    studio.part("cancel").click()
    studio.wait_for("ready")
    until(lambda: drip.ended)
    assert drip.sent < 60, "the file has 126 pieces"
    studio.page.get_by_role("button", name="Paint", exact=True).click()
    studio.wait_for("done")
    expect(studio.part("backend")).to_contain_text("WebAssembly")


def test_cancel_stops_the_predictors_download(faulty: FaultySite, studio: Studio) -> None:
    visit(studio, faulty, "ready")
    painted = studio.paint()
    drip = Drip()
    faulty.fail(PREDICTOR_WEIGHTS, drip, times=1)
    studio.give(encoded(photo().rotate(90)), "own.png", to="style-input")
    until(lambda: drip.sent > 2)
    studio.part("cancel").click()
    studio.wait_for("done")
    np.testing.assert_array_equal(studio.result(), painted)
    until(lambda: drip.ended)
    assert drip.sent < 60, "the file has 529 pieces"


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for what the server sees."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
