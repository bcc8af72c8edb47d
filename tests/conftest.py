"""Fixtures of all tests: the Chromium on this machine, and servers of the page on free ports."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from bench.chromium import find_chromium
from server import WEB, create_app, listen

NEED_A_BROWSER = {"playwright_driver", "chromium", "site", "nginx"}  # or the built page, which only browsers show


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what drives a browser, so that `make check` can leave it out."""
    for item in items:
        if NEED_A_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright itself, for tests that start a Chromium with flags of their own."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium_path(playwright_driver: Playwright) -> str:
    """The path of a Chromium or Chrome."""
    path = find_chromium(playwright_driver)
    assert path, "no Chromium found: `python bench/chromium.py` installs one"
    return path


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium, the same for all tests; give each test a page of its own context."""
    browser = playwright_driver.chromium.launch(executable_path=chromium_path)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """`serve(PAGE=..., MODELS=...)` starts a server of its own and returns its address."""
    servers = []

    def start(**config: Path) -> str:
        server = listen(create_app(config), "127.0.0.1", 0)
        servers.append(server)
        Thread(target=server.run, daemon=True).start()
        return f"http://127.0.0.1:{server.effective_port}"

    yield start
    for server in servers:
        server.close()


@pytest.fixture(scope="session")
def site(serve: Callable[..., str]) -> str:
    """The address of the built page, as `python server.py` serves it."""
    assert (WEB / "dist" / "index.html").is_file(), "the page is not built: `npm --prefix web run build`"
    return serve()
