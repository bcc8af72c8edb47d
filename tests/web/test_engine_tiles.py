"""Full size by tiles, in headless Chromium: no seam, bounded memory, cancel, smaller tiles where memory is short."""

import base64
import io
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from torch import nn

from converter.execute_tfjs import run_tfjs
from server import WEB
from tests.web.engine_page import engine_page
from training.export import PICTURE, Export, Port
from training.style import levels
from training.style.export import WITH_BOLDNESS

pytestmark = pytest.mark.browser
MODEL = WEB / "models" / "style-transformer"
TRANSFORMER = Export(
    "", "", nn.Identity(), (Port("photo", PICTURE, None), WITH_BOLDNESS), (Port("painted", PICTURE, None),), {}
)

TOOLS = """
Object.assign(window, {
  // Waves of many lengths, another colour in each corner.
  picture(width, height) {
    const data = new Uint8ClampedArray(width * height * 4);
    for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i += 4) {
      const waves = Math.sin(x / 9) * Math.cos(y / 7) + Math.sin((x * x + y * y) / 40000);
      data[i] = x * 255 / width;
      data[i + 1] = 128 + 60 * waves;
      data[i + 2] = y * 255 / height;
      data[i + 3] = 255;
    }
    return new ImageData(data, width, height);
  },
  vector: Float32Array.from({ length: 100 }, (_, i) => 0.5 * Math.sin(i)),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  async request(width, height, strength = 100) {
    const bitmap = await createImageBitmap(picture(width, height));
    const photo = { width, height, read: (area) => toImageData(bitmap, Infinity, area) };
    return { photo, reduced: toImageData(bitmap, 1024), vector, strength };
  },
  async png(pixels) {
    const bytes = new Uint8Array(await (await exportPicture(pixels, 'image/png')).arrayBuffer());
    let text = '';
    for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
    return btoa(text);
  },
});
"""


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(PAGE=engine_page())


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A visit with the engine started on WebAssembly as `engine`; tests leave it usable."""
    yield from visit(chromium, address)


def visit(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("async () => { window.engine = createEngine(); await engine.start({ backend: 'wasm' }); }")
    yield page
    page.close()


def pixels(text: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))).convert("RGB"))


def floats(picture: np.ndarray) -> np.ndarray:
    """[H,W,3] of 0..255 -> [1,3,H,W], mirrored up to multiples of 8 on both sides, as the engine does it."""
    short = [-side % 8 for side in picture.shape[:2]]
    padding = [(each // 2, each - each // 2) for each in short]
    padded = np.pad(picture, [*padding, (0, 0)], "reflect")
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None].astype(np.float32) / 255)


def painted_whole(photo: np.ndarray, reduced: np.ndarray, vector: np.ndarray, work: Path) -> np.ndarray:
    """What the graph makes of the whole photo when it is fed the reduced one's statistics."""
    names = [tensor.removesuffix(":0") for tensor in json.loads((MODEL / "manifest.json").read_text())["statistics"]]
    ports = tuple(Port(name, (1, None, 1, 1), None) for name in names)
    first = {"photo": floats(reduced), "vector": vector}
    [statistics] = run_tfjs(MODEL, replace(TRANSFORMER, outputs=ports), [first], work / "statistics")
    [result] = run_tfjs(MODEL, TRANSFORMER, [{"photo": floats(photo), "vector": vector, **statistics}], work / "whole")
    top, left = (-photo.shape[0] % 8) // 2, (-photo.shape[1] % 8) // 2
    whole = result["painted"][0].transpose(1, 2, 0)[top : top + photo.shape[0], left : left + photo.shape[1]]
    return np.round(255 * whole).astype(np.uint8)


@pytest.mark.parametrize("size", [(1301, 437), pytest.param((2048, 2048), marks=pytest.mark.slow)])
def test_painted_in_tiles_is_painted_whole_and_reduced_is_what_was_seen(
    page: Page, size: tuple[int, int], tmp_path: Path
) -> None:
    made = page.evaluate(
        """async ([width, height]) => {
            const large = await request(width, height);
            const shares = [];
            const painted = await engine.styliseLarge(large, { onProgress: (p) => shares.push(p.fraction) });
            const seen = await engine.stylise({ photo: large.reduced, vector, strength: 100 });
            const pictures = await Promise.all([picture(width, height), large.reduced, painted, seen].map(png));
            return { pictures, shares, vector: [...vector] };
        }""",
        size,
    )
    photo, reduced, painted, seen = map(pixels, made["pictures"])
    mean = np.array(json.loads((MODEL / "manifest.json").read_text())["photo_mean_vector"], np.float32)
    vector = mean + (np.array(made["vector"], np.float32) - mean)
    usual = np.append(vector, np.float32(0.5))[None]
    whole = painted_whole(photo, reduced, usual, tmp_path)
    assert painted.shape == (size[1], size[0], 3)
    assert painted.std() > 20, "the painting is flat"
    assert np.abs(painted - levels.fitted(whole, seen).astype(int)).max() <= 2
    assert np.abs(levels.reduced(painted, *seen.shape[:2]) - seen).mean() < 0.03 * 255
    assert made["shares"] == sorted(made["shares"])
    assert made["shares"][-1] == 1
    assert len(made["shares"]) >= 3


