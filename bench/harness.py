"""A page in headless Chromium that runs TensorFlow.js graphs, ours and others', on the WebAssembly backend.

    with launched() as browser:
        harness = Harness(browser)
        harness.load("transformer", Path("web/models/style-transformer/model.json"))
        [times] = harness.time([Run("transformer", {"photo:0": [1, 256, 256, 3], ...})], repeats=15)

The library is the one the page is built from (web/node_modules). Chromium's requests are answered here, from
the disk; there is no server.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Route

HERE = Path(__file__).resolve().parent
LIBRARY = HERE.parent / "web" / "node_modules" / "@tensorflow"
SCRIPTS = (
    "tfjs-core/dist/tf-core",
    "tfjs-converter/dist/tf-converter",
    "tfjs-backend-wasm/dist/tf-backend-wasm",
)
ORIGIN = "http://localhost"
PAGE = "<!doctype html>" + "".join(f'<script src="/tensorflow/{name}.es2017.min.js"></script>' for name in SCRIPTS)


@dataclass(frozen=True)
class Run:
    """One graph and the shapes of its inputs, by tensor name."""

    name: str
    inputs: Mapping[str, Sequence[int]]


class Harness:
    """A page with the library loaded; `backend` says which version and backend run."""

    backend: str

    def __init__(self, browser: Browser) -> None:
        """Opens the page; it closes with the browser."""
        self._folders = {"tensorflow": LIBRARY, "bench": HERE}
        self._page = self._open(browser.new_page())
        self.backend = self._call("start")

    def _open(self, page: Page) -> Page:
        page.route("**/*", self._answer)
        page.goto(ORIGIN)
        page.evaluate("async () => { window.bench = await import('/bench/harness.js'); }")
        return page

    def _answer(self, route: Route) -> None:
        """Answers /<folder>/<path> from the disk."""
        path = route.request.url.removeprefix(ORIGIN).strip("/")
        if not path:
            return route.fulfill(body=PAGE, content_type="text/html")
        folder, _, rest = path.partition("/")
        return route.fulfill(path=self._folders[folder] / rest)

    def _call(self, function: str, *arguments: Any) -> Any:
        return self._page.evaluate(f"(arguments) => bench.{function}(...arguments)", list(arguments))

    def load(self, name: str, model: Path) -> None:
        """Loads a model.json under a name; weights that do not lie beside it are replaced by random ones."""
        self._folders[name] = model.parent
        groups = json.loads(model.read_text())["weightsManifest"]
        has_weights = all((model.parent / path).is_file() for group in groups for path in group["paths"])
        self._call("load", name, f"/{name}/{model.name}", has_weights)

    def time(self, runs: Sequence[Run], repeats: int) -> list[list[float]]:
        """Milliseconds of `repeats` runs of each graph on random input, the graphs taken in turn."""
        described = [{"name": run.name, "inputs": {k: list(v) for k, v in run.inputs.items()}} for run in runs]
        return self._call("time", described, repeats)

    def run(self, name: str, inputs: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """The graph's one output for these inputs, by tensor name."""
        packed = {tensor: {"shape": array.shape, "base64": pack(array)} for tensor, array in inputs.items()}
        output = self._call("run", name, packed)
        return np.frombuffer(base64.b64decode(output["base64"]), np.float32).reshape(output["shape"])


def pack(array: NDArray[np.float32]) -> str:
    """Base64 of the array's float32 bytes."""
    return base64.b64encode(np.ascontiguousarray(array, np.float32).tobytes()).decode()
