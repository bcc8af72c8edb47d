"""Nothing of the visitor's leaves the page: a whole visit as Chromium's network log has it, and the watch itself."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

from tests.web.conftest import Studio, encoded, photo
from tests.web.traffic import Traffic

pytestmark = pytest.mark.browser


def visit(studio: Studio) -> list[str]:
    """What a visitor may do with one page; returns all that was asked for once both models were there."""
    studio.paint(encoded(photo(64, 48)))
    studio.give(encoded(photo(64, 64)), "quilt.png", "style-input")
    studio.wait_for("done")
    settled = len(studio.requests)
    studio.paint(encoded(photo(48, 64), "JPEG"), "IMG_2041 of us.jpg")
    studio.give(encoded(photo(64, 80)), "wall.png", "style-input")
    studio.wait_for("done")
    for index in (1, 5, 9):
        studio.choose_style(index)
    studio.set_strength(35)
    with studio.page.expect_download():
        studio.part("download").click()
    return [request for request in studio.requests[settled:] if "GET blob:" not in request]


def test_a_visit_only_gets_files_and_none_once_the_models_are_there(
    playwright_driver: Playwright, chromium_path: str, site: str, tmp_path: Path
) -> None:
    log = tmp_path / "net-log.json"  # the browser's own, in which no part of it can hide
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=[f"--log-net-log={log}"])
    studio = Studio(browser.new_context().new_page())
    studio.page.goto(f"{site}/?backend=wasm")
    studio.wait_for("ready")
    late = visit(studio)
    browser.close()
    assert late == []
    asked = network_log(log)
    assert len(asked) > 20
    strangers = [r for r in asked if r["method"] != "GET" or not r["url"].startswith(f"{site}/") or "?" in r["url"]]
    assert strangers == []


def network_log(file: Path) -> list[dict]:
    """{'method', 'url' ...} of all that a page asked for; what Chromium does by itself has no initiator."""
    log = json.loads(file.read_text())
    start = log["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    events = [event.get("params", {}) for event in log["events"] if event["type"] == start]
    return [event for event in events if event.get("initiator", "not an origin") != "not an origin"]


SHARE = """
  const form = document.createElement('form');
  Object.assign(form, { action: '/share', method: 'post' });
  document.documentElement.append(form);
  form.submit()"""


@pytest.mark.parametrize(
    ("way", "words"),
    [
        ("fetch('/', { method: 'POST', body: 'photo' })", "only GET"),
        ("navigator.sendBeacon('/', 'photo')", "only GET"),
        (SHARE, "a share left the browser"),
        ("fetch('/index.html?photo')", "query"),
        ("fetch('http://localhost:9/photo')", "off the origin"),
        ("new Image().src = 'http://localhost:9/photo'", "off the origin"),
        ("new Worker('data:text/javascript,fetch(`http://localhost:9/photo`)')", "off the origin"),
        ("location = 'http://localhost:9/photo'", "off the origin"),
        ("new WebSocket(`ws://${location.host}/photo`)", "socket"),
    ],
)
def test_each_way_out_is_noticed(chromium: Browser, traffic: Traffic, site: str, way: str, words: str) -> None:
    page = chromium.new_page(bypass_csp=True)
    page.goto(f"{site}/favicon.ico")
    page.evaluate(f"() => {{ {way}; }}")
    for _ in range(100):
        if traffic.breaches:
            break
        page.wait_for_timeout(50)
    page.close()
    assert any(words in breach for breach in traffic.take())
