"""Paints the first screen's pictures, before and after, as the built page paints them with the published networks:

    python bench/heroes.py      web/samples/heroes/ID-before.webp and ID-after.webp, for each hero of samples.json

The page must be built (`make page`); build it again afterwards, so that it has the new pictures.
"""

import base64
import json
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.chromium import launched
from bench.wire import TIMEOUT, counting_server, wait
from server import WEB

SAMPLES = WEB / "samples"
SIZE = (960, 600)
MOST_BYTES = {"before": 45_000, "after": 70_000}  # a painting has more detail
CANVAS = {"before": "#original", "after": "[data-testid=result]"}
READ = """canvas => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let text = '';
  for (let i = 0; i < data.length; i += 32768) text += String.fromCharCode(...data.subarray(i, i + 32768));
  return [canvas.width, canvas.height, btoa(text)];
}"""


def main() -> None:
    """Writes both pictures of every hero."""
    entries = json.loads((SAMPLES / "samples.json").read_text("utf-8"))
    with launched() as browser:
        for place, entry in enumerate(entries):
            if "hero" not in entry:
                continue
            for side, picture in paint(browser, place).items():
                write(middle(picture), SAMPLES / entry["hero"][side], MOST_BYTES[side])


def paint(browser: Browser, place: int) -> dict[str, Image.Image]:
    """What the page shows before and after it has painted the sample at that place in the list."""
    context = browser.new_context(locale="en", service_workers="block")
    with counting_server({}) as (address, _), context:
        page = context.new_page()
        page.goto(f"{address}/?backend=wasm")
        wait(page, "html[data-state=ready]")
        page.locator(".sample").nth(place).click()
        wait(page, "html[data-state=done]")
        return {side: pixels(page, selector) for side, selector in CANVAS.items()}


def pixels(page: Page, selector: str) -> Image.Image:
    """A canvas's picture."""
    width, height, data = page.locator(selector).evaluate(READ, timeout=TIMEOUT)
    return Image.frombytes("RGBA", (width, height), base64.b64decode(data)).convert("RGB")


def middle(picture: Image.Image) -> Image.Image:
    """The largest middle part of the heroes' shape, reduced to their size."""
    scale = min(picture.width / SIZE[0], picture.height / SIZE[1])
    width, height = SIZE[0] * scale, SIZE[1] * scale
    left, top = (picture.width - width) / 2, (picture.height - height) / 2
    return picture.resize(SIZE, Image.Resampling.LANCZOS, (left, top, left + width, top + height))


def write(picture: Image.Image, path: Path, most: int) -> None:
    """Writes a WebP at the best quality that takes at most that many bytes."""
    path.parent.mkdir(exist_ok=True)
    for quality in range(88, 10, -4):
        picture.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= most:
            return


if __name__ == "__main__":
    main()
