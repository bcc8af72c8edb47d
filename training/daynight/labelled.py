"""Street photos with a label for each pixel, as squares to learn from; half of them turned into nights.

A photo NAME.jpg has its labels in NAME.labels.png beside it: one channel, the number of the class (scene.CLASSES),
UNLABELLED for the rest, or NO_SKY or NO_BUILDING where all that is known is what is not there. Where a building's
windows are known it is WINDOW, WALL, or FACADE, whose windows are too tiny to draw; NO_LIGHT is of an unknown class.
Photos of people that have masks instead (NAME.mask.png, 255 is a person) are labelled where people are. Of names that
begin with `test_` none is trained on, those with `val_` are held out.
"""

from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import Dataset

from training.common.pictures import MASK, Entry, NoPictures, Pictures
from training.daynight.brightness import GREY
from training.daynight.config import SceneConfig
from training.daynight.scene import CLASSES, FACADE, MULTIPLE, NO_LIGHT, UNLABELLED, WINDOW

LABELS = ".labels.png"
SKY, BUILDING, PERSON = (CLASSES.index(name) for name in ("sky", "building", "pedestrian"))
LAMPS = 16
SIZES = (0.625, 0.75, 1.0)  # of the config's
LIT = [CLASSES.index(name) for name in ("building", "pole", "car")]  # where lights are made
MOON = np.array((0.28, 0.30, 0.42), np.float32)  # what a night leaves of red, green and blue


class Labelled:
    """The photos of a `part` ('train', 'val' or 'test') that have labels. Raises NoPictures.

    Those to train on are there twice where a source is named twice.
    """

    def __init__(self, sources: Sequence[str], part: str):
        self.pictures = Pictures(sources, masks=True)
        places = {_address(entry): i for i, entry in enumerate(self.pictures.entries)}
        labels = [_labels_of(_address(entry), places) for entry in self.pictures.entries]
        found = [
            (i, at) for i, at in enumerate(labels) if at is not None and _part(self.pictures.entries[i].name) == part
        ]
        once = {_address(self.pictures.entries[i]): (i, at) for i, at in found}
        self.pairs = found if part == "train" else list(once.values())
        if not self.pairs:
            raise NoPictures(f"no photo of {', '.join(sources)} has labels (NAME{LABELS}) and a name of {part}_…")

    def __len__(self) -> int:
        return len(self.pairs)

    def read(self, i: int) -> tuple[Image.Image, Image.Image]:
        """Photo i and its labels, in one channel. Raises OSError where one cannot be read."""
        photo, at = self.pairs[i]
        labels = self.pictures.read(at).getchannel(0)
        if MASK in self.pictures.entries[at].name:
            labels = labels.point(lambda value: PERSON if value > 127 else UNLABELLED)
        return self.pictures.read(photo), labels


def _address(entry: Entry) -> PurePosixPath:
    """Where a picture lies: two sources may have pictures of the same name."""
    return PurePosixPath(entry.path if entry.size < 0 else entry.path / entry.name)


def _labels_of(photo: PurePosixPath, places: dict[PurePosixPath, int]) -> int | None:
    """The number of a photo's labels or of its mask, if it has one of them."""
    return places.get(photo.with_suffix(LABELS), places.get(photo.with_suffix(f"{MASK}png")))


def _part(name: str) -> str:
    first = PurePosixPath(name).name.partition("_")[0]
    return first if first in ("val", "test") else "train"


