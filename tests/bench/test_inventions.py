"""Painting photos in invented styles, of both kinds."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench import inventions
from training.synthesis.config import SynthesisConfig
from training.synthesis.train import smoke

PUBLISHED = inventions.PUBLISHED.parents[1] / "synthesis" / "published"


@pytest.mark.slow
def test_each_draw_is_a_style_of_its_own_and_the_photos_stand_side_by_side(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(inventions, "DRAWS", 2)
    monkeypatch.setattr(inventions, "HEIGHT", 64)
    run = smoke(tmp_path, SynthesisConfig())
    Image.linear_gradient("L").resize((96, 64)).convert("RGB").save(tmp_path / "photo.png")
    photo, out = str(tmp_path / "photo.png"), tmp_path / "out"
    inventions.main([str(out), "--vectors", str(PUBLISHED), "--pictures", str(run), photo, photo])
    for kind, least in {"vectors": 1, "pictures": 0}.items():  # pictures of a smoke run are nearly alike
        first, second = (np.asarray(Image.open(out / kind / f"{i:02}.jpg"), float) for i in range(2))
        assert first.shape == (64, 192, 3) and np.abs(first - second).mean() > least


def test_a_run_of_another_task_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="not of style-vectors"):
        inventions.main(
            [str(tmp_path), "--vectors", str(inventions.PUBLISHED), "--pictures", str(PUBLISHED), "photo.png"]
        )
