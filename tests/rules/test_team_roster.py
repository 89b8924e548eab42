"""Tests for the settable rules of the team, by cases to check by hand."""

from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pytest

from wfplan.domain.channels import Channel
from wfplan.domain.people import TimeOff
from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.rules import TeamRoster, team_rules_of
from wfplan.rules.activity_concurrency import ActivityConcurrency
from wfplan.rules.cost_budget import CostBudget
from wfplan.rules.coverage_n_minus_k import CoverageNMinusK
from wfplan.rules.escalation_presence_min import EscalationFloor
from wfplan.rules.pairing import Pairing
from wfplan.rules.presence_min import PresenceFloor
from wfplan.rules.seats_max import SeatsMax
from wfplan.rules.time_off_limit import TimeOffLimit

SPRING, AUTUMN = date(2026, 3, 23), date(2026, 10, 19)
SITES = {"A1": "Cork", "A2": "Cork", "A3": "Sligo"}


def roster(bench, *shifts, monday=None, days=7, time_off=(), **more):
    """A roster of three people; shifts are ``("A1", day, clock, minutes)``."""
    monday = monday or bench.MONDAY
    people = [
        bench.agent(a, site=site, cost_per_hour=10.0 if a != "A3" else None,
                    time_off=tuple(off for who, off in time_off if who == a))
        for a, site in SITES.items()
    ]  # fmt: skip
    problem = bench.plan(people=people, **more)
    made = [
        bench.make_shift((d, clock, n), agent_id=a, monday=monday, work=more.get("work"))
        for a, d, clock, n in shifts
    ]
    return TeamRoster.of(problem, problem.horizon(monday, days), made)


def amounts(rule, team):
    return [breach.amount for breach in rule.team_breaches(team)]


THREE = [("A1", 0, "08:00", 480), ("A2", 0, "10:00", 480), ("A3", 0, "12:00", 480)]


@pytest.mark.parametrize(
    ("rule", "shifts", "found"),
    [
        (SeatsMax(most=3), THREE, []),  # three exactly
        (SeatsMax(most=2, site="Cork"), THREE, []),
        (SeatsMax(most=1), [], []),
        (SeatsMax(most=2), THREE, [4.0]),  # from 12:00 to 16:00
        (SeatsMax(most=1), THREE, [12.0]),  # one too many for 2 + 2 hours, two for 4
        (SeatsMax(most=1, site="Cork"), THREE, [6.0]),
        (Pairing(agents=("A1", "A2")), [], []),
        (Pairing(agents=("A1", "A2")), [("A2", 0, "08:00", 480)], []),
        (Pairing(agents=("A1", "A2")), [THREE[0], ("A2", 0, "07:00", 600)], []),
        (Pairing(agents=("A1", "A2")), THREE, [2.0]),
        (Pairing(agents=("A1", "A2", "A3")), THREE, [2.0, 4.0]),
        (Pairing(agents=("A1", "A2")), [("A1", 3, "08:00", 480)], [8.0]),
        (Pairing(agents=("A1", "A2"), is_together=False), THREE, [6.0]),
        (Pairing(agents=("A1", "A3"), is_together=False), THREE, [4.0]),
        (Pairing(agents=("A1", "A2", "A3"), is_together=False), THREE, [12.0]),
        (Pairing(agents=("A1", "A2"), is_together=False),
         [THREE[0], ("A2", 0, "16:00", 480)], []),
        (CostBudget(most=160.0), THREE, []),  # 2 x 8 h at 10; the third has no rate
        (CostBudget(most=1000.0), [], []),
        (CostBudget(most=500.0), THREE, []),
        (CostBudget(most=159.5), THREE, [0.5]),
        (CostBudget(most=100.0), THREE, [60.0]),
        (CostBudget(most=80.0), [*THREE, ("A1", 4, "08:00", 480)], [160.0]),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_counted(bench, rule, shifts, found):
    assert amounts(rule, roster(bench, *shifts)) == pytest.approx(found)


def test_people_in_an_activity_at_once_are_counted(bench):
    work = bench.with_breaks(bench.contract())
    team = roster(bench, ("A1", 0, "08:00", 480), ("A2", 0, "08:00", 480),
                  ("A3", 0, "09:00", 480), work=work)  # fmt: skip
    assert amounts(ActivityConcurrency(most=2, codes=("meal",)), team) == []
    assert amounts(ActivityConcurrency(most=1, codes=("MEAL",)), team) == [0.5]
    assert amounts(ActivityConcurrency(most=1, codes=("break", "meal")), team) == [0.25, 0.5]
    assert amounts(ActivityConcurrency(most=0, codes=("training",)), team) == []
    (found,) = ActivityConcurrency(most=1, codes=("meal",)).team_breaches(team)
    assert "2 people are in meal, 1 too many at once" in found.why


def away(bench, who, first, last, status="approved"):
    return who, TimeOff(start=bench.wall(first, "00:00"), end=bench.wall(last, "00:00"),
                        status=status)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "absences", "found"),
    [
        (TimeOffLimit(most=1), [("A1", 0, 2), ("A2", 2, 4)], []),  # one goes, the other comes
        (TimeOffLimit(most=2), [("A1", 0, 2), ("A2", 0, 2)], []),
        (TimeOffLimit(most=1, scope="site", scope_value="Sligo"), [("A1", 0, 2), ("A2", 0, 2)], []),
        (TimeOffLimit(most=1), [("A1", 0, 2), ("A2", 1, 4)], [24.0]),
        (TimeOffLimit(most=1), [("A1", 0, 2), ("A2", 1, 4, "requested")], [24.0]),
        (TimeOffLimit(most=0, scope="site", scope_value="Cork"),
         [("A1", 0, 1), ("A3", 3, 4)], [24.0]),
    ],
)  # fmt: skip
def test_absences_at_once_are_counted(bench, rule, absences, found):
    team = roster(bench, time_off=[away(bench, *one) for one in absences])
    assert amounts(rule, team) == pytest.approx(found)


