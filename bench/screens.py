"""Makes screenshots of the page for those who look at its design: three journeys, five sizes, two themes and languages.

    python bench/screens.py FOLDER      one PNG a moment: JOURNEY-MOMENT-WIDTHxHEIGHT-THEME-LANGUAGE.png

The journeys: a first visit with a sample; a photo and a style of one's own, saved; a street turned to night and back.
The page is the built one (`make page`), painting in WebAssembly.
"""

import argparse
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.chromium import launched
from bench.wire import counting_server, wait
from server import WEB

SIZES = ((390, 844), (844, 390), (820, 1180), (1280, 720), (1440, 900))
THEMES, LANGUAGES = ("light", "dark"), ("en", "ru")
SAMPLES, STYLES = WEB / "samples", WEB / "styles" / "pictures"
DESKTOPS = ((1280, 720), (1440, 900))  # the others are phones and tablets
DONE = "html[data-state=done]"
GALLERY = "#styles:not(:has([role=radio]:not([data-outcome])))"


def first_visit(page: Page) -> Iterator[str]:
    """Looks, takes the sample of the first screen, compares."""
    page.wait_for_timeout(4500)  # until the sweep is over
    yield "arrived"
    page.locator("#hero").click()
    wait(page, DONE)
    yield "painted"
    wait(page, GALLERY)
    yield "gallery"
    page.get_by_test_id("compare").click()
    yield "compared"


def own_pictures(page: Page) -> Iterator[str]:
    """Gives a photo and a style, meets an error, saves at full size."""
    page.get_by_test_id("photo-input").set_input_files(SAMPLES / "breakfast.jpg")
    wait(page, DONE)
    page.get_by_test_id("style-input").set_input_files(STYLES / "koi-mosaic.webp")
    page.locator('[data-style^="own-"][aria-checked=true]').wait_for()
    wait(page, DONE)
    wait(page, GALLERY)
    yield "own-style"
    broken = {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": b"broken"}
    page.get_by_test_id("photo-input").set_input_files(broken)
    page.get_by_test_id("error").wait_for()
    yield "refused"
    page.keyboard.press("Escape")
    page.get_by_test_id("download").click()
    page.locator("[data-testid=status]", has_text=".jpg").wait_for(state="attached")
    yield "saved"


def night_and_back(page: Page) -> Iterator[str]:
    """Turns a street to night, another to day, at half the strength."""
    page.get_by_test_id("mode-time").click()
    page.wait_for_timeout(4500)
    yield "arrived"
    page.get_by_test_id("photo-input").set_input_files(SAMPLES / "day-street.jpg")
    wait(page, DONE)
    yield "night"
    page.get_by_test_id("photo-input").set_input_files(SAMPLES / "night-street.jpg")
    page.locator("html:not([data-state=done])").wait_for()
    wait(page, DONE)
    yield "day"
    page.get_by_test_id("strength").fill("50")
    page.locator("html:not([data-state=done])").wait_for()
    wait(page, DONE)
    yield "half"


JOURNEYS: dict[str, Callable[[Page], Iterator[str]]] = {
    "first": first_visit,
    "own": own_pictures,
    "night": night_and_back,
}


def shoot(browser: Browser, address: str, folder: Path, size: tuple[int, int], theme: str, language: str) -> None:
    """All journeys in one size, theme and language."""
    width, height = size
    is_touched = size not in DESKTOPS
    for journey, go in JOURNEYS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale=language,
            has_touch=is_touched, is_mobile=is_touched, service_workers="block",
        )  # fmt: skip
        context.add_init_script("navigator.canShare = () => true")
        with context:
            page = context.new_page()
            page.goto(f"{address}/?backend=wasm")
            wait(page, "html[data-state=ready]")
            for moment in go(page):
                page.wait_for_timeout(500)  # of fading
                page.screenshot(path=folder / f"{journey}-{moment}-{width}x{height}-{theme}-{language}.png")


def main() -> None:
    """Writes every screenshot to the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with launched() as browser, counting_server({}) as (address, _):
        for size, theme, language in product(SIZES, THEMES, LANGUAGES):
            shoot(browser, address, folder, size, theme, language)


if __name__ == "__main__":
    main()
