"""The page when its graphics context is lost, in a tab that has no frames, as one that is hidden."""

from collections.abc import Callable

import numpy as np
import pytest

from server import WEB
from tests.web.conftest import OpenStudio, encoded, photo
from tests.web.wired import wired

pytestmark = pytest.mark.browser

LOSE = "gl.getExtension('WEBGL_lose_context').loseContext()"


@pytest.mark.slow
def test_photo_and_settings_outlive_the_loss_of_the_graphics_context(
    open_studio: OpenStudio, serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    site = serve(PAGE=wired(WEB / "dist", tmp_path_factory.mktemp("wired") / "page"))
    studio = open_studio("?backend=webgl", site)
    before = studio.paint(encoded(photo(48, 32)))
    faded = studio.set_strength(15)
    assert not np.array_equal(before, faded)

    studio.engine.evaluate(LOSE)
    np.testing.assert_array_equal(studio.result(), faded)
    studio.choose_style(1)
    assert studio.part("strength").input_value() == "15"
    assert studio.part("backend").inner_text().startswith("WebGL")

    again = studio.choose_style(0)
    assert np.abs(again.astype(int) - faded).max() <= 1
    with studio.page.expect_download() as download:
        studio.part("download").click()
    assert download.value.path().stat().st_size > 1000


def test_pictures_that_a_reset_of_the_graphics_processor_took_come_back(open_studio: OpenStudio) -> None:
    studio = open_studio()
    painted = studio.paint()
    state = studio.page.evaluate("""() => {
        for (const canvas of document.querySelectorAll('#paper canvas')) {
            canvas.getContext('2d').reset();
            canvas.dispatchEvent(new Event('contextrestored')); // as the browser does
        }
        return document.documentElement.dataset.state;
    }""")
    assert state == "working"
    studio.wait_for("done")
    np.testing.assert_array_equal(studio.result(), painted)
    np.testing.assert_array_equal(studio.set_strength(0), np.asarray(photo()))
