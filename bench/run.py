"""Compares our graphs with the peers' and the teacher's: time per picture, and bytes until the first painted picture.

    make bench                    time of our graphs, and bytes over the wire
    make bench PEERS=folder       also the peers' graphs (bench/speed.py names their source)
    make bench TEACHER=folder     also the teacher's bytes and time; folder is its run directory

Times depend on the machine and its load. Both sides run in turn in one page, so compare the ratios.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from bench import distillation, speed, wire
from bench.chromium import launched
from bench.harness import Harness
from bench.pictures import pictures
from converter.execute_tfjs import NoTensorFlowJs
from converter.parity import OverBounds
from converter.steps import StepFailed
from server import WEB
from training.common.runs import NotARun

NO_PEERS = (
    "  The peers were skipped: clone github.com/reiinakano/arbitrary-image-stylization-tfjs, "
    "then `make bench PEERS=that/folder`."
)


def main() -> None:
    """Both tables, to the terminal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="folder with the peers' graphs")
    parser.add_argument("--teacher", type=Path, metavar="RUN", help="run directory of the teacher")
    parser.add_argument("--models", type=Path, default=WEB / "models", help="our published graphs")
    parser.add_argument("--repeats", type=int, default=15, help="runs of each graph")
    options = parser.parse_args()
    if not (options.models / "style-transformer" / "model.json").is_file():
        sys.exit(f"No published models in {options.models}: `python converter/run.py RUN` publishes them.")
    if options.peers and not options.peers.is_dir():
        sys.exit(f"No folder {options.peers}: PEERS must name the folder with the peers' graphs.")
    with launched() as browser:
        print_speed(browser, options.models, options.peers, options.repeats)
        if options.teacher:
            print_distillation(browser, options.teacher, options.models, options.repeats)
        print_bytes(browser, options.models)


def print_speed(browser: Browser, models: Path, peers: Path | None, repeats: int) -> None:
    """Milliseconds and ratios."""
    harness = Harness(browser)
    print(f"Speed: {harness.backend}, headless Chromium; medians of {repeats} runs in turn", flush=True)
    print(speed.table(speed.compare(harness, models, peers, repeats)))
    if not peers:
        print(NO_PEERS)


def print_distillation(browser: Browser, teacher: Path, models: Path, repeats: int) -> None:
    """Compares the teacher's networks with the published ones. Ends with one line if it cannot be converted."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            graphs = distillation.converted(teacher, Path(folder))
        except (NotARun, OverBounds, StepFailed, NoTensorFlowJs) as error:
            sys.exit(str(error))
        print(f"\nBefore and after the distillation, means of {repeats} runs in turn", flush=True)
        print(distillation.table(distillation.compare(Harness(browser), graphs, models, repeats)))


def print_bytes(browser: Browser, models: Path) -> None:
    """Kilobytes by part, for each backend a visitor may get."""
    with tempfile.TemporaryDirectory() as folder:
        photo, style = pictures(Path(folder))
        for backend in ("wasm", "webgl"):
            print(f"\nBytes until the first painted picture, {backend} backend", flush=True)
            print(wire.table(*wire.first_paintings(browser, photo, style, backend, {"MODELS": models})))


if __name__ == "__main__":
    main()
