"""`make` asks for the Python and the Node that the packages run on before anything is fetched."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEED_PYTHON = "Python 3.11 or 3.12 is needed"
NEED_NODE = "Node 20.19, or 22.12 or newer, is needed: install it from nodejs.org"
GOOD_NODE = "20.19.0"

# Stands for a Python of some version; -m venv and what pip would do are noted.
PYTHON = """#!/bin/sh
if [ "$1" = -c ]; then exec {real} -c "import sys; sys.version_info = {version}; exec(sys.argv[1])" "$2"; fi
echo "$0 $*" >> {log}
[ "$2" != venv ] || {{ mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; }}
"""
NODE = """#!/bin/sh
version="const process = {{ versions: {{ node: '{version}' }}, exit: globalThis.process.exit }}"
exec {real} -e "{{ $version; $2 }}"
"""
NPM = """#!/bin/sh
[ "$1" = --version ] || echo "npm $*" >> {log}
"""


class Machine:
    """A copy of the Makefile, and a PATH with nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.bin, self.log = folder / "project", folder / "bin", folder / "fetched.txt"
        self.bin.mkdir()
        (self.folder / "web").mkdir(parents=True)
        shutil.copy(ROOT / "Makefile", self.folder)
        shutil.copytree(ROOT / "requirements", self.folder / "requirements")
        for file in ("package.json", "package-lock.json"):
            (self.folder / "web" / file).write_text("{}")
        for tool in ("find", "touch", "mkdir", "cp", "sh", "bash"):
            (self.bin / tool).symlink_to(str(shutil.which(tool)))

    def put(self, name: str, script: str) -> Path:
        """A command in PATH, or anywhere else by its full path."""
        file = self.bin / name
        file.write_text(script)
        file.chmod(0o755)
        return file

    def put_python(self, name: str, version: tuple[int, ...]) -> Path:
        return self.put(name, PYTHON.format(real=sys.executable, version=version, log=self.log))

    def put_node(self, version: str) -> None:
        self.put("node", NODE.format(real=shutil.which("node"), version=version))
        self.put("npm", NPM.format(log=self.log))

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "PYTHON"))}
        return subprocess.run([str(shutil.which("make")), *arguments], cwd=self.folder,
                              env=environment | {"PATH": str(self.bin)}, capture_output=True, text=True)  # fmt: skip

    def is_untouched(self) -> bool:
        return not self.log.exists() and sorted(os.listdir(self.folder)) == ["Makefile", "requirements", "web"]

    def fetched(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize(
    "goal", [["run"], ["setup"], ["test"], [".venv/ready"], [".venv-train/ready"], ["-n", "run"], ["-j4", "test"]]
)
@pytest.mark.parametrize("version", [None, (3, 10, 14), (3, 13, 0), (3, 14, 1), (2, 7, 18)])
def test_without_a_python_that_fits_one_sentence_says_so_and_nothing_is_made(machine, goal, version):
    machine.put_node(GOOD_NODE)
    for name in ("python3", f"python{version[0]}.{version[1]}") if version else ():
        machine.put_python(name, version)
    ended = machine.make(*goal)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and f"{NEED_PYTHON}: install it, or name it, as in" in ended.stderr
    assert machine.is_untouched()


def test_a_python_that_is_there_and_does_not_run_is_passed_over(machine):
    for name in ("python3.11", "python3.12"):
        machine.put(name, "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n")
    machine.put_python("python3", (3, 13, 0))
    machine.put_python("python", (3, 12, 1))
    assert machine.make(".venv/ready").returncode == 0
    assert machine.fetched().startswith(f"{machine.bin}/python -m venv .venv")


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3", "python"])
def test_a_python_that_fits_is_found_by_any_of_its_names(machine, name):
    machine.put_python("python3", (3, 13, 0))
    machine.put_python(name, (3, 12, 0) if name == "python3.12" else (3, 11, 0))
    ended = machine.make(".venv-train/ready")
    assert ended.returncode == 0, ended.stderr
    assert machine.fetched().startswith(f"{machine.bin}/{name} -m venv .venv-train")


@pytest.mark.parametrize("named", ["python3.13", "nowhere"])
def test_a_python_that_is_named_is_looked_at_too(machine, named):
    machine.put_python("python3.11", (3, 11, 0))
    machine.put_python("python3.13", (3, 13, 0))
    path = machine.bin / named
    ended = machine.make(".venv-train/ready", f"PYTHON={path}")
    assert ended.returncode == 2 and f"{NEED_PYTHON} (not {path}): install it" in ended.stderr
    assert machine.is_untouched()


def test_a_named_python_may_lie_in_a_folder_with_spaces(machine):
    (machine.bin / "my programs").mkdir()
    path = machine.put_python("my programs/python3", (3, 12, 0))
    assert machine.make(".venv/ready", f"PYTHON={path}").returncode == 0
    assert machine.fetched().startswith(f"{path} -m venv .venv")


@pytest.mark.parametrize("goal", [["run"], ["setup"], ["test"], ["page"], ["-n", "run"], ["-j4", "test"]])
@pytest.mark.parametrize("version", [None, "18.20.8", "20.18.3", "21.7.3", "22.11.0"])
def test_without_a_node_that_fits_one_sentence_says_so_and_nothing_is_made(machine, goal, version):
    machine.put_python("python3.11", (3, 11, 0))
    if version:
        machine.put_node(version)
    ended = machine.make(*goal)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and NEED_NODE in ended.stderr
    assert machine.is_untouched()


@pytest.mark.parametrize("version", ["20.19.0", "20.20.2", "22.12.0", "24.1.0"])
def test_a_node_that_fits_installs_the_packages(machine, version):
    machine.put_node(version)
    machine.make("page")
    assert "npm --prefix web ci" in machine.fetched()


def test_what_is_set_up_already_needs_neither(machine):
    machine.put_python("python3.11", (3, 11, 0))
    machine.put_node(GOOD_NODE)
    assert machine.make(".venv/ready").returncode == 0
    (machine.folder / "web" / "node_modules").mkdir()
    (machine.folder / "web" / "node_modules" / ".package-lock.json").write_text("{}")
    for name in ("python3.11", "node", "npm"):
        (machine.bin / name).unlink()
    ended = machine.make(".venv/ready", "node")
    assert ended.returncode == 0, ended.stderr


def test_the_readme_and_the_makefile_agree():
    needed = r"Python 3\.11 or 3\.12 and Node 20\.19, or 22\.12 or newer, are required"
    assert all(re.search(needed, (ROOT / name).read_text()) for name in ("README.md", "Makefile"))
    assert '"node": "^20.19.0 || >=22.12.0"' in (ROOT / "web/package.json").read_text()
