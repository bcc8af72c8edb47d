"""`.ci/run` gets what the tests need where it may, and runs them in any case."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parent.parent / ".ci" / "run"
PROGRAMS = ["nginx", "firefox", "WebKitWebDriver", "Xvfb"]
PACKAGES = ["nginx", "firefox-esr", "webkit2gtk-driver", "xvfb"]


class Machine:
    """A machine of stand-ins, each of which notes how it was called."""

    def __init__(
        self, folder: Path, user: int = 0, has: tuple[str, ...] = ("apt-get",), apt_works: bool = True
    ) -> None:
        self._path = folder / "bin"
        self._log = folder / "log"
        self._run = folder / ".ci" / "run"
        self._path.mkdir()
        self._run.parent.mkdir()
        shutil.copy(RUN, self._run)
        for name in ("bash", "dirname"):
            (self._path / name).symlink_to(shutil.which(name) or name)
        self._program("id", f"echo {user}")
        for name in ("make", *has):
            fails = name == "apt-get" and not apt_works
            self._program(name, f'echo "{name} $@" >> {self._log}; exit {int(fails)}')

    def _program(self, name: str, script: str) -> None:
        path = self._path / name
        path.write_text(f"#!{shutil.which('bash')}\n{script}\n")
        path.chmod(0o755)

    def run(self) -> tuple[list[str], str]:
        """The programs called, in order, and what was said of failures."""
        environment = {**os.environ, "PATH": str(self._path)}
        done = subprocess.run([self._run], env=environment, capture_output=True, text=True, check=True)
        return self._log.read_text().splitlines(), done.stderr


def installed(package: str) -> str:
    return f"apt-get -qq install -y --no-install-recommends {package}"


def test_root_gets_every_program_before_the_tests(tmp_path: Path) -> None:
    calls, complaints = Machine(tmp_path).run()
    assert calls == ["apt-get -qq update", *map(installed, PACKAGES), "make test"]
    assert complaints == ""


@pytest.mark.parametrize("missing", range(4))
def test_only_what_is_missing_is_installed(tmp_path: Path, missing: int) -> None:
    present = [name for i, name in enumerate(PROGRAMS) if i != missing]
    calls, _ = Machine(tmp_path, has=("apt-get", *present)).run()
    assert calls == ["apt-get -qq update", installed(PACKAGES[missing]), "make test"]


@pytest.mark.parametrize(
    "machine", [{"has": ("apt-get", *PROGRAMS)}, {"user": 1000}, {"has": ()}], ids=["has all", "no root", "no apt"]
)
def test_nothing_is_installed_where_it_need_not_or_may_not(tmp_path: Path, machine: dict) -> None:
    assert Machine(tmp_path, **machine).run() == (["make test"], "")


def test_without_a_network_the_tests_run_all_the_same(tmp_path: Path) -> None:
    calls, complaints = Machine(tmp_path, apt_works=False).run()
    assert calls[-1] == "make test"
    assert complaints.splitlines() == [f"{name} could not be installed: its tests are skipped." for name in PACKAGES]
