"""Day and night at full size: the page's reduction and guided upsampling give what Python's give."""

import base64
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Page

from server import WEB
from tests.web.conftest import photo
from tests.web.engine_page import engine_page
from training.common import guided
from training.common.squares import to_tensor
from training.daynight.paint import working_size

pytestmark = pytest.mark.browser

TRANSLATOR = WEB / "models" / "day-to-night" / "manifest.json"

BYTES = """Object.assign(window, {
    bytes: (text) => Uint8ClampedArray.from(atob(text), (character) => character.charCodeAt(0)),
    text: (data) => {
        let all = '';
        for (let i = 0; i < data.length; i += 32768) all += String.fromCharCode(...data.subarray(i, i + 32768));
        return btoa(all);
    },
})"""
CARRIED = """([photo, width, height, translated, strength]) => {
    const picture = new ImageData(bytes(photo), width, height);
    const small = reduce(picture, workingSize(picture));
    const values = Float32Array.from(small.data.filter((_, i) => i % 4 < 3), (value) => value / 255);
    const night = new Float32Array(bytes(translated).buffer);
    carry(picture, fit(values, night, { width: small.width, height: small.height }), strength);
    return [text(small.data), text(picture.data)];
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, serve) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(serve(PAGE=engine_page()))
    page.evaluate(BYTES)
    yield page
    page.close()


def street(width: int, height: int) -> Image.Image:
    """A landscape with the grain of a camera."""
    grain = np.random.default_rng(0).normal(0, 12, (height, width, 3))
    return Image.fromarray((np.asarray(photo(width, height)) + grain).clip(0, 255).astype(np.uint8))


def night(day: torch.Tensor) -> torch.Tensor:
    """[1,3,H,W] in [0,1]: darker, bluer, with a lamp and the noise of a network."""
    dark = day * torch.tensor([0.2, 0.25, 0.4])[:, None, None]
    dark[..., 20:24, 30:34] = 1
    return (dark + 0.02 * torch.rand(dark.shape, generator=torch.Generator().manual_seed(1))).clamp(0, 1)


def packed(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


@pytest.mark.parametrize(("width", "height", "strength"), [(1501, 997, 1.0), (640, 853, 0.4), (60, 41, 1.0)])
def test_the_page_carries_a_translation_as_python_does(page: Page, width: int, height: int, strength: float) -> None:
    picture = street(width, height)
    small = picture.resize(working_size(width, height), Image.Resampling.BOX, reducing_gap=None)
    translated = night(to_tensor(small)[None])
    maps = guided.fit(to_tensor(small)[None], translated)
    expected = guided.upsample(np.array(picture), maps, strength)
    floats = translated[0].permute(1, 2, 0).numpy()
    answer = page.evaluate(
        CARRIED, [packed(np.array(picture.convert("RGBA"))), width, height, packed(floats), strength]
    )
    reduced, carried = (
        np.frombuffer(base64.b64decode(each), np.uint8).reshape(-1, 4)[:, :3].astype(int) for each in answer
    )
    assert np.abs(reduced - np.asarray(small).reshape(-1, 3)).max() <= 1
    assert np.abs(carried - expected.reshape(-1, 3)).max() <= 1


@pytest.mark.skipif(not TRANSLATOR.is_file(), reason="no translators are published")
def test_twelve_megapixels_keep_their_size_and_cost_the_network_no_more(page: Page) -> None:
    small, large, before, after = page.evaluate(
        """async () => {
            const engine = createEngine();
            await engine.start({ backend: 'wasm' });
            const turned = async (width, height) => {
                const photo = new ImageData(width, height);
                photo.data.forEach((_, i) => { photo.data[i] = i % 4 === 3 ? 255 : (i >> 9) % 200; });
                const translation = await engine.translate({ photo, translator: 'day-to-night' });
                const count = translation.pictures.length / translation.working.data.length * 4 / 3;
                const weights = [1, ...Array(count - 1).fill(0)];
                const fitting = { boxes: 128, flat: 1e-4 };
                const maps = await engine.fit({ translation, weights, fitting });
                const night = await engine.carry({ photo, maps, strength: 100 });
                const isOpaque = night.data.every((value, i) => i % 4 !== 3 || value === 255);
                return [night.width, night.height, maps.width, maps.height, isOpaque];
            };
            await turned(1008, 756); // the heap is as large as two pictures of one size leave it
            const small = await turned(1008, 756);
            const before = await engine.memory();
            const large = await turned(4032, 3024);
            const after = await engine.memory();
            engine.dispose();
            return [small, large, before, after];
        }"""
    )
    assert small == [1008, 756, 512, 384, True]
    assert large == [4032, 3024, 512, 384, True]
    assert after == before, "the larger photo left something behind"
