"""The page can be installed, works without a network once it was loaded, and is updated whole or not at all."""

import itertools
import json
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from server import SECURITY_HEADERS, WEB
from tests.web.conftest import Studio, encoded, photo
from tests.web.faulty_site import Fault, FaultySite, OpenSite, not_found, truncated

pytestmark = pytest.mark.browser

PREDICTOR = "models/style-predictor/group1-shard1of1.bin"
INSTALLED = """async () => { await navigator.serviceWorker.ready; }"""
CONTROLLED = "navigator.serviceWorker.controller !== null"
VERSION = """() => document.querySelector('meta[name=version]')?.content ?? 'first'"""
STORED = """async () => (await (await caches.open('nocturne')).keys()).map(({ url }) => url)"""
# Presses Cancel within the page, once a painting that begins later is under way: it is over before a test's own
# click arrives.
CANCEL_AMID_WORK = """() => {
    const part = (name) => document.querySelector(`[data-testid=${name}]`);
    const isAmidWork = () => document.documentElement.dataset.state === 'working' && part('progress').value > 20;
    window.cancelled = false;
    new MutationObserver((_, observer) => {
        if (!isAmidWork()) return;
        observer.disconnect();
        part('cancel').click();
        window.cancelled = true;
    }).observe(document.documentElement, { subtree: true, attributes: true });
}"""
# Looks for a new version, as browsers do at every navigation, and waits until it is there or was given up.
UPDATE = """async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const next = registration.installing ?? registration.waiting;
    const end = performance.now() + 60000;
    while (next && !['installed', 'redundant', 'activated'].includes(next.state)) {
        if (performance.now() > end) throw new Error(`The new version is still ${next.state}.`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return next?.state ?? 'none';
}"""


@pytest.fixture
def site(open_site: OpenSite) -> FaultySite:
    return open_site()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    yield context
    context.close()


def visit(visitor: BrowserContext, site: FaultySite) -> Studio:
    """A tab with the page, ready and with its service worker installed."""
    studio = Studio(visitor.new_page())
    load(studio, site)
    studio.page.evaluate(INSTALLED)
    return studio


def load(studio: Studio, site: FaultySite) -> None:
    studio.page.goto(f"{site.address}/?backend=wasm")
    studio.wait_for("ready", "error")
    assert studio.state == "ready", studio.part("error").inner_text()


def keep_everything(studio: Studio) -> None:
    """Paints, and rests until the predictor was kept too."""
    studio.paint()
    studio.wait_until("""(await (await caches.open('nocturne')).keys())
        .filter(({ url }) => url.includes('style-predictor') && !url.includes('manifest')).length === 2""")


def open_second(visitor: BrowserContext, site: FaultySite) -> Studio:
    """Closes every tab, and opens the page once the browser has made way for the second version."""
    for _ in range(20):
        blank = visitor.new_page()
        for page in visitor.pages[:-1]:
            page.close()
        blank.wait_for_timeout(500)
        studio = visit(visitor, site)
        if studio.page.evaluate(VERSION) == "second":
            return studio
    raise AssertionError("the second version never came")


def paths_asked(site: FaultySite) -> list[str]:
    """What was asked for, but for the newest version's list, which browsers look for at every visit."""
    return [path for _, path in site.asked if path != "service-worker.js"]


def give_own_style(studio: Studio) -> None:
    studio.give(encoded(photo().rotate(90)), "own.png", to="style-input")
    studio.wait_for("done")


def test_the_page_can_be_installed(playwright_driver: Playwright, chromium_path: str, site: FaultySite) -> None:
    # Private windows cannot install, and playwright's usual contexts are private.
    context = playwright_driver.chromium.launch_persistent_context("", executable_path=chromium_path)
    page = context.new_page()
    page.goto(site.address)
    errors = context.new_cdp_session(page).send("Page.getInstallabilityErrors")["installabilityErrors"]
    manifest = context.new_cdp_session(page).send("Page.getAppManifest")
    context.close()
    assert errors == []
    assert manifest["errors"] == []


def test_the_manifests_icons_are_there_in_the_sizes_it_says() -> None:
    manifest = json.loads((WEB / "dist" / "manifest.webmanifest").read_text())
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        file = WEB / "dist" / icon["src"]
        assert file.is_file()
        if file.suffix == ".png":
            assert "x".join(map(str, Image.open(file).size)) == icon["sizes"]


def test_once_loaded_everything_works_without_a_network(visitor: BrowserContext, site: FaultySite) -> None:
    studio = visit(visitor, site)
    keep_everything(studio)
    visitor.set_offline(True)
    site.asked.clear()
    load(studio, site)
    first = studio.paint()
    assert studio.gallery.count() >= 16
    assert studio.page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    assert np.abs(first.astype(int) - studio.choose_style(2)).mean() > 3
    give_own_style(studio)
    studio.page.locator("#clear").click()
    studio.page.locator(".sample").first.click()
    studio.wait_for("done")
    assert studio.complaints == []
    assert paths_asked(site) == []