class Streets(Dataset):
    """step -> {'photos': [B,3,S,S] in [0,1], 'labels': [B,S,S], 'skipped': []}: every second photo made a night.

    S is the config's size or, at about two of three steps, smaller: a page shows the network whole photos.
    """

    def __init__(self, labelled: Labelled, config: SceneConfig, part: int = 0, parts: int = 1):
        self.labelled, self.config, self.part, self.parts = labelled, config, part, parts

    def __len__(self) -> int:
        return self.config.steps

    def __getitem__(self, step: int) -> dict[str, Tensor]:
        part = range(self.part * self.config.batch // self.parts, (self.part + 1) * self.config.batch // self.parts)
        share = np.random.default_rng((self.config.seed, step)).choice(SIZES)
        size = max(1, round(share * self.config.size / MULTIPLE)) * MULTIPLE
        squares = [self._square(step, i, size) for i in part]
        photos, labels = zip(*squares, strict=True)
        return {"photos": torch.stack(photos), "labels": torch.stack(labels), "skipped": torch.tensor(0)}

    def _square(self, step: int, i: int, size: int) -> tuple[Tensor, Tensor]:
        random = np.random.default_rng((self.config.seed, step, i))
        photo, labels = self.labelled.read(int(random.integers(len(self.labelled))))
        side = int(min(photo.size) * random.uniform(0.5, 1))
        left, top = (int(random.integers(length - side + 1)) for length in photo.size)
        box, mirrored = (left, top, left + side, top + side), random.random() < 0.5
        cut = [
            each.resize((size, size), how, box)
            for each, how in ((photo, Image.Resampling.BILINEAR), (labels, Image.Resampling.NEAREST))
        ]
        if mirrored:
            cut = [each.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for each in cut]
        pixels, classes = np.asarray(cut[0], np.float32) / 255, np.array(cut[1], np.int64)
        dark = pixels.mean() < GREY.low / 255  # a night already
        if (step + i) % 2 and not dark:
            seen = made_night(pixels, of_class(torch.from_numpy(classes)).numpy(), random)
        else:
            seen = exposed(pixels, random)
        return torch.from_numpy(seen).permute(2, 0, 1), torch.from_numpy(classes)


def of_class(labels: Tensor) -> Tensor:
    """The labels without what they say of windows: WINDOW, WALL and FACADE are buildings, NO_LIGHT says nothing."""
    classes = torch.where((labels >= WINDOW) & (labels <= FACADE), BUILDING, labels)  # WALL is between
    return torch.where(labels == NO_LIGHT, UNLABELLED, classes)


def exposed(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """[H,W,3] in [0,1] with another exposure, contrast, white balance and saturation."""
    gains = np.exp(0.25 * random.normal() + 0.12 * random.normal(size=3)).astype(np.float32)
    developed = pixels ** np.float32(np.exp(0.25 * random.normal())) * gains
    grey = developed.mean(2, keepdims=True)
    return np.clip(grey + (developed - grey) * np.float32(np.exp(0.4 * random.normal())), 0, 1)


def made_night(pixels: np.ndarray, classes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """[H,W,3] in [0,1] as a night: dark and cast, the sky darker still, lights on houses, poles and cars, noise."""
    sky = (classes == SKY)[..., None]
    cast = MOON * np.exp(0.35 * random.normal() + 0.25 * random.normal(size=3)).astype(np.float32)
    night = pixels ** np.float32(random.uniform(1.0, 1.8)) * cast
    # some skies are blue hours, some are black, some are lit orange by the city
    above = np.exp(0.6 * random.normal(size=3)).astype(np.float32) * np.float32(random.uniform(0, 0.12))
    night = np.where(sky, night * np.float32(random.uniform(0.1, 1)) + above, night)
    night = night + _lights(classes, random)
    noise = random.normal(0, random.uniform(0.005, 0.05), night.shape)
    return np.clip(night + noise, 0, 1).astype(np.float32)


def _lights(classes: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """[H,W,3]: lamps of many sizes and colours with their glow, where houses, poles and cars are."""
    places = np.argwhere(np.isin(classes, LIT))
    light = np.zeros((*classes.shape, 3), np.float32)
    if not len(places):
        return light
    y, x = np.mgrid[: classes.shape[0], : classes.shape[1]].astype(np.float32)
    for _ in range(int(random.integers(LAMPS))):
        top, left = places[random.integers(len(places))]
        away = (y - top) ** 2 + (x - left) ** 2
        size = float(np.exp(random.uniform(0, 1.6)))
        colour = np.array((1, random.uniform(0.6, 1), random.uniform(0.2, 1)), np.float32)
        light += (np.exp(-away / size**2) + 0.08 * np.exp(-away / (6 * size) ** 2))[..., None] * colour
    return light


def confusion(predicted: Tensor, labels: Tensor) -> Tensor:
    """[11,11]: how many pixels of each class (rows) were predicted as each (columns); the unlabelled do not count."""
    known = labels < UNLABELLED
    pairs = labels[known] * len(CLASSES) + predicted[known]
    return torch.bincount(pairs, minlength=len(CLASSES) ** 2).reshape(len(CLASSES), len(CLASSES))


def intersections(confused: Tensor) -> dict[str, float]:
    """Intersection over union of each class that occurs, and their `mean`."""
    both = confused.diagonal().double()
    union = confused.sum(0) + confused.sum(1) - both
    found = {name: (both[i] / union[i]).item() for i, name in enumerate(CLASSES) if confused[i].sum() > 0}
    return {**found, "mean": sum(found.values()) / max(1, len(found))}