def test_a_request_beyond_the_limit_is_told_and_breaks_nothing_hard(bench):
    rule = TimeOffLimit(most=1)
    asked = roster(bench, time_off=[away(bench, "A1", 0, 2), away(bench, "A2", 1, 4, "requested")])
    assert [b.hardness for b in rule.team_breaches(asked)] == ["soft"]
    agreed = roster(bench, time_off=[away(bench, "A1", 0, 2), away(bench, "A2", 1, 4)])
    assert [b.hardness for b in rule.team_breaches(agreed)] == ["hard"]
    span = asked.horizon.start, asked.horizon.end
    assert [a.agent_id for a, _ in rule.turned_down(asked.agents, *span)] == ["A2"]
    assert list(rule.overfull(asked.agents, *span)) == []
    assert [off.start for off in rule.overfull(agreed.agents, *span)] == [bench.wall(1, "00:00")]


def test_requests_are_granted_up_to_the_last_that_there_is_room_for(bench):
    off = [away(bench, who, 0, 1, "requested") for who in ("A1", "A2", "A3")]
    team = roster(bench, time_off=[*off, away(bench, "A3", 1, 2, "requested")])
    span = team.horizon.start, team.horizon.end
    refused = list(TimeOffLimit(most=2).turned_down(team.agents, *span))
    assert [(a.agent_id, o.start) for a, o in refused] == [("A3", bench.wall(0, "00:00"))]
    assert len(list(TimeOffLimit(most=0).turned_down(team.agents, *span))) == 4


@pytest.mark.parametrize(
    ("rule", "shifts", "hours"),
    [
        (PresenceFloor(least=2, window=(720, 840)), THREE[:2], 6 * 4.0),
        (PresenceFloor(least=3, window=(720, 840)), THREE, 6 * 6.0),
        (PresenceFloor(least=1, window=(720, 960), scope="site", scope_value="Cork"),
         THREE[2:], 7 * 4.0),
        (PresenceFloor(least=1, window=(720, 960), scope="skill", scope_value="chat"), [], 28.0),
        (PresenceFloor(least=0), [], 0.0),
        (EscalationFloor(least=1, window=(720, 840)), THREE, 7 * 2.0),
    ],
)  # fmt: skip
def test_missing_heads_are_counted_on_every_day(bench, rule, shifts, hours):
    """Shifts are on Monday alone, where the first rules are kept."""
    assert sum(amounts(rule, roster(bench, *shifts))) == pytest.approx(hours)


def test_a_floor_that_is_kept_to_the_minute_is_kept(bench):
    rule = PresenceFloor(least=2, window=(600, 960))
    starts = (("A1", "08:00"), ("A2", "10:00"))
    seven = [(who, d, clock, 480) for d in range(7) for who, clock in starts]
    assert amounts(rule, roster(bench, *seven)) == []
    late = [(who, d, "10:15" if who == "A2" else clock, n) for who, d, clock, n in seven]
    assert amounts(rule, roster(bench, *late)) == pytest.approx([0.25] * 7)


def test_n_minus_one_wants_one_more_than_the_channel_asks_for(bench):
    opened = Channel(name="voice", open=["daily 10:00-14:00"], staff_min=2)
    seven = [(who, d, "08:00", 480) for d in range(7) for who in ("A1", "A2", "A3")]
    two = [shift for shift in seven if shift[0] != "A3"]
    rule = CoverageNMinusK(lost=1)
    assert amounts(rule, roster(bench, *seven, channels=(opened,))) == []
    assert amounts(rule, roster(bench, *two, channels=(opened,))) == pytest.approx([4.0] * 7)
    assert amounts(CoverageNMinusK(lost=0), roster(bench, *two, channels=(opened,))) == []


