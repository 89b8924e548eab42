"""Tests for wfplan.rules.team_week, presence_min and escalation_presence_min."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.people import Skill
from wfplan.rules import TeamWeek
from wfplan.rules.escalation_presence_min import EscalationPresenceMin
from wfplan.rules.presence_min import PresenceMin, unmet

MONDAY = date(2026, 11, 2)
HOUR = 4  # intervals


def team(bench, shifts, skills, *, voice=0, chat=0, empowered=0, monday=MONDAY, work=None):
    """A team of people by id with their skills, and heads asked for from 09:00 to 10:00."""
    people = [
        bench.agent(
            who,
            skills=tuple(
                skill if isinstance(skill, Skill) else Skill(skill=skill) for skill in own
            ),
        )
        for who, own in skills.items()
    ]
    channels = tuple(Channel(name=n, open=["daily 00:00-24:00"]) for n in ("voice", "chat"))
    problem = bench.plan(people=people, channels=channels, work=work)
    horizon = problem.horizon(monday)
    least = np.zeros((2, horizon.interval_count))
    least[:, 36:40] = [[voice], [chat]]
    asked = np.zeros(horizon.interval_count)
    asked[36:40] = empowered
    made = [
        bench.make_shift(spec, agent_id=who, monday=monday, work=problem.contracts["any"])
        for who, *specs in shifts
        for spec in specs
    ]
    return TeamWeek.of(problem, horizon, made, least, asked)


def hours(rule, week):
    return [(b.at, b.amount) for b in rule.breaches(week)]


NINE = (0, "09:00", 480)


@pytest.mark.parametrize(
    ("shifts", "voice", "missing_h"),
    [
        ([], 1, [1]),
        ([("A", NINE)], 1, []),
        ([("A", NINE)], 2, [1]),
        ([("A", NINE), ("B", NINE)], 2, []),
        ([("A", (0, "09:30", 480))], 1, [0.5]),
        ([("A", (0, "10:00", 480))], 1, [1]),
        ([("C", NINE)], 1, [1]),  # chat only
        ([("A", (-1, "22:00", 690))], 1, [0.5]),  # overnight, until 09:30
        ([], 0, []),
    ],
)
def test_presence_counts_the_staff_hours_missing(bench, shifts, voice, missing_h):
    week = team(bench, shifts, {"A": ["voice"], "B": ["voice"], "C": ["chat"]}, voice=voice)
    assert [h for _, h in hours(PresenceMin(), week)] == pytest.approx(missing_h)


def test_a_presence_message_says_from_when_to_when_and_what(bench):
    (found,) = PresenceMin().breaches(team(bench, [("A", NINE)], {"A": ["voice"]}, voice=3))
    assert (found.hardness, found.agent_id, found.unit) == ("soft", "", "staff_h")
    assert found.at == bench.wall(0, "09:00")
    assert found.why == (
        "presence_min: from Monday 2026-11-02 09:00 to Monday 2026-11-02 10:00 voice asked for 3 "
        "heads and 1 could serve there, at worst 2 too few, 2 staff-hours missing "
        "(staff_min of the channels)."
    )


def test_somebody_with_two_skills_is_one_head(bench):
    skills = {"A": ["voice", "chat"], "B": ["voice"]}
    one = team(bench, [("A", NINE)], skills, voice=1, chat=1)
    (found,) = PresenceMin().breaches(one)
    assert found.amount == 1
    assert "voice and chat asked for 2 heads and 1 could serve there" in found.why
    both = team(bench, [("A", NINE), ("B", NINE)], skills, voice=1, chat=1)
    assert PresenceMin().breaches(both) == []


def test_people_at_lunch_are_not_present_and_half_an_interval_is_half_a_head(bench):
    work = bench.with_breaks(bench.contract())
    early = (0, "06:15", 480)  # the meal is from 09:15 to 09:45
    week = team(bench, [("A", early)], {"A": ["voice"]}, voice=1, work=work)
    assert hours(PresenceMin(), week) == [(bench.wall(0, "09:15"), 0.5)]
    odd = (0, "06:20", 480)  # from 09:20 to 09:50
    week = team(bench, [("A", odd)], {"A": ["voice"]}, voice=1, work=work)
    assert sum(h for _, h in hours(PresenceMin(), week)) == pytest.approx(0.5)
    assert week.heads[0, 37] == pytest.approx(1 / 3)


def test_a_skill_counts_from_its_date(bench):
    later = Skill(skill="voice", valid_from=MONDAY + timedelta(days=1))
    week = team(bench, [("A", NINE)], {"A": [later, "chat"]}, voice=1)
    assert [h for _, h in hours(PresenceMin(), week)] == [1]


def test_strangers_are_nobody(bench):
    week = team(bench, [("Z", NINE)], {"A": ["voice"]}, voice=1)
    assert [h for _, h in hours(PresenceMin(), week)] == [1]


@pytest.mark.parametrize(
    ("monday", "shown"), [(date(2026, 3, 23), 167 * 4), (date(2026, 10, 19), 169 * 4)]
)
def test_clock_change_weeks_have_their_own_length(bench, monday, shown):
    week = team(bench, [("A", (5, "22:00", 480))], {"A": ["voice"]}, monday=monday)
    assert week.heads.shape == (1, shown)
    assert week.heads.sum() == pytest.approx(8 * HOUR)


@pytest.mark.parametrize(
    ("shifts", "missing_h"), [([], [1]), ([("E", NINE)], []), ([("A", NINE)], [1])]
)
def test_empowered_people_are_counted_apart(bench, shifts, missing_h):
    week = team(bench, shifts, {"A": ["voice"], "E": ["voice", "empowered"]}, empowered=1, voice=0)
    rule = EscalationPresenceMin()
    assert [h for _, h in hours(rule, week)] == missing_h
    for breach in rule.breaches(week):
        assert breach.why.startswith(
            "escalation_presence_min: from Monday 2026-11-02 09:00 to Monday 2026-11-02 10:00 1 "
            "empowered people were asked for, at worst 1 too few"
        )


def deficiency(need, heads, serves):
    """Hall's theorem, every set of channels in turn."""
    channels = range(len(need))
    return max(
        sum(need[c] for c in some)
        - sum(h for h, s in zip(heads, serves, strict=True) if any(s[c] for c in some))
        for size in range(len(need) + 1)
        for some in combinations(channels, size)
    )


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_flow_misses_as_many_heads_as_hall_s_theorem_says(data):
    channels = data.draw(st.integers(1, 5))
    groups = data.draw(st.integers(0, 5))
    need = np.array(
        data.draw(st.lists(st.integers(0, 6), min_size=channels, max_size=channels)), dtype=float
    )
    heads = (
        np.array(
            data.draw(st.lists(st.integers(0, 12), min_size=groups, max_size=groups)), dtype=float
        )
        / 3
    )
    row = st.lists(st.booleans(), min_size=channels, max_size=channels)
    serves = np.array([data.draw(row) for _ in range(groups)], dtype=bool).reshape(groups, channels)
    missing, together = unmet(need, heads, serves)
    assert missing == pytest.approx(max(deficiency(need, heads, serves), 0.0), abs=1e-6)
    if missing > 1e-6:
        some = np.flatnonzero(together)
        able = heads[serves[:, some].any(axis=1)].sum()
        assert need[some].sum() - able == pytest.approx(missing, abs=1e-6)
    else:
        assert not together.any()


def test_a_chain_of_people_moves_over_to_make_room():
    """Voice is owed by whoever can leave chat to somebody who can leave e-mail."""
    serves = np.array([[1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    missing, _ = unmet(np.array([1.0, 1.0, 1.0]), np.ones(3), serves)
    assert missing == 0
    missing, together = unmet(np.array([1.0, 2.0, 1.0]), np.ones(3), serves)
    assert missing == 1
    assert together.tolist() == [True, True, False]  # three heads asked for, two can serve
