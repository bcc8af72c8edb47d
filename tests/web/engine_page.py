"""The engine and the photo reader on a bare page (web/tests-engine/page), for the tests of both."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from server import WEB

# Flags of a Chromium with WebGPU, in software.
WITH_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]

# What every script of the tests may use. `code` gives a rejected promise's error code, or "none".
TOOLS = """
Object.assign(window, {
  picture(width, height = width) {
    const data = new Uint8ClampedArray(width * height * 4);
    for (let i = 0; i < width * height; i++) {
      const x = i % width, y = (i - x) / width;
      const waves = 128 + 100 * Math.sin(x / 9) * Math.cos(y / 7);
      data.set([x * 255 / width, y * 255 / height, waves, 255], 4 * i);
    }
    return new ImageData(data, width, height);
  },
  pixels(painted) { // RGBA, also of a bitmap
    if (painted instanceof ImageData) return painted.data;
    const context = new OffscreenCanvas(painted.width, painted.height).getContext('2d');
    context.drawImage(painted, 0, 0);
    return context.getImageData(0, 0, painted.width, painted.height).data;
  },
  vector: Float32Array.from({ length: 100 }, (_, i) => 0.3 * Math.sin(i)),
  code: (promise) => promise.then(() => 'none', (error) => error.code),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
"""

_folder = tempfile.TemporaryDirectory(prefix="engine-page-")  # removed when the tests end


@cache
def engine_page() -> Path:
    """The page's folder, built once with the settings of the real page, but for what that one is published with."""
    vite = WEB / "node_modules" / ".bin" / "vite"
    page = "tests-engine/page"
    command = [vite, "build", page, "--config", f"{page}/vite.config.ts", "--outDir", _folder.name]
    subprocess.run([*command, "--emptyOutDir", "--logLevel", "error"], cwd=WEB, check=True)
    return Path(_folder.name)