@pytest.mark.parametrize("seed", range(30))
def test_n_minus_k_is_hall_s_condition(seed):
    """The auditor's flow lacks nobody exactly where the planner's counts are kept."""
    rng = np.random.default_rng(seed)
    groups, channels, lost = int(rng.integers(1, 4)), int(rng.integers(1, 4)), int(rng.integers(3))
    serves = rng.random((groups, channels)) < 0.6
    heads, need = rng.integers(0, 5, groups), rng.integers(1, 3, channels)
    missing = CoverageNMinusK(lost=lost)._missing(need, heads, serves)
    able = {
        some: heads[serves[:, list(some)].any(axis=1)].sum()
        for n in range(1, channels + 1)
        for some in combinations(range(channels), n)
    }
    kept = all(able[some] >= need[list(some)].sum() + lost for some in able)
    assert (missing == 0) == kept


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (RuleSetting(rule="coverage_n_minus_k", value=5, unit="people"), "more than can be looked"),
        (RuleSetting(rule="presence_min", value=1.5, unit="people"), "not a whole number"),
        (RuleSetting(rule="presence_min", value=1, unit="people", of=("voise",)),
         "did you mean 'voice'"),
        (RuleSetting(rule="pairing", value=0, unit="apart", of=("A1", "A1")),
         "names an agent twice"),
    ],
)  # fmt: skip
def test_a_setting_that_means_nothing_is_refused(bench, setting, message):
    problem = roster(bench, rules=[setting]).problem
    with pytest.raises(InputError, match=message):
        team_rules_of(problem)


@pytest.mark.parametrize(("monday", "hours"), [(SPRING, 7.0), (AUTUMN, 9.0)])
def test_hours_are_elapsed_in_clock_change_nights(bench, monday, hours):
    ends = bench.wall(5, "30:00", monday=monday)
    minutes = int((ends - bench.wall(5, "22:00", monday=monday)) / timedelta(minutes=1))
    team = roster(bench, ("A1", 5, "22:00", minutes), monday=monday)
    assert amounts(SeatsMax(most=0), team) == [hours]


def test_a_week_of_a_long_horizon_has_its_own_budget(bench):
    shifts = [("A1", d, "08:00", 480) for d in (0, 1, 7, 8, 9)]
    team = roster(bench, *shifts, days=14)
    (found,) = CostBudget(most=200.0).team_breaches(team)
    assert found.amount == 40.0
    assert found.why == (
        "cost_budget: the week from Monday 2026-11-09 costs 240.00 EUR, 40.00 more than the budget "
        "of 200.00 (contract)."
    )


def test_the_rules_that_hold_come_from_packs_and_plan(bench):
    settings = [
        RuleSetting(rule="seats_max", value=40, unit="seats"),
        RuleSetting(rule="seats_max", value=30, unit="seats"),
        RuleSetting(rule="seats_max", value=9, unit="seats", scope="site", scope_value="Cork"),
        RuleSetting(rule="pairing", value=1, unit="apart", of=("A1", "A2"), hardness="soft"),
        RuleSetting(rule="cost_budget", value=9, unit="EUR", valid_to=date(2026, 1, 1)),
    ]
    people = [bench.agent(a, site=site) for a, site in SITES.items()]
    problem = bench.plan(people=people, rules=settings)
    held = team_rules_of(problem, problem.horizon(bench.MONDAY).dates)
    assert [(r.name, r.hardness, getattr(r, "most", None)) for r in held] == [
        ("seats_max", "hard", 30),
        ("seats_max", "hard", 9),
        ("pairing", "soft", None),
    ]
    assert bench.limits_of(problem).days_off == frozenset()
    assert all(rule.breaches(bench.week()) == [] for rule in held)


def test_counting_at_once_agrees_with_counting_minute_by_minute(bench):
    rng = np.random.default_rng(7)
    shifts = [
        (f"A{rng.integers(1, 4)}", int(d), f"{rng.integers(0, 24):02d}:00", int(n))
        for d, n in zip(range(6), rng.integers(60, 900, 6), strict=True)
    ]
    team = roster(bench, *shifts)
    spans = [(s.start, s.end) for one in team.shifts.values() for s in one]
    counted = team.at_once(spans)
    for minute in rng.integers(0, len(counted), 200):
        moment = team.horizon.start + timedelta(minutes=int(minute))
        assert counted[minute] == sum(a <= moment < b for a, b in spans)
