"""Finds a Chromium for the tests and the bench, or installs one.

    python bench/chromium.py        prints the path of the Chromium found; installs one where there is none

CHROMIUM names another one. Without it: the system's Chromium or Chrome, then playwright's own.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_chromium(playwright: Playwright) -> str | None:
    """The path of a Chromium on this machine, or None."""
    named = os.environ.get("CHROMIUM")
    found = [named, *map(shutil.which, COMMANDS), MAC_CHROME, playwright.chromium.executable_path]
    return next((path for path in found if path and Path(path).is_file()), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium. Ends with one line where there is none."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if not path:
            sys.exit("No Chromium was found: `python bench/chromium.py` installs one.")
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def install_chromium() -> None:
    """Installs playwright's Chromium, with the libraries it needs where we may, or else the system's."""
    may_install = shutil.which("apt-get") is not None and os.geteuid() == 0
    quick = {**os.environ, "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}
    command = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if may_install else []), "chromium"]
    if subprocess.run(command, env=quick, stdout=sys.stderr).returncode == 0:
        return
    if may_install:
        print("Installing the system's Chromium instead.", file=sys.stderr)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in ("update", "install -y --no-install-recommends chromium"):
            subprocess.run(["apt-get", "-qq", *arguments.split()], env=quiet, stdout=sys.stderr)


def main() -> None:
    """Prints the Chromium's path; ends with one line where none can be had."""
    with sync_playwright() as playwright:
        if not find_chromium(playwright):
            install_chromium()
        path = find_chromium(playwright)
    if not path:
        sys.exit("No Chromium was found or could be installed: name one, as in `CHROMIUM=/path make test`.")
    print(path)


if __name__ == "__main__":
    main()
