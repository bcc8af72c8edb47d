"""The page before there is a photo: a sample before and after, words for the device in hand, the promise."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.web.conftest import OpenStudio, Studio
from tests.web.test_page_layout import SIZES, resize

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("without_a_photo")]

LOADED = "document.querySelector('.hero').dataset.sweeps !== undefined"
SETTLED = "Promise.all(document.getAnimations().map((each) => each.finished.catch(() => 0)))"
SPLIT = "getComputedStyle(document.querySelector('.hero-after')).clipPath"
TOUCH = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}


def sample(studio: Studio, name: str) -> Locator:
    return studio.page.get_by_role("button", name=f"Sample photo: {name}", exact=True)


def test_a_sample_is_swept_once_from_before_to_after(open_studio: OpenStudio) -> None:
    studio = open_studio(reduced_motion="no-preference")
    studio.wait_until(LOADED)
    sweeps = studio.page.evaluate("""['.hero-after', '.hero-line'].map((each) => {
        const { animationName, animationIterationCount } = getComputedStyle(document.querySelector(each))
        return [animationName, animationIterationCount]
    })""")
    assert sweeps == [["sweep-picture", "1"], ["sweep-line", "1"]], "the picture and the line, once"
    studio.page.evaluate(SETTLED)
    assert studio.page.evaluate(SPLIT) == "inset(0px 0px 0px 50%)"
    widths = studio.page.evaluate("[...document.querySelectorAll('.hero img')].map((each) => each.naturalWidth)")
    assert widths == [960, 960]


def test_without_motion_it_is_shown_half_and_half(open_studio: OpenStudio) -> None:
    studio = open_studio(reduced_motion="reduce")
    studio.wait_until(LOADED)
    assert studio.page.evaluate("document.getAnimations().length") == 0
    assert studio.page.evaluate(SPLIT) == "inset(0px 0px 0px 50%)"


def test_strength_and_saving_come_with_a_photo_and_go_with_it(studio: Studio) -> None:
    controls = [studio.part("strength"), studio.page.locator("#adjust"), studio.part("download")]
    controls.append(studio.page.locator("#save-as"))
    for control in controls:
        expect(control).to_be_hidden()
    studio.paint()
    for control in controls:
        expect(control).to_be_visible()
    expect(studio.part("stroke-size")).to_be_hidden()  # folded away
    studio.page.locator("#clear").click()
    for control in controls:
        expect(control).to_be_hidden()


def test_each_effect_invites_with_its_own_headline_and_its_own_sample(studio: Studio) -> None:
    headline, before = studio.page.locator("#headline"), studio.page.locator(".hero-before")
    expect(headline).to_have_text("Your photo, painted")
    expect(before).to_have_attribute("src", re.compile("mountain-lake-before"))
    studio.part("mode-time").click()
    expect(headline).to_have_text("From day to night, and back")
    expect(before).to_have_attribute("src", re.compile("day-street-before"))
    studio.page.locator("#hero").click()
    studio.wait_for("done")
    expect(studio.part("status")).to_have_text("Night, 1024 × 683 px")


@pytest.mark.parametrize(
    ("name", "tab", "effect"),
    [
        ("Street by night", "Time of day", "Day"),
        ("House at dusk", "Style", "Stained glass"),
        ("Street by day", "Time of day", "Night"),
    ],
)
def test_each_sample_starts_the_effect_that_suits_it(studio: Studio, name: str, tab: str, effect: str) -> None:
    sample(studio, name).click()
    studio.wait_for("done")
    expect(studio.page.get_by_role("tab", selected=True)).to_have_text(tab)
    expect(studio.part("status")).to_have_text(f"{effect}, 1024 × 683 px")


def test_samples_are_large_enough_to_judge(open_studio: OpenStudio) -> None:
    studio = open_studio(viewport={"width": 390, "height": 844})
    for each in studio.page.locator(".sample").all():
        box = each.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 64


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_a_device_that_is_touched_hears_nothing_of_dropping_and_pasting(open_studio: OpenStudio, locale: str) -> None:
    studio = open_studio(locale=locale, **TOUCH)
    shown = studio.page.locator("#welcome").inner_text().lower()
    assert ("choose or take a photo" if locale == "en" else "выберите или снимите фото") in shown
    assert not re.search("drop|paste|перетащи|вставь", shown)


def test_the_promise_is_in_sight_at_every_size_and_behind_it_what_paints(open_studio: OpenStudio) -> None:
    studio = open_studio()
    promise = studio.page.get_by_role("button", name="Stays on this device")
    for act in (lambda: None, studio.paint):
        act()
        for size in SIZES:
            resize(studio, size)
            expect(promise).to_be_in_viewport(ratio=1)
    promise.click()
    expect(studio.page.get_by_role("dialog", name="On this device")).to_contain_text("WebAssembly · processor")
