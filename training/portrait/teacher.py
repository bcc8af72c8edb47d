"""MediaPipe's selfie segmentation: a teacher for photos without masks, and a yardstick.

The file `selfie_segmentation.tflite` of MediaPipe's repository (mediapipe/modules/selfie_segmentation, Apache-2.0): a
network of 256 x 256 px that was made for people close to the camera.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from training.common.command import Missing, require


class Teacher:
    """A photo -> its mask at its own size, [H,W] in [0,1]. Raises Missing where the file is none of such a network."""

    def __init__(self, path: Path):
        from ai_edge_litert.interpreter import Interpreter

        require({str(path): "MediaPipe's selfie_segmentation.tflite"})
        try:
            self.interpreter = Interpreter(str(path), num_threads=torch.get_num_threads())
            self.interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise Missing(f"{path} is no network of TFLite: name MediaPipe's selfie_segmentation.tflite") from error
        self.picture, self.mask = self.interpreter.get_input_details()[0], self.interpreter.get_output_details()[0]
        if (len(self.picture["shape"]), *self.mask["shape"][3:]) != (4, 1):
            raise Missing(f"{path} makes no mask of a photo: name MediaPipe's selfie_segmentation.tflite")

    def __call__(self, photo: Image.Image) -> np.ndarray:
        _, height, width, _ = self.picture["shape"]
        reduced = photo.resize((width, height), Image.Resampling.BILINEAR)
        mask = torch.from_numpy(self.run(np.asarray(reduced, np.float32)[None] / 255)).permute(0, 3, 1, 2)
        return F.interpolate(mask, photo.size[::-1], mode="bilinear", align_corners=False)[0, 0].numpy()

    def run(self, pictures: np.ndarray) -> np.ndarray:
        """[1,256,256,3] in [0,1] -> [1,256,256,1] in [0,1]."""
        self.interpreter.set_tensor(self.picture["index"], pictures)
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.mask["index"])
