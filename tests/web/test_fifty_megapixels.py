"""The largest photo that the page takes, 8160 × 6120, painted and saved at its own size."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.web.conftest import OpenStudio, encoded, photo

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("SOAK" not in os.environ, reason="`make soak` does it: minutes"),
]

SIZE = (8160, 6120)


def test_fifty_megapixels_are_painted_and_saved_at_their_own_size(open_studio: OpenStudio) -> None:
    studio = open_studio()
    small = studio.paint(encoded(photo(1020, 765).resize(SIZE), "JPEG"), "huge.jpg")
    studio.save_as("JPEG")
    with studio.page.expect_download(timeout=1_200_000) as waiting:
        studio.part("download").click()
    saved = Image.open(io.BytesIO(Path(waiting.value.path()).read_bytes())).convert("RGB")
    assert saved.size == SIZE
    reduced = np.asarray(saved.resize(small.shape[1::-1], Image.Resampling.BOX)).astype(int)
    tones = [np.sort(each, axis=None).mean() for each in (reduced, small)]
    assert abs(tones[0] - tones[1]) < 30, "not the painting that is on the screen"
    blocks = reduced[:765, :1020].reshape(5, 153, 5, 204, 3).std(axis=(1, 3))
    assert blocks.min() > 1, "a part is blank"
