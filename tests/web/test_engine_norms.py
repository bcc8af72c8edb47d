"""The fused instance norm on WebGL against TensorFlow.js' own operations: passes and bytes, not software's time."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Browser

from server import WEB
from tests.web.engine_page import engine_page

pytestmark = pytest.mark.browser


def test_the_fused_norm_saves_a_third_of_passes_and_bytes_and_paints_the_same(
    chromium: Browser, serve: Callable[..., str]
) -> None:
    address, found = serve(PAGE=engine_page(), MODELS=WEB / "models"), {}
    for plain in (True, False):
        page = chromium.new_page()
        page.goto(address)
        found[plain] = page.evaluate("(plain) => countPasses(plain)", plain)
        page.close()
    fused, plain = found[False], found[True]
    assert fused["passes"] <= plain["passes"] * 2 / 3
    assert fused["bytes"] <= plain["bytes"] * 2 / 3
    assert np.std(fused["painted"]) > 0.05, "the painting is flat"
    for each in (fused["painted"], fused["given"], plain["given"]):
        assert np.abs(np.subtract(each, plain["painted"])).max() <= 1e-3
