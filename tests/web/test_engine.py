"""The engine in headless Chromium, on the published models: paints, cancels, refuses, leaks nothing."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright

from server import WEB
from tests.web.engine_page import TOOLS, WITH_WEBGPU, engine_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published models, and beside them folders of spoilt ones."""
    folder = tmp_path_factory.mktemp("models")
    shutil.copytree(WEB / "models", folder, dirs_exist_ok=True)
    for name, spoil in SPOILT.items():
        shutil.copytree(WEB / "models", folder / name)
        spoil(folder / name / "style-transformer")
    manifest = folder / "other-space" / "style-predictor" / "manifest.json"
    shutil.copytree(WEB / "models", folder / "other-space")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"style_space": "another"}))
    return folder


def weights(model: Path) -> Path:
    return sorted(model.glob("*.bin"))[0]


def alter(model: Path) -> None:
    content = bytearray(weights(model).read_bytes())
    content[len(content) // 2] ^= 1
    weights(model).write_bytes(content)


def truncate(model: Path) -> None:
    weights(model).write_bytes(weights(model).read_bytes()[:-7])


def put_a_page_in_its_place(model: Path) -> None:
    weights(model).write_text("<html><body>Not found</body></html>")


SPOILT: dict[str, Callable[[Path], None]] = {
    "altered": alter,
    "truncated": truncate,
    "page": put_a_page_in_its_place,
    "without-weights": lambda model: weights(model).unlink(),
    "without-manifest": lambda model: (model / "manifest.json").unlink(),
    "without-topology": lambda model: (model / "model.json").unlink(),
}


@pytest.fixture(scope="module")
def address(serve: Callable[..., str], models: Path) -> str:
    """The engine on its bare page, with all these models."""
    return serve(PAGE=engine_page(), MODELS=models)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A fresh visit."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    yield page
    context.close()


@pytest.fixture(scope="module")
def started(chromium: Browser, address: str) -> Iterator[Page]:
    """A visit with the engine started on WebAssembly as `engine`; tests leave it usable."""
    page = chromium.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("async () => { window.engine = createEngine(); await engine.start({ backend: 'wasm' }); }")
    yield page
    page.close()


@pytest.fixture(scope="module")
def started_on_webgl(chromium: Browser, address: str) -> Iterator[Page]:
    """A visit with the engine started on WebGL as `engine`."""
    page = chromium.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("""async () => {
        window.engine = createEngine();
        window.info = await engine.start({ backend: 'webgl' });
    }""")
    assert page.evaluate("info.label").startswith("WebGL (")
    yield page
    page.close()


def test_without_a_graphics_processor_it_says_webassembly(page: Page) -> None:
    info, heard = page.evaluate("""async () => {
        const heard = [];
        const info = await createEngine({}, { onStarted: (info) => heard.push(info) }).start();
        return [info, heard];
    }""")
    assert heard == [info]
    expected = {"wasm": "WebAssembly (CPU)", "webgl": "WebGL (GPU)"}  # the second on a machine with a GPU
    assert info["label"] == expected[info["backend"]]
    published = json.loads((WEB / "models" / "style-transformer" / "manifest.json").read_text())
    assert info["styleSpace"] == published["style_space"]


def test_only_the_chosen_backend_is_fetched(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("() => createEngine().start({ backend: 'wasm' })")
    assert any(".wasm" in url for url in asked)
    assert not any("webgl" in url or "webgpu" in url for url in asked)


@pytest.mark.parametrize(("width", "height"), [(256, 192), (37, 41), (1, 300), (1, 1)])
def test_a_painting_has_the_photos_own_size_and_is_opaque(started: Page, width: int, height: int) -> None:
    size, alphas = started.evaluate(
        """async ([width, height]) => {
            const painted = await engine.stylise({ photo: picture(width, height), vector, strength: 100 });
            const alphas = new Set(painted.data.filter((_, i) => i % 4 === 3));
            return [[painted.width, painted.height], [...alphas]];
        }""",
        [width, height],
    )
    assert size == [width, height]
    assert alphas == [255]


def test_a_painting_differs_from_the_photo_more_and_more_with_strength(started: Page) -> None:
    differences = started.evaluate("""async () => {
        const photo = picture(96), found = [];
        for (const strength of [0, 5, 15, 25]) {
            const { data } = await engine.stylise({ photo, vector, strength });
            found.push(data.reduce((sum, value, i) => sum + Math.abs(value - photo.data[i]), 0));
        }
        return found;
    }""")
    assert differences[0] == 0
    assert differences == sorted(differences)
    assert differences[1] > 0


def test_what_a_strength_changes_is_measured_as_it_is_painted(started: Page) -> None:
    measured, painted, leaked = started.evaluate("""async () => {
        const photo = picture(96), found = [], before = (await engine.memory()).tensors;
        for (const strength of [20, 40, 60, 80, 100]) {
            const data = pixels(await engine.stylise({ photo, vector, strength }));
            const sum = data.reduce((sum, value, i) => sum + Math.abs(value - photo.data[i]), 0);
            found.push(sum / 255 / (0.75 * data.length));
        }
        const measured = await engine.measure({ photo, vector });
        return [[...measured], found, (await engine.memory()).tensors - before];
    }""")
    assert measured == pytest.approx(painted, abs=0.004)  # painted pixels are rounded
    assert leaked == 0


def test_the_visitors_photo_is_left_as_it_was(started: Page) -> None:
    assert started.evaluate("""async () => {
        const photo = picture(64), before = photo.data.slice();
        await engine.stylise({ photo, vector, strength: 100 });
        return photo.data.length === before.length && photo.data.every((value, i) => value === before[i]);
    }""")


def test_a_style_picture_of_any_size_gives_a_vector_of_100_numbers(started: Page) -> None:
    vectors = started.evaluate("""async () => {
        const vectors = [];
        for (const picture_ of [picture(300, 200), picture(20, 500)]) {
            vectors.push([...await engine.predictStyle({ picture: picture_ })]);
        }
        return vectors;
    }""")
    assert [len(vector) for vector in vectors] == [100, 100]
    assert vectors[0] != vectors[1]


def test_progress_moves_from_download_to_done_and_never_back(page: Page) -> None:
    reports: dict[str, list[dict[str, Any]]] = page.evaluate("""async () => {
        const engine = createEngine(), start = [], paint = [], predict = [];
        await engine.start({ backend: 'wasm' }, { onProgress: (p) => start.push(p) });
        const request = { photo: picture(768), vector, strength: 100 };
        await engine.stylise(request, { onProgress: (p) => paint.push(p) });
        await engine.predictStyle({ picture: picture(64) }, { onProgress: (p) => predict.push(p) });
        return { start, paint, predict };
    }""")
    for stages in reports.values():
        fractions = [report["fraction"] for report in stages]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1
        assert len(set(fractions)) >= 3
    assert {"download", "prepare"} <= {report["stage"] for report in reports["start"]}
    assert {"paint"} == {report["stage"] for report in reports["paint"]}
    assert {"download", "predict"} <= {report["stage"] for report in reports["predict"]}


def test_cancel_frees_the_page_within_200_ms_while_webassembly_computes(started: Page) -> None:
    outcome = started.evaluate("""async () => {
        const abort = new AbortController();
        const request = { photo: picture(1024), vector, strength: 100 };
        const cancelled = engine.stylise(request, { signal: abort.signal });
        await pause(150);
        const start = performance.now();
        abort.abort();
        const error = await cancelled.catch((error) => error);
        const ms = performance.now() - start;
        const next = await engine.stylise({ photo: picture(64), vector, strength: 100 });
        return { code: error.code, name: error.name, ms, wait: performance.now() - start, next: next.width };
    }""")
    assert (outcome["code"], outcome["name"]) == ("cancelled", "AbortError")
    assert outcome["ms"] < 200
    assert outcome["next"] == 64
    assert outcome["wait"] < 5000  # the next picture did not wait for the cancelled one


def test_people_are_found_though_the_worker_is_stopped_for_a_cancelled_painting(page: Page) -> None:
    found = page.evaluate("""async () => {
        const engine = createEngine();
        await engine.start({ backend: 'wasm' });
        const abort = new AbortController();
        const request = { photo: picture(1024), vector, strength: 100 };
        const cancelled = code(engine.stylise(request, { signal: abort.signal }));
        await pause(150);
        const people = engine.findPeople({ photo: picture(64) });
        abort.abort();
        return { cancelled: await cancelled, isAnybody: (await people).isAnybody };
    }""")
    assert found == {"cancelled": "cancelled", "isAnybody": False}


def test_a_superseded_call_never_gives_a_picture(started: Page) -> None:
    outcomes = started.evaluate("""async () => {
        const paint = (side) => engine.stylise({ photo: picture(side), vector, strength: 100 });
        const calls = [paint(512), paint(256), paint(128), paint(64)];
        return Promise.all(calls.map((call) => call.then(({ width }) => width, (error) => error.code)));
    }""")
    assert outcomes == ["cancelled", "cancelled", "cancelled", 64]


def test_an_already_aborted_call_does_nothing(started: Page) -> None:
    request = "{ photo: picture(64), vector, strength: 100 }, { signal: AbortSignal.abort() }"
    assert started.evaluate(f"() => code(engine.stylise({request}))") == "cancelled"


def test_no_tensor_is_left_over_after_20_runs_in_changing_sizes(started: Page) -> None:
    before, after = started.evaluate("""async () => {
        await engine.predictStyle({ picture: picture(64) });
        const before = await engine.memory();
        for (let run = 0; run < 20; run++) {
            await engine.stylise({ photo: picture(64 + 8 * (run % 5), 72), vector, strength: 10 + 4 * run });
            if (run % 5 === 0) await engine.predictStyle({ picture: picture(80) });
        }
        return [before, await engine.memory()];
    }""")
    assert before["tensors"] > 0
    wasm = {"wasmBytes": before["wasmBytes"]}  # grows in steps, when the first larger picture comes
    assert after | wasm == before


@pytest.mark.parametrize(
    ("folder", "code"),
    [
        ("altered", "model-altered"),
        ("truncated", "model-altered"),
        ("page", "model-altered"),
        ("without-weights", "model-missing"),
        ("without-manifest", "model-missing"),
        ("without-topology", "model-missing"),
        ("nowhere", "model-missing"),
    ],
)
def test_a_spoilt_model_is_refused_and_a_good_one_works_afterwards(page: Page, folder: str, code: str) -> None:
    found, width = page.evaluate(
        """async (folder) => {
            const engine = createEngine();
            const found = await code(engine.start({ backend: 'wasm', models: `models/${folder}/` }));
            await engine.start({ backend: 'wasm', models: 'models' });
            return [found, (await engine.stylise({ photo: picture(64), vector, strength: 100 })).width];
        }""",
        folder,
    )
    assert found == code
    assert width == 64


def test_models_from_another_origin_are_refused(page: Page) -> None:
    found = page.evaluate("() => code(createEngine().start({ models: 'https://example.com/models/' }))")
    assert found == "model-missing"


def test_style_spaces_are_not_mixed(page: Page) -> None:
    codes = page.evaluate("""async () => {
        const engine = createEngine();
        await engine.start({ backend: 'wasm', models: 'models/other-space/' });
        const photo = picture(64), strength = 100;
        return [
            await code(engine.predictStyle({ picture: photo })),
            await code(engine.stylise({ photo, strength, vector, styleSpace: 'another' })),
            await code(engine.stylise({ photo, strength, vector: vector.slice(1) })),
            await code(engine.stylise({ photo, strength, vector })),
        ];
    }""")
    assert codes == ["model-mismatch", "model-mismatch", "model-mismatch", "none"]


def test_a_second_visit_takes_the_weights_from_the_cache(page: Page) -> None:
    page.evaluate("() => createEngine().start({ backend: 'wasm' })")
    page.reload()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("() => createEngine().start({ backend: 'wasm' })")
    models = [url.rsplit("/", 1)[1] for url in asked if "/models/" in url]
    assert models == ["manifest.json"]


def test_a_spoilt_cache_entry_is_replaced(page: Page) -> None:
    spoilt, healed = page.evaluate("""async () => {
        await createEngine().start({ backend: 'wasm' });
        const cache = await caches.open('nocturne');
        const read = async (key) => (await (await cache.match(key)).blob()).size;
        const keys = await cache.keys();
        for (const key of keys) await cache.put(key, new Response('spoilt'));
        const spoilt = await Promise.all(keys.map(read));
        await createEngine().start({ backend: 'wasm' });
        return [spoilt, await Promise.all(keys.map(read))];
    }""")
    assert all(size == 6 for size in spoilt)
    assert all(size > 1000 for size in healed)


def test_stopping_the_engine_rejects_what_is_pending(page: Page) -> None:
    codes = page.evaluate("""async () => {
        const engine = createEngine();
        const pending = [engine.start({ backend: 'wasm' }), engine.predictStyle({ picture: picture(64) })];
        engine.dispose();
        return Promise.all(pending.map(code));
    }""")
    assert codes == ["cancelled", "cancelled"]


def test_no_request_leaves_the_origin(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("""async () => {
        const engine = createEngine();
        await engine.start({ backend: 'wasm' });
        const vector = await engine.predictStyle({ picture: picture(64) });
        await engine.stylise({ photo: picture(64), vector, strength: 100 });
    }""")
    context.close()
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(address)] == []


@pytest.mark.parametrize(("width", "height", "strength"), [(64, 64, 100), (45, 37, 100), (40, 40, 15)])
def test_webgl_paints_what_webassembly_paints(
    started: Page, started_on_webgl: Page, width: int, height: int, strength: int
) -> None:
    painted = [
        page.evaluate(
            """async ([width, height, strength]) => {
                const before = (await engine.memory()).tensors;
                const painted = await engine.stylise({ photo: picture(width, height), vector, strength });
                const leaked = (await engine.memory()).tensors - before;
                return [painted.constructor.name, [...pixels(painted)], leaked];
            }""",
            [width, height, strength],
        )
        for page in (started, started_on_webgl)
    ]
    (kind, by_wasm, _), (kind_on_webgl, by_webgl, leaked) = painted
    assert (kind, kind_on_webgl) == ("ImageData", "ImageBitmap")
    differences = np.abs(np.array(by_wasm) - np.array(by_webgl))
    assert differences.mean() < 0.5  # of 255
    assert differences.max() <= 8
    assert leaked == 0


@pytest.fixture(scope="module")
def with_webgpu(playwright_driver: Playwright, chromium_path: str) -> Iterator[Browser]:
    """A Chromium with WebGPU, in software."""
    browser = playwright_driver.chromium.launch(executable_path=chromium_path, args=WITH_WEBGPU)
    yield browser
    browser.close()


@pytest.fixture
def page_with_webgpu(with_webgpu: Browser, address: str) -> Iterator[Page]:
    """A fresh visit."""
    page = with_webgpu.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    yield page
    page.close()


@pytest.mark.slow
def test_webgpu_paints_what_webassembly_paints_and_keeps_no_buffers_of_sizes_gone_by(
    page_with_webgpu: Page, started: Page
) -> None:
    label, painted, leaked, largest, after = page_with_webgpu.evaluate("""async () => {
        const engine = createEngine(), { label } = await engine.start({ backend: 'webgpu' });
        const paint = (width, height, strength) =>
            engine.stylise({ photo: picture(width, height), vector, strength });
        const painted = [await paint(45, 37, 100), await paint(45, 37, 15)];
        const { tensors } = await engine.memory();
        await paint(256, 64, 100);
        const largest = await engine.memory();
        for (let width = 32; width <= 56; width += 8) await paint(width, 32, 100);
        const after = await engine.memory();
        const kinds = painted.map(({ constructor: { name } }) => name);
        return [`${label} ${kinds}`, painted.map((each) => [...pixels(each)]), after.tensors - tensors,
            largest.gpuBytes, after.gpuBytes];
    }""")
    assert label == "WebGPU ImageData,ImageData"
    expected = started.evaluate("""async () => {
        const painted = [];
        for (const strength of [100, 15])
            painted.push([...(await engine.stylise({ photo: picture(45, 37), vector, strength })).data]);
        return painted;
    }""")
    assert np.abs(np.array(painted) - np.array(expected)).max() <= 8
    assert leaked == 0
    assert 0 < after < largest


def test_a_backend_that_won_the_race_here_starts_by_itself_until_the_engine_changes(
    page_with_webgpu: Page, started: Page
) -> None:
    labels = page_with_webgpu.evaluate(
        """async (engine) => {
            const labels = [];
            for (const version of [engine.replace('worker-', 'worker-of-old-'), engine]) {
                const remembered = { version: `${version} ${navigator.userAgent}`, backend: 'webgpu' };
                localStorage.setItem('nocturne.backend', JSON.stringify(remembered));
                const client = createEngine();
                labels.push((await client.start()).label);
                client.dispose();
            }
            return labels;
        }""",
        started.workers[-1].url,
    )
    assert labels[0] != "WebGPU"
    assert labels[1] == "WebGPU"


def test_a_remembered_backend_that_does_not_start_gives_way_and_is_forgotten(started: Page, page: Page) -> None:
    label, kept = page.evaluate(
        """async (engine) => {
            const version = `${engine} ${navigator.userAgent}`;
            localStorage.setItem('nocturne.backend', JSON.stringify({ version, backend: 'webgpu' }));
            const { label } = await createEngine().start();
            return [label, JSON.parse(localStorage.getItem('nocturne.backend')).backend ?? null];
        }""",
        started.workers[-1].url,
    )
    assert label != "WebGPU"
    assert kept is None


@pytest.mark.slow
def test_a_painting_outlives_the_loss_of_the_graphics_context(
    playwright_driver: Playwright, chromium_path: str, address: str
) -> None:
    browser = playwright_driver.chromium.launch(executable_path=chromium_path)  # its own: it gets hurt
    page = browser.new_page()
    page.goto(address)
    page.evaluate(TOOLS)
    page.evaluate("""async () => {
        window.labels = [];
        window.engine = createEngine({}, { onStarted: ({ label }) => labels.push(label) });
        await engine.start({ backend: 'webgl' });
    }""")
    for _ in range(2):
        page.evaluate("""() => {
            window.pending = engine.stylise({ photo: picture(192), vector, strength: 100 });
        }""")
        browser.new_browser_cdp_session().send("Browser.crashGpuProcess")
        assert page.evaluate("async () => (await pending).width") == 192
    labels = page.evaluate("async () => { await engine.memory(); return labels; }")
    browser.close()
    assert labels[0].startswith("WebGL")
    assert labels[-1] == "WebAssembly (CPU)"  # after two losses WebGL is not trusted again
