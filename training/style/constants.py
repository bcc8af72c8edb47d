"""Constants of the style networks that Python and the page share; the page reads them from the manifests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PredictorConstants:
    """Of style-predictor."""

    predictor_side: int = 256  # px of the centre square that it sees, reduced with a triangle filter


@dataclass(frozen=True)
class TransformerConstants:
    """Of style-transformer."""

    fade_below: int = 25  # strength, of 100, under which a painting also fades into its photo


PREDICTOR, TRANSFORMER = PredictorConstants(), TransformerConstants()
