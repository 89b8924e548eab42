"""Rules of days: the automaton and the prices against the auditor, over all small sequences."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import inf
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from wfplan.rules import RULES
from wfplan.rules.base import HARD, LEAST, MOST, SOFT, Rule
from wfplan.rules.changes_week_max import ChangesWeekMax
from wfplan.rules.complete_weekend import CompleteWeekend
from wfplan.rules.consecutive_days_off import ConsecutiveDaysOff
from wfplan.rules.consecutive_work_days import ConsecutiveWorkDays
from wfplan.rules.consecutive_work_weekends import ConsecutiveWorkWeekends
from wfplan.rules.day_off_after import DayOffAfter
from wfplan.rules.day_off_before import DayOffBefore
from wfplan.rules.days_off_period import DaysOffPeriod
from wfplan.rules.forbidden_sequence import ForbiddenSequence
from wfplan.rules.late_shifts_week import LateShiftsWeek
from wfplan.rules.nights_week import NightsWeek
from wfplan.rules.nonstandard_shifts_max import NonstandardShiftsMax
from wfplan.rules.optional_day import OptionalDay
from wfplan.rules.paid_time_day import PaidTimeDay
from wfplan.rules.paid_time_granularity import PaidTimeGranularity
from wfplan.rules.required_sequence import RequiredSequence
from wfplan.rules.risk_factor import RiskFactor
from wfplan.rules.rotation import Rotation
from wfplan.rules.shift_count_period import ShiftCountPeriod
from wfplan.rules.split_shift import SplitShift
from wfplan.rules.start_variance import StartVariance
from wfplan.rules.work_days_week import WorkDaysWeek
from wfplan.rules.work_weekends_period import WorkWeekendsPeriod


def _sequences():
    """The enumeration; tests are no package, so it is loaded by its path."""
    name = "rules_sequences"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, Path(__file__).with_name("sequences.py")
        )
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


SEQUENCES = _sequences()
THURSDAY = SEQUENCES.THURSDAY
Maker = Callable[[str], Rule]
RULES_OF_DAYS: dict[str, Maker] = {
    "consecutive_days_off least": lambda h: ConsecutiveDaysOff(days=2, hardness=h),
    "consecutive_days_off long": lambda h: ConsecutiveDaysOff(days=4, hardness=h),
    "consecutive_days_off most": lambda h: ConsecutiveDaysOff(days=2, bound=MOST, hardness=h),
    "consecutive_work_days least": lambda h: ConsecutiveWorkDays(most=3, bound=LEAST, hardness=h),
    "consecutive_work_days nights": lambda h: ConsecutiveWorkDays(
        most=2, kinds=("night",), hardness=h
    ),
    "consecutive_work_days shifts": lambda h: ConsecutiveWorkDays(
        most=2, bound=LEAST, kinds=("late", "night"), hardness=h
    ),
    "days_off_period": lambda h: DaysOffPeriod(count=2, hardness=h),
    "days_off_period most": lambda h: DaysOffPeriod(count=1, bound=MOST, weeks=1, hardness=h),
    "days_off_period month": lambda h: DaysOffPeriod(count=10, weeks=4, hardness=h),
    "shift_count_period": lambda h: ShiftCountPeriod(count=3, hardness=h),
    "shift_count_period least": lambda h: ShiftCountPeriod(
        count=3, bound=LEAST, kinds=("early", "late"), weeks=2, hardness=h
    ),
    "late_shifts_week": lambda h: LateShiftsWeek(count=1, hardness=h),
    "nights_week": lambda h: NightsWeek(count=0, hardness=h),
    "nonstandard_shifts_max": lambda h: NonstandardShiftsMax(count=2, hardness=h),
    "work_weekends_period": lambda h: WorkWeekendsPeriod(count=0, hardness=h),
    "work_weekends_period least": lambda h: WorkWeekendsPeriod(
        count=2, bound=LEAST, weeks=2, hardness=h
    ),
    "consecutive_work_weekends": lambda h: ConsecutiveWorkWeekends(most=0, hardness=h),
    "work_weekends_period two": lambda h: WorkWeekendsPeriod(count=2, hardness=h),
    "consecutive_work_weekends two": lambda h: ConsecutiveWorkWeekends(most=2, hardness=h),
    "complete_weekend": lambda h: CompleteWeekend(hardness=h),
    "day_off_after": lambda h: DayOffAfter(kinds=("night",), days=2, hardness=h),
    "day_off_before": lambda h: DayOffBefore(kinds=("night", "late"), days=1, hardness=h),
    "forbidden_sequence": lambda h: ForbiddenSequence(kinds=("late", "early"), hardness=h),
    "forbidden_sequence long": lambda h: ForbiddenSequence(
        kinds=("work", "any", "off", "work"), hardness=h
    ),
    "required_sequence": lambda h: RequiredSequence(kinds=("late", "late", "off"), hardness=h),
    "required_sequence any": lambda h: RequiredSequence(kinds=("work", "any", "work"), hardness=h),
    "rotation": lambda h: Rotation(
        kinds=("early", "late", "off"), begins=date(2026, 1, 5), hardness=h
    ),
    "rotation weeks": lambda h: Rotation(
        kinds=("early", "late", "night"),
        begins=date(2026, 1, 1),
        step_days=7,
        is_weekly=True,
        hardness=h,
    ),
    "start_variance": lambda h: StartVariance(spread_min=480, hardness=h),
    "start_variance horizon": lambda h: StartVariance(spread_min=60, weeks=2, hardness=h),
    "risk_factor": lambda h: RiskFactor(kinds=("night",), hardness=h),
    "optional_day": lambda h: OptionalDay(days=1, weekdays=frozenset((5, 6)), hardness=h),
    "optional_day mostly": lambda h: OptionalDay(days=1, weekdays=frozenset((0,)), hardness=h),
    "split_shift": lambda h: SplitShift(count=2, hardness=h),
    "split_shift least": lambda h: SplitShift(count=1, bound=LEAST, hardness=h),
}
"""A rule for each hardness."""


def agree(rule: Rule, here) -> tuple[bool, bool]:
    """Whether both faces say the same of every sequence; and what verdicts there were."""
    seen = set()
    for choice, view, price in zip(
        here.choices, here.views, SEQUENCES.planned_prices(rule, here), strict=True
    ):
        found = [b for b in rule.breaches(view) if b.hardness == rule.hardness]
        if rule.hardness == HARD:
            assert (price == inf) == bool(found), (choice, [b.why for b in found])
            assert price in (0.0, inf)
        else:
            expected = sum(rule.price(b.amount, b.unit) for b in found)
            assert price == pytest.approx(expected), (choice, [b.why for b in found])
        assert all(b.amount > 0 for b in found)
        seen.add(bool(found))
    return seen


@pytest.mark.parametrize("name", RULES_OF_DAYS)
def test_both_faces_agree_on_all_sequences_of_five_days(bench, name):
    here = SEQUENCES.setting(bench, "no history", THURSDAY, 5, -1, 0)
    hard = agree(RULES_OF_DAYS[name](HARD), here)
    soft = agree(replace(RULES_OF_DAYS[name](SOFT), weight=2.5), here)
    assert hard == soft
    is_past_asked = name in (
        "days_off_period month",
        "shift_count_period least",
        "split_shift least",
        "work_weekends_period least",
        "work_weekends_period two",
        "consecutive_work_weekends two",
    )
    assert hard == ({False} if is_past_asked else {True, False})


@pytest.mark.parametrize("history", [h for h in SEQUENCES.HISTORIES if h != "no history"])
@pytest.mark.parametrize("name", RULES_OF_DAYS)
def test_both_faces_count_the_history_alike(bench, name, history):
    here = SEQUENCES.setting(bench, history, THURSDAY, 5, -1, 60)
    agree(RULES_OF_DAYS[name](HARD), here)
    agree(RULES_OF_DAYS[name](SOFT), here)


@pytest.mark.parametrize("name", RULES_OF_DAYS)
def test_both_faces_read_a_day_of_time_off_alike(bench, name):
    for away, history in ((2, "nights before"), (0, "no history"), (4, "a month before")):
        here = SEQUENCES.setting(bench, history, THURSDAY, 5, away, 40)
        for hardness in (HARD, SOFT):
            agree(RULES_OF_DAYS[name](hardness), here)


@pytest.mark.parametrize("first", [SEQUENCES.SPRING_THURSDAY, SEQUENCES.AUTUMN_THURSDAY])
@pytest.mark.parametrize("name", RULES_OF_DAYS)
def test_both_faces_agree_when_the_clock_changes(bench, name, first):
    here = SEQUENCES.setting(bench, "nights before", first, 5, -1, 50)
    for hardness in (HARD, SOFT):
        agree(RULES_OF_DAYS[name](hardness), here)


@pytest.mark.parametrize("days", [14, 28, 42])
@pytest.mark.parametrize("name", RULES_OF_DAYS)
def test_both_faces_agree_on_horizons_of_several_weeks(bench, name, days):
    here = SEQUENCES.setting(bench, "a month before", SEQUENCES.MONDAY, days, -1, 20)
    for hardness in (HARD, SOFT):
        agree(RULES_OF_DAYS[name](hardness), here)


@pytest.mark.parametrize("week_start", [0, 2, 6])
@pytest.mark.parametrize("name", RULES_OF_DAYS)
def test_both_faces_agree_where_the_horizon_begins_within_a_week(bench, name, week_start):
    whole = SEQUENCES.setting(bench, "a month before", THURSDAY, 9, -1, 25)
    problem = whole.problem.model_copy(update={"week_start": week_start})
    views = tuple(replace(view, week_start=week_start) for view in whole.views)
    here = replace(whole, problem=problem, views=views)
    for hardness in (HARD, SOFT):
        agree(RULES_OF_DAYS[name](hardness), here)


SOFT_ONLY = {
    "work_days_week": lambda: WorkDaysWeek(most=2, hardness=SOFT, weight=3.0),
    "consecutive_work_days": lambda: ConsecutiveWorkDays(most=2, hardness=SOFT, weight=3.0),
}
"""Rules whose hard form is a limit, and which only where soft are automata."""


@pytest.mark.parametrize("week_start", [0, 3, 6])
@pytest.mark.parametrize("history", SEQUENCES.HISTORIES)
@pytest.mark.parametrize("name", SOFT_ONLY)
def test_soft_forms_of_limits_are_priced_as_they_are_audited(bench, name, history, week_start):
    whole = SEQUENCES.setting(bench, history, THURSDAY, 9, -1, 40)
    problem = whole.problem.model_copy(update={"week_start": week_start})
    views = tuple(replace(view, week_start=week_start) for view in whole.views)
    here = replace(whole, problem=problem, views=views)
    assert agree(SOFT_ONLY[name](), here) >= {True}
    hard = replace(SOFT_ONLY[name](), hardness=HARD)
    assert hard.automaton(here.person) is None
    limits = bench.tightened(hard, problem, monday=THURSDAY, days=9)
    for choice, view in zip(here.choices, here.views, strict=True):
        days = [day for day, c in zip(view.dates, choice, strict=True) if c]
        fits = bench.weeks_fit(limits, days, [480] * len(days)) and bench.runs_fit(limits, days)
        assert fits == (not hard.breaches(view)), choice


def test_the_automata_of_a_usual_agreement_stay_small(bench):
    """The product is what the oracle carries along: tens of states, not thousands."""
    from wfplan.rules.automaton import DayOptions, product

    here = SEQUENCES.setting(bench, "a month before", SEQUENCES.MONDAY, 28, -1, 40)
    names = ("consecutive_days_off least", "nights_week", "work_weekends_period", "day_off_after",
             "forbidden_sequence", "complete_weekend")  # fmt: skip
    automata = [RULES_OF_DAYS[name](HARD).automaton(here.person) for name in names]
    shifts = DayOptions(*(np.array(x) for x in ([360, 840, 1320], [840, 1320, 1800], [480] * 3)))
    joint = product([a for a in automata if a is not None], 28, shifts)
    assert joint.state_count < 120


def published_as(here, choice, *, agreed=(), untold=()):
    """A setting in which a sequence was published, but for some dates; some changes are agreed."""
    dates = here.views[0].dates
    shown = dict(zip(here.choices, here.views, strict=True))[choice]
    spans = dict.fromkeys(dates) | {duty.day: (duty.start, duty.end) for duty in shown.duties}
    known = {
        "published": {day: spans[day] for d, day in enumerate(dates) if d not in untold},
        "consents": frozenset(dates[d] for d in agreed),
    }
    return SimpleNamespace(
        days=here.days,
        choices=here.choices,
        views=tuple(replace(view, **known) for view in here.views),
        person=replace(here.person, **known),
    )


@pytest.mark.parametrize("first", [THURSDAY, SEQUENCES.SPRING_THURSDAY, SEQUENCES.AUTUMN_THURSDAY])
@pytest.mark.parametrize("week_start", [0, 3])
def test_changes_of_what_was_published_are_counted_alike(bench, first, week_start):
    whole = SEQUENCES.setting(bench, "no history", first, 5, -1, 0)
    views = tuple(replace(view, week_start=week_start) for view in whole.views)
    problem = whole.problem.model_copy(update={"week_start": week_start})
    here = replace(whole, problem=problem, views=views)
    for most, more in ((0, {}), (2, {}), (1, {"agreed": (1,), "untold": (3,)})):
        beside = published_as(here, (1, 0, 2, 3, 0), **more)
        for hardness in (HARD, SOFT):
            rule = ChangesWeekMax(most=most, hardness=hardness)
            assert agree(rule, beside) == {True, False}


def test_nothing_published_is_nothing_changed(bench):
    here = SEQUENCES.setting(bench, "no history", THURSDAY, 5, -1, 0)
    rule = ChangesWeekMax(most=0, hardness=HARD)
    assert rule.automaton(here.person) is None
    assert not any(rule.breaches(view) for view in here.views)


def test_every_rule_with_an_automaton_stands_in_the_comparison(bench):
    compared = {type(make(HARD)) for make in RULES_OF_DAYS.values()} | {ChangesWeekMax}
    compared |= {type(make()) for make in SOFT_ONLY.values()}
    with_automata = {rule for rule in RULES.values() if rule.automaton is not Rule.automaton}
    assert with_automata - compared == set()


@pytest.mark.parametrize(
    ("make", "amount"),
    [
        (lambda h: PaidTimeDay(minutes=420, hardness=h), 60),
        (lambda h: PaidTimeGranularity(step_min=450, hardness=h), 30),
    ],
)
def test_prices_of_single_shifts_are_those_of_their_breaches(bench, make, amount):
    here = SEQUENCES.setting(bench, "no history", THURSDAY, 5, -1, 60)
    agree(replace(make(SOFT), weight=3.0), here)
    assert max(SEQUENCES.planned_prices(make(SOFT), here)) == pytest.approx(5 * amount / 60)
