"""Promise of the layout in which a style transformer is converted."""

import torch

from training.style.export import with_even_rows
from training.style.transformer import StyleTransformer


def test_a_transformer_with_even_rows_paints_the_same_and_loses_less_in_256_steps():
    torch.manual_seed(0)
    transformer, photo, vector = StyleTransformer().eval(), torch.rand(1, 3, 32, 32), torch.randn(1, 100)
    rows = torch.logspace(-1, 1, 2016)[:, None, None, None]
    transformer.style.weight.data *= rows
    even = with_even_rows(transformer)
    assert torch.allclose(even(photo, vector), transformer(photo, vector), atol=1e-4)
    stored = even.style.layer.weight
    assert torch.allclose(stored.abs().amax((1, 2, 3)), torch.ones(2016))

    def lost(kernel):
        step = (kernel.max() - kernel.min()) / 255
        return ((kernel / step).round() * step - kernel).norm() / kernel.norm()

    assert lost(stored) < 0.5 * lost(transformer.style.weight)
