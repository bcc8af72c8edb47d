"""The whole page works below a path of another site, behind an nginx with the recipe of docs/hosting."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.nginx import BELOW_A_PATH, NGINX, running_nginx
from tests.web.conftest import Studio

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not NGINX, reason="nginx is not installed")]

SCOPE = "async () => (await navigator.serviceWorker.ready).scope"


@pytest.fixture(scope="module")
def address(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page's address, without the last slash."""
    recipe = BELOW_A_PATH.replace("http://127.0.0.1:8000", site)
    for port in running_nginx(tmp_path_factory.mktemp("nginx"), recipe):
        yield f"http://127.0.0.1:{port}/nocturne"


@pytest.fixture
def studio(chromium: Browser, address: str) -> Iterator[Studio]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    studio = Studio(context.new_page())
    studio.page.goto(f"{address}?backend=wasm")
    studio.wait_for("ready")
    yield studio
    assert studio.complaints == []
    context.close()


def test_the_address_without_the_last_slash_shows_the_page_and_it_paints(studio: Studio, address: str) -> None:
    assert studio.page.url == f"{address}/?backend=wasm"
    before = studio.paint()
    assert (studio.choose_style(2) != before).any()
    asked = [urlsplit(request.split(" ")[1]) for request in studio.requests]
    paths = [url.path for url in asked if url.scheme == "http"]
    assert any(Path(path).suffix == ".bin" for path in paths)
    assert [path for path in paths if not path.startswith("/nocturne")] == []


def test_it_is_kept_for_use_without_a_network_below_that_path_alone(studio: Studio, address: str) -> None:
    assert studio.page.evaluate(SCOPE) == f"{address}/"
    studio.page.context.set_offline(True)
    response = studio.page.goto(f"{address}/?backend=wasm")
    assert response and response.from_service_worker
    studio.wait_for("ready")


def test_from_what_is_not_there_the_link_leads_back_to_the_page(studio: Studio, address: str) -> None:
    response = studio.page.goto(f"{address}/no/such/folder/?a=/b")
    assert response and response.status == 404
    studio.page.get_by_role("link").click()
    assert studio.page.url == f"{address}/"
    studio.wait_for("ready")
