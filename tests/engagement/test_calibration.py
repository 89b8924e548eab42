"""Tests for wfplan.engagement.calibration and the days it compares."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from wfplan.engagement.calibration import SPELLS_MIN, Verdict, calibrate, holm
from wfplan.engagement.calibration_days import History, person_days
from wfplan.engagement.calibration_likelihood import Strata, fitted
from wfplan.engagement.ledger import ACUTE_KEPT, CHRONIC_KEPT, remembered
from wfplan.report.calibration_page import render_calibration
from wfplan.report.calibration_words import checks, headline

MONDAY = date(2026, 3, 2).toordinal()
BEFORE = 28  # days of ledger before the absences begin
SHIFTS = ["person", "day", "start_min", "end_min"]
LOADS = ["person", "day", "overload_min", "acute_min", "chronic_min"]
ABSENCES = ["person", "day", "is_unplanned"]
NO_EFFECT = (0.0, 0.0, 0.0)


def history(shifts, absences, loads=None, *, days=28, is_planned=True):
    """A history by (person, day, start hour) and (person, day, is unplanned); days from MONDAY."""
    rows = [(p, MONDAY + d, d * 1440 + h * 60, d * 1440 + h * 60 + 480) for p, d, h in shifts]
    away = [(p, MONDAY + d, is_unplanned) for p, d, is_unplanned in absences]
    if loads is None:
        people = {p for p, *_ in shifts}
        loads = [(p, d, 60.0, 50.0 + d, 40.0) for p in people for d in range(-7, days + 14)]
    loads = [(p, MONDAY + d, *values) for p, d, *values in loads]
    return History(
        pd.DataFrame(rows, columns=SHIFTS),
        pd.DataFrame(loads, columns=LOADS),
        pd.DataFrame(away, columns=ABSENCES),
        MONDAY,
        MONDAY + days - 1,
        is_planned,
    )


def simulated(rng, effects=NO_EFFECT, *, people=100, weeks=22, unequal=0.0, steady=False):
    """
    Absences under known effects on the log odds: acute, chronic (per 30 min), quick return.

    ``unequal``: how much more load those get who are absent more often, on the log scale.
    """
    days = 7 * weeks + BEFORE
    prone = rng.normal(size=people) * 0.7
    level = np.exp(0.25 * rng.normal(size=people) + unequal * prone)
    level = np.ones(people) if steady else level
    busy = np.ones(days) if steady else np.repeat(np.exp(0.6 * rng.normal(size=days // 7)), 7)
    noise = np.ones((people, days)) if steady else np.exp(0.4 * rng.normal(size=(people, days)))
    free = np.argsort(rng.random((people, days // 7, 7)), axis=2).reshape(people, days) < 2
    if steady:
        free = np.tile(np.arange(days) % 7 >= 5, (people, 1))
    load = ~free * np.clip(60 * level[:, None] * busy * noise, 0, 300)
    long = np.tile(load, (1, 8)) if steady else load  # until the memories repeat, too
    acute, chronic = (
        remembered(long, kept, 50.0)[:, -days:] for kept in (ACUTE_KEPT, CHRONIC_KEPT)
    )
    start = np.arange(days) * 1440 + np.where(rng.random((people, days)) < 0.3, 840, 480)
    if steady:
        start = np.tile(np.arange(days) * 1440 + 480, (people, 1))
    missed = []
    for person in range(people):
        missed += spells_of(
            rng, person, free[person], start[person], acute[person], chronic[person],
            prone[person] - 3.9, effects,
        )  # fmt: skip
    who, when = np.nonzero(~free)
    all_who, all_when = np.divmod(np.arange(people * days), days)
    return History(
        pd.DataFrame(
            {"person": who, "day": MONDAY + when, "start_min": start[who, when],
             "end_min": start[who, when] + 480}
        ),
        pd.DataFrame(
            {"person": all_who, "day": MONDAY + all_when, "overload_min": load.ravel(),
             "acute_min": acute.ravel(), "chronic_min": chronic.ravel()}
        ),
        pd.DataFrame([(p, MONDAY + d, True) for p, d in missed], columns=ABSENCES),
        MONDAY + BEFORE,
        MONDAY + days - 1,
    )  # fmt: skip


def spells_of(rng, person, free, start, acute, chronic, base, effects):
    """Missed days of one person; a spell lasts three days on average."""
    missed, ends, left_at = [], 0, -(10**9)
    for day in np.flatnonzero(~free):
        quick = start[day] - left_at < 660
        left_at = start[day] + 480
        if day < BEFORE:
            continue
        if day >= ends:
            odds = base + effects[0] * (acute[day - 1] - 50) / 30
            odds += effects[1] * (chronic[day - 1] - 50) / 30 + effects[2] * quick
            if rng.random() >= 1 / (1 + np.exp(-odds)):
                continue
            ends = day + rng.geometric(1 / 3)
        missed.append((person, int(day)))
    return missed


def test_a_spell_counts_once_and_its_other_days_are_not_at_risk():
    week = [(0, day, 8) for day in (0, 1, 2, 3, 4, 7, 8)]
    found = person_days(history(week, [(0, 1, True), (0, 2, True)]))
    assert (found.day - MONDAY).tolist() == [0, 1, 3, 4, 7, 8]
    assert (found.day[found.is_event] - MONDAY).tolist() == [1]
    assert (found.spells, found.in_spell_days) == (1, 1)


def test_days_off_between_do_not_end_a_spell_but_a_day_worked_does():
    week = [(0, day, 8) for day in (3, 4, 7, 8, 9)]
    over = person_days(history(week, [(0, 4, True), (0, 5, True), (0, 6, True), (0, 7, True)]))
    again = person_days(history(week, [(0, 4, True), (0, 8, True)]))
    assert (over.spells, again.spells) == (1, 2)
    assert over.in_spell_days == 1


def test_a_spell_begins_on_the_first_planned_day_that_was_missed():
    found = person_days(history([(0, 4, 8), (0, 7, 8)], [(0, 5, True), (0, 6, True), (0, 7, True)]))
    assert (found.day[found.is_event] - MONDAY).tolist() == [7]
    assert found.unplanned_spells == 0


def test_the_exposure_of_a_day_is_the_ledger_of_the_evening_before():
    found = person_days(history([(0, 3, 8)], [(0, 3, True)]))
    assert found.exposure[0, :2].tolist() == [52.0, 40.0]


def test_a_day_whose_ledger_is_missing_is_left_out_and_counted():
    loads = [(0, day, 60.0, 50.0, 40.0) for day in (0, 1, 5)]
    days = [(0, day, 8) for day in (1, 2, 3, 6)]
    found = person_days(history(days, [(0, 3, True)], loads))
    assert (found.day - MONDAY).tolist() == [1, 2, 6]
    assert (found.unknown_days, found.unknown_spells) == (1, 1)


def test_leave_is_neither_an_absence_nor_at_risk():
    found = person_days(history([(0, 0, 8), (0, 1, 8)], [(0, 1, False)]))
    assert (found.day - MONDAY).tolist() == [0]
    assert (found.spells, found.away_days) == (0, 1)


@pytest.mark.parametrize(("hour", "is_quick"), [(8, 1.0), (9, 0.0)])
def test_a_rest_under_eleven_hours_is_a_quick_return(hour, is_quick):
    found = person_days(history([(0, 0, 14), (0, 1, hour)], []))  # the first ends at 22:00
    assert found.exposure[:, 2].tolist() == [0.0, is_quick]


def test_shifts_as_worked_make_every_missed_day_a_planned_one():
    found = person_days(history([(0, 0, 8), (0, 3, 8)], [(0, 1, True)], is_planned=False))
    assert (found.day[found.is_event] - MONDAY).tolist() == [1]
    assert np.isnan(found.exposure[found.is_event, 2]).all()


def test_weekdays_and_months_are_those_of_the_calendar():
    found = person_days(history([(0, day, 8) for day in (0, 6, 27)], []))
    assert found.weekday.tolist() == [0, 6, 6]
    assert (found.month % 12 + 1).tolist() == [3, 3, 3]


def test_the_placebo_is_the_load_of_the_second_week_after():
    load = np.zeros(40)
    load[11:18] = 100.0
    acute = remembered(load, ACUTE_KEPT)
    loads = [(0, day - 1, load[day], acute[day], 0.0) for day in range(40)]
    found = person_days(history([(0, 2, 8), (0, 20, 8)], [], loads))
    assert found.future_min[0] == pytest.approx(100.0)  # days 10 to 16 of the list
    assert found.future_min[1] == pytest.approx(0.0, abs=1e-9)


def test_holm_multiplies_the_least_by_all_tests_and_never_falls():
    found = holm(np.array([0.02, 0.01, np.nan, 0.9]))
    assert found[[0, 1, 3]] == pytest.approx([0.04, 0.03, 0.9])
    assert np.isnan(found[2])


@pytest.fixture(scope="module")
def loaded():
    """A calibration of a centre in which acute load and quick returns have an effect."""
    return calibrate(person_days(simulated(np.random.default_rng(11), (0.5, 0.0, 0.7))))


def test_effects_that_are_there_are_found_with_their_size(loaded):
    acute, _, quick = loaded.effects
    assert loaded.verdict is Verdict.FOUND
    assert acute.low < np.exp(0.5) < acute.high
    assert quick.low < np.exp(0.7) < quick.high
    assert {one.name for one in loaded.found} >= {"quick_return"}
    assert loaded.people < loaded.days.people  # people without a spell drop out
    now, then, low, high = quick.per_week
    assert now < low < then < high


def test_the_page_shows_every_effect_and_says_what_a_plan_makes_of_them(loaded):
    page = render_calibration(loaded, about="somewhere")
    assert page.count('<td class="dots">') == 3
    assert "are zero until a plan file names it" in page
    assert "http" not in page.replace("http-equiv", "")


def test_plans_that_repeat_every_week_cannot_tell():
    steady = simulated(np.random.default_rng(12), steady=True)
    found = calibrate(person_days(steady))
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.spells >= SPELLS_MIN
    assert all("not estimated" in one.note for one in found.effects)


def test_exposures_that_go_together_are_said_to(loaded):
    """What one of two shares with the other inflates its variance by 1 / (1 - r^2)."""
    rng = np.random.default_rng(16)
    days, count = loaded.days, len(loaded.days.day)
    acute = rng.normal(60, 20, count)
    chronic = 0.95 * acute + np.sqrt(1 - 0.95**2) * rng.normal(60, 20, count)
    exposure = np.column_stack([acute, chronic, rng.random(count) < 0.2])
    found = calibrate(replace(days, exposure=exposure))
    assert found.effects[0].inflation == pytest.approx(1 / (1 - 0.95**2), rel=0.1)
    assert found.effects[2].inflation == pytest.approx(1, abs=0.05)
    assert "told apart badly (variance acute ×" in " ".join(checks(found))
    assert "told apart badly" not in " ".join(checks(loaded))


def test_too_few_spells_say_what_they_would_not_show(loaded):
    days = loaded.days
    few = np.isin(days.person, np.unique(days.person)[:25])
    fields = ("person", "day", "is_event", "exposure", "future_min")
    found = calibrate(replace(days, **{name: getattr(days, name)[few] for name in fields}))
    assert found.verdict is Verdict.NOT_ENOUGH
    acute = found.effects[0].detectable
    then = acute ** np.sqrt(found.spells / SPELLS_MIN)
    said = headline(found)[1]
    assert f"With {found.spells} spells smaller effects than these" in said
    assert said.index(f"acute × {acute:.2f}") < said.index(f"acute × {then:.2f}")
    assert 1 < then < acute


@pytest.mark.slow
def test_people_who_are_absent_more_and_get_more_load_do_not_bias_the_answer():
    """A plain logit takes what people are for an effect of load; within people it is gone."""
    within, plain = [], []
    for seed in range(3):
        days = person_days(simulated(np.random.default_rng(seed), people=60, unequal=0.6))
        x = days.exposure[:, :1] / 30
        within.append(fitted(Strata(x, days.is_event, days.person)).beta[0])
        plain.append(fitted(Strata(x, days.is_event, np.zeros_like(days.person))).beta[0])
    assert abs(np.mean(within)) < 0.15
    assert np.mean(plain) > 0.2


@pytest.mark.slow
def test_load_that_comes_after_makes_the_answer_doubtful():
    """Absence by a slow wave that moves the load of the weeks around it, too."""
    base = simulated(np.random.default_rng(14), (0.6, 0.0, 0.0))
    days = person_days(base)
    rng = np.random.default_rng(15)
    future = np.where(days.is_event, 120.0, 50.0) + rng.normal(size=len(days.day)) * 10
    found = calibrate(replace(days, future_min=future))
    assert found.placebo_p < 0.001
    assert found.verdict is Verdict.DOUBTFUL


def run_once(seed, effects):
    """Whether each 95 % interval covers, whether anything was found, and enough data were there."""
    found = calibrate(person_days(simulated(np.random.default_rng(seed), effects)))
    ends = [(one.low, one.high) for one in found.effects]
    covers = [low <= np.exp(e) <= high for (low, high), e in zip(ends, effects, strict=True)]
    return covers, bool(found.found), found.verdict is not Verdict.NOT_ENOUGH


@pytest.mark.slow
def test_intervals_cover_what_is_true_in_some_runs():
    runs = [run_once(seed, (0.2, 0.1, 0.3)) for seed in range(4)]
    assert all(is_enough for _, _, is_enough in runs)
    assert np.mean([covers for covers, _, _ in runs]) >= 0.7  # at most 3 of 12


@pytest.mark.nightly
@pytest.mark.parametrize("effects", [NO_EFFECT, (0.2, 0.1, 0.3)])
def test_intervals_cover_in_93_to_97_of_100_and_no_effect_is_found_where_there_is_none(
    effects, tell
):
    """SCIENCE 4.6: 500 runs."""
    runs = [run_once(1000 + seed, effects) for seed in range(500)]
    covers = np.mean([one for one, _, _ in runs], axis=0)
    found = np.mean([one for _, one, _ in runs])
    tell(dict(zip(("acute", "chronic", "quick_return"), covers, strict=True)) | {"found": found})
    assert np.all((covers >= 0.93) & (covers <= 0.97))
    if effects == NO_EFFECT:
        assert found <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 500)
