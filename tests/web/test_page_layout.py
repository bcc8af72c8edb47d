"""The page's layout, whatever the fonts: every control whole, nothing scrolls sideways, nothing scrolls by itself.

Text is widened by another family, by spacing and by a minimum font size, and the tests walk over every control there
is in every state of the page.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.web.conftest import QUIET, OpenStudio, Studio, encoded, photo

pytestmark = pytest.mark.browser

PHONES = [(320, 568), (390, 844)]
SIDEWAYS = [(568, 320), (667, 375), (844, 390), (932, 430)]
LARGER = [(820, 1180), (1024, 600), (1280, 720), (1920, 1080)]
SIZES = [*PHONES, *SIDEWAYS[1:3], *LARGER]

SPACING = (
    "line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important;"  # WCAG 1.4.12
)
WIDER = ["", f"* {{ font-family: monospace !important; {SPACING} }}"]
MINIMUM_FONT = "--blink-settings=minimumFontSize=24"

WALK = """async (styles) => {
  const TOLERANCE = 1;
  const CONTROLS = `button, input, select, textarea, a, label, output, summary, progress,
    [role=slider], [role=tab], [role=radio], [role=button], [role=checkbox], [role=menuitem], [role=option]`;
  const scrolls = (box, axis) => /auto|scroll/.test(getComputedStyle(box)[`overflow${axis}`]);
  const isClipped = (box, axis) => /hidden|clip/.test(getComputedStyle(box)[`overflow${axis}`]);
  const edges = { X: ['left', 'right'], Y: ['top', 'bottom'] };
  const nameOf = (control) => `${control.dataset.testid ?? control.id} ${control.textContent.trim().slice(0, 30)}`;

  function seen(control) { // what is left of it inside its scrollers; a sentence where something cuts it
    const box = control.querySelector(':scope > .knob')?.getBoundingClientRect() ?? control.getBoundingClientRect();
    const rest = { left: box.left, right: box.right, top: box.top, bottom: box.bottom };
    for (const axis of ['X', 'Y']) {
      const [from, to] = edges[axis];
      for (let outer = control.parentElement; outer !== document.body; outer = outer.parentElement) {
        const limits = outer.getBoundingClientRect();
        if (scrolls(outer, axis)) {
          if (axis === 'X' && box.width > limits.width + TOLERANCE) return 'does not fit its scroller';
          rest[from] = Math.min(Math.max(rest[from], limits[from]), limits[to]);
          rest[to] = Math.max(Math.min(rest[to], limits[to]), limits[from]);
        } else if (
          isClipped(outer, axis) &&
          (rest[from] < limits[from] - TOLERANCE || rest[to] > limits[to] + TOLERANCE)
        ) return `is cut by ${outer.className}`;
      }
    }
    if (rest.left < -TOLERANCE || rest.right > innerWidth + TOLERANCE) return 'leaves the window';
    if (rest.top < -scrollY - TOLERANCE) return 'lies above the page';
    return rest;
  }

  function textOverflows(control) {
    if (control instanceof HTMLSelectElement) {
      const copy = control.parentElement.appendChild(control.cloneNode(true));
      copy.style.cssText = 'position: absolute; width: max-content; max-width: none';
      const wanted = copy.offsetWidth;
      copy.remove();
      return wanted > control.offsetWidth + TOLERANCE;
    }
    const box = control.getBoundingClientRect();
    const range = document.createRange();
    const texts = document.createTreeWalker(control, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      range.selectNodeContents(texts.currentNode);
      for (const line of range.getClientRects())
        if (line.left < box.left - TOLERANCE || line.right > box.right + TOLERANCE
          || line.top < box.top - TOLERANCE || line.bottom > box.bottom + TOLERANCE) return true;
    }
    return false;
  }

  // The card of the work lies on the picture, and so on the line across it, which can be dragged beside the card.
  // The button that renames a chosen style of one's own lies on its picture, which need not be chosen again.
  function liesOn(upper, lower) {
    return (lower.id === 'divider' && upper.closest('#working') !== null)
      || (upper.className === 'own-edit' && upper.parentElement === lower.parentElement);
  }

  function overlap(one, other) {
    return Math.min(one.right, other.right) - Math.max(one.left, other.left) > TOLERANCE
      && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > TOLERANCE;
  }

  function look() {
    const problems = [];
    const dialog = document.querySelector('dialog:modal');
    const controls = [...(dialog ?? document).querySelectorAll(CONTROLS)].filter((control) =>
      control.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && control.offsetWidth > 0);
    const places = new Map();
    for (const control of controls) {
      const place = seen(control);
      if (typeof place === 'string') problems.push(`${nameOf(control)}: ${place}`);
      else places.set(control, place);
      if (textOverflows(control)) problems.push(`${nameOf(control)}: its text overflows`);
    }
    const pairs = [...places];
    pairs.forEach(([one, place], index) => {
      for (const [other, its] of pairs.slice(index + 1))
        if (overlap(place, its) && !one.contains(other) && !liesOn(other, one))
          problems.push(`${nameOf(one)} overlaps ${nameOf(other)}`);
    });
    for (const box of document.querySelectorAll('body, body *:not(#styles, #film-photos, .unseen, select, .paper)'))
      if (getComputedStyle(box).overflowX !== 'visible' && box.scrollWidth > box.clientWidth + TOLERANCE)
        problems.push(`${box.className} scrolls sideways`);
    const { scrollWidth } = document.documentElement;
    if (scrollWidth > innerWidth) problems.push(`the page is ${scrollWidth} px wide`);
    return { problems, count: controls.length };
  }

  const found = { problems: [], count: Infinity };
  for (const [index, style] of styles.entries()) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    document.adoptedStyleSheets = [sheet];
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))); // the picture is fitted anew
    const { problems, count } = look();
    found.problems.push(...problems.map((problem) => `[text ${index}] ${problem}`));
    found.count = Math.min(found.count, count);
  }
  document.adoptedStyleSheets = [];
  return found;
}"""
BUSY_FOR_A_MINUTE = """() => void setTimeout(() => {
  const end = performance.now() + 60_000;
  while (performance.now() < end);
})"""
WEAR = """(style) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}"""
COUNT_SCROLLS = "window.scrolls = 0; addEventListener('scroll', () => (window.scrolls += 1))"
CHOSEN_IS_IN_SIGHT_OF_ITS_GALLERY = """() => {
  const chosen = document.querySelector('[role=radio][aria-checked=true]').getBoundingClientRect();
  const gallery = document.querySelector('#styles').getBoundingClientRect();
  return chosen.left >= gallery.left && chosen.right <= gallery.right && chosen.top >= gallery.top
    && Math.min(chosen.bottom, gallery.top + chosen.height) <= gallery.bottom;
}"""
LONG_NAME = "IMG_20240612_193355_HDR_grandmother_in_the_garden.png"


def resize(studio: Studio, size: tuple[int, int]) -> None:
    studio.page.set_viewport_size({"width": size[0], "height": size[1]})


class Walker:
    """Walks over all controls at every size, with every kind of wide text."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.problems: list[str] = []

    def walk(self, state: str, at_least: int) -> None:
        for size in SIZES:
            resize(self.studio, size)
            found = self.studio.page.evaluate(WALK, WIDER)
            self.problems += [f"{state}, {size[0]} × {size[1]}: {problem}" for problem in found["problems"]]
            assert found["count"] >= at_least, f"{state}: the walk has missed controls"


