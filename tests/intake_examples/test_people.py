"""Tests for wfplan.intake.examples.people and worked: legal pasts, reachable weeks."""

from __future__ import annotations

import csv
import tomllib
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.intake.examples import EXAMPLES

KINDS = sorted(EXAMPLES)
DUBLIN = ZoneInfo("Europe/Dublin")
HOUR = timedelta(hours=1)


def rows(folder, name):
    with (folder / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contracts_of(folder):
    raw = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    return {name: Contract(name=name, **keys) for name, keys in raw["contracts"].items()}


def channels_of(folder):
    raw = tomllib.loads((folder / "plan.toml").read_text(encoding="utf-8"))
    return [Channel(name=name, **keys) for name, keys in raw["channels"].items()]


def past_of(folder):
    past: dict[str, list[tuple[datetime, datetime]]] = {}
    for row in rows(folder, "history.csv"):
        span = tuple(datetime.fromisoformat(row[edge]) for edge in ("start", "end"))
        past.setdefault(row["agent_id"], []).append(span)
    return {agent: sorted(spans) for agent, spans in past.items()}


def week_of(kind) -> date:
    example = EXAMPLES[kind]
    return example.history_from + timedelta(weeks=example.history_weeks)


@pytest.mark.parametrize(("kind", "people"), [("bank", 60), ("omnichannel", 140), ("night", 76)])
def test_a_centre_has_its_people_with_different_ids_and_names(kind, people, folders):
    agents = rows(folders[kind], "agents.csv")
    assert len({row["agent_id"] for row in agents}) == people
    assert len({row["name"] for row in agents}) == people
    assert all(row["email"].endswith("@example.com") for row in agents)


@pytest.mark.parametrize("kind", KINDS)
def test_every_break_fits_into_every_shift_length_and_onto_the_grid(kind, folders):
    for contract in contracts_of(folders[kind]).values():
        for length in contract.lengths_min:
            for pause in contract.breaks_of(length):
                latest = min(pause.latest_min, length - pause.before_end_min - pause.length_min)
                assert pause.earliest_min <= latest
                assert pause.earliest_min % 15 == latest % 15 == pause.length_min % 15 == 0
            assert length <= 6 * 60 or contract.breaks_of(length)


@pytest.mark.parametrize("kind", KINDS)
def test_past_shifts_keep_daily_and_weekly_rest(kind, folders):
    for spans in past_of(folders[kind]).values():
        rests = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
        assert min(rests) >= 11 * HOUR
        for first in range(len(spans)):
            week = [s for s in spans if spans[first][0] <= s[0] < spans[first][0] + 168 * HOUR]
            inner = [later[0] - earlier[1] for earlier, later in pairwise(week)]
            after = spans[first][0] + 168 * HOUR - week[-1][1]
            assert max([*inner, after]) >= 35 * HOUR


@pytest.mark.parametrize("kind", KINDS)
def test_past_shifts_are_shifts_of_the_contract(kind, folders):
    folder = folders[kind]
    contracts = contracts_of(folder)
    contract_of = {row["agent_id"]: row["contract_type"] for row in rows(folder, "agents.csv")}
    for row in rows(folder, "history.csv"):
        contract = contracts[contract_of[row["agent_id"]]]
        start, end = (datetime.fromisoformat(row[edge]) for edge in ("start", "end"))
        length = (end - start) // timedelta(minutes=1)
        wall = start.astimezone(DUBLIN)
        assert length in contract.lengths_min
        assert contract.paid_min(length) == int(row["paid_min"])
        first, last = contract.start_window
        assert first <= wall.hour * 60 + wall.minute <= last


@pytest.mark.parametrize("kind", KINDS)
def test_the_past_is_the_four_weeks_before_the_planned_one(kind, folders):
    starts = [
        s.astimezone(DUBLIN).date() for spans in past_of(folders[kind]).values() for s, _ in spans
    ]
    assert week_of(kind) - timedelta(weeks=4) <= min(starts) <= week_of(kind) - timedelta(days=22)
    assert week_of(kind) - timedelta(days=3) <= max(starts) < week_of(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_no_week_of_the_past_has_more_days_or_hours_than_the_contract(kind, folders):
    folder = folders[kind]
    contracts = contracts_of(folder)
    agents = {row["agent_id"]: row for row in rows(folder, "agents.csv")}
    paid: dict[tuple[str, int], list[int]] = {}
    for row in rows(folder, "history.csv"):
        day = datetime.fromisoformat(row["start"]).astimezone(DUBLIN).date()
        week = (week_of(kind) - day - timedelta(days=1)) // timedelta(weeks=1)
        paid.setdefault((row["agent_id"], week), []).append(int(row["paid_min"]))
    for (agent, _), shifts in paid.items():
        assert len(shifts) <= contracts[agents[agent]["contract_type"]].work_days_max
        assert sum(shifts) <= float(agents[agent]["max_hours_week"]) * 60


@pytest.mark.parametrize("kind", KINDS)
def test_empowered_people_of_some_contract_can_be_there_at_every_open_hour(kind, folders):
    """At least three whose contracts reach over the hour, leave and availability aside."""
    folder = folders[kind]
    contracts = contracts_of(folder)
    contract_of = {row["agent_id"]: row["contract_type"] for row in rows(folder, "agents.csv")}
    empowered = [r["agent_id"] for r in rows(folder, "skills.csv") if r["skill"] == "empowered"]
    for channel in channels_of(folder):
        for windows in channel.open.values():
            for minute in range(windows[0][0], windows[0][1], 60):
                reach = sum(
                    any(
                        first <= at <= last + contracts[contract_of[agent]].longest_min - 60
                        for at in (minute, minute + 1440)
                        for first, last in [contracts[contract_of[agent]].start_window]
                    )
                    for agent in empowered
                )
                assert reach >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_locks_are_shifts_and_days_off_of_people_without_leave(kind, folders):
    folder = folders[kind]
    away = {row["agent_id"] for row in rows(folder, "time_off.csv")}
    shift, day_off = rows(folder, "locks.csv")
    assert shift["start"]
    assert not day_off["start"]
    assert not {shift["agent_id"], day_off["agent_id"]} & away
