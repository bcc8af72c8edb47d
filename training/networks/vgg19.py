"""VGG-19 up to conv3_4: VGG-16 with a fourth convolution in its third block, of the same paper."""

from training.networks.vgg16 import Vgg16


class Vgg19(Vgg16):
    """[N,3,H,W] RGB in [0,1] -> {'relu1_2': [N,64,H,W], 'relu2_2': [N,128,H/2,W/2], 'relu3_4': [N,256,H/4,W/4]}."""

    title = "VGG-19"
    depths = (2, 2, 4)
