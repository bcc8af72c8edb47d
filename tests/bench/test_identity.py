"""The measured paintings are the page's, people alone differ between them, and portraits are counted as said."""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image

from bench import identity
from bench.identity import Face, NoFaces, Paintings

SIDE = 64
PEOPLE = np.zeros((SIDE, SIDE))
PEOPLE[:, SIDE // 2 :] = 1


def grey(value: int) -> Image.Image:
    return Image.new("RGB", (SIDE, SIDE), (value, value, value))


def painted(strength: int):
    """Paints everything lighter by as much as the strength."""
    return lambda photo: Image.fromarray(np.asarray(photo) + np.uint8(strength))


STYLE = {strength: painted(strength) for strength in (100, 50, 25)}


def brightness(pictures: Sequence[Image.Image]) -> np.ndarray:
    """Features of the right half, which turn away from the photo's as its brightness changes."""
    angles = np.array([np.asarray(each)[:, SIDE // 2 :].mean() for each in pictures]) / 255
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def only_bright(pictures: Sequence[Image.Image]) -> np.ndarray | None:
    """The same of bright photos; dark ones show no face."""
    return brightness(pictures) if np.asarray(pictures[0]).mean() > 50 else None


def test_around_people_both_paintings_are_one_bit_for_bit_and_people_have_the_strength_asked_for():
    paintings = identity.paintings_of(grey(20), STYLE, PEOPLE)
    plain = np.asarray(paintings.plain)
    assert (plain == 120).all()
    for strength in (50, 25):
        aware = np.asarray(paintings.aware[strength])
        assert np.array_equal(aware[PEOPLE == 0], plain[PEOPLE == 0])
        assert (aware[PEOPLE == 1] == 20 + strength).all()
        assert identity.around_people(paintings, strength) == 0


def test_a_mask_between_mixes_both_as_the_page_rounds_it():
    shares = np.tile(np.linspace(0, 1, SIDE), (SIDE, 1))
    mixed = np.asarray(identity.laid_over(grey(30), grey(130), shares))[0, :, 0]
    assert mixed[0] == 130 and mixed[-1] == 30 and (np.diff(mixed.astype(int)) < 0).all()
    assert np.asarray(identity.laid_over(grey(101), grey(100), np.full((SIDE, SIDE), 0.5))).max() == 100


def test_what_a_mask_spills_around_people_is_measured():
    spilt = np.where(PEOPLE == 1, 1.0, 0.2)
    paintings = identity.paintings_of(grey(20), STYLE, spilt)
    assert identity.around_people(paintings, 50) == pytest.approx(10)


class Bright(torch.nn.Module):
    """Finds people where it is bright, or everywhere where all is alike, this likely, and 2 px too far to the right."""

    def __init__(self, likely: float):
        super().__init__()
        self.likely = likely

    def forward(self, photo: torch.Tensor) -> torch.Tensor:
        grey = photo.mean(1, keepdim=True)
        bright = (grey >= grey.mean()).float()
        return self.likely * F.pad(bright, (2, 0, 0, 0), mode="replicate")[..., :-2]


def test_the_mask_follows_the_photos_edge_though_the_network_misses_it():
    photo = np.full((300, 512, 3), 40, np.uint8)
    photo[:, 256:] = 200
    mask = identity.mask_of(Bright(1), Image.fromarray(photo))
    assert mask.shape == (300, 512)
    assert mask[:, :240].max() < 0.1 and mask[:, 272:].min() > 0.9
    assert np.abs(np.diff(mask, axis=1)).mean(0).argmax() == 255


def test_nobody_is_there_where_nothing_is_surely_a_person():
    assert identity.mask_of(Bright(0.9), grey(90)).max() == 0


def measure(photos: Sequence[Image.Image], features=only_bright, kept: list[Paintings] | None = None) -> dict:
    keep = kept.append if kept is not None else lambda _: None
    return identity.measure(photos, [STYLE], lambda _: PEOPLE, features, keep)


def test_portraits_without_a_face_are_left_out_and_counted():
    kept = list[Paintings]()
    figures = measure([grey(100), grey(0), grey(120)], kept=kept)
    assert (figures["portraits"], figures["faces"], len(kept)) == (3, 2, 2)


def test_people_painted_less_are_more_similar_and_the_plain_painting_is_no_higher_than_itself():
    rows = measure([grey(100), grey(120)])["strengths"]
    assert list(rows) == [100, 50, 25]
    assert [rows[each]["higher"] for each in rows] == [0, 1, 1]
    expected = [np.cos(each / 255) for each in (100, 50, 25)]
    assert [rows[each]["similarity"] for each in rows] == pytest.approx(expected)


def test_only_portraits_whose_similarity_is_higher_count_as_higher():
    towards, same, away = ((np.cos(a), np.sin(a)) for a in (0.3, 0.6, 0.9))
    faces = [
        Face(np.array([1.0, 0.0]), {100: np.array(same), 50: np.array(aware)}, {100: 0, 50: 0})
        for aware in (towards, towards, towards, same, away)
    ]
    assert identity.figures_of(faces, 5)["strengths"][50]["higher"] == 0.6


def test_a_painting_is_recognised_when_no_other_photo_is_more_like_it():
    own = [np.array([1.0, 0.0]), np.array([0.0, 1.0])]
    alike, other = {100: np.array([0.9, 0.1])}, {100: np.array([0.6, 0.4])}
    faces = [Face(own[0], alike, {100: 0}), Face(own[1], other, {100: 0})]
    figures = identity.figures_of(faces, 2)
    assert figures["strengths"][100]["recognised"] == 0.5
    assert figures["strangers"] == 0


def test_too_few_higher_ones_are_said_to_be_short():
    row = {"similarity": 0.9, "recognised": 1, "around": 0}
    strengths = {100: {**row, "higher": 0}, 75: {**row, "higher": 0.94}, 50: {**row, "higher": 0.96}}
    text = identity.table({"portraits": 9, "faces": 8, "strangers": 0.5, "strengths": strengths})
    assert "9 portraits, a face found in 8." in text
    assert "| 75 | 0.900 | 94% (short of 95%) |" in text and "| 50 | 0.900 | 96% |" in text


def test_no_face_at_all_is_one_sentence():
    with pytest.raises(NoFaces, match=r"^no face was found in any of the 2 portraits: name photos of faces .*$"):
        measure([grey(0), grey(10)])


def pictures(folder: Path, values: Sequence[int]) -> str:
    folder.mkdir()
    for i, value in enumerate(values):
        grey(value).save(folder / f"{i}.png")
        grey(255).save(folder / f"{i}.mask.png")
    return str(folder)


def command(tmp_path: Path) -> list[str]:
    sources = ["--portraits", pictures(tmp_path / "faces", (60, 100, 140)), "--styles", pictures(tmp_path / "s", (90,))]
    return [*sources, "--people", "0", "--pictures", "2", "--out", str(tmp_path / "out")]


def test_the_command_writes_figures_and_folders_of_pictures_by_the_same_names(tmp_path, monkeypatch):
    monkeypatch.setattr(identity, "Faces", lambda: brightness)
    identity.main(command(tmp_path))
    assert "3 portraits, a face found in 3." in (tmp_path / "out/figures.md").read_text()
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.png"))
    assert written == [f"{kind}/{i:02d}.png" for kind in ("people-0", "photo", "plain") for i in range(2)]


def test_a_missing_package_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "dlib", None)
    with pytest.raises(SystemExit, match=r"^dlib is not installed, and measuring needs it: pip install -r [\w/.]+$"):
        identity.main(command(tmp_path))


def test_a_strength_that_is_not_weaker_is_refused(capsys):
    with pytest.raises(SystemExit):
        identity.main(["--portraits", "a", "--styles", "b", "--people", "100"])
    assert "name a number from 0 to 99" in capsys.readouterr().err
