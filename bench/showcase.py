"""Makes the README's two pictures with the published networks:

    python bench/showcase.py --out docs      page.webp: the page, wide and on a phone; styles.webp: our photos in styles

The page is the built one (`make page`), painting in WebAssembly; the sheet is painted by the same graphs.
"""

import argparse
import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from bench.chromium import launched
from bench.painters import Painter, array, graph_painter, image, square, style_view
from bench.wire import counting_server, paint, wait
from server import WEB

SAMPLES, STYLES = WEB / "samples", WEB / "styles" / "pictures"
PHOTOS = ("house-at-dusk", "mountain-lake", "breakfast")
SHOWN = ("swirling-night", "stained-glass", "bouquet", "aurora", "ink-wash", "koi-mosaic")
CELL, LABEL, GAP = (256, 170), 64, 4  # px of a photo, a style's picture over its column, between them
WIDE, PHONE = (1440, 900), (390, 844)


def main() -> None:
    """Writes both pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs"), metavar="FOLDER")
    options = parser.parse_args()
    with launched() as browser:
        screens(browser).save(options.out / "page.webp", quality=82, method=6)
    with graph_painter(WEB / "models") as painter:
        styles(painter).save(options.out / "styles.webp", quality=82, method=6)


def screens(browser: Browser) -> Image.Image:
    """The page on a wide light screen, next to it on a dark phone."""
    wide = screen(browser, WIDE, "mountain-lake")
    phone = screen(browser, PHONE, "breakfast", dark=True)
    phone = phone.resize((round(phone.width * wide.height / phone.height), wide.height), Image.Resampling.LANCZOS)
    both = Image.new("RGB", (wide.width + 16 + phone.width, wide.height), "white")
    both.paste(wide, (0, 0))
    both.paste(phone, (wide.width + 16, 0))
    return both


def screen(browser: Browser, size: tuple[int, int], photo: str, dark: bool = False) -> Image.Image:
    """One screen of the page, `photo` painted in the gallery's first style."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light", device_scale_factor=1,
        service_workers="block",
    )  # fmt: skip
    with counting_server({}) as (address, _), context:
        page = context.new_page()
        page.goto(f"{address}/?backend=wasm")
        wait(page, "html:not([data-state=loading])")
        paint(page, "photo-input", SAMPLES / f"{photo}.jpg")
        page.wait_for_timeout(500)  # of the reveal
        return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def styles(painter: Painter) -> Image.Image:
    """A column a style, under its picture; the first column is the photos."""
    pictures = [Image.open(STYLES / f"{name}.webp").convert("RGB") for name in SHOWN]
    vectors = [painter.predict(style_view(picture)) for picture in pictures]
    columns = [None, *zip(pictures, vectors, strict=True)]
    (width, height), across = CELL, GAP + CELL[0]
    sheet = Image.new("RGB", (across * len(columns) - GAP, LABEL + (GAP + height) * len(PHOTOS)), "white")
    for row, name in enumerate(PHOTOS):
        photo = Image.open(SAMPLES / f"{name}.jpg").convert("RGB").resize((width * 2, height * 2))
        for column, style in enumerate(columns):
            painted = image(painter.paint(array(photo), style[1])) if style else photo
            sheet.paste(
                painted.resize(CELL, Image.Resampling.LANCZOS), (column * across, LABEL + GAP + row * (GAP + height))
            )
            if style:
                sheet.paste(square(style[0], LABEL), (column * across + (width - LABEL) // 2, 0))
    return sheet


if __name__ == "__main__":
    main()
