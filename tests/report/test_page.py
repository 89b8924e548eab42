"""Tests for wfplan.report.page: the file as a whole, without a browser."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from wfplan.domain.people import Agent
from wfplan.report import render

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Page(HTMLParser):
    """Elements, ids, links and a check that tags are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.sources: list[str] = []
        self.handlers: list[str] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.mistakes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements[tag] += 1
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(values["id"])
        if tag == "a":
            self.targets.append(values["href"])
        self.sources += [values[k] for k in ("src", "srcset") if k in values]
        self.handlers += [k for k in values if k.startswith("on")]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements[tag] += 1

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(f"</{tag}> at {self.getpos()}")


@pytest.fixture(scope="module")
def text(small):
    return render(small)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def hostile(small):
    """The run with markup in every text that somebody else may have written."""
    agents = tuple(
        a.model_copy(update={"name": EVIL, "team": EVIL}) for a in small.problem.agents[:5]
    )
    calendar = tuple(d.model_copy(update={"name": EVIL}) for d in small.problem.calendar)
    warnings = tuple(replace(w, reason=EVIL, value=EVIL) for w in small.problem.warnings)
    problem = small.problem.model_copy(
        update={
            "agents": agents,
            "calendar": calendar,
            "warnings": warnings,
            "name": EVIL,
            "site": EVIL,
            "scenario": (EVIL,),
        }
    )
    return replace(
        small,
        problem=problem,
        solution=replace(small.solution, misses=(EVIL,)),
        demand=replace(small.demand, notes=(EVIL,)),
    )


def test_every_element_is_closed_in_order(page):
    assert page.mistakes == []
    assert page.open == []


def test_ids_are_unique_and_every_link_leads_somewhere(page):
    assert [i for i, n in Counter(page.ids).items() if n > 1] == []
    assert {t for t in page.targets if t.startswith("#") and t[1:] not in page.ids} == set()
    assert all(t.startswith("#") for t in page.targets)


def test_nothing_is_loaded_from_anywhere(page, text):
    assert page.sources == []
    assert page.handlers == []
    assert "http://" not in text
    assert "https://" not in text
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_runs_our_scripts_and_no_others(text):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
    hashes = {f"'sha256-{b64encode(sha256(s.encode()).digest()).decode()}'" for s in scripts}
    assert set(re.findall(r"'sha256-[^']*'", policy)) == hashes
    assert len(scripts) == 2
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy


def test_headings_do_not_skip_a_level(page):
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps)


def test_text_of_others_is_shown_and_never_run(small):
    hostile_text = render(hostile(small))
    clean = Page(hostile_text)
    assert clean.mistakes == []
    assert clean.handlers == []
    assert clean.elements["img"] == 0
    assert clean.elements["script"] == 3
    assert "<script>alert" not in hostile_text
    assert "&lt;script&gt;alert(1)" in hostile_text


def test_the_same_run_gives_the_same_bytes(small, text):
    assert render(small) == text


def test_a_file_of_140_people_is_small(run):
    assert len(render(run).encode()) < 2_000_000


def test_ids_lead_and_names_stand_beside_them(small, text):
    agent: Agent = small.problem.agents[0]
    assert f"<b>{agent.agent_id}</b> {agent.name}" in text


def test_inputs_seed_versions_and_stages_are_printed(small, text):
    for part in (
        small.problem.inputs[0].sha256,
        f"<dt>Seed</dt><dd>{small.seed}</dd>",
        '<th scope="row">simulation</th>',
        "391.3",
    ):
        assert part in text


def test_load_acts_on_nothing_and_the_report_says_so(text):
    assert "on handle time and leaving it never does" in text


def test_what_the_plan_could_not_do_is_said(small, text):
    for item in (*small.solution.misses, *small.demand.notes):
        assert item in text
    assert str(small.problem.warnings[0]) in text


def test_nothing_missed_and_nothing_broken_is_said_in_words(empty):
    text = render(empty)
    assert "every floor and minimum that the plan asks for is reached" in text
    assert "no breach found" in text
    assert "The plan has no people." in text
    assert "Nobody works on this day." in text


def test_people_without_work_have_a_page_all_the_same(weeks):
    text = render(weeks.empty_run(has_people=True))
    assert 'id="p-A000"' in text


@pytest.mark.parametrize("name", ["spring", "autumn"])
def test_clock_change_days_are_labelled(name, request):
    text = render(request.getfixturevalue(name))
    hours, way = {"spring": (23, "forward"), "autumn": (25, "back")}[name]
    assert f"({hours} hours)" in text
    assert f"clocks go {way} at" in text


def test_a_scenario_is_not_mistaken_for_the_plan(small):
    problem = small.problem.model_copy(update={"scenario": ("volume=+10%",)})
    text = render(replace(small, problem=problem))
    assert "<strong>Scenario</strong> volume=+10%" in text
