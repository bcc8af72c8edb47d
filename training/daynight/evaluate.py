"""Measures a day-night run on its held-out pictures, whichever recipe trained it.

    python -m training.daynight.evaluate RUN --weights SOURCE    where the ImageNet weights of Inception-v3 (for KID and
                                                                 FID) and SqueezeNet (for LPIPS) are

Writes RUN/evaluation/: figures.json, figures.md (tables with our figures and the sources') and contact sheets. Like the
sources, it measures SSIM of photo and translation, and SSIM and PSNR of photo and reconstruction. It also measures what
these miss: KID and FID between translations and real pictures of their domain, beside those of real pictures to other
real ones, and relative to those of untouched photos (so the identity has the ratio 1); LPIPS of photo and translation;
how well edges are kept; and the seconds per picture for several sizes.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from skimage.filters import sobel
from torch import Tensor
from tqdm import tqdm

from training.common import runs
from training.common.command import Missing
from training.common.grid import save_grid
from training.common.guided import carried
from training.common.pictures import NoPictures, Pictures
from training.common.squares import centre_square, to_picture
from training.daynight.constants import DOMAINS
from training.daynight.load import Translators, load_translators
from training.daynight.validation import psnr, ssim
from training.evaluation import command
from training.evaluation.distances import FEWEST, set_distances
from training.evaluation.features import Features
from training.evaluation.perceptual import Lpips

Network = Callable[[Tensor], Tensor]
MEASURES = ("ssim", "reconstruction", "psnr", "structure", "lpips")  # of each picture
SHOWN = 8  # columns of a contact sheet
MOST_PSNR = 100.0  # dB; identical pictures have an infinite one
TIMED_SIZES = (128, 192, 256, 384, 512)
SOURCES = {  # D. Goncharenko 2019, on NEXET; day -> night, night -> day, reconstruction
    "CycleGAN of the source": {"day": 0.297, "night": 0.390, "reconstruction": 0.754, "psnr": 20.3},
    "UNIT of the source": {"day": 0.381, "night": 0.405, "reconstruction": 0.954, "psnr": 33.7},
}


def readable(pictures: Pictures, limit: int) -> Iterator[Image.Image]:
    """Up to `limit` pictures spread over the list (0: all); broken ones are left out."""
    count = min(limit or len(pictures), len(pictures))
    for i in tqdm(range(count), desc="pictures", dynamic_ncols=True):
        try:
            yield pictures.read(i * len(pictures) // count)
        except OSError as error:
            tqdm.write(f"skipped {error}")


def structure_kept(photo: Tensor, translated: Tensor) -> float:
    """Correlation of the Sobel gradients' lengths of two pictures [1,3,H,W]: 1 where all edges are kept, 0 without."""
    edges = [sobel(picture[0].mean(0).cpu().numpy()).ravel() for picture in (photo, translated)]
    if min(edge.std() for edge in edges) < 1e-6:
        return 0.0
    return float(np.corrcoef(*edges)[0, 1])


