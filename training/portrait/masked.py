"""Photos with masks: NAME.jpg, and beside it NAME.mask.png of the same size, in which 255 is a person and 0 is not."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from PIL import Image
from torch.utils.data import Dataset

from training.common.decoding import printable
from training.common.pictures import MASK, NoPictures, Pictures

Pair = tuple[Image.Image, Image.Image]  # an RGB photo and its mask in one channel, of one size


class Masked(Dataset):
    """The photos of folders or tars that have masks, sorted by their names: i -> Pair. Raises NoPictures."""

    def __init__(self, sources: Sequence[str]):
        self.pictures = Pictures(sources, masks=True)
        self.numbers = [(photo, mask) for photo, mask in _numbers(self.pictures) if mask is not None]
        if not self.numbers:
            raise NoPictures(f"no photo of {', '.join(sources)} has a mask (NAME.mask.png beside NAME.jpg)")

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, i: int) -> Pair:
        """Raises NoPictures where one of the two cannot be read, or does not fit the other."""
        photo, mask = self.numbers[i]
        try:
            pair = self.pictures.read(photo), self.pictures.read(mask).getchannel(0)
        except OSError as error:
            raise NoPictures(f"{error}: put the file right, or remove the photo and its mask") from error
        if pair[0].size != pair[1].size:
            raise NoPictures(f"{printable(self.names[i])} and its mask are not of one size: remove both, or one anew")
        return pair

    @property
    def names(self) -> list[str]:
        """The photos' names, by their numbers."""
        return [self.pictures.entries[photo].name for photo, _ in self.numbers]

    def split(self, one_in: int) -> tuple["Masked", "Masked"]:
        """(training, held out): the middle one of each `one_in` is held out, all with 1. Raises NoPictures."""
        held = [i % one_in == one_in // 2 for i in range(len(self))]
        if not any(held):
            raise NoPictures(f"{len(self)} photos are too few to hold out 1 in {one_in}: name more, or --held-out 2")
        return self._part([not each for each in held]), self._part(held)

    def _part(self, chosen: list[bool]) -> "Masked":
        part = object.__new__(Masked)
        part.pictures = self.pictures
        part.numbers = [each for each, wanted in zip(self.numbers, chosen, strict=True) if wanted]
        return part


def _numbers(pictures: Pictures) -> list[tuple[int, int | None]]:
    """Each photo's number and its mask's, if it has one; sorted as the pictures are."""
    places = {entry.name: i for i, entry in enumerate(pictures.entries)}
    photos = {name: i for name, i in places.items() if MASK not in name}
    return [(i, places.get(f"{PurePosixPath(name).with_suffix('')}{MASK}png")) for name, i in photos.items()]
