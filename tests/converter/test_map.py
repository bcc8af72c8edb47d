"""The map of styles: its files, and that it is never of another style space than the gallery."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from torch import Tensor, nn

from converter import gallery as galleries
from converter import map as styles_map
from converter import run as converter
from training.common.runs import NotARun
from training.style import som


class Colours(nn.Module):
    """A predictor: the picture's mean colour, after the number that says what is kept of the photo."""

    def forward(self, style: Tensor) -> Tensor:
        return nn.functional.pad(style.mean((2, 3)), (1, 96))


class Tint(nn.Module):
    """A transformer: the photo in the vector's colour."""

    bold = False

    def forward(self, photo: Tensor, vector: Tensor) -> Tensor:
        return (0.5 * photo + 0.5 * vector[:, 1:4, None, None]).clamp(0, 1)


def vector(*colour: float) -> list[float]:
    return [0.0, *colour, *[0.0] * 96]


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """A gallery of four styles: red, green, blue and white."""
    colours = {"red": (0.9, 0, 0), "green": (0, 0.9, 0), "blue": (0, 0, 0.9), "white": (0.9, 0.9, 0.9)}
    styles = [
        {"id": id, "name": {"en": id, "ru": f"«{id}»"}, "picture": f"{id}.png", "vector": vector(*colour)}
        for id, colour in colours.items()
    ]
    path = tmp_path / "gallery.json"
    path.write_text(json.dumps({"style_space": "colours", "styles": styles}))
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> str:
    """A folder of 20 pictures, each of one colour."""
    (tmp_path / "pictures").mkdir()
    for i, colour in enumerate(np.random.default_rng(0).integers(0, 256, (20, 3))):
        Image.new("RGB", (20, 20), tuple(map(int, colour))).save(tmp_path / "pictures" / f"{i}.png")
    return str(tmp_path / "pictures")


@pytest.fixture(autouse=True)
def pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run holds the two networks above."""
    held = SimpleNamespace(predictor=Colours(), transformer=Tint(), state={"style_space": "colours"})
    monkeypatch.setattr(styles_map, "load_pair", lambda _: held)


def test_the_file_has_a_vector_a_place_and_a_swatch_for_each_cell(gallery: Path, pictures: str) -> None:
    assert styles_map.fill_map(Path("a run"), [pictures], gallery) == som.ROWS * som.COLUMNS
    content = json.loads((gallery.parent / "map.json").read_text())
    assert content["style_space"] == "colours"
    assert (content["rows"], content["columns"]) == (som.ROWS, som.COLUMNS)
    assert np.array(content["vectors"]).shape == (som.ROWS * som.COLUMNS, 100)
    assert len(content["places"]) == len(content["vectors"])
    sprite = Image.open(gallery.parent / content["swatches"])
    assert sprite.size == (som.COLUMNS * styles_map.SIDE, som.ROWS * styles_map.SIDE)
    assert (gallery.parent / content["swatches"]).stat().st_size <= styles_map.MOST_BYTES


def test_each_gallery_style_lies_close_to_a_cell_whose_first_name_is_its_own(gallery: Path, pictures: str) -> None:
    styles_map.fill_map(Path("a run"), [pictures], gallery)
    content = json.loads((gallery.parent / "map.json").read_text())
    for style in json.loads(gallery.read_text())["styles"]:
        far = np.linalg.norm(np.array(content["vectors"]) - style["vector"], axis=1)
        assert far.min() < 0.15
        assert content["places"][far.argmin()][0] == {"id": style["id"], "name": style["name"]}


def test_a_cell_between_two_styles_is_named_after_both_and_one_at_a_style_after_it_alone(gallery: Path) -> None:
    styles = json.loads(gallery.read_text())["styles"]
    vectors = np.array([style["vector"] for style in styles])
    cells = np.array([[vectors[0], 0.55 * vectors[0] + 0.45 * vectors[1]]])
    places = styles_map.described(cells, styles, vectors, "colours")["places"]
    assert [[style["id"] for style in place] for place in places] == [["red"], ["red", "green"]]


def test_swatches_are_painted_with_their_cells_vectors_row_by_row() -> None:
    pair = SimpleNamespace(transformer=Tint())
    cells = np.array([[vector(1, 0, 0), vector(0, 1, 0)], [vector(0, 0, 1), vector(1, 1, 1)]])
    picture = styles_map.sprite(pair, cells, Image.new("RGB", (90, 60)))
    side = styles_map.SIDE
    colours = [picture.getpixel((x * side + 5, y * side + 5)) for y in (0, 1) for x in (0, 1)]
    assert colours == [(128, 0, 0), (0, 128, 0), (0, 0, 128), (128, 128, 128)]


@pytest.mark.parametrize("count", [30, 600])
def test_the_gallerys_styles_lie_nearer_to_a_cell_than_others_however_many_these_are(count: int) -> None:
    random = np.random.default_rng(0)
    gallerys, further = random.normal(size=(8, 100)), random.normal(size=(count, 100))
    cells = styles_map.trained(gallerys, further)
    near, far = (np.median(som.distances(cells, each).min(1)) for each in (gallerys, further))
    assert near < 0.5 * far


def test_a_run_of_another_space_and_a_style_without_a_vector_are_refused(gallery: Path, pictures: str) -> None:
    content = json.loads(gallery.read_text())
    without = [{k: v for k, v in style.items() if k != "vector"} for style in content["styles"]]
    for change in ({"style_space": "another"}, {"styles": without}):
        gallery.write_text(json.dumps(content | change))
        with pytest.raises(NotARun, match=r"run converter/gallery.py a run first"):
            styles_map.fill_map(Path("a run"), [pictures], gallery)
    assert not (gallery.parent / "map.json").exists()


def test_missing_pictures_end_the_command_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none").mkdir()
    space = json.loads(galleries.GALLERY.read_text())["style_space"]
    held = SimpleNamespace(predictor=Colours(), transformer=Tint(), state={"style_space": space})
    monkeypatch.setattr(styles_map, "load_pair", lambda _: held)
    with pytest.raises(SystemExit, match="no pictures in"):
        styles_map.main(["a run", "--pictures", str(tmp_path / "none")])


@pytest.mark.parametrize(("space", "stays"), [("colours", True), ("another", False)])
def test_new_vectors_of_the_gallery_leave_no_map_of_another_space(
    space: str, stays: bool, gallery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = SimpleNamespace(name="style-predictor", network=Colours(), manifest={"style_space": "colours"})
    monkeypatch.setattr(galleries, "exports", lambda _: [export])
    for style in json.loads(gallery.read_text())["styles"]:
        Image.new("RGB", (20, 20)).save(gallery.parent / style["picture"])
    (gallery.parent / "map.json").write_text(json.dumps({"style_space": space}))
    galleries.fill_gallery(Path("a run"), gallery)
    assert (gallery.parent / "map.json").exists() is stays


def test_publishing_to_web_models_writes_the_map_anew_and_another_folder_gets_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []
    monkeypatch.setattr(converter, "fill_gallery", lambda run, to: written.append(to))
    monkeypatch.setattr(converter, "fill_map", lambda run: written.append("map"))
    converter.publish_styles(Path("a run"), tmp_path)
    converter.publish_styles(Path("a run"), converter.MODELS)
    assert written == [tmp_path / "gallery.json", converter.GALLERY, "map"]
