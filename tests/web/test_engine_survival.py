"""The engine when the machine lets it down: a lost graphics context, a hidden tab, errors, many sizes.

All on WebGL in software, with small pictures; the milliseconds are measured, not judged, for machines differ.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Worker

from tests.web.engine_page import TOOLS, engine_page
from tests.web.wired import wired

pytestmark = pytest.mark.browser

LOSE = "gl.getExtension('WEBGL_lose_context').loseContext()"


@pytest.fixture(scope="module")
def address(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The engine on its bare page, in whose workers no frame ever comes."""
    return serve(PAGE=wired(engine_page(), tmp_path_factory.mktemp("wired") / "page"))


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh visit; `outcome(promise)` gives the painting's width or the error's code, and milliseconds."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("""() => {
        window.paint = (width = 64, height = width) =>
            engine.stylise({ photo: picture(width, height), vector, strength: 100 });
        window.settled = (promise) => Promise.race([promise, pause(60000).then(() => ({ width: 'pending' }))]);
        window.outcome = async (promise) => {
            const start = performance.now();
            const end = await settled(promise).then(({ width }) => width, (error) => error.code);
            return [end, Math.round(performance.now() - start)];
        };
    }""")
    yield page
    context.close()


def start(page: Page, backend: str = "webgl") -> Worker:
    page.evaluate(
        """async (backend) => {
            window.labels = [];
            window.engine = createEngine({}, { onStarted: ({ label }) => labels.push(label) });
            const { width } = await settled(engine.start({ backend }));
            if (width === 'pending') throw new Error('The engine does not start.');
        }""",
        backend,
    )
    return page.workers[-1]


def test_nothing_waits_for_frames_of_which_a_hidden_tab_has_none(page: Page) -> None:
    start(page)
    assert page.evaluate("async () => (await paint()).width") == 64


def test_a_context_lost_before_a_run_or_during_it_costs_no_picture(page: Page) -> None:
    start(page).evaluate(LOSE)
    before, ms_before = page.evaluate("() => outcome(paint())")
    page.workers[-1].evaluate("self.loseAfter = 'fenceSync'")  # all is queued, and waited for
    page.evaluate("() => { window.pending = outcome(paint(128)); }")
    during, ms_during = page.evaluate("() => pending")
    labels = page.evaluate("async () => { await paint(); return labels; }")
    print(f"ms until the picture: lost before it was asked for {ms_before}, during {ms_during}; {labels}")
    assert (before, during) == (64, 128)
    assert labels[-1] == "WebAssembly (CPU)"  # after two losses WebGL is not trusted again


def test_a_context_that_does_not_come_back_is_named_and_nothing_stays_pending(page: Page) -> None:
    worker = start(page)
    page.route("**/webgl-*.js", lambda route: route.abort())
    page.evaluate("""() => {
        const style = engine.predictStyle({ picture: picture(64) });
        window.pending = Promise.all([outcome(paint(128)), outcome(style), outcome(engine.memory())]);
    }""")
    worker.evaluate(LOSE)
    outcomes: list[list[Any]] = page.evaluate("() => pending")
    print(f"code and milliseconds of each call: {outcomes}")
    assert [code for code, _ in outcomes] == ["backend-failed"] * 3


def test_after_fifty_runs_with_errors_in_between_nothing_is_left_over(page: Page) -> None:
    start(page)
    before, after, codes = page.evaluate("""async () => {
        const photo = picture(32), codes = [];
        await paint(32);
        const before = await engine.memory();
        for (let run = 0; run < 50; run++) {
            if (run % 4 === 1) codes.push(await code(engine.stylise({ photo, vector: [1], strength: 100 })));
            if (run % 4 === 3) code(paint(32)).then((each) => codes.push(each));
            await paint(32);
        }
        return [before, await engine.memory(), codes];
    }""")
    assert sorted(set(codes)) == ["cancelled", "model-mismatch"]
    assert after["tensors"] == before["tensors"]
    assert after["gpuBytes"] <= before["gpuBytes"]  # fewer where a cancelled run had its worker replaced


def test_an_error_in_the_middle_of_a_run_leaves_nothing_over(page: Page) -> None:
    worker = start(page, "wasm")
    page.evaluate("async () => { await paint(); window.before = await engine.memory(); }")
    for _ in range(5):
        worker.evaluate("""() => {
            const { slice } = Uint8Array.prototype; // TensorFlow.js reads a result with it
            Uint8Array.prototype.slice = function (first, end) {
                if (end - first < 64 * 64 * 3 * 4) return slice.call(this, first, end);
                Uint8Array.prototype.slice = slice;
                throw new TypeError('made to fail');
            };
        }""")
        assert page.evaluate("() => code(paint())") == "internal"
    before, after = page.evaluate("async () => [before, await engine.memory()]")
    assert page.workers[-1] == worker
    assert (after["tensors"], after["bytes"]) == (before["tensors"], before["bytes"])


def test_twenty_sizes_in_a_row_keep_no_textures_of_sizes_gone_by(page: Page) -> None:
    start(page)
    largest, after = page.evaluate("""async () => {
        await paint(256, 32);
        const { gpuBytes } = await engine.memory();
        for (let width = 184; width >= 32; width -= 8) await paint(width, 32);
        return [gpuBytes, (await engine.memory()).gpuBytes];
    }""")
    print(f"{largest / 1e6:.1f} MB after the largest, {after / 1e6:.1f} MB after twenty more sizes")
    assert after < largest


def test_idle_textures_beyond_256_mb_are_freed(page: Page) -> None:
    before, after = page.evaluate("() => bytesAfterLargeTensors()")
    assert before > 300 << 20
    assert after <= 256 << 20


def test_the_first_preview_compiles_nothing_and_no_preview_is_read_back(page: Page) -> None:
    worker = start(page)
    preview = "async () => { await paint(320, 240); }"
    started: dict[str, int] = worker.evaluate("({ ...calls })")
    page.evaluate(preview)
    first: dict[str, int] = worker.evaluate("({ ...calls })")
    assert first == started | {"createTexture": first["createTexture"], "fenceSync": started["fenceSync"] + 1}
    page.evaluate(preview)
    assert worker.evaluate("calls") == first | {"fenceSync": first["fenceSync"] + 1}  # no texture is made anew
