"""
Person-days on which an absence could begin, with what the person carried the evening before.

An absence is counted once, on the first planned day that was missed: days of one spell are not
independent, and while it lasts nothing can begin (they are not at risk). The exposure of a day is
the ledger at the end of the *day before*, as it was planned. So a day off ill, on which nobody is
loaded, can never be its own cause, and what a spell does to the true load afterwards does not
enter. In the sense of the case-crossover design [1]_ each person is her own control.

References
----------
.. [1] Maclure, M. (1991). The case-crossover design. *American Journal of Epidemiology*, 133(2):
       144-153. https://doi.org/10.1093/oxfordjournals.aje.a115853
.. [2] Janes, H., L. Sheppard, and T. Lumley (2005). Case-crossover analyses of air pollution
       exposure data: referent selection strategies and their implications for bias.
       *Epidemiology*, 16(6): 717-726. https://doi.org/10.1097/01.ede.0000181315.18836.9d
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.engagement.ledger import ACUTE_KEPT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

QUICK_RETURN_MIN = 11 * 60
SAME_SPELL_DAYS = 7
"""Absences so many days apart, with no day worked between, are one spell."""
FUTURE_DAYS = 14
"""The placebo is the load planned for the second week after the day."""
_WEEK = 7
_STRIDE = 10_000_000  # more than any ordinal of a date
_KEEPS_WEEK = ACUTE_KEPT**_WEEK


@dataclass(frozen=True)
class History:
    """
    What was planned and who did not come; people are numbers, days are ordinals of dates.

    Parameters
    ----------
    shifts
        Columns person, day, start_min and end_min (minutes since any fixed instant).
    loads
        Columns person, day, overload_min, acute_min, chronic_min: at the end of the day.
    absences
        Columns person, day and is_unplanned.
    first_day, last_day
        Days that the absences speak of; what lies outside is left out.
    is_planned
        Whether ``shifts`` are as planned. Else they are as worked: a day of absence has none.
    """

    shifts: pd.DataFrame
    loads: pd.DataFrame
    absences: pd.DataFrame
    first_day: int
    last_day: int
    is_planned: bool = True


@dataclass(frozen=True)
class PersonDays:
    """
    Days at risk, (row,), and what became of the others.

    ``exposure`` is (row, 3): acute and chronic minutes a day on the evening before, and whether
    the day is a quick return (NaN: not known). ``future_min`` is the placebo, NaN: not known.
    """

    person: IntArray
    day: IntArray
    is_event: BoolArray
    exposure: FloatArray
    future_min: FloatArray
    people: int  # with a planned day in the time that the absences speak of
    planned_days: int
    spells: int
    in_spell_days: int  # planned, within a spell, not its first
    away_days: int  # planned, but away with leave
    unknown_days: int  # at risk, but no ledger entry of the day before
    unknown_spells: int
    unplanned_spells: int  # absences that touch no planned day

    @property
    def weeks(self) -> float:
        """Length of the time from the first to the last day at risk."""
        return (int(self.day.max() - self.day.min()) + 1) / _WEEK if len(self.day) else 0.0

    @property
    def weekday(self) -> IntArray:
        """0 is Monday, (row,)."""
        return (self.day - 1) % _WEEK  # 1 January of year 1, ordinal 1, was a Monday

    @property
    def month(self) -> IntArray:
        """Calendar months since year 0, (row,)."""
        days, code = np.unique(self.day, return_inverse=True)
        dates = [date.fromordinal(int(day)) for day in days]
        return np.array([d.year * 12 + d.month - 1 for d in dates], dtype=np.int64)[code]


def person_days(history: History) -> PersonDays:
    """Days at risk of the start of an absence, and the first day of each."""
    rows = _rows(history)
    person, day = rows["person"].to_numpy(np.int64), rows["day"].to_numpy(np.int64)
    is_missed = rows["is_unplanned"].eq(True).to_numpy(np.bool_)
    is_away = rows["is_unplanned"].eq(False).to_numpy(np.bool_)
    is_planned = rows["quick"].notna().to_numpy(np.bool_)
    if not history.is_planned:
        is_planned = is_planned | is_missed  # nobody is missed on a day off
    spell = _spells(person, day, is_missed)
    is_first = _first_of(spell, is_missed & is_planned)
    at_risk = is_planned & ~is_away & (is_first | ~is_missed)
    acute, chronic, future = _carried(history.loads, person, day)
    quick = rows["quick"].to_numpy(np.float64)
    is_known = np.isfinite(acute) & np.isfinite(chronic)
    kept = at_risk & is_known
    return PersonDays(
        person=person[kept],
        day=day[kept],
        is_event=is_first[kept],
        exposure=np.column_stack([acute, chronic, quick])[kept],
        future_min=future[kept],
        people=len(np.unique(person[is_planned])),
        planned_days=int(is_planned.sum()),
        spells=int(is_first.sum()),
        in_spell_days=int((is_planned & is_missed & ~is_first).sum()),
        away_days=int((is_planned & is_away).sum()),
        unknown_days=int((at_risk & ~is_known).sum()),
        unknown_spells=int((is_first & ~is_known).sum()),
        unplanned_spells=len(np.unique(spell[is_missed])) - int(is_first.sum()),
    )


def _rows(history: History) -> pd.DataFrame:
    """Planned days and days of absence in the time that absences speak of, by person and day."""
    shifts = history.shifts.sort_values(["person", "start_min"], kind="stable")
    days = shifts.groupby(["person", "day"], as_index=False).agg(
        start_min=("start_min", "min"), end_min=("end_min", "max")
    )
    rest = days["start_min"] - days.groupby("person")["end_min"].shift()
    days["quick"] = (rest < QUICK_RETURN_MIN).astype(np.float64)
    absences = history.absences.drop_duplicates(["person", "day"], keep="last")
    rows = days[["person", "day", "quick"]].merge(absences, on=["person", "day"], how="outer")
    rows = rows[rows["day"].between(history.first_day, history.last_day)]
    return rows.sort_values(["person", "day"], kind="stable", ignore_index=True)


def _spells(person: IntArray, day: IntArray, is_missed: BoolArray) -> IntArray:
    """The number of the spell that a missed day belongs to, (row,); of others it means nothing."""
    goes_on = np.zeros(len(person), dtype=np.bool_)
    goes_on[1:] = (
        (person[1:] == person[:-1]) & is_missed[:-1] & (np.diff(day) <= SAME_SPELL_DAYS)
    )  # nothing worked between: that would be a row
    return np.cumsum(is_missed & ~goes_on)


def _first_of(spell: IntArray, is_it: BoolArray) -> BoolArray:
    """The first row of every spell that has such rows, (row,)."""
    rows = np.flatnonzero(is_it)
    _, first = np.unique(spell[rows], return_index=True)
    found = np.zeros(len(spell), dtype=np.bool_)
    found[rows[first]] = True
    return found


def _carried(
    loads: pd.DataFrame, person: IntArray, day: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Acute and chronic minutes on the evening before, and the load of the second week after."""
    known = loads.drop_duplicates(["person", "day"], keep="last")
    known = known.sort_values(["person", "day"])
    keys = known["person"].to_numpy(np.int64) * _STRIDE + known["day"].to_numpy(np.int64)

    def at(column: str, shift: int) -> FloatArray:
        values = np.append(known[column].to_numpy(np.float64), np.nan)
        wanted = person * _STRIDE + day + shift
        place = np.searchsorted(keys, wanted)
        is_there = np.append(keys, -1)[place] == wanted
        return np.where(is_there, values[place], np.nan)

    later = at("acute_min", FUTURE_DAYS) - _KEEPS_WEEK * at("acute_min", FUTURE_DAYS - _WEEK)
    return at("acute_min", -1), at("chronic_min", -1), later / (1 - _KEEPS_WEEK)
