"""What the page and Python share about style networks; the manifests of the published networks carry it to the page."""

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
