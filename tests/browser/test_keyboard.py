"""The report with a keyboard alone: reach, choose, read, open, find."""

from __future__ import annotations

import pytest

FOCUSED = "document.activeElement"
SHOWN = "document.querySelector('.chart.on').dataset.key"


def tab_to(page, selector, most=400):
    """Press Tab until the focus is on an element."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"{FOCUSED}.matches({selector!r})"):
            return
    pytest.fail(f"Tab does not reach {selector}")


@pytest.fixture
def page(reports, opened):
    return opened(reports["week"]).page


def test_the_first_tab_offers_to_skip_the_navigation(page):
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "week"


def test_day_and_channel_are_chosen_with_tab_and_arrows(page):
    assert page.evaluate(SHOWN) == "0/voice"
    tab_to(page, "[data-group=interval] select")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SHOWN) == "1/voice"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(SHOWN) == "1/chat"
    assert page.locator(".chart:visible h3").inner_text() == "chat, Tuesday 2 June 2026"


def test_a_chart_is_read_interval_by_interval(page):
    tab_to(page, "[data-readout]")
    page.keyboard.press("ArrowRight")
    readout = page.locator("#interval-readout")
    first = readout.inner_text()
    page.keyboard.press("ArrowRight")
    second = readout.inner_text()
    assert first[:5] < second[:5]
    page.keyboard.press("End")
    assert readout.inner_text() > second
    page.keyboard.press("Home")
    assert readout.inner_text() == first
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    text = readout.inner_text()
    assert "required" in text
    assert "service level" in text
    assert page.evaluate("document.querySelector('.chart.on .cursor').checkVisibility()")


def test_the_pointer_reads_the_same_as_the_keyboard(page):
    box = page.locator(".chart.on .area").bounding_box()
    page.locator(".chart.on").scroll_into_view_if_needed()
    box = page.locator(".chart.on .area").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    pointed = page.locator("#interval-readout").inner_text()
    assert "contacts" in pointed
    page.locator(".chart.on [data-readout]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert page.locator("#interval-readout").inner_text() == pointed


def test_the_numbers_of_a_chart_open_and_follow_the_choice(page):
    tab_to(page, "#interval-table summary")
    page.keyboard.press("Enter")
    rows = page.locator("#interval-table tbody tr")
    rows.first.wait_for()
    shown = page.evaluate("(() => { const d = data.days[0]; return d.last - d.first; })()")
    assert rows.count() == shown
    assert "voice, Mon 1 Jun" in page.locator("#interval-table caption").text_content()
    page.locator("[data-group=interval] select").last.focus()
    page.keyboard.press("ArrowDown")
    assert "chat, Mon 1 Jun" in page.locator("#interval-table caption").text_content()


def test_heatmaps_and_gantt_follow_their_own_choices(page):
    tab_to(page, "[data-group=heat] select")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('.heat.on').dataset.key") == "occupancy/voice"
    tab_to(page, "[data-group=gantt] select")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.querySelector('.gantt.on').dataset.key") == "1"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.locator(".gantt.on .team:visible").count() == 1
    assert page.evaluate(SHOWN) == "0/voice"


def test_a_person_is_found_and_opened(page):
    tab_to(page, "#person-search")
    page.keyboard.type("a003")
    assert page.locator(".person:visible").count() == 1
    assert page.locator("#person-count").inner_text() == "1 person"
    tab_to(page, "#p-A003 summary")
    page.keyboard.press("Enter")
    assert page.locator("#p-A003 tbody tr:visible").count() >= 7
    page.locator("#person-search").fill("nobody of that name")
    assert page.locator("#person-none").is_visible()
    page.locator("#person-search").fill("")
    assert page.locator(".person:visible").count() == 140


def test_a_name_in_the_gantt_leads_to_the_person_even_when_she_is_filtered_out(page):
    page.locator("#person-search").fill("a001")
    link = page.locator(".gantt.on .team li a").nth(20)
    person = link.get_attribute("href")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"{person}[open]")
    assert page.evaluate(f"{FOCUSED}.closest('.person').id") == person[1:]
    assert page.locator(".person:visible").count() == 140


def test_what_is_hidden_cannot_be_focused(page):
    hidden = page.evaluate("""() => [...document.querySelectorAll('.panel:not(.on) [tabindex], '
        + '.panel:not(.on) a')].filter(e => { e.focus(); return document.activeElement === e; })
        .length""")
    assert hidden == 0


def test_the_autumn_sunday_reads_its_extra_hour_twice(reports, opened):
    page = opened(reports["autumn"]).page
    page.locator("[data-group=interval] select").first.select_option("6")
    page.locator("#interval-table summary").click()
    page.locator("#interval-table tbody tr").first.wait_for()
    times = page.locator("#interval-table tbody th").all_inner_texts()
    assert len(times) == 100
    assert sum(time.startswith("01:15") for time in times) == 2
