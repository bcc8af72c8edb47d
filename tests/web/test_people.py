"""People in the photo: painted half as strongly as all else, or as Adjust says; on the screen and in files."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from server import WEB
from tests.web.conftest import QUIET, OpenStudio, Pixels, Studio, encoded, read
from tests.web.faulty_site import OpenSite, not_found
from tests.web.test_adjust import open_adjust, painted_after
from tests.web.test_page_access import SMALL_TARGETS, settle, violations
from tests.web.test_page_layout import resize

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

SAMPLES = WEB / "samples"
FACE = (slice(100, 190), slice(240, 300))  # of the sample portrait at 512 x 341 px
WALL = (slice(10, 330), slice(10, 100))


def reduced(name: str, side: int = 512) -> Image.Image:
    photo = Image.open(SAMPLES / f"{name}.jpg").convert("RGB")
    photo.thumbnail((side, side), Image.Resampling.BOX)
    return photo


def sample(name: str) -> bytes:
    return encoded(reduced(name))


def original(name: str = "portrait") -> Pixels:
    return np.asarray(reduced(name))


def changed(picture: Pixels, place: tuple[slice, slice], name: str = "portrait") -> float:
    return float(np.abs(picture[place].astype(int) - original(name)[place]).mean())


def set_people(studio: Studio, value: int) -> Pixels:
    open_adjust(studio)
    expect(studio.part("person-strength").first).to_be_visible(timeout=30_000)
    return painted_after(studio, lambda: studio.part("person-strength").locator("visible=true").fill(str(value)))


def test_the_person_is_left_as_in_the_photo_and_the_wall_is_painted(studio: Studio) -> None:
    usual = studio.paint(sample("portrait"), "portrait.jpg")
    plain = set_people(studio, 100)
    spared = set_people(studio, 0)
    assert changed(plain, FACE) > 15
    assert changed(spared, FACE) < 0.2 * changed(plain, FACE)
    assert 0.3 < changed(usual, FACE) / changed(plain, FACE) < 0.7
    np.testing.assert_allclose(spared[WALL].astype(int), plain[WALL], atol=8)
    np.testing.assert_allclose(usual[WALL].astype(int), plain[WALL], atol=8)
    np.testing.assert_array_equal(set_people(studio, 50), usual)


def test_without_the_mask_people_are_painted_as_all_else_is(chromium: Browser, open_site: OpenSite) -> None:
    site = open_site()
    site.fail("models/person-mask/manifest.json", not_found)
    with chromium.new_context(**QUIET) as context:
        studio = Studio(context.new_page())
        studio.page.goto(f"{site.address}/?backend=wasm")
        studio.wait_for("ready")
        plain = studio.paint(sample("portrait"), "portrait.jpg")
        expect(studio.part("error")).to_be_hidden()
        site.faults.clear()
        assert changed(set_people(studio, 50), FACE) < 0.7 * changed(plain, FACE)
        np.testing.assert_array_equal(set_people(studio, 100), plain)


def test_the_mask_is_fetched_with_the_first_painting_and_the_control_is_there_where_people_are(
    open_studio: OpenStudio,
) -> None:
    studio = open_studio()
    assert studio.asked_for("models/person-mask") == []
    studio.paint(sample("portrait"), "portrait.jpg")
    assert studio.asked_for("models/person-mask") != []
    expect(studio.part("person-strength").first).to_be_hidden()
    open_adjust(studio)
    expect(studio.part("person-strength").first).to_be_visible(timeout=30_000)
    expect(studio.part("person-strength").first).to_have_value("50")
    studio.paint(sample("mountain-lake"), "lake.jpg")
    expect(studio.part("stroke-size")).to_be_visible()
    expect(studio.part("person-strength").first).to_be_hidden()
    studio.paint(sample("portrait"), "portrait.jpg")
    expect(studio.part("person-strength").first).to_be_visible(timeout=30_000)
    expect(studio.part("person-strength").first).to_have_value("50")


def test_who_was_found_is_shown_on_demand_over_the_picture(studio: Studio) -> None:
    studio.paint(sample("portrait"), "portrait.jpg")
    set_people(studio, 40)
    shown = studio.part("mask-show").locator("visible=true")
    mask = studio.page.locator("canvas.mask").first
    expect(mask).to_be_hidden()
    shown.click()
    expect(mask).to_be_visible()
    assert violations(studio) == []
    tint = tints(studio)
    assert tint[FACE].mean() > 140
    assert tint[WALL].mean() < 5
    shown.click()
    expect(mask).to_be_hidden()


def test_a_person_keeps_half_of_their_light_when_day_turns_to_night_or_all_of_it(studio: Studio) -> None:
    studio.paint(sample("portrait"), "portrait.jpg")
    studio.part("mode-day-to-night").click()
    studio.wait_for("done")
    usual = studio.result()
    night, kept = (set_people(studio, strength) for strength in (100, 0))
    assert changed(night, FACE) > 30
    assert changed(usual, FACE) == pytest.approx(changed(night, FACE) / 2, rel=0.2)
    assert changed(kept, FACE) < 0.2 * changed(night, FACE)
    assert changed(kept, WALL) > 0.8 * changed(night, WALL)


def test_the_saved_file_spares_the_person_as_the_screen_does(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(encoded(reduced("portrait", 1024).resize((1536, 1024)).crop((0, 150, 1536, 790))))
    screen = set_people(studio, 20)
    studio.save_as("PNG", "full")
    with studio.page.expect_download(timeout=180_000) as download:
        studio.part("download").click()
    saved = Image.open(download.value.path()).convert("RGB")
    assert saved.width == 1536
    seen = np.asarray(saved.resize(screen.shape[1::-1], Image.Resampling.BOX))
    assert np.abs(seen.astype(int) - screen).mean() < 0.03 * 255


def test_cancel_brings_the_former_strength_on_people_back(studio: Studio) -> None:
    studio.paint(sample("portrait"), "portrait.jpg")
    painted = set_people(studio, 60)
    studio.part("person-strength").first.evaluate("""(slider) => {
        slider.value = '0';
        slider.dispatchEvent(new Event('change'));
        document.querySelector('[data-testid=cancel]').click();
    }""")
    assert studio.state == "done"
    expect(studio.part("person-strength").first).to_have_value("60")
    np.testing.assert_array_equal(studio.result(), painted)


def test_on_a_phone_its_controls_can_be_touched(open_studio: OpenStudio) -> None:
    studio = open_studio(viewport={"width": 390, "height": 844}, has_touch=True, locale="ru")
    studio.paint(sample("portrait"), "portrait.jpg")
    set_people(studio, 30)
    for size in ((390, 844), (844, 390)):
        resize(studio, size)
        settle(studio)
        assert violations(studio) == [], size
        assert studio.page.evaluate(SMALL_TARGETS) == [], size


CORNER = (slice(10, 30), slice(10, 30))


def tints(studio: Studio) -> np.ndarray:
    """How strongly each place of the picture is tinted as a person, 0..255."""
    return read(studio.page.locator("canvas.mask").first)[..., 3]


def start_brush(studio: Studio) -> None:
    studio.part("mask-brush").locator("visible=true").click()
    expect(studio.part("brush-size").locator("visible=true")).to_be_visible()


def stroke(studio: Studio, start: tuple[float, float], end: tuple[float, float]) -> Pixels:
    """Draws between two places, in shares of the picture's sides."""
    box = studio.page.locator("canvas.mask").first.bounding_box()
    assert box
    ends = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]

    def draw() -> None:
        studio.page.mouse.move(*ends[0])
        studio.page.mouse.down()
        studio.page.mouse.move(*ends[1], steps=4)
        studio.page.mouse.up()

    return painted_after(studio, draw)


