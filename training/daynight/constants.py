"""Constants of the translators that Python and the page share; the page reads them from the manifests."""

from dataclasses import dataclass

from training.common import guided

DOMAINS = ("day", "night")


@dataclass(frozen=True)
class TranslatorConstants:
    """Of day-to-night and night-to-day. The limits are those of brightness.sky_grey."""

    working_side: int = 512  # px of the longer side at which pictures are translated
    working_multiple: int = 64  # px: both sides are multiples
    boxes: int = guided.BOXES  # of the guided upsampling: radii along the longer side
    flat: float = guided.FLAT  # of the guided upsampling: variance of [0,1] of a box that counts as flat
    grey_weights: tuple[float, float, float] = (0.299, 0.587, 0.114)  # of red, green, blue
    night_up_to: int = 80  # grey, 0..255, of a night picture at most
    day_above: int = 105  # grey that a day picture exceeds


TRANSLATOR = TranslatorConstants()
