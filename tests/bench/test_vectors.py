"""The sheet of vectors shows what it says, and only for runs that share a style space."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bench import vectors
from bench.painters import Array, Painter


def grey(vector: float, strength: float) -> Painter:
    """A painter whose pictures are as bright as its strength times the vector."""

    def paint(photo: Array, given: Array) -> Array:
        return np.full_like(photo, strength * given[0, 0])

    return Painter(lambda style: np.full((1, 100), vector, np.float32), paint, np.zeros((1, 100), np.float32))


def test_a_row_has_photo_style_teacher_student_with_the_teachers_vector_and_student() -> None:
    shown = list(vectors.row(grey(0.2, 1), grey(0.4, 2), "breakfast", "linocut"))
    assert len(shown) == len(vectors.COLUMNS)
    assert np.asarray(shown[0]).std() > 10 and np.asarray(shown[1]).std() > 10
    assert [np.asarray(picture).max() for picture in shown[2:]] == [51, 102, 204]


def test_every_photo_and_style_of_the_sheet_is_there() -> None:
    for photo, styles in vectors.PAIRS.items():
        assert (vectors.WEB / "samples" / f"{photo}.jpg").is_file()
        assert all((vectors.WEB / "styles" / "pictures" / f"{style}.webp").is_file() for style in styles)


def test_runs_of_two_style_spaces_are_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "load_pair", lambda run: SimpleNamespace(state={"style_space": run.name}))
    with pytest.raises(SystemExit, match="has a style space of its own"):
        vectors.check(Path("runs/teacher"), Path("runs/student"))
    vectors.check(Path("a/run"), Path("b/run"))
