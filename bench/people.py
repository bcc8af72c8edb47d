"""Time of a painting in which people have a strength of their own, beside that of a plain one, in the page.

    python -m bench.people              with the sample portrait; --photo names another photo of people

Such a painting is two paintings laid over one another by the person mask, and a style's first one measures how strong
the weaker has to be. Both kinds take turns, each in another style; the mask was found before (bench/speed.py times it).
Times depend on the machine: compare ratios.
"""

import argparse
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench.chromium import launched
from bench.wire import TIMEOUT, counting_server, paint, wait
from server import WEB

PLAIN, SPARED = 100, 50  # strengths on people
CHOOSE = """style => new Promise((resolve) => {
    const root = document.documentElement, started = performance.now();
    new MutationObserver((_, watcher) => {
        if (root.dataset.state !== 'done') return;
        watcher.disconnect();
        resolve(performance.now() - started);
    }).observe(root, { attributeFilter: ['data-state'] });
    document.querySelector(`[data-testid=style-item][data-style="${style}"]`).click();
})"""


def compare(browser: Browser, photo: Path, repeats: int) -> dict[int, list[float]]:
    """Milliseconds of `repeats` paintings, by the strength on people."""
    times: dict[int, list[float]] = {PLAIN: [], SPARED: []}
    with counting_server({}) as (address, _):
        page = browser.new_page()
        page.goto(f"{address}/?backend=wasm")
        wait(page, "html:not([data-state=loading])")
        paint(page, "photo-input", photo)
        page.locator("#adjust > summary").click()
        people = page.get_by_test_id("person-strength").locator("visible=true")
        people.wait_for(timeout=TIMEOUT)
        styles = resting(page)
        for i in range(2 * repeats):
            strength = (PLAIN, SPARED)[i % 2]
            people.fill(str(strength))
            wait(page, "html[data-state=done]")
            times[strength].append(page.evaluate(CHOOSE, styles[(i + 1) % len(styles)]))
    return times


def resting(page: Page) -> list[str]:
    """The names of the gallery's styles, once all of their small pictures are painted and the engine rests."""
    page.locator("[role=radio]:not([data-outcome])").first.wait_for(state="detached", timeout=TIMEOUT)
    items = page.get_by_test_id("style-item")
    return [str(item.get_attribute("data-style")) for item in items.all()]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photo", type=Path, default=WEB / "samples" / "portrait.jpg", help="a photo of people")
    parser.add_argument("--repeats", type=int, default=5, help="paintings of each kind")
    options = parser.parse_args()
    with launched() as browser:
        times = compare(browser, options.photo, options.repeats)
    plain, spared = (statistics.median(times[strength]) for strength in (PLAIN, SPARED))
    print(f"plain {plain:.0f} ms, with a strength of their own for people {spared:.0f} ms: {spared / plain:.2f} times")


if __name__ == "__main__":
    main()
