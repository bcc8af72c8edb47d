"""Bad files and broken models: shown right or refused in one sentence, and the page goes on working."""

import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from server import WEB
from tests.web.conftest import OpenStudio, Studio, encoded, photo

pytestmark = pytest.mark.browser


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds no pixels."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk)) + bytes(64)


def is_one_sentence(text: str) -> bool:
    return text.endswith(".") and ". " not in text and "\n" not in text and len(text) < 160


JPEG, PNG = encoded(photo(320, 240), "JPEG"), encoded(photo(320, 240))
REFUSED = {
    "notes.txt": (b"These are notes, not a picture.\n" * 20, "cannot be read as a picture"),
    "renamed.jpg": (b"%PDF-1.7 and so on" * 20, "cannot be read as a picture"),
    "cut-off.jpg": (JPEG[: len(JPEG) // 2], "incomplete: try the original file"),
    "cut-off.png": (PNG[: len(PNG) // 2], "incomplete: try the original file"),
    "empty.png": (b"", "0 bytes"),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "SVG"),
    "enormous.png": (png_header(30_000, 30_000), "too many pixels"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_in_one_sentence_and_everything_is_kept(studio: Studio, name: str) -> None:
    content, reason = REFUSED[name]
    painted = studio.paint(encoded(photo(64, 48)))
    studio.give(content, name)
    studio.wait_for("error")
    sentence = studio.part("error").inner_text()
    assert reason in sentence
    assert name in sentence
    assert is_one_sentence(sentence)
    np.testing.assert_array_equal(studio.result(), painted)
    expect(studio.part("download")).to_be_enabled()
    studio.page.get_by_role("button", name="Dismiss").click()
    studio.wait_for("done")
    assert studio.paint(encoded(photo(48, 64)), "good.png").shape == (64, 48, 3)


def test_a_bad_style_is_refused_and_the_chosen_style_stays(studio: Studio) -> None:
    studio.paint()
    chosen = studio.page.get_by_role("radio", checked=True).inner_text()
    studio.give(b"no picture at all, only words", "style.jpg", to="style-input")
    studio.wait_for("error")
    assert is_one_sentence(studio.part("error").inner_text())
    assert studio.page.get_by_role("radio", checked=True).inner_text() == chosen
    studio.paint()


def test_a_very_long_name_is_shortened_in_the_sentence(studio: Studio) -> None:
    studio.give(b"", "a" * 120 + ".jpg")
    studio.wait_for("error")
    assert is_one_sentence(studio.part("error").inner_text())


def test_a_gif_is_painted_from_its_first_frame(studio: Studio) -> None:
    frames = [photo(80, 60), Image.new("RGB", (80, 60))]
    gif = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    shown = studio.as_opened(gif, "moving.gif")
    assert np.abs(shown.astype(int) - np.asarray(photo(80, 60))).mean() < 6


def test_a_cmyk_jpeg_keeps_its_colours(studio: Studio) -> None:
    shown = studio.as_opened(encoded(photo(80, 60).convert("CMYK"), "JPEG"), "print.jpg")
    assert np.abs(shown.astype(int) - np.asarray(photo(80, 60))).mean() < 12


def test_a_rotated_jpeg_stands_upright(studio: Studio) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90 degrees clockwise to see it upright
    lying = photo(60, 80).rotate(90, expand=True)
    shown = studio.as_opened(encoded(lying, "JPEG", exif=exif, quality=95), "turned.jpg")
    assert shown.shape == (80, 60, 3)
    assert np.abs(shown.astype(int) - np.asarray(photo(60, 80))).mean() < 4


def test_transparent_parts_are_painted_on_white(studio: Studio) -> None:
    shown = studio.as_opened(encoded(Image.new("RGBA", (40, 40), (255, 0, 0, 0))), "clear.png")
    assert (shown == 255).all()


def test_a_photo_of_one_pixel_and_a_very_flat_one_are_painted(studio: Studio) -> None:
    assert studio.paint(encoded(photo(1, 1)), "dot.png").shape == (1, 1, 3)
    assert studio.paint(encoded(photo(400, 3)), "line.png").shape == (3, 400, 3)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A copy of the published models, to be spoilt."""
    return Path(shutil.copytree(WEB / "models", tmp_path / "models"))


def remove(file: Path) -> None:
    file.unlink()


def alter(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)


@pytest.mark.parametrize("spoil", [remove, alter])
@pytest.mark.parametrize("pattern", ["*.bin", "model.json"])
def test_a_broken_transformer_is_explained_and_trying_again_paints_once_it_is_whole(
    open_studio: OpenStudio,
    serve: Callable[..., str],
    models: Path,
    tmp_path: Path,
    spoil: Callable[[Path], None],
    pattern: str,
) -> None:
    file = next((models / "style-transformer").glob(pattern))
    whole = file.read_bytes()
    spoil(file)
    studio = open_studio(address=serve(PAGE=page_without_models(tmp_path), MODELS=models), until="error")
    assert is_one_sentence(studio.part("error").inner_text())
    studio.give(encoded(photo(64, 48)))
    studio.wait_for("error")
    assert is_one_sentence(studio.part("error").inner_text())
    assert studio.result().shape == (48, 64, 3), "the photo is kept"
    file.write_bytes(whole)
    studio.page.get_by_role("button", name="Try again").click()
    studio.wait_for("done")
    assert not np.array_equal(studio.result(), np.asarray(photo(64, 48)))


def test_without_a_predictor_the_gallery_still_paints(
    open_studio: OpenStudio, serve: Callable[..., str], models: Path, tmp_path: Path
) -> None:
    shutil.rmtree(models / "style-predictor")
    studio = open_studio(address=serve(PAGE=page_without_models(tmp_path), MODELS=models))
    studio.paint()
    studio.give(encoded(photo(50, 50)), "own.png", to="style-input")
    studio.wait_for("error")
    assert is_one_sentence(studio.part("error").inner_text())
    studio.choose_style(2)


def test_styles_of_another_model_are_refused_in_one_sentence(
    open_studio: OpenStudio, serve: Callable[..., str], tmp_path: Path
) -> None:
    page = page_without_models(tmp_path)
    gallery = page / "styles" / "gallery.json"
    gallery.write_text(gallery.read_text().replace('"style_space": "', '"style_space": "another-'))
    studio = open_studio(address=serve(PAGE=page, MODELS=WEB / "models"))
    studio.give(encoded(photo(64, 48)))
    studio.wait_for("error")
    assert "another model" in studio.part("error").inner_text()


def test_without_styles_the_page_says_so_and_paints_in_ones_own(
    open_studio: OpenStudio, serve: Callable[..., str], tmp_path: Path
) -> None:
    page = page_without_models(tmp_path)
    (page / "styles" / "gallery.json").unlink()
    studio = open_studio(address=serve(PAGE=page, MODELS=WEB / "models"), until="error")
    assert is_one_sentence(studio.part("error").inner_text())
    studio.give(encoded(photo(64, 48)))
    studio.give(encoded(photo(50, 50)), "own.png", to="style-input")
    studio.wait_for("done")


def page_without_models(folder: Path) -> Path:
    """A copy of the built page, whose models are those the server is told, and whose files lie uncompressed."""
    ignored = shutil.ignore_patterns("models", "*.json.br", "*.json.gz")
    return Path(shutil.copytree(WEB / "dist", folder / "page", ignore=ignored))
