"""Constants of the style networks that Python and the page share; the page reads them from the manifests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PredictorConstants:
    """Of style-predictor."""

    predictor_side: int = 256  # px of the centre square that it sees, reduced with a triangle filter


@dataclass(frozen=True)
class TransformerConstants:
    """Of style-transformer."""

    working_side: int = 1024  # px of the longer side at which large strokes are painted
    another_size_from: float = 1.25  # how much larger a photo is painted a second time, at its own size
    evenness_steps: int = 5  # equal steps of strength at which the distance to the photo is measured
    evenness_side: int = 256  # px of the longer side at which it is measured


PREDICTOR, TRANSFORMER = PredictorConstants(), TransformerConstants()
