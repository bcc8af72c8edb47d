"""Publishes a trained teacher: both networks as float16 safetensors with their configuration and a card.

python -m training.style.publish runs/style             into distill/teacher/, for --teacher
"""

import argparse
import sys
from pathlib import Path

from safetensors.torch import save_file

from training.common import runs
from training.export import LICENCE
from training.style.load import PUBLISHED, Pair, load_pair

CARD = """# Style teacher

Inception-v3 style predictor ({predictor} parameters) and full-width transformer ({transformer} parameters) of
Ghiasi et al. 2017, float16, {megabytes:.1f} MB. It defines the style space of the networks distilled from it.

- **Recipe**: `{command}`; everything it depends on is in `config.json`.
- **Training pictures**: {training_data}
- **Initialisation**: Inception-v3 with ImageNet weights, transformer random{start}; {teacher}.
- **Held-out figures** (medians, pictures never trained on): {metrics}
- **What fails**: {limits}
- **Licence**: {licence}
"""
LIMITS = "it is large and slow, made to teach. Small faces and writing lose their features; very flat styles are tints."


def publish(run: Path, folder: Path) -> Path:
    """Write the networks, configuration and card of `run` to `folder`. Raises NotARun for a run that is no teacher."""
    pair = load_pair(run)
    if pair.config["predictor"] != "inception":
        raise runs.NotARun(f"{run} holds no teacher: name a run of training.style.train")
    folder.mkdir(parents=True, exist_ok=True)
    save_file(
        {f"{network}.{name}": weight.half().contiguous() for network in ("predictor", "transformer")
         for name, weight in pair.state[network].items()},
        folder / PUBLISHED,
    )  # fmt: skip
    runs.write_json(folder / "config.json", {**pair.config, "metrics": pair.state["metrics"]})
    (folder / "CARD.md").write_text(_card(pair, (folder / PUBLISHED).stat().st_size))
    return folder / PUBLISHED


def _card(pair: Pair, size: int) -> str:
    config, counts = pair.config, [sum(p.numel() for p in n.parameters()) for n in (pair.predictor, pair.transformer)]
    magenta = f"the vectors of Magenta's mobile predictor (Apache-2.0) for the first {config['vector_steps']} steps"
    return CARD.format(
        predictor=f"{counts[0]:,}",
        transformer=f"{counts[1]:,}",
        megabytes=size / 1e6,
        command="python -m training.style.train",
        training_data=config["training_data"],
        start=f"; begun with {config['start']}" if config.get("start") else "",
        teacher=magenta if config["teacher"] == "magenta" else "no other teacher",
        metrics=", ".join(f"{name} {value}" for name, value in pair.state["metrics"].items()),
        limits=LIMITS,
        licence=LICENCE,
    )


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a run directory of training.style.train")
    parser.add_argument("--out", type=Path, default=Path("distill/teacher"), help="folder to write")
    options = parser.parse_args(arguments)
    try:
        print(publish(options.run, options.out))
    except runs.NotARun as error:
        sys.exit(f"publish: {error}")


if __name__ == "__main__":
    main()