def walk_without_a_photo(walker: Walker) -> None:
    page = walker.studio.page
    walker.walk("no photo", 40)
    page.route("**/samples/*", lambda _: None)
    page.locator(".sample").first.click()
    walker.studio.part("cancel").wait_for()
    walker.walk("opening", 36)
    walker.studio.part("cancel").click()
    page.unroute("**/samples/*")


def walk_with_a_photo(walker: Walker) -> None:
    studio = walker.studio
    studio.paint(encoded(photo(1400, 300)))  # larger than what is shown: both sizes are offered
    studio.give(encoded(photo(64, 64)), LONG_NAME, "style-input")
    studio.wait_for("done")
    walker.walk("painted", 40)
    studio.part("compare").click()
    walker.walk("compared", 40)


def walk_with_several_photos(walker: Walker) -> None:
    studio = walker.studio
    content = encoded(photo(96, 64))
    files = [{"name": f"{i} {LONG_NAME}", "mimeType": "", "buffer": content} for i in range(12)]
    studio.part("photo-input").set_input_files(files)  # type: ignore[arg-type]
    studio.page.locator(".frame canvas").nth(11).wait_for()
    studio.wait_for("done")
    walker.walk("several photos", 50)


def walk_at_work(walker: Walker) -> None:
    studio = walker.studio
    studio.wait_for_gallery()
    studio.engine.evaluate(BUSY_FOR_A_MINUTE)
    studio.gallery.nth(1).click()
    studio.part("cancel").wait_for()
    walker.walk("working", 40)
    studio.part("cancel").click()
    studio.wait_for("done")
    studio.give(encoded(photo(1024, 700), "JPEG"))
    studio.wait_until("document.querySelector('[data-testid=result]').height === 700")
    studio.page.evaluate("document.querySelector('[data-testid=cancel]').click()")
    studio.page.locator("#paint").click(trial=True)
    walker.walk("to be painted", 40)
    studio.page.locator("#paint").click()
    studio.wait_for("done")


def walk_by_day_and_night(walker: Walker) -> None:
    studio = walker.studio
    for mode in ("day-to-night", "night-to-day"):
        studio.part(f"mode-{mode}").click()
        studio.wait_for("done")
        walker.walk(mode, 10)


