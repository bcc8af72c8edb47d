"""The shape of training/: what may import what.

Upwards: common, networks, evaluation, the tasks, and the commands over them. Of the tasks, synthesis stands above
style: it invents the style vectors of a pair.
"""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from training.tasks import TASKS

ROOT = Path(__file__).resolve().parents[2]
FILES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / "training").rglob("*.py")}
MODULES = {name.removesuffix(".__init__"): path for name, path in FILES.items()}
ALLOWED = {
    "common": {"common"},
    "networks": {"common", "networks"},
    "evaluation": {"common", "networks", "evaluation"},
    **{task: {"common", "networks", "evaluation", task} for task in TASKS},
}
ALLOWED["synthesis"] |= {"style"}


def imported(module: str) -> set[str]:
    """Modules of training/ that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return {name for name in found & MODULES.keys() if MODULES[name].name != "__init__.py"}


def folder(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 2 else ""


@pytest.mark.parametrize("module", sorted(module for module in MODULES if folder(module)))
def test_nothing_imports_upwards_or_another_task_beside_it(module):
    assert {folder(other) for other in imported(module)} <= ALLOWED[folder(module)]


def test_there_is_no_circle():
    TopologicalSorter({module: imported(module) for module in MODULES}).prepare()  # raises CycleError


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_a_folder_of_the_same_files(task):
    files = {path.stem for path in (ROOT / "training" / task).glob("*.py")}
    assert files >= {
        "config", "networks", "losses", "batches", "validation", "recipe", "train", "load", "export", "paint",
    }  # fmt: skip


@pytest.mark.parametrize("package", ["torchvision", "lpips", "torch_fidelity"])
def test_what_only_measuring_needs_is_imported_where_it_is_used(package):
    """Training runs where these are not installed: no module imports them while it is loaded."""
    for path in MODULES.values():
        loaded = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {alias.name for node in loaded for alias in node.names} | {
            getattr(node, "module", "") for node in loaded
        }
        assert not {name for name in names if str(name).partition(".")[0] == package}, path
