"""The self-organising map: what it unfolds, its errors, and MiniSom's beside them."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench import maps
from training.style import som

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def plane() -> np.ndarray:
    """[300,5]: random points of a rectangle of 3 x 2 that lies aslant in five dimensions."""
    random = np.random.default_rng(0)
    axes = np.linalg.qr(random.normal(size=(5, 2)))[0].T
    return random.uniform((-1.5, -1), (1.5, 1), (300, 2)) @ axes + 7


@pytest.fixture(scope="module")
def styles() -> np.ndarray:
    """[145,100]: the gallery's vectors, and four others near each."""
    gallery = json.loads((ROOT / "web" / "styles" / "gallery.json").read_text("utf-8"))["styles"]
    vectors = np.array([style["vector"] for style in gallery])
    apart = np.random.default_rng(0).normal(0, 0.15, (4, *vectors.shape))
    return np.concatenate([vectors, *(vectors + apart)])


def in_batch(vectors: np.ndarray, cells: np.ndarray) -> np.ndarray:
    return som.trained_in_batch(cells, vectors)


def online(vectors: np.ndarray, cells: np.ndarray) -> np.ndarray:
    return som.trained_online(cells, vectors, seed=1)


both_forms = pytest.mark.parametrize("train", [in_batch, online])


@both_forms
@pytest.mark.parametrize("begin", [som.principal_cells, lambda *given: som.random_cells(*given, seed=2)])
def test_a_plane_is_unfolded(train, begin, plane):
    cells = train(plane, begin(plane, 4, 6))
    assert som.topographic_error(cells, plane) < 0.05
    steps = [np.linalg.norm(np.diff(cells, axis=axis), axis=2) for axis in (0, 1)]
    assert all(step.min() > 0.1 and step.max() < 0.9 for step in steps), "neighbours are a cell's width apart"
    across = np.linalg.norm(cells[:, -1] - cells[:, 0], axis=1)
    assert across.min() > 1.5, "it reaches from side to side"


@both_forms
def test_training_lowers_the_quantisation_error_of_any_beginning(train, plane):
    for cells in (som.principal_cells(plane, 4, 6), som.random_cells(plane, 4, 6, seed=0)):
        assert som.quantisation_error(train(plane, cells), plane) < 0.9 * som.quantisation_error(cells, plane)


def test_the_first_principal_component_lies_along_the_longer_side(plane):
    for rows, columns in ((4, 6), (6, 4)):
        cells = som.principal_cells(plane, rows, columns)
        down, across = cells[-1, 0] - cells[0, 0], cells[0, -1] - cells[0, 0]
        longer, shorter = (across, down) if columns > rows else (down, across)
        assert np.linalg.norm(longer) > np.linalg.norm(shorter)
        assert down @ across == pytest.approx(0, abs=1e-9)


def test_the_same_vectors_give_the_same_map_whatever_their_order(plane):
    cells = in_batch(plane, som.principal_cells(plane, 4, 6))
    turned = plane[::-1]
    assert in_batch(turned, som.principal_cells(turned, 4, 6)) == pytest.approx(cells, abs=1e-6)


def test_a_seed_gives_the_same_map_again_and_another_one_another(plane):
    first, again, other = (som.trained_online(som.random_cells(plane, 4, 6, seed), plane, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.allclose(first, other)


def test_a_vector_of_great_weight_has_a_cell_of_its_own(plane):
    weights = np.ones(len(plane))
    weights[0] = 1000
    cells = som.principal_cells(plane, 4, 6)
    near = [som.distances(som.trained_in_batch(cells, plane, each), plane[:1]).min() for each in (None, weights)]
    assert near[1] < 0.02 < near[0]


def test_the_errors_of_a_known_map():
    cells = np.array([[[0.0], [10.0], [1.0]]])
    assert som.quantisation_error(cells, np.array([[0.0], [3.0]])) == 1
    assert som.topographic_error(cells, np.array([[0.4], [9.0]])) == 0.5, "0 and 1 are two cells apart"


def test_cells_far_from_every_vector_are_finite():
    vectors = np.random.default_rng(0).normal(size=(3, 4))
    assert np.isfinite(som.trained_in_batch(som.principal_cells(vectors, 40, 40), vectors)).all()


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("form", maps.FORMS)
def test_the_topographic_error_is_not_above_minisoms(form, seed, styles):
    ours, theirs = (train(styles, form, som.ROWS, som.COLUMNS, som.LAST, seed) for train in (maps.ours, maps.minisoms))
    assert som.topographic_error(ours, styles) <= som.topographic_error(theirs, styles) + 0.02
    assert som.quantisation_error(ours, styles) <= 1.15 * som.quantisation_error(theirs, styles)


@pytest.mark.parametrize(
    ("vectors", "rows", "columns", "reason"),
    [
        (np.zeros((9, 4)), 1, 1, "two cells"),
        (np.zeros((9, 4)), 0, 5, "two cells"),
        (np.zeros((2, 4)), 3, 3, "three vectors"),
        (np.zeros(9), 3, 3, "three vectors"),
        (np.full((9, 4), np.nan), 3, 3, "not finite"),
    ],
)
def test_what_makes_no_map_is_refused_in_one_sentence(vectors, rows, columns, reason):
    for begin in (som.principal_cells, lambda *given: som.random_cells(*given, seed=0)):
        with pytest.raises(som.NoMap, match=reason):
            begin(vectors, rows, columns)


def test_a_folder_that_is_no_run_and_one_without_pictures_end_the_command_in_one_sentence(tmp_path):
    with pytest.raises(SystemExit, match="is no run directory"):
        som.main([str(tmp_path), "--pictures", str(tmp_path)])
    with pytest.raises(SystemExit, match="no pictures in"):
        som.main([str(ROOT / "training/style/published"), "--pictures", str(tmp_path)])


def test_the_command_prints_the_errors_of_both_forms(tmp_path, capsys):
    for i in range(4):
        Image.new("RGB", (64, 64), (60 * i, 90, 200 - 50 * i)).save(tmp_path / f"{i}.png")
    som.main([str(ROOT / "training/style/published"), "--pictures", str(tmp_path), "--rows", "2", "--columns", "3"])
    title, *lines = capsys.readouterr().out.splitlines()
    assert title.startswith("4 vectors on 2 x 3 cells")
    assert [line.split(",")[0] for line in lines] == ["batch", "online"] * 2
