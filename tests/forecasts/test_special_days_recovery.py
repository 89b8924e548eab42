"""Effects that were put into a history are found again, and where there is none, none is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from forecasts import forecast
from forecasts.history.series import Series, date_of, ordinal, weekday_of
from forecasts.special_days.calendar import COLUMNS, read_calendar
from forecasts.special_days.study import Study, plain_days, study

WEEK = np.array([1.3, 1.1, 1.0, 0.95, 1.0, 0.5, 0.4])
SLOTS = 24
USUAL = np.sin(np.pi * (np.arange(SLOTS) + 0.5) / SLOTS)
LATE = np.exp(-0.5 * ((np.arange(SLOTS) - 17) / 2.0) ** 2) + 0.1
FIRST = ordinal(date(2024, 1, 1))
UNKNOWN = float("nan")
Effect = Callable[[int], float]


def none(_: int) -> float:
    return 1.0


def history(days: int, effect: Effect = none, late: tuple[int, ...] = (), seed: int = 0) -> Series:
    """A wandering level, weekdays, 6 % of noise a day, Poisson counts of 1000 a day."""
    rng = np.random.default_rng(seed)
    day = FIRST + np.arange(days)
    level = np.exp(0.5 * np.cumsum(rng.normal(0, 0.01, days)) + rng.normal(0, 0.06, days))
    total = 1000 * WEEK[weekday_of(day)] * level * np.array([effect(k) for k in range(days)])
    shapes = np.array([LATE if k in late else USUAL for k in range(days)])
    counts = rng.poisson(total[:, None] * shapes / shapes.sum(axis=1, keepdims=True)).astype(float)
    return Series("voice", 60, day, counts, counts, np.full_like(counts, np.nan))


def studied(series: Series, rows: list[dict], ahead: int) -> Study:
    """What all but the last days say of the last ones."""
    calendar = read_calendar(pd.DataFrame(rows, columns=list(COLUMNS)), ["voice"])["voice"]
    past = series.before(int(series.days[-1]) + 1 - ahead)
    mask = np.ones((7, SLOTS), dtype=bool)
    shape = np.tile(USUAL / USUAL.mean(), (7, 1))
    plain = plain_days(past, calendar, mask)
    arrived, exposure = past.counts.sum(axis=1), np.full(past.days.size, float(SLOTS))
    return study(past, calendar, shape, arrived, exposure, plain, series.days[-ahead:])


def row(day: int, kind: str, name: str, **more: object) -> dict:
    return {"day": date_of(FIRST + day), "kind": kind, "name": name, "channel": "", **more}


def factor(found: Study, day: int) -> float:
    return found.effects[list(found.ahead).index(FIRST + day)].factor


def is_last_working_day(k: int) -> bool:
    day = pd.Timestamp(date_of(FIRST + k))
    return day == day + pd.offsets.BMonthEnd(0)


def test_a_history_without_a_monthly_cycle_has_no_days_of_the_month():
    for seed in range(12):
        found = studied(history(500 + 30 * seed, seed=seed), [], 28)
        assert all(effect.factor == 1.0 for effect in found.effects)


def test_the_last_working_day_of_the_month_is_found_without_being_named():
    series = history(762, lambda k: 1.3 if is_last_working_day(k) else 1.0)
    found = studied(series, [], 31)
    (pay,) = [k for k in range(731, 762) if is_last_working_day(k)]
    assert factor(found, pay) == pytest.approx(1.3, rel=0.06)
    (part,) = found.effects[pay - 731].parts
    assert part.label.name == "last working day of the month"
    assert part.days == 24


def test_a_named_pay_day_is_learned_on_its_day_and_the_next():
    paid = list(range(24, 400, 30))
    series = history(390, lambda k: 1.2 if k in paid else 1.1 if k - 1 in paid else 1.0)
    rows = [row(k, "payday", "Salaries") for k in paid]
    found = studied(series, rows, 14)
    assert factor(found, 384) == pytest.approx(1.2, rel=0.05)
    assert factor(found, 385) == pytest.approx(1.1, rel=0.05)
    assert factor(found, 386) == 1.0


@pytest.mark.parametrize("is_said", [True, False])
def test_a_campaign_is_learned_with_its_lag_and_how_it_fades(is_said):
    """Of days that nobody speaks of, less is believed."""
    sent, fades = [60 + 45 * n for n in range(14)], {1: 1.4, 2: 1.2, 3: 1.1}
    series = history(650, lambda k: float(np.prod([fades.get(k - s, 1.0) for s in sent])), seed=3)
    more = {"days": 3, "lag_days": 1} if is_said else {}
    found = studied(series, [row(k, "campaign", "Mail", **more) for k in sent], 8)
    assert factor(found, 645) == pytest.approx(1.0, abs=0.05)
    for since, true in fades.items():
        assert factor(found, 645 + since) == pytest.approx(true, rel=0.06 if is_said else 0.09)


def test_school_holidays_are_learned_and_made_up_ones_change_nothing():
    spans = [(40, 54), (100, 112), (180, 222), (300, 309), (360, 374), (405, 420), (465, 477)]
    spans += [(545, 587), (665, 674), (722, 740)]
    rows = [row(a, "period", "School", until=date_of(FIRST + b)) for a, b in spans]
    inside = {k for a, b in spans for k in range(a, b + 1)}
    for true in (0.88, 1.0):
        series = history(745, lambda k, true=true: true if k in inside else 1.0, seed=2)
        found = studied(series, rows, 25)
        assert factor(found, 725) == pytest.approx(true, abs=0.03)
        assert factor(found, 742) == 1.0


def test_a_period_that_never_ends_teaches_nothing():
    found = studied(history(120), [row(0, "period", "Always", until=date_of(FIRST + 130))], 14)
    assert found.effects[3].factor == 1.0
    assert found.effects[3].parts[0].how == "guessed"


HOLIDAYS = (70, 150, 250, 330, 400, 480, 560, 640, 721)


@pytest.mark.parametrize("is_late", [True, False])
def test_hours_of_a_worked_holiday_are_learned_where_they_differ(is_late):
    late = HOLIDAYS if is_late else ()
    series = history(735, lambda k: 0.45 if k in HOLIDAYS else 1.0, late, seed=1)
    rows = [row(k, "holiday", "Feast") for k in HOLIDAYS]
    found = studied(series, rows, 20)
    mean = found.applied(np.tile(USUAL, (20, 1)))[721 - 715]
    true = LATE if is_late else USUAL
    assert np.abs(mean / mean.sum() - true / true.sum()).sum() < (0.2 if is_late else 0.03)
    assert mean.sum() / USUAL.sum() == pytest.approx(0.45, rel=0.25)


def test_no_effect_is_learned_from_days_to_come():
    sent = [60 + 45 * n for n in range(14)]
    series = history(650, lambda k: 1.3 if k in sent else 1.0)
    rows = [row(k, "event", "Mail") for k in sent]
    other = series.with_counts(np.where(np.arange(650)[:, None] >= 642, 7.0, series.counts))
    one, two = (studied(each, rows, 8) for each in (series, other))
    assert [a.factor for a in one.effects] == [b.factor for b in two.effects]


def frame(series: Series, channel: str) -> pd.DataFrame:
    start = pd.Timestamp(date_of(int(series.days[0])), tz="UTC")
    when = pd.date_range(start, periods=series.counts.size, freq="h")
    return pd.DataFrame(
        {
            "channel": channel,
            "interval_start": when,
            "offered": series.counts.ravel(),
            "aht_s": 300.0,
        }
    )


def test_a_channel_that_opened_lately_learns_of_a_holiday_from_its_sister_and_the_table_says_so():
    feasts = (30, 62, 94, 126)
    full = history(133, lambda k: 0.4 if k in feasts else 1.0)
    young = history(133, none, seed=5)
    rows = pd.DataFrame([row(k, "event", "Strike") for k in feasts], columns=list(COLUMNS))
    past, end = pd.concat([frame(full, "voice"), frame(young, "chat")]), pd.Timestamp("2024-05-06")
    late = past["interval_start"] >= pd.Timestamp("2024-04-08", tz="UTC")
    past = past[(past["channel"] == "voice") | late]
    ahead = past["interval_start"] >= end.tz_localize("UTC") - pd.Timedelta(days=7)
    future = past[ahead][["channel", "interval_start"]].assign(is_open=True)
    made = forecast(past[~ahead], future, timezone="UTC", interval_min=60, calendar=rows)
    table = made.special_days
    strike = table[(table["kind"] == "event") & (table["label"] == "Strike")].set_index("channel")
    assert strike.loc["voice", "how"] == "learned"
    assert strike.loc["voice", "days_seen"] == 3
    assert strike.loc["voice", "factor"] == pytest.approx(0.4, rel=0.15)
    assert strike.loc["chat", "how"] == "other channels"
    assert strike.loc["chat", "factor"] < 0.7
    assert (strike["low"] < strike["factor"]).all()
    wide = strike["high"] / strike["low"]
    assert wide["chat"] > 1.2 * wide["voice"]
    assert any("learned from 3 days of other channels" in note for note in made.notes)
    assert any("learned from 3 past days, factor 0.4" in note for note in made.notes)
