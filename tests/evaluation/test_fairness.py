"""Tests for wfplan.evaluation.fairness: who is at the ends, left out, or has too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import isnan

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.people import Availability, Skill, TimeOff, TimeOffStatus
from wfplan.domain.schedule import PastShift
from wfplan.evaluation import Sharing, fairness
from wfplan.horizon import wall_instant

DUBLIN = "Europe/Dublin"
LATE = (13 * 60, (480, "ON_QUEUE"))  # ends at 21:00
EARLY = (8 * 60, (480, "ON_QUEUE"))


@pytest.fixture
def person(synthetic):
    """A function that makes somebody who serves voice."""
    return lambda who, **more: synthetic.agent(who, skills=(Skill(skill="voice"),), **more)


@pytest.fixture
def week(synthetic, tmp_path):
    """A function that makes a run of some people and shifts: (id, days after Monday, shift)."""

    def make(agents, worked=(), **more):
        base = synthetic.run(tmp_path)
        shifts = tuple(
            synthetic.shift(who, synthetic.WEEK + timedelta(days=after), *shift).model_copy(
                update={"shift_id": f"s{i}"}
            )
            for i, (who, after, shift) in enumerate(worked)
        )
        problem = base.problem.model_copy(update={"agents": tuple(agents), **more})
        schedule = base.solution.schedule.model_copy(update={"shifts": shifts})
        ledger = pd.DataFrame(
            [(a.agent_id, "2026-10-19", 10.0 * i, 1.0, 1.0) for i, a in enumerate(agents)],
            columns=["agent_id", "date", "overload_min", "acute_min", "chronic_min"],
        )
        solution = replace(base.solution, schedule=schedule)
        return replace(base, problem=problem, solution=solution, ledger=ledger)

    return make


def sharing(run, matter, group="full_time"):
    """The one sharing of a matter and group."""
    (found,) = (one for one in fairness(run) if (one.matter, one.group) == (matter, group))
    return found


def late_weeks(who, weeks=4):
    """A late shift on every working day of past weeks."""
    days = [date(2026, 10, 19) - timedelta(days=back) for back in range(1, 7 * weeks + 1)]
    return tuple(
        PastShift(
            agent_id=who,
            start=wall_instant(day, 13 * 60, DUBLIN),
            end=wall_instant(day, 21 * 60, DUBLIN),
        )
        for day in days
        if day.weekday() < 5
    )


def wish(weekday, **more):
    return Availability(kind="avoid", weekday=weekday, start_min=0, end_min=1440, **more)


def test_the_ends_of_a_burden_have_names(week, person):
    people = [person(f"A00{i}") for i in (1, 2, 3)]
    run = week(
        people, [("A001", 0, LATE), ("A001", 1, LATE), ("A002", 0, LATE), ("A003", 0, EARLY)]
    )
    lates = sharing(run, "lates")
    assert (lates.least, lates.median, lates.mean, lates.most) == (0, 1, 1, 2)
    assert (lates.least_at, lates.most_at) == (("A003",), ("A001",))
    assert lates.gini == pytest.approx(4 / 9)  # mean absolute difference 8/9, over twice the mean
    assert lates.people == 3


def test_contracts_are_compared_among_themselves_only(week, person, synthetic):
    contract = synthetic.problem().contracts["full_time"]
    people = [person("A001"), person("A002", contract_type="half")]
    contracts = {"full_time": contract, "half": contract.model_copy(update={"name": "half"})}
    run = week(people, [("A001", 0, LATE), ("A001", 1, LATE)], contracts=contracts)
    assert sharing(run, "lates").values == {"A001": 2}
    assert sharing(run, "lates", "half").values == {"A002": 0}
    assert sharing(run, "lates").too_much == ()  # there is nobody who could take one over


def test_who_gets_nothing_while_half_of_her_like_get_some_is_left_out(week, person):
    people = [
        person("A001", availability=(wish(0), wish(1))),
        person("A002", availability=(wish(0),)),
        person("A003", availability=(wish(0), wish(1))),
        person("A004"),
    ]
    run = week(people, [("A001", 0, EARLY), ("A001", 1, EARLY), ("A003", 0, EARLY)])
    wishes = sharing(run, "wishes")
    assert wishes.values == {"A001": 0.0, "A002": 1.0, "A003": 0.5}
    assert wishes.left_out == ("A001",)
    assert (wishes.asked, wishes.granted) == (5, 2)


def test_where_nobody_gets_anything_nobody_is_left_out(week, person):
    people = [person(f"A00{i}", availability=(wish(0),)) for i in (1, 2)]
    run = week(people, [("A001", 0, EARLY), ("A002", 0, EARLY)])
    assert sharing(run, "wishes").left_out == ()


def test_requested_time_off_counts_and_approved_does_not(week, person):
    def off(status):
        start, end = (wall_instant(date(2026, 10, day), 0, DUBLIN) for day in (20, 21))
        return TimeOff(start=start, end=end, status=status)

    people = [
        person("A001", time_off=(off(TimeOffStatus.REQUESTED),)),
        person("A002", time_off=(off(TimeOffStatus.APPROVED),)),
    ]
    run = week(people, [("A001", 1, EARLY)])
    assert sharing(run, "time_off").values == {"A001": 0.0}
    assert "A002" not in sharing(run, "paid_share").values  # away for a day: hours say nothing


def test_a_late_shift_too_many_is_one_that_somebody_below_her_share_could_take(week, person):
    people = [person(f"A00{i}") for i in (1, 2)]
    worked = [("A001", day, LATE) for day in range(4)] + [("A002", 0, EARLY)]
    assert sharing(week(people, worked), "lates").too_much == ("A001",)
    rested = week(people, worked, past_shifts=late_weeks("A002"))
    assert sharing(rested, "lates").too_much == ()  # A002 has had more in the weeks before


def test_less_than_a_whole_shift_is_no_fault(week, person):
    people = [person(f"A00{i}") for i in (1, 2)]
    run = week(people, [("A001", 0, LATE)])
    assert sharing(run, "lates").too_much == ()


def test_who_cannot_work_late_has_no_share_of_it(week, person):
    morning = tuple(
        Availability(kind="available", weekday=day, start_min=360, end_min=960) for day in range(7)
    )
    people = [person("A001"), person("A002", availability=morning)]
    run = week(people, [("A001", day, LATE) for day in range(4)])
    assert sharing(run, "lates").too_much == ()
    beyond = sharing(run, "beyond_fair").values
    assert beyond["A001"] == pytest.approx(0)
    assert sharing(run, "lates").values["A002"] == 0


def test_everything_above_fair_shares_is_something_below_them(week, person):
    people = [person(f"A00{i}") for i in (1, 2, 3)]
    worked = [("A001", day, LATE) for day in range(3)] + [("A002", 5, EARLY)]
    beyond = sharing(week(people, worked), "beyond_fair")
    assert sum(beyond.values.values()) == pytest.approx(0)
    assert isnan(beyond.gini)
    assert beyond.as_dict()["gini"] is None


@given(st.dictionaries(st.text("AB", min_size=1), st.floats(0, 50), min_size=1))
def test_the_median_lies_between_the_ends_and_the_ends_are_taken(values):
    one = Sharing(group="g", matter="nights", unit="shifts", people=len(values), values=values)
    assert one.least <= one.median <= one.most
    assert all(values[who] == pytest.approx(one.most) for who in one.most_at)
    assert 0 <= one.gini < 1
    assert one.as_dict()["concerned"] == len(values)


def test_nobody_has_no_ends():
    one = Sharing(group="g", matter="nights", unit="shifts", people=0, values={})
    assert (one.least_at, one.most_at, one.is_even) == ((), (), True)
    assert one.as_dict()["median"] is None
