"""WebKitGTK's own small browser on a display of its own, driven through WebKitWebDriver: the engine of every iPhone.

Debian's packages: webkit2gtk-driver, xvfb. Each browser has a fresh home folder, so several do not meet.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.webkitgtk.service import Service

DRIVER, DISPLAY = "WebKitWebDriver", "Xvfb"
SECONDS = 60  # for each script; a busy machine is slow
WINDOW = (1280, 900)

UNTIL = """return new Promise((resolve) => {
  const look = () => { const found = CONDITION; if (found) resolve(found); else setTimeout(look, 20); };
  look();
});"""


def missing_programs() -> list[str]:
    """The programs that this machine lacks to run WebKit."""
    return [name for name in (DRIVER, DISPLAY) if shutil.which(name) is None]


class WebKit:
    """One window of a running WebKit."""

    def __init__(self, driver: webdriver.WebKitGTK, downloads: Path) -> None:
        self._driver = driver
        self._downloads = downloads
        driver.set_script_timeout(SECONDS)
        driver.set_window_size(*WINDOW)

    def open(self, address: str) -> None:
        self._driver.get(address)

    def reload(self) -> None:
        self._driver.refresh()

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function body of JavaScript returns or promises; `arguments` holds the values given."""
        return self._driver.execute_script(script, *arguments)

    def wait_until(self, condition: str) -> Any:
        """Waits for a JavaScript expression to become true; gives its value. Raises after a minute."""
        return self.run(UNTIL.replace("CONDITION", condition))

    def give_file(self, test_id: str, path: Path) -> None:
        """Chooses a file, as the file picker would."""
        self._part(test_id).send_keys(str(path))

    def click(self, test_id: str) -> None:
        self._part(test_id).click()

    def saved(self, name: str, end: bytes) -> Path:
        """The path of a saved file, once it has come to that end."""
        path = self._downloads / name
        deadline = time.monotonic() + SECONDS
        while not (path.is_file() and path.read_bytes().endswith(end)):
            assert time.monotonic() < deadline, f"{name} was not saved; there is {os.listdir(self._downloads)}"
            time.sleep(0.05)
        return path

    def _part(self, test_id: str) -> Any:
        return self._driver.find_element(By.CSS_SELECTOR, f'[data-testid="{test_id}"]')


@contextmanager
def launched_webkit(home: Path) -> Iterator[WebKit]:
    """A WebKit without a past, at home in that empty folder; ended with the block."""
    downloads = home / "saved"
    (home / ".config").mkdir()
    (home / ".config" / "user-dirs.dirs").write_text('XDG_DOWNLOAD_DIR="$HOME/saved"\n')
    downloads.mkdir()
    with _display() as display:
        # Its sandbox wants rights that neither root nor containers have; it opens our own page alone.
        own = {"DISPLAY": display, "HOME": str(home), "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
        service = Service(shutil.which(DRIVER), env={**environment, **own})
        driver = webdriver.WebKitGTK(service=service)
        try:
            yield WebKit(driver, downloads)
        finally:
            driver.quit()


@contextmanager
def _display() -> Iterator[str]:
    """A display in memory, with the first number that is free."""
    reading, writing = os.pipe()
    command = [DISPLAY, "-displayfd", str(writing), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            number = numbers.readline().strip()
        assert number, f"{DISPLAY} did not start"
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(30)
