"""The page of compare, and the fairness section, in headless Chromium at two widths."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfplan.evaluation import compare
from wfplan.report import render_comparison

DESKTOP, PHONE = (1440, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
STICKING_OUT = """() => [...document.querySelectorAll('body *')].filter(e => {
    if (e.closest('.scroll, nav, .sr, .skip, svg') || !e.checkVisibility()) return false;
    const box = e.getBoundingClientRect();
    return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
}).map(e => `${e.tagName}.${e.className}`)"""


@pytest.fixture(scope="session")
def page_file(weeks, tmp_path_factory):
    """Two weeks of 60 people side by side, in the second of which every fifth shift is gone."""
    first = weeks.synthetic_run(60)
    schedule = first.solution.schedule
    shifts = tuple(shift for i, shift in enumerate(schedule.shifts) if i % 5)
    fewer = schedule.model_copy(update={"shifts": shifts})
    second = replace(first, solution=replace(first.solution, schedule=fewer))
    text = render_comparison(
        [first, second], compare([first, second]), ["as told", "as it will be"]
    )
    path = tmp_path_factory.mktemp("compared") / "both.html"
    path.write_text(text, encoding="utf-8")
    return path


@SIZES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_quiet_offline_and_in_place(page_file, opened, size, scheme):
    found = opened(page_file, size, color_scheme=scheme)
    found.page.wait_for_load_state("networkidle")
    assert found.messages == []
    assert [u for u in found.requests if not u.startswith("data:")] == [page_file.as_uri()]
    assert found.page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert found.page.evaluate(STICKING_OUT) == []


@SIZES
def test_every_picture_has_an_area_and_words_for_who_does_not_see_it(page_file, opened, size):
    page = opened(page_file, size).page
    pictures = page.evaluate("""() => [...document.querySelectorAll('#coverage figure svg')].map(
        s => [s.getBoundingClientRect().width, s.getBoundingClientRect().height,
              s.getAttribute('aria-label')])""")
    assert len(pictures) == 4 * 7
    assert all(width > 60 and height > 60 for width, height, _ in pictures)
    assert all("below the need" in label for *_, label in pictures)


@SIZES
def test_dots_lie_inside_their_strips(reports, opened, size):
    page = opened(reports["week"], size).page
    page.locator("#fair").scroll_into_view_if_needed()
    outside = page.evaluate("""() => [...document.querySelectorAll('#fair svg')].flatMap(s => {
        const box = s.getBoundingClientRect();
        return [...s.querySelectorAll('circle')].filter(c => {
            const dot = c.getBoundingClientRect();
            return dot.left < box.left - 1 || dot.right > box.right + 1;
        }).map(c => c.outerHTML);
    })""")
    assert page.locator("#fair svg circle").count() > 50
    assert outside == []


def test_who_is_at_an_end_leads_to_the_page_of_that_person(reports, opened):
    page = opened(reports["week"]).page
    link = page.locator("#fair a").first
    target = link.get_attribute("href")
    assert page.locator(target).count() == 1
