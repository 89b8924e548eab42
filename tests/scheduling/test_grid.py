"""Tests for wfplan.scheduling.person.grid: slots, and what clocks show in them."""

from datetime import timedelta

import pytest

from wfplan.horizon import Horizon
from wfplan.scheduling.person.grid import Grid


@pytest.mark.parametrize("days", [1, 7, 42])
def test_a_grid_reaches_from_the_day_before_to_a_day_and_a_half_after(bench, days):
    grid = Grid.around(Horizon("UTC", bench.MONDAY, days, interval_min=30, slot_min=30))
    assert grid.instant(0) == bench.at(-1, "00:00", timezone="UTC")
    assert grid.instant(grid.slots) == bench.at(days, "36:00", timezone="UTC")


def test_clocks_show_the_hour_that_the_spring_night_takes_and_count_on_over_weeks(bench):
    grid = Grid.around(Horizon("Europe/Dublin", bench.SPRING, 14, interval_min=60, slot_min=60))
    sunday = bench.SPRING + timedelta(days=6)
    wall = grid.wall_min(sunday, "Europe/Dublin")
    first = grid.slot(bench.at(6, "00:00", monday=bench.SPRING))
    assert wall[first : first + 4].tolist() == [0, 120, 180, 240]
    later = grid.slot(bench.at(13, "09:00", monday=bench.SPRING))
    assert wall[later] == 7 * 1440 + 9 * 60
