"""Promises of docs/training.md, "Many machines": torchrun with two nodes of a process each, both on this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.toys import make_photos
from training.common import runs

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TOY = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from toys import ToyConfig, train_toy
from training.common.command import command_line
command_line("toy", ToyConfig, train_toy, None, sys.argv[1:], None)
"""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Nodes:
    """Two agents of torchrun, as if on two machines, that meet at a port of this one."""

    def __init__(self, *programs: list[str]):
        options = [
            "--nnodes=2",
            "--nproc-per-node=1",
            "--rdzv-backend=c10d",
            f"--rdzv-endpoint=localhost:{free_port()}",
        ]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": ""}
        torchrun = [sys.executable, "-m", "torch.distributed.run", *options]
        self.agents = [
            subprocess.Popen(
                [*torchrun, f"--rdzv-conf=is_host={int(node == 0)}", *program], cwd=ROOT, env=environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            )
            for node, program in enumerate(programs)
        ]  # fmt: skip

    def end(self) -> list[tuple[int, str]]:
        """Each agent's exit status and what was written on its machine."""
        try:
            said = [agent.communicate(timeout=240)[0] for agent in self.agents]
            return [(agent.returncode, text) for agent, text in zip(self.agents, said, strict=True)]
        finally:
            for agent in self.agents:
                if agent.poll() is None:
                    os.killpg(agent.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The toy's command line, without --run and --steps."""
    folder = tmp_path_factory.mktemp("many")
    (folder / "toy.py").write_text(TOY)
    options = ["--photos", str(make_photos(folder / "photos")), "--precision", "float32"]
    return ["--", str(folder / "toy.py"), *options]


def sentences(text: str, name: str) -> list[str]:
    """What the command itself said to end with, without torchrun's report."""
    found = [line for line in text.splitlines() if line.startswith(f"{name}: ")]
    assert len(found) == 1, text
    return found


def test_two_nodes_smoke_test_the_distillation_together_and_one_process_writes():
    first, second = Nodes(*[["--", "distill/run.py", "--smoke"]] * 2).end()
    assert (first[0], second[0]) == (0, 0), first[1] + second[1]
    folders = [text.split("works: ")[1].splitlines()[0] for _, text in (first, second)]
    written = [sorted(path.name for path in Path(folder).glob("*")) for folder in folders]
    assert sorted(map(len, written))[0] == 0, "only the first process writes"
    run = Path(folders[0] if written[0] else folders[1])
    assert runs.load(run)["step"] == 4 and runs.read_config(run)["recipe"] == "distill"


def test_processes_with_different_options_are_refused_in_one_sentence(toy, tmp_path):
    run = ["--run", str(tmp_path / "run"), "--steps", "5"]
    ends = Nodes([*toy, *run, "--batch", "4"], [*toy, *run, "--batch", "6"]).end()
    for status, text in ends:
        assert status == 1, text
        [sentence] = sentences(text, "toy")
        assert "was started with --batch" in sentence and "give all processes the same options" in sentence
        assert "Traceback" not in text.split(sentence)[0]
    assert not (tmp_path / "run").exists()


def test_a_lost_process_ends_the_run_with_one_sentence_and_two_nodes_go_on_from_the_whole_checkpoint(toy, tmp_path):
    run = tmp_path / "run"
    command = [*toy, "--run", str(run), "--steps", "100000", "--validate-every", "100000"]
    nodes = Nodes(command, command)
    while not (run / "last.pt").exists() and all(agent.poll() is None for agent in nodes.agents):
        time.sleep(0.05)
    lost = nodes.agents[1]
    os.kill(child_of(lost.pid), signal.SIGKILL)
    first, second = nodes.end()
    assert first[0] != 0 and second[0] != 0
    [sentence] = sentences(first[1], "toy")
    assert "another of the 2 processes ended" in sentence
    assert f"what was saved is whole; continue with --resume {run}" in sentence
    assert "Traceback" not in first[1].split(sentence)[0]
    reached = runs.load(run)["step"]
    assert reached > 0
    runs.write_json(run / "config.json", {**runs.read_config(run), "steps": reached + 3})
    resume = [*toy[:2], "--resume", str(run)]
    ends = Nodes(resume, resume).end()
    assert [status for status, _ in ends] == [0, 0], ends
    assert runs.load(run)["step"] == reached + 3


def child_of(agent: int) -> int:
    """The process that an agent of torchrun started: the training."""
    children = Path(f"/proc/{agent}/task/{agent}/children").read_text().split()
    return next(int(pid) for pid in children if b"toy.py" in Path(f"/proc/{pid}/cmdline").read_bytes())


def test_two_processes_share_a_folder_out_go_on_after_a_stop_and_end_with_one_list(tmp_path):
    (tmp_path / "in").mkdir()
    random = np.random.default_rng(0)
    for i in range(5):
        Image.fromarray(random.integers(256, size=(40, 48, 3), dtype=np.uint8)).save(tmp_path / "in" / f"{i}.png")
    (tmp_path / "in" / "broken.png").write_bytes(b"no picture")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0.png").write_bytes(b"painted before the stop")
    command = ["-m", "--", "training.paint", "training/style/published", str(tmp_path / "in")]
    command += ["--out", str(tmp_path / "out"), "--style", "web/styles/pictures/bouquet.webp"]
    ends = Nodes(command, command).end()
    assert [status for status, _ in ends] == [0, 0], ends
    lists = [text for _, text in ends if "pictures are in" in text]
    assert len(lists) == 1
    assert f"{tmp_path}/in/broken.png: no picture" in lists[0]
    assert f"1 were there already and were left as they are, such as {tmp_path}/out/0.png" in lists[0]
    assert f"5 of 6 pictures are in {tmp_path}/out" in lists[0]
    assert (tmp_path / "out" / "0.png").read_bytes() == b"painted before the stop"
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{i}.png" for i in range(5)]
