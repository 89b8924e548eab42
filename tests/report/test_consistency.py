"""Tests for wfplan.report.consistency: the panel of the seven numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wfplan.evaluation import consistency
from wfplan.evaluation.consistency import NAMES
from wfplan.report import render
from wfplan.report.consistency import LABELS, even_definitions, even_panels
from wfplan.report.timeline import day_axes


@pytest.fixture(scope="module")
def panels(small):
    return even_panels(small, day_axes(small), consistency(small))


def test_every_channel_with_contacts_has_a_panel(panels):
    assert [panel.channel for panel in panels] == ["voice", "chat", "email", "social"]
    assert all([row.name for row in panel.rows] == list(LABELS.values()) for panel in panels)


def test_every_number_has_a_label():
    assert tuple(LABELS) == NAMES


def test_the_ordinary_number_stands_beside_the_tail(panels, small):
    voice = consistency(small)[0]
    row = panels[0].rows[0]
    level = voice.number("level_p10")
    assert row.value == f"{100 * level.value:.0f}\u202f%"
    assert row.beside == f"{100 * level.beside:.0f}\u202f% on average"


def test_the_worst_is_placed_in_local_time(panels, small):
    at = consistency(small)[0].number("worst_to_median").at
    place = panels[0].rows[4].place
    assert re.fullmatch(r"at \w{3} \d\d:\d\d", place)
    assert int(place[-5:-3]) == int(at[11:13]) + 1  # Irish summer time
    assert panels[0].rows[5].place.startswith("worst on ")


def test_nobody_hangs_up_on_an_e_mail(panels):
    row = panels[2].rows[2]
    assert (row.value, row.beside, row.place) == ("–", "–", "")


def area(path):
    return sum(float(w) * float(h) for w, h in re.findall(r"h([\d.]+)v([\d.]+)h-", path))


def test_every_interval_with_contacts_is_drawn_once(panels, small):
    for panel, report in zip(panels, consistency(small), strict=True):
        assert sum(area(c.path) for c in panel.classes) == report.is_known.sum()
        struck = [c for c in panel.classes if c.strike]
        assert sum(area(c.path) for c in struck) == report.is_failing.sum()


def test_an_hour_that_comes_twice_is_drawn_in_halves(autumn):
    report = consistency(autumn)[0]
    assert report.is_known.all()
    twice = 2 * 60 / autumn.horizon.interval_min
    panel = even_panels(autumn, day_axes(autumn), [report])[0]
    assert sum(area(c.path) for c in panel.classes) == report.is_known.sum() - twice / 2


def test_the_sentence_counts_what_fails(panels, small):
    report = consistency(small)[0]
    fail, total = report.is_failing.sum(), report.is_known.sum()
    assert panels[0].sentence.startswith(f"{fail} intervals of {total} (15 min each) below 80")


def test_intervals_that_are_good_on_average_only_have_a_colour_of_their_own(small):
    channel = small.outcome.measures["channel"] == "voice"
    is_level = channel & (small.outcome.measures["measure"] == "service_level")
    rows = small.outcome.measures[is_level & small.outcome.measures["interval_start"].notna()]
    often = rows.assign(measure="promise_kept", value=0.1)
    table = pd.concat([small.outcome.measures, often], ignore_index=True)
    thin = replace(small, outcome=replace(small.outcome, measures=table))
    report = consistency(thin)[0]
    panel = even_panels(thin, day_axes(thin), [report])[0]
    only = np.count_nonzero(report.is_known & ~report.is_failing)
    assert area(panel.classes[1].path) == only > 0
    assert panel.classes[0].path == ""
    assert f"{only} reach it on average only, in less than 80" in panel.sentence


def test_every_number_links_to_its_definition(small):
    page = render(small)
    section = page[page.index('id="even"') : page.index('id="intervals"')]
    links = set(re.findall(r'href="#(d-even-[\w-]+)"', section))
    assert links == {anchor for anchor, _, _ in even_definitions(consistency(small))}
    assert all(page.count(f'id="{link}"') == 1 for link in links)


def test_a_week_without_contacts_says_so(empty):
    assert even_panels(empty, day_axes(empty), consistency(empty)) == ()
    assert "Nothing to judge" in render(empty)