class Direction:
    """One direction's figures, gathered picture by picture; `x` and what the networks give are [1,3,S,S] in [0,1]."""

    def __init__(self, translate: Network, reconstruct: Network, features: Features, lpips: Lpips):
        self.translate, self.reconstruct, self.features, self.lpips = translate, reconstruct, features, lpips
        self.measures: dict[str, list[float]] = {name: [] for name in MEASURES}
        self.seen: dict[str, list[Tensor]] = {"photos": [], "translated": []}
        self.shown: list[list[Tensor]] = []

    def add(self, picture: Image.Image, size: int) -> None:
        """Translate and reconstruct one picture's centre square."""
        x = centre_square(picture, size)[None].to(self.features.device)
        translated, again = self.translate(x), self.reconstruct(x)
        with np.errstate(divide="ignore"):  # an identity's
            noise = min(psnr(x, again), MOST_PSNR)
        distance = float(self.lpips(x, translated))
        found = (ssim(x, translated), ssim(x, again), noise, structure_kept(x, translated), distance)
        for values, value in zip(self.measures.values(), found, strict=True):
            values.append(value)
        self.seen["photos"].append(self.features(picture))
        self.seen["translated"].append(self.features(to_picture(translated[0])))
        self.shown.append([(part[0] * 255).round().byte().cpu() for part in (x, translated, again)])

    def sheet(self, path: Path) -> None:
        """Rows of photos, translations and reconstructions."""
        columns = self.shown[:: -(-len(self.shown) // SHOWN)]
        save_grid(path, [torch.stack([column[row] for column in columns]).float() / 255 for row in range(3)])

    def figures(self, real: Tensor) -> dict[str, float]:
        """Means, and the distances of photos and translations to `real` features [N,D] of the other domain."""
        found = {name: statistics.fmean(values) for name, values in self.measures.items()}
        untouched, translated = (set_distances(torch.stack(those), real) for those in self.seen.values())
        for name in ("kid", "fid"):
            found |= {f"{name}_untouched": untouched[name], f"{name}_ratio": translated[name] / untouched[name]}
        return found | translated


def seconds(translate: Network, device: torch.device) -> dict[str, float]:
    """Median seconds of three runs on a square of each size, after one to warm up."""
    result = {}
    for size in TIMED_SIZES:
        x, times = torch.rand(1, 3, size, size, device=device), []
        for _ in range(4):
            start = time.perf_counter()
            translate(x).cpu()  # waits for a GPU too
            times.append(time.perf_counter() - start)
        result[str(size)] = statistics.median(times[1:])
    return result


def shown(translators: Translators, translate: Network) -> Network:
    """What is measured: of a run with `--guided`, its translations after guided upsampling, as in the page."""
    if not getattr(translators.config, "guided", True):
        return translate
    return lambda x: carried(x, translate(x))


def measure(
    translators: Translators,
    day: Pictures,
    night: Pictures,
    features: Features,
    lpips: Lpips,
    size: int,
    limit: int,
    out: Path,
) -> dict:
    """All figures of both directions; writes the contact sheets into `out`. Raises NoPictures."""
    to_night = Direction(shown(translators, translators.day_to_night), translators.reconstruct_day, features, lpips)
    to_day = Direction(shown(translators, translators.night_to_day), translators.reconstruct_night, features, lpips)
    for name, direction, pictures in (("day-to-night", to_night, day), ("night-to-day", to_day, night)):
        for picture in readable(pictures, limit):
            direction.add(picture, size)
        if len(direction.shown) < FEWEST:
            raise NoPictures(f"fewer than {FEWEST} held-out pictures for {name}: name more with --day and --night")
        direction.sheet(out / f"{name}.png")
    days, nights = (torch.stack(direction.seen["photos"]) for direction in (to_night, to_day))
    return {
        "size": size,
        "features": features.source,
        "lpips": lpips.source,
        "pictures": {"day": len(days), "night": len(nights)},
        "day_to_night": to_night.figures(nights),
        "night_to_day": to_day.figures(days),
        "seconds": seconds(translators.day_to_night, features.device),
        "device": features.device.type,
        "threads": torch.get_num_threads(),
    }


def table(figures: dict, name: str) -> str:
    """The figures in Markdown."""
    to_night, to_day, count = figures["day_to_night"], figures["night_to_day"], figures["pictures"]
    total, directions = count["day"] + count["night"], {"day to night": to_night, "night to day": to_day}
    again = {
        key: (to_night[key] * count["day"] + to_day[key] * count["night"]) / total for key in ("reconstruction", "psnr")
    }
    ours = {"day": to_night["ssim"], "night": to_day["ssim"], **again}
    lines = [
        f"{name}: {count['day']} day and {count['night']} night pictures held out, {figures['size']} px.",
        "",
        "| | SSIM day to night | SSIM night to day | reconstruction SSIM | reconstruction PSNR, dB |",
        "| --- | --- | --- | --- | --- |",
    ]
    for who, row in {"ours": ours, **SOURCES}.items():
        cells = f"{row['day']:.3f} | {row['night']:.3f} | {row['reconstruction']:.3f} | {row['psnr']:.1f}"
        lines.append(f"| {who} | {cells} |")
    lines += [
        "",
        "| | KID | untouched | ratio | FID | untouched | ratio | LPIPS | edges kept |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for who, f in directions.items():
        kids = f"{f['kid']:.5f} ± {f['kid_deviation']:.5f} | {f['kid_untouched']:.5f} | {f['kid_ratio']:.3f}"
        fids = f"{f['fid']:.3f} | {f['fid_untouched']:.3f} | {f['fid_ratio']:.3f}"
        lines.append(f"| {who} | {kids} | {fids} | {f['lpips']:.3f} | {f['structure']:.3f} |")
    lines += ["", "Real pictures compared with other real pictures of their domain, and translations with as many:", ""]
    lines += [
        "| | pictures | KID | KID of real ones | FID | FID of real ones |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for who, f in directions.items():
        kids = f"{f['kid']:.5f} | {f['kid_real']:.5f} ± {f['kid_real_deviation']:.5f}"
        lines.append(f"| {who} | {f['count']} | {kids} | {f['fid_at_count']:.3f} | {f['fid_real']:.3f} |")
    lines += ["", f"KID and FID: {figures['features']}. LPIPS {figures['lpips']}."]
    where = f"{figures['device']}, {figures['threads']} threads"
    lines += ["", f"| side, px ({where}) | milliseconds a picture |", "| --- | --- |"]
    lines += [f"| {side} | {1000 * value:.0f} |" for side, value in figures["seconds"].items()]
    return "\n".join(lines) + "\n"


def evaluate(
    run: Path, day: list[str], night: list[str], held_out: int, weights: list[str], size: int, limit: int
) -> dict:
    """Measure `run`; what is empty or 0 is as in its training. Raises NotARun, NoPictures, Missing."""
    translators = load_translators(run)
    config = translators.config
    sources = weights or config.weights
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    translators.network.to(device)
    held_day, held_night = (
        Pictures(given or getattr(config, domain, [])).split(held_out or getattr(config, "held_out", 1))[1]
        for domain, given in zip(DOMAINS, (day, night), strict=True)
    )
    features, lpips = Features(sources, device), Lpips(sources, device)
    out = run / "evaluation"
    out.mkdir(exist_ok=True)
    figures = measure(translators, held_day, held_night, features, lpips, size, limit, out)
    command.write(run, figures, table(figures, run.name))
    return figures


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.daynight.train")
    parser.add_argument("--day", nargs="+", default=[], help="folders or tars (default: those of the training)")
    parser.add_argument("--night", nargs="+", default=[], help="likewise")
    trained, measured = "as in the training", "pictures of each domain"
    command.add_options(parser, size=256, held_out=0, as_trained=trained, measured=measured)
    options = command.parsed(parser, arguments, smallest=32)
    try:
        sources = options.day, options.night, options.held_out, options.weights
        figures = evaluate(options.run, *sources, options.size, options.limit)
    except (runs.NotARun, NoPictures, Missing) as error:
        sys.exit(str(error))
    print(table(figures, options.run.name))


if __name__ == "__main__":
    main()
