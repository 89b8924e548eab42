"""Tests for wfplan.report.charts_heat."""

from __future__ import annotations

import re

import numpy as np
import pytest

from wfplan.report.charts_heat import heatmaps
from wfplan.report.data import Measures, channel_series
from wfplan.report.timeline import day_axes, shown_window

CELL = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-[\d.]+z")


def maps_of(run):
    series = channel_series(run, Measures(run.outcome))
    return series, heatmaps(run.horizon, shown_window(run), day_axes(run), series)


def cells(heatmap):
    return [tuple(map(float, m)) for c in heatmap.classes for m in CELL.findall(c.path)]


@pytest.mark.parametrize("name", ["run", "spring", "autumn"])
def test_every_known_interval_is_drawn_once(name, request):
    run = request.getfixturevalue(name)
    series, maps = maps_of(run)
    shown = np.concatenate([np.arange(a.first, a.last) for a in day_axes(run)])
    for one in series:
        net = next(m for m in maps if m.key == f"net/{one.name}")
        minutes = run.horizon.interval_minutes
        halves = sum(
            np.isfinite(one.net[t]) and (minutes[a.first : a.last] == minutes[t]).sum() == 2
            for a in day_axes(run)
            for t in range(a.first, a.last)
        )
        area = sum(w * h for _, _, w, h in cells(net))
        assert area == pytest.approx(np.isfinite(one.net[shown]).sum() - halves / 2)


def test_cells_stay_inside_the_map(autumn):
    for heatmap in maps_of(autumn)[1]:
        for x, y, w, h in cells(heatmap):
            assert 0 <= x < x + w <= heatmap.columns
            assert 0 <= y < y + h <= 7


def test_the_hour_that_a_day_has_twice_is_two_half_rows(autumn):
    voice = next(m for m in maps_of(autumn)[1] if m.key == "net/voice")
    half = [c for c in cells(voice) if c[3] == 0.5]
    assert {c[1] for c in half} == {6.0, 6.5}
    assert {x for c in half for x in range(int(c[0]), int(c[0] + c[2]))} == {4, 5, 6, 7}


def test_the_hour_that_a_day_skips_stays_empty(spring):
    voice = next(m for m in maps_of(spring)[1] if m.key == "net/voice")
    sunday = [c for c in cells(voice) if c[1] == 6.0]
    assert sunday
    assert not any(c[0] < 8 and c[0] + c[2] > 4 for c in sunday)


def test_shortage_has_a_line_through_it_and_surplus_has_none(run):
    for heatmap in maps_of(run)[1]:
        for one in heatmap.classes:
            assert bool(one.strike) == (one.style.startswith("u") and bool(one.path))


def test_the_classes_of_a_map_name_what_they_hold(run):
    _, maps = maps_of(run)
    net = next(m for m in maps if m.key == "net/voice")
    assert [c.label.split(" ")[0] for c in net.classes] == ["under"] * 3 + ["within"] + ["over"] * 3
    occupancy = next(m for m in maps if m.key == "occupancy/voice")
    assert occupancy.classes[0].label.startswith("below")
    assert occupancy.unknown == "nobody there"


def test_a_channel_without_anything_has_an_empty_map(empty):
    _, maps = maps_of(empty)
    assert all(m.is_empty for m in maps if m.quantity == "occupancy")