def test_the_security_policy_holds_without_a_network_too(visitor: BrowserContext, site: FaultySite) -> None:
    studio = visit(visitor, site)
    visitor.set_offline(True)
    response = studio.page.goto(site.address)
    assert response
    assert response.from_service_worker
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name.lower()] == value


def test_nothing_is_asked_for_once_everything_is_kept(visitor: BrowserContext, site: FaultySite) -> None:
    studio = visit(visitor, site)
    keep_everything(studio)
    load(studio, site)
    site.asked.clear()
    studio.paint()
    studio.choose_style(1)
    give_own_style(studio)
    assert paths_asked(site) == []
    assert site.methods == {"GET"}


def test_the_predictor_is_kept_only_after_a_painting(visitor: BrowserContext, site: FaultySite) -> None:
    studio = visit(visitor, site)
    studio.page.wait_for_timeout(4000)
    assert site.times_asked(PREDICTOR) == []
    keep_everything(studio)
    assert len(site.times_asked(PREDICTOR)) == 1


def test_where_data_is_saved_the_predictor_is_not_fetched_for_later(visitor: BrowserContext, site: FaultySite) -> None:
    visitor.add_init_script("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    studio = visit(visitor, site)
    studio.paint()
    studio.page.wait_for_timeout(4000)
    assert site.times_asked(PREDICTOR) == []


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("index.html", not_found),
        ("styles/gallery.json", truncated),
        ("models/style-transformer/group1-shard1of1.bin", truncated),
    ],
)
def test_an_interrupted_update_keeps_the_old_version_whole(
    visitor: BrowserContext, site: FaultySite, path: str, fault: Fault
) -> None:
    studio = visit(visitor, site)
    before = studio.paint()
    site.deploy("second")
    if path == "styles/gallery.json":
        site.replace(path, (site.folder / path).read_bytes() + b"\n")
    site.fail(path, fault)
    assert studio.page.evaluate(UPDATE) == "redundant"
    visitor.set_offline(True)
    load(studio, site)
    assert studio.page.evaluate(VERSION) == "first"
    np.testing.assert_array_equal(studio.paint(), before)
    visitor.set_offline(False)
    site.faults.clear()
    assert studio.page.evaluate(UPDATE) == "installed"
    open_second(visitor, site)


def test_a_new_version_waits_for_the_open_page_and_then_replaces_the_old(
    visitor: BrowserContext, site: FaultySite
) -> None:
    first = visit(visitor, site)
    before = first.paint()
    old = set(first.page.evaluate(STORED))
    site.deploy("second")
    assert first.page.evaluate(UPDATE) == "installed"
    second = visit(visitor, site)
    assert second.page.evaluate(VERSION) == "first", "both tabs are of one version"
    site.asked.clear()
    first.page.evaluate(CANCEL_AMID_WORK)
    first.give(encoded(photo(1024, 768)), "large.png")
    first.wait_until("cancelled")  # the engine is started anew, with the old model
    np.testing.assert_array_equal(first.paint(), before)
    assert [path for _, path in site.asked if path.startswith("models/style-transformer/")] == []
    third = open_second(visitor, site)
    third.paint()
    stored = set(third.page.evaluate(STORED))
    gone = old - stored
    assert {url.split("/")[-1].split("?")[0] for url in gone} == {
        "index.html",
        "manifest.json",
        "group1-shard1of1.bin",
    }


def test_stored_models_can_be_cleared_and_the_open_page_goes_on(visitor: BrowserContext, site: FaultySite) -> None:
    studio = visit(visitor, site)
    before = studio.paint()
    studio.page.locator("#promise").click()
    dialog = studio.page.get_by_role("dialog", name="On this device")
    expect(dialog).to_contain_text("MB")
    dialog.get_by_role("button", name="Clear stored models").click()
    expect(dialog).to_contain_text("Cleared")
    assert studio.page.evaluate(STORED) == []
    assert studio.page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    expect(studio.part("clear-models")).to_be_disabled()
    dialog.get_by_role("button", name="Close").click()
    np.testing.assert_array_equal(studio.paint(), before)
    site.asked.clear()
    load(studio, site)
    assert len(site.times_asked("models/style-transformer/group1-shard1of1.bin")) == 1
    studio.page.evaluate(INSTALLED)


def test_where_there_is_no_room_the_page_paints_all_the_same(visitor: BrowserContext, site: FaultySite) -> None:
    visitor.add_init_script("Cache.prototype.put = () => Promise.reject(new DOMException('', 'QuotaExceededError'))")
    studio = Studio(visitor.new_page())
    load(studio, site)
    studio.paint()
    assert studio.complaints == []


def test_each_file_of_a_version_is_fetched_once_for_it(visitor: BrowserContext, site: FaultySite) -> None:
    studio = visit(visitor, site)
    times = {path: len(list(group)) for path, group in itertools.groupby(sorted(path for _, path in site.asked))}
    twice = {path: count for path, count in times.items() if count > 2}
    assert twice == {}, "once for the page and once for the store"
    assert studio.complaints == []
