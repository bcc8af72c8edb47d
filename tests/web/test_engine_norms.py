"""The fused instance norm against TensorFlow.js' own operations: passes and bytes, not software's time."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Playwright

from server import WEB
from tests.web.engine_page import WITH_WEBGPU, engine_page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("backend", ["webgl", "webgpu"])
def test_the_fused_norm_saves_a_third_of_passes_and_bytes_and_paints_the_same(
    playwright_driver: Playwright, chromium_path: str, serve: Callable[..., str], backend: str
) -> None:
    address, found = serve(PAGE=engine_page(), MODELS=WEB / "models"), {}
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=WITH_WEBGPU)
    for plain in (True, False):
        page = browser.new_page()
        page.goto(address)
        found[plain] = page.evaluate("(call) => countPasses(...call)", [backend, plain])
        page.close()
    browser.close()
    fused, plain = found[False], found[True]
    difference = np.abs(np.subtract(fused["painted"], plain["painted"])).max()
    print({name: [plain[name], fused[name]] for name in ("passes", "bytes")}, f"difference {difference:.1e}")
    assert fused["passes"] <= plain["passes"] * 2 / 3
    assert fused["bytes"] <= plain["bytes"] * 2 / 3
    assert np.std(fused["painted"]) > 0.05, "the painting is flat"
    for each in (fused["painted"], fused["given"], plain["given"]):
        assert np.abs(np.subtract(each, plain["painted"])).max() <= 1e-3
