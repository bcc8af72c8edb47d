"""The page for everyone: no axe violation in any state and theme, room for fingers, no sideways scrolling."""

import pytest
from playwright.sync_api import expect

from server import WEB
from tests.web.conftest import OpenStudio, Studio, encoded, photo

pytestmark = pytest.mark.browser

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 360, "height": 740}

SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, input, [role=slider]')]
  .filter((control) => control.checkVisibility() && control.getBoundingClientRect().width > 0)
  .map((control) => [control.outerHTML.slice(0, 80), (control.closest('label') ?? control).getBoundingClientRect()])
  .filter(([, box]) => box.width < 43.9 || box.height < 43.9)
  .map(([html]) => html)"""
COUNT_HIDINGS = """() => {
  const bar = document.querySelector('#working');
  window.hidings = 0;
  new MutationObserver(() => (window.hidings += bar.hidden)).observe(bar, { attributes: true });
}"""
BUSY_FOR_A_MINUTE = """() => void setTimeout(() => {
  const end = performance.now() + 60_000;
  while (performance.now() < end);
})"""
STATUS = "() => document.querySelector('[data-testid=status]').textContent"


def violations(studio: Studio) -> list[str]:
    studio.page.evaluate(AXE.read_text())
    found = studio.page.evaluate("async () => (await axe.run()).violations")
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found]


def settle(studio: Studio) -> None:
    """Waits until colours have stopped moving."""
    studio.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => 0)))")


def violations_in_both_themes(studio: Studio) -> list[str]:
    found = []
    for scheme in ("dark", "light"):
        studio.page.emulate_media(color_scheme=scheme)
        settle(studio)
        found += [f"{scheme}: {each}" for each in violations(studio)]
    return found


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1440, "height": 900}], ids=["phone", "desktop"])
def test_axe_finds_nothing_empty_painted_compared_and_refused(
    open_studio: OpenStudio, viewport: dict[str, int]
) -> None:
    studio = open_studio(viewport=viewport)
    assert violations_in_both_themes(studio) == []
    studio.paint()
    assert violations_in_both_themes(studio) == []
    studio.part("compare").click()
    studio.give(b"", "empty.jpg")
    studio.wait_for("error")
    assert violations_in_both_themes(studio) == []


def test_axe_finds_nothing_while_painting(studio: Studio) -> None:
    studio.page.evaluate(COUNT_HIDINGS)
    studio.engine.evaluate(BUSY_FOR_A_MINUTE)
    studio.give(encoded(photo(1024, 768), "JPEG"), "large.jpg")
    studio.wait_until("document.querySelector('#working-stage').textContent === 'Painting'")
    settle(studio)
    assert violations(studio) == []
    assert studio.page.evaluate("hidings") == 0, "the bar does not flicker between opening and painting"
    studio.part("cancel").click()


@pytest.mark.parametrize("width", [320, 360, 768])
def test_narrow_pages_do_not_scroll_sideways_and_have_room_for_fingers(open_studio: OpenStudio, width: int) -> None:
    studio = open_studio(viewport={"width": width, "height": 740}, has_touch=True)
    for act in (lambda: None, studio.paint, lambda: studio.part("compare").click()):
        act()
        assert studio.page.evaluate("document.documentElement.scrollWidth") <= width
        assert studio.page.evaluate(SMALL_TARGETS) == []


def test_a_phone_shows_picture_styles_and_download_at_once(open_studio: OpenStudio) -> None:
    studio = open_studio(viewport=PHONE)
    studio.paint()
    expect(studio.part("result")).to_be_in_viewport(ratio=0.99)
    expect(studio.part("style-item").first).to_be_in_viewport(ratio=0.99)
    expect(studio.part("download")).to_be_in_viewport(ratio=0.99)


def test_everything_is_reached_with_the_tab_key_in_the_order_seen(studio: Studio) -> None:
    studio.paint()
    studio.page.get_by_role("heading", name="Nocturne").click()  # from here the Tab key goes on
    reached = []
    for _ in range(20):
        studio.page.keyboard.press("Tab")
        reached.append(
            studio.page.evaluate(
                "() => { const at = document.activeElement; return at.dataset.testid ?? at.id ?? at.tagName }"
            )
        )
    assert "view" in reached
    places = ("promise", "view", "compare", "mode-style", "own", "style-item", "strength", "download", "save-as")
    order = [reached.index(name) for name in places]
    assert order == sorted(order)
    assert reached.count("style-item") == 1, "a radio group is one stop"


def test_the_status_says_what_happens(studio: Studio) -> None:
    studio.paint()
    style = studio.page.get_by_role("radio", checked=True).inner_text()
    assert studio.page.evaluate(STATUS) == f"{style}, 128 × 96 px"


def test_motion_stops_where_the_visitor_wants_none(open_studio: OpenStudio) -> None:
    studio = open_studio(reduced_motion="reduce")
    expect(studio.page.locator("#original")).to_have_css("transition-duration", "0s")