def test_a_brush_adds_and_takes_away_and_each_stroke_can_be_undone(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(sample("portrait"), "portrait.jpg")
    spared = set_people(studio, 0)
    start_brush(studio)
    assert tints(studio)[CORNER].max() < 20
    added = stroke(studio, (0.02, 0.03), (0.2, 0.1))
    assert tints(studio)[CORNER].mean() > 100
    assert changed(added, CORNER) < 0.4 * changed(spared, CORNER)

    studio.part("brush-remove").locator("visible=true").click()
    removed = stroke(studio, (0.5, 0.3), (0.55, 0.5))
    assert changed(removed, (slice(110, 150), slice(260, 278))) > 10
    undo = studio.part("brush-undo").locator("visible=true")
    np.testing.assert_array_equal(painted_after(studio, undo.click), added)
    np.testing.assert_array_equal(painted_after(studio, undo.click), spared)
    expect(undo).to_be_disabled()
    assert violations(studio) == []


def test_the_brush_is_led_by_keys(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(sample("portrait"), "portrait.jpg")
    set_people(studio, 0)
    start_brush(studio)
    canvas = studio.page.locator("canvas.mask").first
    canvas.focus()
    for _ in range(23):
        studio.page.keyboard.press("ArrowLeft")
        studio.page.keyboard.press("ArrowUp")
    painted_after(studio, lambda: studio.page.keyboard.press("Space"))
    assert tints(studio)[10:20, 15:25].mean() > 100


def test_corrections_are_kept_through_effects_and_in_the_file(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(sample("portrait"), "portrait.jpg")
    set_people(studio, 0)
    start_brush(studio)
    stroke(studio, (0.02, 0.03), (0.2, 0.1))
    studio.part("mode-day-to-night").click()
    studio.wait_for("done")
    plain, kept = (set_people(studio, strength) for strength in (100, 0))
    assert changed(kept, CORNER) < 0.4 * changed(plain, CORNER)
    studio.save_as("PNG", "full")
    with studio.page.expect_download() as download:
        studio.part("download").click()
    saved = np.asarray(Image.open(download.value.path()).convert("RGB"))
    assert changed(saved, CORNER) < 0.4 * changed(plain, CORNER)


def test_cancel_brings_the_mask_before_a_stroke_back(open_studio: OpenStudio) -> None:
    studio = open_studio()
    studio.paint(sample("portrait"), "portrait.jpg")
    painted = set_people(studio, 0)
    before = tints(studio)
    start_brush(studio)
    studio.page.locator("canvas.mask").first.evaluate("""(canvas) => {
        const key = new KeyboardEvent('keydown', { key: ' ', bubbles: true });
        canvas.dispatchEvent(key);
        document.querySelector('[data-testid=cancel]').click();
    }""")
    assert studio.state == "done"
    np.testing.assert_array_equal(studio.result(), painted)
    np.testing.assert_array_equal(tints(studio), before)
