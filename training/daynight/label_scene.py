"""Labels photos with what a scene network is sure of, so that it learns from photos that nobody labelled.

    python -m training.daynight.label_scene RUN PICTURES ... --out FOLDER [--without PREFIX ...]
    python -m training.daynight.train_scene --labelled data/street FOLDER --start RUN

    python -m training.daynight.label_scene RUN PICTURES ... --out FOLDER --kind landscapes    where else sky is, or not

RUN is a run of train_scene. Writes each photo, reduced, and its labels as labelled.py reads them. Where the network is
less sure than SURE, the photo stays unlabelled. Photos whose sky is outlined to measure by (skies.json) are left out,
and so are those whose names begin with a PREFIX.

The network knows little of photos that are no streets. Look through these first, and name their kind: labels of the
second and the third say only where sky is and where it is not.

    streets       all classes
    landscapes    photos with sky along the upper edge, and none in the lower third
    no-sky        photos without sky: rooms, objects, close animals
"""

import argparse
import sys
from pathlib import Path, PurePosixPath

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from scipy import ndimage
from tqdm import tqdm

from training.common import runs
from training.common.pictures import NoPictures, Pictures
from training.common.squares import to_tensor
from training.daynight.evaluate_scene import load_scene
from training.daynight.labelled import LABELS
from training.daynight.outlined import reduced, to_measure
from training.daynight.scene import CLASSES, NO_SKY, UNLABELLED, SceneNetwork

SURE = 0.8  # of 1


def label(run: Path, sources: list[str], out: Path, without: tuple[str, ...] = (), kind: str = "streets") -> int:
    """Write photos and labels into the folder `out`; returns how many. Raises NotARun, NoPictures."""
    network, pictures = load_scene(run), Pictures(sources)
    measured = to_measure()
    names = [PurePosixPath(entry.name).name for entry in pictures.entries]
    chosen = [i for i, name in enumerate(names) if name not in measured and not name.startswith(without or ("/",))]
    if not chosen:
        raise NoPictures(f"nothing is left of {', '.join(sources)} to label")
    out.mkdir(parents=True, exist_ok=True)
    for i in tqdm(chosen, desc="labelling", unit="picture", dynamic_ncols=True):
        photo = reduced(pictures.read(i))
        stem = f"{i:05d}-{PurePosixPath(names[i]).stem}"
        photo.save(out / f"{stem}.jpg", quality=92)
        Image.fromarray(KINDS[kind](network, photo)).save(out / f"{stem}{LABELS}")
    return len(chosen)


@torch.no_grad()
def likelihoods(network: SceneNetwork, photo: Image.Image) -> np.ndarray:
    """[11,H,W] in [0,1]: how likely each class is, the mean of the photo's and its mirror image's."""
    x = to_tensor(photo)[None]
    return ((F.softmax(network(x), 1) + F.softmax(network(x.flip(3)).flip(3), 1))[0] / 2).numpy()


def street_labels(network: SceneNetwork, photo: Image.Image) -> np.ndarray:
    """[H,W] bytes: the class of each place, UNLABELLED where the network is not sure of it."""
    likely = likelihoods(network, photo)
    return np.where(likely.max(0) > SURE, likely.argmax(0), UNLABELLED).astype(np.uint8)


def landscape_labels(network: SceneNetwork, photo: Image.Image) -> np.ndarray:
    """[H,W] bytes: sky where the network is sure of it up to the upper edge, NO_SKY low down, and UNLABELLED between.

    There the network may take hills for sky and clouds for houses.
    """
    sky = likelihoods(network, photo)[CLASSES.index("sky")]
    regions, _ = ndimage.label(sky > SURE)
    above = np.isin(regions, regions[0][regions[0] > 0])
    labels = np.where(above, CLASSES.index("sky"), UNLABELLED).astype(np.uint8)
    labels[2 * len(labels) // 3 :] = NO_SKY
    return labels


def no_sky_labels(network: SceneNetwork, photo: Image.Image) -> np.ndarray:
    """[H,W] bytes: NO_SKY, whatever the network sees."""
    return np.full((photo.height, photo.width), NO_SKY, np.uint8)


KINDS = {"streets": street_labels, "landscapes": landscape_labels, "no-sky": no_sky_labels}


def main(arguments: list[str] | None = None) -> None:
    """The command line; problems of input end in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="run directory of training.daynight.train_scene")
    parser.add_argument("pictures", nargs="+", help="photos by day or night: folders or tars")
    parser.add_argument("--out", type=Path, required=True, help="folder for photos and labels")
    parser.add_argument("--without", nargs="+", default=[], metavar="PREFIX", help="names that are left out begin so")
    parser.add_argument("--kind", choices=list(KINDS), default="streets", help="what the pictures show; see above")
    options = parser.parse_args(arguments)
    try:
        count = label(options.run, options.pictures, options.out, tuple(options.without), options.kind)
    except (runs.NotARun, NoPictures) as error:
        sys.exit(str(error))
    print(f"{count} photos with labels are in {options.out}")


if __name__ == "__main__":
    main()
