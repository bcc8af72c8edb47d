"""The networks of the task, by the values of the options that choose them."""

from training.style.affine_transformer import AffineTransformer
from training.style.bold_transformer import BoldTransformer
from training.style.full_transformer import FullTransformer
from training.style.predictors import InceptionStylePredictor, MobileNetStylePredictor
from training.style.transformer import StyleTransformer

PREDICTORS: dict[str, type[InceptionStylePredictor] | type[MobileNetStylePredictor]] = {
    "inception": InceptionStylePredictor,
    "mobilenet": MobileNetStylePredictor,
}
TRANSFORMERS: dict[str, type[StyleTransformer] | type[AffineTransformer]] = {
    "full": FullTransformer,
    "small": StyleTransformer,
    "affine": AffineTransformer,
    "bold": BoldTransformer,
}
