"""A photo of more pixels than can be painted is opened with fewer, which the page says, and saved with as many."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.web.conftest import OpenStudio, encoded, photo

pytestmark = pytest.mark.browser


def test_a_photo_beyond_50_megapixels_is_opened_and_saved_smaller_with_a_word(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(encoded(photo(900, 600).resize((9000, 6000), Image.Resampling.NEAREST), "JPEG"), "huge.jpg")
    notice = studio.part("notice")
    expect(notice).to_have_attribute("role", "status")
    words = notice.inner_text()
    assert "54 megapixels" in words
    found = re.search(r"(\d+) × (\d+) px", words)
    assert found
    size = (int(found[1]), int(found[2]))
    assert 49.9e6 < size[0] * size[1] <= 50e6
    studio.set_strength(0)
    studio.save_as("JPEG")
    with studio.page.expect_download(timeout=180_000) as waiting:
        studio.part("download").click()
    assert Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())).size == size
    studio.paint(encoded(photo(64, 48)))
    expect(notice).to_have_text("")
