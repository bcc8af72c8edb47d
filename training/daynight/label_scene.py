"""Labels photos with what a scene network is sure of, so that it learns from photos that nobody labelled.

    python -m training.daynight.label_scene RUN PICTURES ... --out FOLDER [--without PREFIX ...]
    python -m training.daynight.train_scene --labelled data/street FOLDER --start RUN

RUN is a run of train_scene. Writes each photo, reduced, and its labels as labelled.py reads them. Where the network is
less sure than SURE, the photo stays unlabelled. Photos whose sky is outlined to measure by (skies.json) are left out,
and so are those whose names begin with a PREFIX.

It knows little of photos that are no streets: skies of those are outlined by eye (outlined.py).
"""

import argparse
import sys
from pathlib import Path, PurePosixPath

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from tqdm import tqdm

from training.common import runs
from training.common.pictures import NoPictures, Pictures
from training.common.squares import to_tensor
from training.daynight.evaluate_scene import load_scene
from training.daynight.outlined import name_of, reduced, save, to_measure
from training.daynight.scene import UNLABELLED, SceneNetwork

SURE = 0.8  # of 1


def label(run: Path, sources: list[str], out: Path, without: tuple[str, ...] = ()) -> int:
    """Write photos and labels into the folder `out`; returns how many. Raises NotARun, NoPictures."""
    network, pictures = load_scene(run), Pictures(sources)
    measured = to_measure()
    names = [name_of(entry) for entry in pictures.entries]
    chosen = [i for i, name in enumerate(names) if name not in measured and not name.startswith(without or ("/",))]
    if not chosen:
        raise NoPictures(f"nothing is left of {', '.join(sources)} to label")
    for i in tqdm(chosen, desc="labelling", unit="picture", dynamic_ncols=True):
        photo = reduced(pictures.read(i))
        save(photo, labels_of(network, photo), out / f"{i:05d}-{PurePosixPath(names[i]).stem}")
    return len(chosen)


@torch.no_grad()
def likelihoods(network: SceneNetwork, photo: Image.Image) -> np.ndarray:
    """[11,H,W] in [0,1]: how likely each class is, the mean of the photo's and its mirror image's."""
    x = to_tensor(photo)[None]
    plain, mirrored = (F.softmax(network(each)[0], 1)[0] for each in (x, x.flip(3)))
    return ((plain + mirrored.flip(2)) / 2).numpy()


def labels_of(network: SceneNetwork, photo: Image.Image) -> np.ndarray:
    """[H,W] bytes: the class of each place, UNLABELLED where the network is not sure of it."""
    likely = likelihoods(network, photo)
    return np.where(likely.max(0) > SURE, likely.argmax(0), UNLABELLED).astype(np.uint8)


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.daynight.train_scene")
    parser.add_argument("pictures", nargs="+", help="photos by day or night: folders or tars")
    parser.add_argument("--out", type=Path, required=True, help="folder for photos and labels")
    parser.add_argument("--without", nargs="+", default=[], metavar="PREFIX", help="names that are left out begin so")
    options = parser.parse_args(arguments)
    try:
        count = label(options.run, options.pictures, options.out, tuple(options.without))
    except (runs.NotARun, NoPictures) as error:
        sys.exit(str(error))
    print(f"{count} photos with labels are in {options.out}")


if __name__ == "__main__":
    main()
