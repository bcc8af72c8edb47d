"""The engine and the photo reader on a bare page (web/tests-engine/page), for the tests of both."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

from server import WEB

_folder = tempfile.TemporaryDirectory(prefix="engine-page-")  # removed when the tests end


@cache
def engine_page() -> Path:
    """The page's folder, built once with the settings of the real page."""
    vite = WEB / "node_modules" / ".bin" / "vite"
    command = [vite, "build", "tests-engine/page", "--config", "vite.config.ts", "--outDir", _folder.name]
    subprocess.run([*command, "--emptyOutDir", "--logLevel", "error"], cwd=WEB, check=True)
    return Path(_folder.name)
