"""The gallery's vectors."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from torch import Tensor, nn

from converter import gallery
from training.export import PICTURE, Export, Port
from training.style.export import VECTOR


class Colours(nn.Module):
    """A predictor whose vector is the picture's mean colour."""

    def forward(self, style: Tensor) -> Tensor:
        return style.mean((2, 3))


@pytest.fixture
def styles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A gallery.json of one oblong picture, green in its centre square and black beside it."""
    picture = np.zeros((40, 80, 3), np.uint8)
    picture[:, 20:60, 1] = 204
    Image.fromarray(picture).save(tmp_path / "green.png")
    path = tmp_path / "gallery.json"
    path.write_text(
        json.dumps({"style_space": "", "styles": [{"id": "green", "name": {"ru": "Зелёный"}, "picture": "green.png"}]})
    )
    style = Port("style", PICTURE, (0.0, 1.0))
    export = Export("style-predictor", "", Colours(), (style,), (VECTOR,), {"style_space": "colours"})
    monkeypatch.setattr(gallery, "exports", lambda _: [export])
    return path


def test_the_vector_is_that_of_the_centre_square(styles: Path) -> None:
    assert gallery.fill_gallery(Path("a run"), styles) == 1
    content = json.loads(styles.read_text())
    assert content["style_space"] == "colours"
    assert content["styles"][0]["vector"] == pytest.approx([0, 0.8, 0])
    assert content["styles"][0]["name"] == {"ru": "Зелёный"}


def test_the_gallery_of_another_folder_has_the_vectors_and_the_published_one_stays(
    styles: Path, tmp_path: Path
) -> None:
    before = styles.read_text()
    assert gallery.fill_gallery(Path("a run"), styles, tmp_path / "own.json") == 1
    assert json.loads((tmp_path / "own.json").read_text())["style_space"] == "colours"
    assert styles.read_text() == before


def test_a_missing_picture_leaves_the_gallery_as_it_was(styles: Path) -> None:
    (styles.parent / "green.png").unlink()
    before = styles.read_text()
    with pytest.raises(FileNotFoundError):
        gallery.fill_gallery(Path("a run"), styles)
    assert styles.read_text() == before


def test_a_folder_that_is_no_run_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is no run directory"):
        gallery.main([str(tmp_path)])