@pytest.mark.slow
def test_memory_does_not_grow_with_the_photo(chromium: Browser, address: str) -> None:
    used = []
    for width, height in ((2016, 1512), (4032, 3024)):
        for page in visit(chromium, address):
            used.append(
                page.evaluate(
                    """async ([width, height]) => {
                        const before = await engine.memory();
                        await engine.styliseLarge(await request(width, height));
                        return [before, await engine.memory()];
                    }""",
                    [width, height],
                )
            )
    (_, small), (before, large) = used
    assert large["wasmBytes"] <= 1.3 * small["wasmBytes"]
    assert large["tensors"] == before["tensors"]


def test_cancel_frees_the_page_within_200_ms_and_the_next_picture_is_painted(page: Page) -> None:
    outcome = page.evaluate("""async () => {
        const large = await request(2048, 1536), abort = new AbortController();
        let share = 0;
        const onProgress = ({ fraction }) => { share = fraction; };
        const cancelled = engine.styliseLarge(large, { signal: abort.signal, onProgress }).catch((error) => error);
        for (const end = performance.now() + 60000; share < 0.4 && performance.now() < end; ) await pause(20);
        await pause(100);
        const start = performance.now();
        abort.abort();
        const { code } = await cancelled;
        const ms = performance.now() - start, reached = share;
        const next = await engine.stylise({ photo: picture(64, 64), vector, strength: 100 });
        await pause(500);
        return { code, ms, next: next.width, moved: share > reached };
    }""")
    assert outcome["code"] == "cancelled"
    assert outcome["ms"] < 200
    assert outcome["next"] == 64
    assert not outcome["moved"]


def test_a_newer_picture_takes_the_large_ones_place_and_the_other_way_round(page: Page) -> None:
    outcomes = page.evaluate("""async () => {
        const large = await request(1200, 400), small = { photo: picture(256, 256), vector, strength: 100 };
        const outcome = (promise) => promise.then(({ width }) => width, (error) => error.code);
        const first = outcome(engine.styliseLarge(large));
        await pause(50);
        const second = outcome(engine.stylise(small));
        const third = outcome(engine.styliseLarge(large));
        const aborted = outcome(createEngine().styliseLarge(large, { signal: AbortSignal.abort() }));
        return Promise.all([first, second, third, aborted]);
    }""")
    assert outcomes == ["cancelled", "cancelled", 1200, "cancelled"]


MEMORY_ENDS = """
const grow = WebAssembly.Memory.prototype.grow;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + 65536 * pages > LIMIT) throw new RangeError('No more memory.');
  return grow.call(this, pages);
};
"""


def test_where_memory_is_short_the_tiles_are_halved(chromium: Browser, serve: Callable, tmp_path: Path) -> None:
    """A WebAssembly memory that stops growing: a whole tile does not fit, the statistics and half a tile do."""
    short = tmp_path / "page"
    shutil.copytree(engine_page(), short, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    [worker] = (short / "assets").glob("worker-*.js")
    worker.write_text(MEMORY_ENDS.replace("LIMIT", str(64 << 20)) + worker.read_text())
    for page in visit(chromium, serve(PAGE=short)):
        found = page.evaluate("""async () => {
            const large = await request(1200, 700);
            large.reduced = picture(240, 140);
            const shares = [];
            const painted = await engine.styliseLarge(large, { onProgress: (p) => shares.push(p.fraction) });
            const memory = await engine.memory();
            const too = await engine.stylise({ photo: picture(1200, 700), vector, strength: 100 }).catch((e) => e);
            return { width: painted.width, last: painted.data.at(-4), shares, memory, too: too.code };
        }""")
        assert found["width"] == 1200
        assert found["last"] > 0
        assert len(found["shares"]) > 4
        assert found["too"] == "out-of-memory"
