"""Promises of training/paint.py and of the guided upsampling behind it."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from training import paint
from training.common import guided, runs
from training.common.squares import to_tensor
from training.common.task import Request
from training.style import levels, tiles
from training.style.paint import stylist
from training.style.transformer import StyleTransformer, given_statistics, recorded_statistics


class Darker:
    """Stands for a trained translator: night is a third of the day."""

    def day_to_night(self, x: torch.Tensor) -> torch.Tensor:
        assert x.shape[2] % 8 == 0 and x.shape[3] % 8 == 0
        return x / 3

    def night_to_day(self, x: torch.Tensor) -> torch.Tensor:
        return (x * 3).clamp(0, 1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.daynight.paint.load_translators", lambda run: Darker())
    monkeypatch.setattr(runs, "read_config", lambda run: {"recipe": "cyclegan"})


def photo(width: int = 90, height: int = 60) -> Image.Image:
    """A street: even sky, an edge, texture below."""
    random = np.random.default_rng(0)
    pixels = np.full((height, width, 3), (150, 190, 235), np.uint8)
    pixels[height // 2 :] = random.integers(60, 120, (height - height // 2, width, 3))
    return Image.fromarray(pixels)


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path)).astype(int)


def night(source: Path, out: Path, *options: str) -> None:
    with pytest.raises(SystemExit) as end:
        paint.main(["runs/some", str(source), "--out", str(out), "--mode", "day-to-night", *options])
    assert end.value.code == 0


def carried(picture: Image.Image, strength: float = 1.0, night=lambda x: x / 3) -> np.ndarray:
    small = to_tensor(picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX))[None]
    return guided.upsample(np.array(picture), guided.fit(small, night(small)), strength).astype(int)


@pytest.mark.slow
def test_a_folder_is_translated_at_full_size_under_the_same_names_and_formats(tmp_path, run):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    photo(700, 301).save(tmp_path / "in" / "a.jpg")
    photo().save(tmp_path / "in" / "deep" / "b.png")
    photo().save(tmp_path / "in" / "c.webp", lossless=True)
    night(tmp_path / "in", tmp_path / "out")
    made = {name: Image.open(tmp_path / "out" / name) for name in ("a.jpg", "deep/b.png", "c.webp")}
    assert [(p.format, p.size) for p in made.values()] == [("JPEG", (700, 301)), ("PNG", (90, 60)), ("WEBP", (90, 60))]
    assert np.abs(pixels(tmp_path / "out/deep/b.png") - pixels(tmp_path / "in/deep/b.png") / 3).mean() < 2


def test_strength_0_is_the_photo(tmp_path, run):
    photo().save(tmp_path / "a.png")
    night(tmp_path / "a.png", tmp_path / "out", "--strength", "0")
    assert (pixels(tmp_path / "out/a.png") == pixels(tmp_path / "a.png")).all()


def test_an_edge_stays_sharp():
    edge = Image.fromarray(
        np.where(np.arange(128)[None, :, None] < 66, 40, 200).repeat(64, 0).repeat(3, 2).astype(np.uint8)
    )
    result = carried(edge)[32, :, 0]
    assert np.abs(result - np.asarray(edge)[32, :, 0] / 3).max() <= 2


def test_a_flat_area_stays_flat_and_takes_the_translations_colour():
    flat = carried(Image.new("RGB", (128, 96), (150, 190, 235)), night=lambda x: x * 0 + 0.1)
    assert np.abs(flat - 25.5).max() < 1


def test_a_lamp_that_only_the_translation_has_is_kept():
    def lit(x: torch.Tensor) -> torch.Tensor:
        x = x / 3
        x[:, :, 10:13, 10:13] = 1
        return x

    assert carried(Image.new("RGB", (128, 96), (90, 90, 90)), night=lit)[46, 46].min() > 200


def test_a_small_lamp_keeps_its_colour():
    def lit(x: torch.Tensor) -> torch.Tensor:
        x = x / 3
        x[:, :, 10:13, 10:16] = torch.tensor([1.0, 0.6, 0.2])[:, None, None]
        return x

    lamp = carried(Image.new("RGB", (512, 384), (90, 90, 90)), night=lit)[46, 50]
    assert np.abs(lamp - (255, 153, 51)).max() <= 15, "three pixels wide, it loses a little of its light"


def test_a_broad_halo_that_only_the_translation_has_spreads_until_it_is_not_seen():
    def with_rim(x: torch.Tensor) -> torch.Tensor:
        x = x / 3
        x[..., 200:216] += 0.4
        return x

    row = carried(Image.new("RGB", (2048, 512), (90, 90, 90)), night=with_rim)[256, :, 0]
    assert row.max() < 30 + 0.5 * 0.4 * 255 and np.abs(np.diff(row)).max() <= 1


def test_strips_leave_no_seam(monkeypatch):
    picture = photo(64, 200)
    whole = carried(picture)
    monkeypatch.setattr(guided, "STRIP", 7)
    assert (carried(picture) == whole).all()


def test_a_turned_photo_comes_out_upright_and_without_its_metadata(tmp_path, run):
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "maker"
    exif.get_ifd(0x8825)[1] = "N"
    photo().save(tmp_path / "a.jpg", exif=exif)
    night(tmp_path / "a.jpg", tmp_path / "out")
    result = Image.open(tmp_path / "out/a.jpg")
    assert result.size == (60, 90) and not result.getexif() and "exif" not in result.info
    red = pixels(tmp_path / "out/a.jpg")[..., 2]
    assert red[:, 50].mean() > red[:, 10].mean() + 20  # the sky was above, turned clockwise it is at the right


def test_a_photo_of_another_colour_space_is_converted_to_srgb(tmp_path):
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_and_blue_swapped = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    Image.new("RGB", (8, 8), (200, 20, 0)).save(tmp_path / "a.png", icc_profile=red_and_blue_swapped)
    red, _, blue = paint.open_picture(tmp_path / "a.png")[0].getpixel((0, 0))  # type: ignore[misc]
    assert blue > 190 and red < 10


def test_what_is_transparent_stays_transparent(tmp_path, run):
    picture = photo()
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    picture.save(tmp_path / "a.png")
    night(tmp_path / "a.png", tmp_path / "out")
    assert (pixels(tmp_path / "out/a.png")[..., 3] == pixels(tmp_path / "a.png")[..., 3]).all()


def test_a_broken_picture_is_listed_and_the_others_are_made(tmp_path, run, capsys):
    (tmp_path / "in").mkdir()
    photo().save(tmp_path / "in" / "good.jpg")
    (tmp_path / "in" / "cut.jpg").write_bytes((tmp_path / "in" / "good.jpg").read_bytes()[:300])
    night(tmp_path / "in", tmp_path / "out")
    said = capsys.readouterr().out
    assert "cut.jpg: " in said and "1 of 2 pictures" in said
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["good.jpg"]


def test_nothing_that_exists_is_overwritten(tmp_path, run, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    photo().save(tmp_path / "in" / "a.png")
    photo().save(tmp_path / "in" / "b.png")
    (tmp_path / "out" / "a.png").write_bytes(b"precious")
    night(tmp_path / "in", tmp_path / "out")
    assert (tmp_path / "out" / "a.png").read_bytes() == b"precious"
    said = capsys.readouterr().out
    assert f"1 were there already and were left as they are, such as {tmp_path}/out/a.png" in said
    assert "2 of 2 pictures are in" in said
    night(tmp_path / "in", tmp_path / "out")
    assert "2 were there already" in capsys.readouterr().out


@pytest.mark.parametrize("source", ["in", "in/a.png"])
def test_results_never_go_where_the_pictures_lie(tmp_path, run, source):
    (tmp_path / "in").mkdir()
    photo().save(tmp_path / "in" / "a.png")
    with pytest.raises(SystemExit, match="name another folder"):
        paint.main(["runs/some", str(tmp_path / source), "--out", str(tmp_path / "in"), "--mode", "day-to-night"])


def test_results_inside_the_source_folder_are_not_taken_for_pictures(tmp_path, run):
    photo().save(tmp_path / "a.png")
    for _ in range(2):
        pairs = list(paint.pictures_of(tmp_path, tmp_path / "out"))
        assert [p.name for p, _ in pairs] == ["a.png"]
        paint.paint_all(pairs, lambda picture: picture)


def failing(source: Path, out: Path) -> str | int | None:
    """Paints and gives the sentence or the status with which the command ends."""
    with pytest.raises(SystemExit) as end:
        paint.main(["runs/some", str(source), "--out", str(out), "--mode", "day-to-night"])
    return end.value.code


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file may grow over `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("kind", ["png", "jpg", "tif", "webp", "bmp", "avif", "gif"])
def test_what_does_not_fit_on_the_disk_is_listed_and_the_rest_painted(tmp_path, run, capsys, kind):
    (tmp_path / "in").mkdir()
    for name, size in (("a-small", 16), ("large", 240), ("small", 16)):
        Image.effect_noise((size, size), 90).convert("RGB").save(tmp_path / "in" / f"{name}.{kind}")
    with room_for(6_000):
        assert failing(tmp_path / "in", tmp_path / "out") == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.partition("large")[2] for line in said[:-1]] == [f".{kind}: cannot be written (File too large)"]
    assert said[-1].startswith("2 of 3 pictures are in")
    assert sorted(os.listdir(tmp_path / "out")) == [f"a-small.{kind}", f"small.{kind}"]


def test_a_stop_in_the_middle_leaves_nothing_half_written(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        paint.save_picture(photo(), tmp_path / "a.jpg", "JPEG")
    assert not os.listdir(tmp_path)


def test_a_result_that_its_format_cannot_hold_is_listed(tmp_path, run, capsys, monkeypatch):
    photo().save(tmp_path / "a.webp")
    monkeypatch.setattr(Image.Image, "save", lambda *_, **__: (_ for _ in ()).throw(ValueError("encoding error 5")))
    assert failing(tmp_path / "a.webp", tmp_path / "out") == 1
    assert "a.webp: cannot be written (encoding error 5)" in capsys.readouterr().out


@pytest.mark.parametrize("out", ["file", "file/deeper", "nowhere"])
def test_results_onto_a_file_end_in_one_sentence_before_any_work(tmp_path, monkeypatch, out):
    monkeypatch.setattr(paint, "painter_of", None)  # it would fail if it were called
    photo().save(tmp_path / "a.png")
    (tmp_path / "file").write_bytes(b"precious")
    (tmp_path / "nowhere").symlink_to("lost")
    sentence = failing(tmp_path / "a.png", tmp_path / out)
    assert sentence == f"{tmp_path / out.split('/')[0]} is no folder: name another one with --out"
    assert (tmp_path / "file").read_bytes() == b"precious"


def test_a_folder_that_takes_no_files_is_named_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(paint, "painter_of", None)
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    photo().save(tmp_path / "a.png")
    assert failing(tmp_path / "a.png", tmp_path / "out") == (
        f"{tmp_path} cannot be written to: name another folder with --out"
    )
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_of_a_folder_is_listed_and_the_rest_painted(tmp_path, run, capsys):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    photo().save(tmp_path / "in" / "deep" / "a.png")
    photo().save(tmp_path / "in" / "b.png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "deep").write_bytes(b"precious")
    assert failing(tmp_path / "in", tmp_path / "out") == 1
    assert "deep/a.png: cannot be written (" in capsys.readouterr().out
    assert (tmp_path / "out" / "b.png").exists() and (tmp_path / "out" / "deep").read_bytes() == b"precious"


def test_hidden_twins_and_thumbnails_are_passed_over_and_links_followed(tmp_path, run):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "in" / "@eaDir" / "a.png").mkdir(parents=True)
    photo().save(tmp_path / "elsewhere" / "b.png")
    for name in ("a.png", "._a.png", "@eaDir/a.png/SYNOPHOTO_THUMB_M.png"):
        photo().save(tmp_path / "in" / name)
    (tmp_path / "in" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "elsewhere")
    night(tmp_path / "in", tmp_path / "out")
    made = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert made in (["a.png", "again/b.png"], ["a.png", "link/b.png"])


@pytest.mark.parametrize("name", [b"\xff\xfe.png", b"a\nb.png", "снимок.png".encode(), b"x" * 251 + b".png"])
def test_pictures_of_any_name_are_painted_and_named_in_one_line(tmp_path, run, capsys, name):
    (tmp_path / "in").mkdir()
    photo().save(tmp_path / "in" / "z.png")
    (tmp_path / "in" / "z.png").rename(tmp_path / "in" / os.fsdecode(name))
    night(tmp_path / "in", tmp_path / "out")
    assert [os.fsencode(p.name) for p in (tmp_path / "out").iterdir()] == [name]
    assert failing(tmp_path / "in", tmp_path / "out") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1 + 2


def test_heic_is_named_with_what_to_do(tmp_path, run, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(20))
    assert "HEIC pictures (1, such as a.heic): save them as JPEG" in str(failing(tmp_path / "in", tmp_path / "out"))
    assert failing(tmp_path / "in" / "a.heic", tmp_path / "out") == 1
    assert "a.heic: HEIC, which cannot be read here: save it as JPEG" in capsys.readouterr().out
    photo().save(tmp_path / "in" / "b.png")
    night(tmp_path / "in", tmp_path / "out")
    assert "skipped in" in capsys.readouterr().err


def test_pictures_may_lie_below_the_folder_for_the_results(tmp_path, run):
    (tmp_path / "in").mkdir()
    photo().save(tmp_path / "in" / "a.png")
    night(tmp_path / "in", tmp_path)
    assert (tmp_path / "a.png").exists()


def test_16_bits_are_painted_as_bright_as_they_are(tmp_path, run):
    Image.fromarray(np.full((60, 90), 30_000, np.uint16)).save(tmp_path / "a.png")
    night(tmp_path / "a.png", tmp_path / "out", "--strength", "0")
    assert np.unique(pixels(tmp_path / "out/a.png")) == [117]


@pytest.mark.parametrize(
    ("recipe", "options", "sentence"),
    [
        (
            "cyclegan",
            ["--style", "a.png"],
            "translates between day and night: name --mode day-to-night or",
        ),
        ("distill", ["--mode", "day-to-night"], r"paints in styles: name a style picture \(--style\)"),
        (
            "cats",
            ["--mode", "day-to-night"],
            "is a run of the recipe cats, which no task has: name a run of",
        ),
    ],
)
def test_a_run_of_a_task_that_cannot_do_it_says_what_to_name(tmp_path, monkeypatch, recipe, options, sentence):
    monkeypatch.chdir(tmp_path)
    photo().save("a.png")
    runs.create_folder(tmp_path / "run", {"recipe": recipe})
    with pytest.raises(SystemExit, match=sentence) as stop:
        paint.main(["run", "a.png", "--out", "out", *options])
    assert "\n" not in str(stop.value)


def test_an_hour_is_refused_where_the_network_knows_only_one(tmp_path):
    photo().save(tmp_path / "a.png")
    small = Path(paint.__file__).parent / "daynight/published/small"
    arguments = [str(small), str(tmp_path / "a.png"), "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit, match=r"--hour and --lights are for runs of training\.daynight\.train_scene"):
        paint.main([*arguments, "--mode", "day-to-night", "--hour", "50"])
    with pytest.raises(SystemExit, match="--lights are for --mode day-to-night"):
        paint.main([*arguments, "--mode", "night-to-day", "--lights", "50"])


@pytest.mark.parametrize("options", [[], ["--mode", "day-to-night", "--style", "x.png"]])
def test_style_or_mode_must_be_named(tmp_path, options):
    photo().save(tmp_path / "a.png")
    with pytest.raises(SystemExit, match="either a style picture"):
        paint.main(["runs/some", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), *options])


def test_a_folder_without_pictures_ends_in_one_sentence(tmp_path):
    with pytest.raises(SystemExit, match="holds no picture"):
        paint.main(["runs/some", str(tmp_path), "--out", str(tmp_path / "out"), "--mode", "day-to-night"])


WHOLE = 200 / 255


class Brightener(torch.nn.Module):
    """Paints, slowly at first, the colour that the vector holds."""

    bold = False

    def forward(self, x, vector):
        return x + (vector[:, 1:, None, None] / WHOLE) ** 2 * (WHOLE - x)


class Stub:
    """Stands for a style pair: the vector is no share of the photo, and the mean colour."""

    state: ClassVar = {"photo_mean_vector": torch.zeros(4)}
    predictor = staticmethod(lambda x: torch.nn.functional.pad(x.mean((2, 3)), (1, 0)))
    transformer = Brightener()


@pytest.mark.parametrize(("strength", "expected"), [(0, 100), (25, 125), (50, 150), (75, 175), (100, 200)])
def test_a_strength_changes_the_photo_by_its_share(strength, expected):
    request = Request(strength=strength / 100)
    painter = stylist(Stub(), Image.new("RGB", (64, 64), (200,) * 3), request)  # type: ignore[arg-type]
    result = painter(Image.new("RGB", (50, 41), (100,) * 3))
    assert result.size == (50, 41) and abs(result.getpixel((20, 20))[0] - expected) <= 2  # type: ignore[index]


@pytest.fixture(scope="module")
def transformer() -> StyleTransformer:
    torch.manual_seed(0)
    return StyleTransformer(channels=8, blocks=2, exit=4).eval()


@torch.inference_mode()
def test_a_picture_painted_in_tiles_has_no_seams(transformer, monkeypatch):
    """Tiles against the whole with the same statistics, at a size that is no multiple of 8."""
    monkeypatch.setattr(tiles, "SIDE", 128)
    picture = photo(311, 203)
    vector = torch.randn(1, 100)
    pixels = np.asarray(picture)
    reduced = tiles.resized(pixels, 128)
    painted = tiles.in_tiles(transformer, pixels, reduced, vector).astype(int)
    with recorded_statistics() as statistics:
        tiles.whole(transformer, reduced, vector)
    with given_statistics(statistics):
        whole = tiles.whole(transformer, pixels, vector)
    assert painted.shape == (203, 311, 3) and painted.std() > 3
    assert np.abs(painted - whole).max() <= 1


def test_tiles_overlap_by_as_far_as_the_network_sees(transformer):
    """4 blocks' convolutions and the exit's at a quarter, two at a half, and what of the stem lies in the tile."""
    assert tiles.reach(transformer) == 28


@pytest.mark.parametrize("size", [(311, 203), (90, 70)])
@torch.inference_mode()
def test_what_is_painted_large_is_reduced_what_is_seen_on_the_screen(transformer, monkeypatch, size):
    monkeypatch.setattr(tiles, "SIDE", 128)
    picture, vector = photo(*size), torch.randn(1, 100)
    large = np.asarray(tiles.paint(transformer, picture, vector))
    screen = tiles.resized(np.asarray(picture), 128)
    seen = np.asarray(tiles.paint(transformer, Image.fromarray(screen), vector)).astype(float)
    assert large.shape == (size[1], size[0], 3)
    assert np.abs(levels.reduced(large, *seen.shape[:2]) - seen).mean() < 0.03 * 255


@torch.inference_mode()
def test_kept_colours_are_the_photos_and_the_light_is_the_paintings(transformer):
    picture, vector = photo(96, 80), torch.randn(1, 100)
    painted = np.asarray(tiles.paint(transformer, picture, vector)).astype(float)
    kept = np.asarray(tiles.paint(transformer, picture, vector, keep_colours=True)).astype(float)
    inside = ((kept > 0) & (kept < 255)).all(2)
    colours = (kept - np.asarray(picture))[inside]
    assert inside.mean() > 0.5 and np.abs(colours - colours[:, :1]).max() <= 2, "all three differ alike"
    assert np.abs(((kept - painted) @ tiles.LIGHT)[inside]).max() <= 2


@pytest.mark.parametrize("options", [["--stroke-size", "2"], ["--keep-colours"]])
def test_day_and_night_have_no_strokes(tmp_path, options):
    photo().save(tmp_path / "a.png")
    arguments = ["runs/some", str(tmp_path / "a.png"), "--out", str(tmp_path / "out"), "--mode", "day-to-night"]
    with pytest.raises(SystemExit, match="are for --style"):
        paint.main([*arguments, *options])
