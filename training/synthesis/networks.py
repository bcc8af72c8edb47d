"""The networks of the task, by the values of the option that chooses them."""

from typing import Any

from torch import nn

from training.synthesis import dcgan, pggan, sagan

NETWORKS = ("dcgan", "sagan", "pggan")
SIZES = (32, 64)  # px


def networks_of(config: Any) -> tuple[nn.Module, nn.Module]:
    """Generator and discriminator of a training.synthesis.config.SynthesisConfig, a PGGAN's at their first size."""
    c, on = config, config.spectral_norm
    if c.network == "dcgan":
        return dcgan.Generator(c.size, c.width), dcgan.Discriminator(c.size, c.width)
    if c.network == "pggan":
        return pggan.Generator(c.width, on), pggan.Discriminator(c.width, on, c.minibatch_discrimination)
    at = 0 if c.attention == "none" else int(c.attention)
    discriminator = sagan.Discriminator(c.size, c.width, at, on, c.minibatch_discrimination)
    return sagan.Generator(c.size, c.width, at, on), discriminator