def walk_over_refusals(walker: Walker) -> None:
    studio = walker.studio
    studio.give(b"", LONG_NAME)
    studio.wait_for("error")
    studio.page.evaluate("document.querySelector('#alert-retry').hidden = false")
    walker.walk("refused", 10)
    studio.page.keyboard.press("Escape")


def walk_over_dialogs(walker: Walker) -> None:
    page = walker.studio.page
    for dialog, count in (("storage", 2), ("camera", 3), ("own-dialog", 3)):
        page.evaluate(f"document.querySelector('#{dialog}').showModal()")
        walker.walk(dialog, count)
        page.keyboard.press("Escape")


@contextmanager
def opened(browser: Browser, site: str, locale: str) -> Iterator[Studio]:
    """A page with every button a browser can have, and without motion."""
    context = browser.new_context(locale=locale, **QUIET)
    context.add_init_script("navigator.canShare = () => true")
    studio = Studio(context.new_page())
    studio.page.goto(f"{site}/?backend=wasm")
    studio.wait_for("ready")
    yield studio
    context.close()


@pytest.fixture(scope="module", params=["the fonts there are", "no text under 24 px"])
def browser(request: pytest.FixtureRequest, playwright_driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    """The shared browser, and one with a minimum font size."""
    if request.param == "the fonts there are":
        yield request.getfixturevalue("chromium")
        return
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=[MINIMUM_FONT])
    yield browser
    browser.close()


@pytest.mark.parametrize("locale", ["en-US", "ru-RU"])
def test_every_control_is_whole_in_every_state_however_wide_the_text(browser: Browser, site: str, locale: str) -> None:
    with opened(browser, site, locale) as studio:
        walker = Walker(studio)
        walks: list[Callable[[Walker], None]] = [
            walk_without_a_photo,
            walk_with_several_photos,
            walk_with_a_photo,
            walk_at_work,
            walk_by_day_and_night,
            walk_over_refusals,
            walk_over_dialogs,
        ]
        for walk in walks:
            walk(walker)
        assert not walker.problems, "\n".join(walker.problems)
        assert studio.complaints == []


@pytest.fixture(scope="module")
def unmoved(open_for_the_file: OpenStudio) -> Studio:
    """A page that counts how often its window scrolls; what moves on it may not scroll it either."""
    studio = open_for_the_file(has_touch=True, reduced_motion="no-preference")
    studio.page.add_init_script(COUNT_SCROLLS)
    return studio


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_window_never_scrolls_by_itself(unmoved: Studio, size: tuple[int, int]) -> None:
    studio, page = unmoved, unmoved.page

    def assert_unmoved() -> None:
        page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))")
        assert page.evaluate("[scrollX, scrollY, window.scrolls]") == [0, 0, 0]

    resize(studio, size)
    page.reload()
    studio.wait_for("ready")
    assert_unmoved()
    studio.paint()
    assert_unmoved()
    for key in ("End", "ArrowRight"):  # the last style, and around to the first
        page.get_by_role("radio", checked=True).press(key)
        expect(page.get_by_role("radio", checked=True)).to_be_focused()
        assert page.evaluate(CHOSEN_IS_IN_SIGHT_OF_ITS_GALLERY)
        assert_unmoved()
    studio.give(encoded(photo(64, 64)), LONG_NAME, "style-input")
    studio.wait_for("done")
    assert_unmoved()
    for mode in ("mode-day-to-night", "mode-style"):
        studio.part(mode).evaluate("(tab) => tab.click()")
        studio.wait_for("done")
        assert_unmoved()
    studio.give(b"", "empty.jpg")
    studio.wait_for("error")
    assert_unmoved()


@pytest.mark.parametrize("style", WIDER, ids=["as it is", "wide text"])
def test_a_phone_held_sideways_keeps_the_picture_beside_the_controls(open_studio: OpenStudio, style: str) -> None:
    studio = open_studio()
    studio.page.evaluate(WEAR, style)
    studio.paint(encoded(photo(280, 200)))  # enlarged to the room there is
    for size in SIDEWAYS:
        resize(studio, size)
        stage, panel = studio.page.locator(".stage").bounding_box(), studio.page.locator(".panel").bounding_box()
        assert stage
        assert panel
        assert stage["x"] + stage["width"] <= panel["x"]
        controls = studio.page.locator(".panel :is(button, select, input):visible")
        for control in (controls.first, studio.gallery.last, studio.part("strength"), controls.last):
            control.scroll_into_view_if_needed()
            expect(control).to_be_in_viewport(ratio=0.99)
            expect(studio.part("result")).to_be_in_viewport(ratio=0.99)
        assert studio.page.evaluate("scrollY") == 0
