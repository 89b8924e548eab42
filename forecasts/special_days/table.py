"""What is said about the special days of a forecast: a table, and notes for planners."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, isfinite, sqrt

import pandas as pd

from forecasts.history.series import IntArray, date_of
from forecasts.special_days.calendar import Calendar
from forecasts.special_days.effects import Effect, Part
from forecasts.special_days.label import AROUND, MONTH, spoken

COLUMNS = ("channel", "day", "label", "kind", "factor", "low", "high", "days_seen", "how")
_CENTRAL_80 = 1.2816  # standard deviations from the middle to the ends of the central 80 %
_WORTH_SAYING = 0.03  # of an effect of which no row of the calendar speaks


def table_of(
    channel: str, calendar: Calendar, days: IntArray, effects: Sequence[Effect]
) -> pd.DataFrame:
    """
    The effects that a forecast used, a row per day and label.

    Columns channel, day (a date), label, kind, factor on the volume, low and high (its central 80
    %), days_seen (past days of the channel that it is learned from), how (stated, learned, other
    channels, like others, guessed).
    """
    rows = []
    for day, effect in zip(map(int, days), effects, strict=True):
        for entry in calendar.entries.get(day, ()):
            if isfinite(entry.factor):
                text, value = spoken(entry.label), entry.factor
                rows.append(
                    (channel, date_of(day), text, entry.kind, value, value, value, 0, "stated")
                )
        for part in effect.parts:
            low, high = interval(part)
            rows.append(
                (
                    channel,
                    date_of(day),
                    spoken(part.label),
                    part.label.kind,
                    exp(part.mean),
                    low,
                    high,
                    part.days,
                    part.how,
                )
            )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def no_days() -> pd.DataFrame:
    """The table of a forecast without special days."""
    return pd.DataFrame({name: [] for name in COLUMNS})


def all_of(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other, the empty ones left out."""
    some = [table for table in tables if len(table)]
    return pd.concat(some, ignore_index=True) if some else no_days()


def interval(part: Part) -> tuple[float, float]:
    """The central 80 % of a factor."""
    reach = _CENTRAL_80 * sqrt(part.variance)
    return exp(part.mean - reach), exp(part.mean + reach)


def notes(days: IntArray, effects: Sequence[Effect]) -> list[str]:
    """What a planner should know of the special days of one channel; once for each label."""
    said: dict[str, tuple[int, Part]] = {}
    for day, effect in zip(map(int, days), effects, strict=True):
        for part in effect.parts:
            if is_worth_a_note(part):
                said.setdefault(spoken(part.label), (day, part))
    return [note(day, part) for day, part in said.values()]


def is_worth_a_note(part: Part) -> bool:
    """Whether the calendar speaks of it, or it is more than a trifle."""
    if part.label.kind in (*AROUND, MONTH) or part.label.since:
        return part.how != "guessed" and abs(part.mean) > _WORTH_SAYING
    return True


def note(day: int, part: Part) -> str:
    """One label on one day: what was learned from how many days, or guessed."""
    low, high = interval(part)
    name = f"'{part.label.name}'" if part.label.name else ""
    called = f"{part.label.kind.replace('_', ' ')} {name}".strip()
    text = f"{date_of(day).isoformat()}: {called}"
    if part.label.since:
        text = f"{date_of(day).isoformat()}: {spoken(part.label)}"
    factor = f"factor {exp(part.mean):.2f} ({low:.2f} to {high:.2f})"
    if part.how == "learned":
        return f"{text}: learned from {_days(part.days, 'past day')}, {factor}"
    if part.how == "other channels":
        return f"{text}: learned from {_days(part.others, 'day')} of other channels, {factor}"
    if part.how == "like others":
        kind = part.label.kind.replace("_", " ")
        return (
            f"{text} has no past day to learn from: taken to be like {part.others} past {kind} "
            f"{'day' if part.others == 1 else 'days'}, {factor}; state a factor to change it"
        )
    taken = "change nothing"
    if part.label.kind in ("holiday", "half_holiday"):
        taken = "be like the quietest weekday" if part.label.kind == "holiday" else "be quieter"
    return (
        f"{text} has no past day to learn from: taken to {taken}, {factor}; "
        "state a factor to change it"
    )


def _days(count: int, what: str) -> str:
    """``2 past days``."""
    return f"{count} {what}" + ("" if count == 1 else "s")
