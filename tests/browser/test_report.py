"""The report in headless Chromium: quiet, offline, in place, at phone and desktop width."""

from __future__ import annotations

from itertools import pairwise

import pytest

DESKTOP, PHONE = (1440, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
REPORTS = pytest.mark.parametrize("name", ["week", "spring", "autumn", "empty"])

OVERFLOWING = """() => [...document.querySelectorAll('body *')].filter(e => {
    if (e.closest('.scroll, nav, .sr, .skip, svg') || !e.checkVisibility()) return false;
    const box = e.getBoundingClientRect();
    return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
}).map(e => `${e.tagName}.${e.className} ${Math.round(e.getBoundingClientRect().right)}`)"""

OVERLAPS = """() => {
    const found = [];
    for (const svg of document.querySelectorAll('.panel.on svg')) {
        const texts = [...svg.querySelectorAll(':scope > text')].filter(t => t.checkVisibility());
        const boxes = texts.map(t => [t.textContent, t.getBoundingClientRect()]);
        boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
            const across = p.left < q.right && q.left < p.right;
            if (across && p.top + 3 < q.bottom && q.top + 3 < p.bottom) found.push(`${a} | ${b}`);
        }));
    }
    return found;
}"""

CONTRASTS = """() => {
    const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
    const light = c => c.slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const under = e => {
        for (let at = e; at; at = at.parentElement) {
            const c = parse(getComputedStyle(at).backgroundColor);
            if (c.length === 3 || c[3] === 1) return c;
        }
        return [255, 255, 255];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const worst = {};
    let count = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const e = node.parentElement;
        if (!node.textContent.trim() || e.closest('title, script')) continue;
        if (!e.checkVisibility()) continue;
        const style = getComputedStyle(e);
        const ink = parse(e.closest('svg') ? style.fill : style.color);
        const [a, b] = [light(ink), light(under(e))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        count += 1;
        if (ratio < 4.5) worst[`${e.tagName}.${e.className.baseVal ?? e.className}`] = ratio;
    }
    return [count, worst];
}"""


@SIZES
@REPORTS
def test_the_report_is_quiet_and_asks_nobody_for_anything(reports, opened, name, size):
    found = opened(reports[name], size)
    found.page.wait_for_load_state("networkidle")
    assert found.messages == []
    assert [u for u in found.requests if not u.startswith("data:")] == [reports[name].as_uri()]


@SIZES
@REPORTS
def test_nothing_sticks_out_of_the_page(reports, opened, name, size):
    page = opened(reports[name], size).page
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.evaluate(OVERFLOWING) == []


@SIZES
def test_an_opened_person_and_table_stay_inside_the_page_too(reports, opened, size):
    page = opened(reports["week"], size).page
    page.evaluate("document.querySelectorAll('.person').forEach((p, i) => p.open = i < 30)")
    page.evaluate("document.querySelectorAll('details.table').forEach(d => d.open = true)")
    page.wait_for_selector("#interval-table td")
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert page.evaluate(OVERFLOWING) == []


@SIZES
@REPORTS
def test_labels_of_a_chart_do_not_overlap(reports, opened, name, size):
    page = opened(reports[name], size).page
    for day in range(7):
        page.locator("[data-group=interval] select").first.select_option(index=day)
        page.locator("[data-group=gantt] select").first.select_option(index=day)
        assert page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["week", "empty"])
def test_text_stands_out_from_its_ground(reports, opened, name, scheme):
    """WCAG 2.2, 1.4.3: a contrast of 4.5 or more, whatever the size of the text."""
    page = opened(reports[name], color_scheme=scheme).page
    page.evaluate("document.querySelectorAll('details').forEach((d, i) => d.open = i < 12)")
    count, faint = page.evaluate(CONTRASTS)
    assert count > 200
    assert faint == {}


@REPORTS
def test_every_table_has_a_caption_and_a_note_that_defines_it(reports, opened, name):
    page = opened(reports[name]).page
    page.evaluate("document.querySelectorAll('details.table').forEach(d => d.open = true)")
    tables = page.evaluate("""() => [...document.querySelectorAll('table')].map(t => ({
        caption: t.caption?.textContent.trim() ?? '',
        heads: [...t.querySelectorAll('thead th')].every(th => /^col(group)?$/.test(th.scope)),
        noted: Boolean(t.closest('section').querySelector('.note')),
    }))""")
    assert tables
    assert all(table["caption"] and table["heads"] and table["noted"] for table in tables)


def test_headings_go_down_one_level_at_a_time(reports, opened):
    page = opened(reports["week"]).page
    levels = page.evaluate("""() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
        .filter(h => h.checkVisibility()).map(h => Number(h.tagName[1]))""")
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_300_people_open_in_three_seconds(reports, opened):
    page = opened(reports["autumn"]).page
    page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd") < 3000
    assert reports["autumn"].stat().st_size < 6_000_000


def test_without_a_script_everything_is_shown_at_once(reports, opened):
    page = opened(reports["week"], java_script_enabled=False).page
    assert page.locator(".chart:visible").count() == 28
    assert page.locator(".gantt:visible").count() == 7
    assert not page.locator(".controls:visible").count()
    assert page.locator(".person summary:visible").count() == 140


def test_on_paper_there_is_no_navigation_and_one_chart_of_a_kind(reports, opened):
    page = opened(reports["week"]).page
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator(".controls:visible").count()
    assert page.locator(".chart:visible").count() == 1
    assert page.locator(".verdict").is_visible()


def test_markup_in_names_is_text(weeks, tmp_path, opened):
    from dataclasses import replace

    from wfplan.report import render

    evil = '<img src=x onerror="window.hit=1"><script>window.hit=2</script>\';window.hit=3;//'
    run = weeks.synthetic_run(6)
    agents = tuple(a.model_copy(update={"name": evil, "team": evil}) for a in run.problem.agents)
    problem = run.problem.model_copy(update={"agents": agents, "name": evil, "scenario": (evil,)})
    solution = replace(run.solution, misses=(evil,))
    path = tmp_path / "evil.html"
    path.write_text(render(replace(run, problem=problem, solution=solution)), encoding="utf-8")
    found = opened(path)
    found.page.locator("#gantt-team").select_option(index=1)
    found.page.locator("#person-search").fill("img src")
    assert found.page.locator(".person:visible").count() == 6
    assert found.page.evaluate("window.hit") is None
    assert found.page.locator("h1").inner_text().startswith("<img")
    assert found.messages == []


def test_the_policy_stops_a_script_that_is_not_ours(reports, opened, tmp_path):
    text = reports["empty"].read_text(encoding="utf-8")
    path = tmp_path / "changed.html"
    path.write_text(text.replace("</main>", "<script>window.hit = 1</script></main>"), "utf-8")
    found = opened(path)
    assert found.page.evaluate("window.hit") is None
    assert any("Content Security Policy" in message for message in found.messages)


@SIZES
def test_every_number_of_the_consistency_report_leads_to_its_definition(reports, opened, size):
    page = opened(reports["week"], size).page
    links = page.locator("#even a")
    assert links.count() == 4 * 7  # channels times numbers
    for i in range(7):
        links.nth(i).focus()
        page.keyboard.press("Enter")
        target = page.locator(":target")
        assert target.locator("dt").inner_text() == links.nth(i).inner_text()
        assert len(target.locator("dd").inner_text()) > 40


@SIZES
def test_the_pictures_of_evenness_keep_their_labels_apart(reports, opened, size):
    page = opened(reports["week"], size).page
    overlaps = page.evaluate(OVERLAPS.replace(".panel.on svg", "#even svg"))
    assert overlaps == []
