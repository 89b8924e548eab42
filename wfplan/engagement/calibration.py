"""
Whether planned load goes before absence, in the user's own data; "no effect found" is an answer.

SCIENCE 4.6: the chance that an absence begins on a planned day is ``logit P = alpha_person +
weekday + month + beta_A A/30 + beta_C C/30 + gamma quick return``. What a person is by nature
(``alpha``) is conditioned away: each is compared with herself on other days, so people who are
ill more often and are given other work do not decide the answer. Nothing is estimated before the
minimum of data that is stated here; three effects are tested, so their p-values are Holm's [1]_;
and load that is yet to come must not "predict" an absence, else something else moves both.

Aggregates only: no result is about a person.

References
----------
.. [1] Holm, S. (1979). A simple sequentially rejective multiple test procedure. *Scandinavian
       Journal of Statistics*, 6(2): 65-70.
.. [2] Zeger, S. L., and K.-Y. Liang (1986). Longitudinal data analysis for discrete and
       continuous outcomes. *Biometrics*, 42(1): 121-130. https://doi.org/10.2307/2531248
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import erfc, exp, log, sqrt

import numpy as np
from numpy.typing import NDArray

from wfplan.engagement.calibration_days import PersonDays
from wfplan.engagement.calibration_likelihood import Fit, Strata, fitted
from wfplan.engagement.calibration_profile import interval, likelihood_ratio

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

SPELLS_MIN = 200
"""Absence spells that tell something, below which nothing is estimated."""
PEOPLE_MIN = 20
"""People below which results could be about one of them."""
LEVEL = 0.05
_Z_LEVEL, _Z_POWER = 2.3940, 0.8416  # of LEVEL / 3, two-sided (Holm's first step); of 8 in 10
_UNIT_MIN = 30.0
_ROBUST_FROM = 1.25  # robust over model standard error from which the robust one counts
_SPREAD_LEFT_MIN = 1e-3  # of a covariate's spread within people that the others leave

NAMES = ("acute", "chronic", "quick_return")


class Verdict(StrEnum):
    """What the data say."""

    NOT_ENOUGH = "not_enough_data"
    NONE = "no_effect_found"
    FOUND = "effect_found"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Effect:
    """
    One effect on the odds that an absence begins on a planned day.

    Acute and chronic are per 30 minutes a day of the ledger, a quick return against none. Where
    nothing is estimated the numbers are NaN and ``note`` says why; a bound that the data do not
    give is infinite (0 for a lower one).
    """

    name: str
    note: str = ""
    odds_ratio: float = np.nan
    low: float = np.nan
    high: float = np.nan
    p: float = np.nan
    p_holm: float = np.nan
    standard_error: float = np.nan  # of the log odds ratio, observed information
    robust_error: float = np.nan  # the same, by person
    detectable: float = np.nan  # odds ratio that is found 8 times in 10
    inflation: float = np.nan  # of its variance, by what it shares with the other two
    within_months: tuple[float, float, float] = (np.nan,) * 3  # ratio, 95 %; see _beside_months
    per_week: tuple[float, float, float, float] = (np.nan,) * 4  # see _per_week

    @property
    def is_found(self) -> bool:
        """Whether it differs from 1 when all three are tested."""
        return self.p_holm < LEVEL


@dataclass(frozen=True)
class Calibration:
    """
    The answer, and what it rests on.

    ``spells`` and ``people`` are those that count in the likelihood; people without an absence
    (or with nothing but) drop out of it. ``placebo_p`` is of the load planned for the second
    week after; NaN where it could not be looked at.
    """

    verdict: Verdict
    effects: tuple[Effect, ...]
    spells: int
    people: int
    person_days: int
    spells_needed: int
    weeks_to_wait: float  # until SPELLS_MIN, at the rate so far; infinite: not at all
    days: PersonDays
    placebo_ratio: float = np.nan
    placebo_p: float = np.nan
    notes: tuple[str, ...] = ()

    @property
    def found(self) -> tuple[Effect, ...]:
        """Effects that were found."""
        return tuple(one for one in self.effects if one.is_found)

    @property
    def usable(self) -> tuple[Effect, ...]:
        """Those that act in a plan which names it, as ``domain.load_effects`` has it: harmful."""
        is_sound = self.verdict is Verdict.FOUND
        return tuple(one for one in self.found if is_sound and 1 < one.odds_ratio < np.inf)


def calibrate(days: PersonDays, watch: Callable[[float], None] = lambda share: None) -> Calibration:
    """
    Fit the user's own absences on the ledger.

    Parameters
    ----------
    days
        Days at risk, from :func:`wfplan.engagement.calibration_days.person_days`.
    watch
        Told the share of the work that is done.
    """
    model = _Model.of(days)
    effects = _effects_at_zero(model)
    spells = model.strata.events
    wait = (SPELLS_MIN - spells) * days.weeks / spells if spells else np.inf
    found = Calibration(
        Verdict.NOT_ENOUGH,
        effects,
        spells,
        len(model.strata.names),
        len(model.strata.rows),
        SPELLS_MIN,
        max(wait, 0.0),
        days,
        notes=model.notes,
    )
    if spells < SPELLS_MIN or not model.is_estimable.any():
        return found
    watch(0.1)
    return _answered(found, model, watch)


def holm(p: FloatArray) -> FloatArray:
    """Holm's adjusted p-values; NaN stays, and does not count as a test."""
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known])]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


@dataclass(frozen=True)
class _Model:
    """Strata over the columns: three effects, the placebo last where asked, else nuisances."""

    strata: Strata
    is_estimable: BoolArray  # of NAMES (and the placebo)
    notes: tuple[str, ...]

    @classmethod
    def of(cls, days: PersonDays, *, by_month: bool = False, placebo: bool = False) -> _Model:
        """The model of SCIENCE 4.6; by_month: each person's calendar month is a stratum."""
        rows, nuisance, notes = _nuisances(days, is_month=not by_month, is_known=placebo)
        exposure = days.exposure[rows] / (_UNIT_MIN, _UNIT_MIN, 1.0)
        if np.isnan(exposure[:, 2]).any():
            exposure[:, 2] = 0.0  # then it has no spread and is not estimated
        if placebo:
            exposure = np.column_stack([exposure, days.future_min[rows] / _UNIT_MIN])
        stratum = days.person[rows]
        if by_month:
            stratum = stratum * 1_000_000 + days.month[rows]
        whole = Strata(np.column_stack([exposure, nuisance]), days.is_event[rows], stratum)
        kept = _independent(whole, exposure.shape[1])
        tested = kept[: exposure.shape[1]]
        return cls(whole.only(kept), tested, notes)

    def place(self, name: str) -> int | None:
        """The column of an effect; None where it is not estimable."""
        index = NAMES.index(name)
        return int(self.is_estimable[:index].sum()) if self.is_estimable[index] else None


def _nuisances(
    days: PersonDays, *, is_month: bool, is_known: bool
) -> tuple[NDArray[np.int64], FloatArray, tuple[str, ...]]:
    """
    Rows that tell something, and indicators of weekdays and months, (row, column).

    A weekday (a month) on which no spell began has no finite effect and its days say nothing
    about the others: they are left out, which is the limit of the likelihood.
    """
    rows = np.flatnonzero(np.isfinite(days.future_min)) if is_known else np.arange(len(days.day))
    groups = [("weekday", days.weekday)] + ([("month", days.month)] if is_month else [])
    notes, blocks = [], []
    for name, group in groups:
        with_event = np.unique(group[rows][days.is_event[rows]])
        kept = np.isin(group[rows], with_event)
        if not kept.all():
            notes.append(
                f"{(~kept).sum()} person-days of a {name} with no spell's beginning were left out."
            )
        rows = rows[kept]
    for _, group in groups:
        levels = np.unique(group[rows])[1:]
        blocks.append(group[rows, None] == levels)
    return rows, np.column_stack(blocks).astype(np.float64), tuple(notes)


def _independent(strata: Strata, tested: int) -> BoolArray:
    """Columns with spread within strata that is not that of others before them; nuisances first."""
    information = strata.at(np.zeros(strata.columns)).information
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    kept = size > 1e-6
    scaled = information / np.outer(np.where(kept, size, 1.0), np.where(kept, size, 1.0))
    chosen: list[int] = []
    for column in [*range(tested, strata.columns), *range(tested)]:
        if not kept[column]:
            continue
        own = scaled[chosen, column]
        left = 1.0 - own @ np.linalg.solve(scaled[np.ix_(chosen, chosen)], own) if chosen else 1.0
        if left < _SPREAD_LEFT_MIN:
            kept[column] = False
        else:
            chosen.append(column)
    return kept


def _effects_at_zero(model: _Model) -> tuple[Effect, ...]:
    """What could be found, before anything is estimated."""
    information = model.strata.at(np.zeros(model.strata.columns)).information
    covariance = _inverse(information)
    tested = int(model.is_estimable.sum())
    effects = []
    for name in NAMES:
        place = model.place(name)
        if place is None:
            effects.append(Effect(name, note=_NOT_ESTIMABLE[name]))
            continue
        error = sqrt(max(covariance[place, place], 0.0))
        alone = [place, *range(tested, len(information))]
        others = _inverse(information[np.ix_(alone, alone)])[0, 0]
        found = _exp((_Z_LEVEL + _Z_POWER) * error)
        effects.append(Effect(name, detectable=found, inflation=error**2 / others))
    return tuple(effects)


_STEADY = (
    "not estimated: within people it does not vary beyond what weekdays, months and the other "
    "exposures explain; plans that repeat every week cannot tell"
)
_NOT_ESTIMABLE = {
    "acute": _STEADY,
    "chronic": _STEADY,
    "quick_return": (
        "not estimated: there are none, or too few shifts of missed days are known to say whether "
        "they would have been one"
    ),
}


def _answered(found: Calibration, model: _Model, watch: Callable[[float], None]) -> Calibration:
    """The calibration with everything estimated."""
    best = fitted(model.strata)
    watch(0.3)
    robust = _robust_errors(best)
    effects = list(found.effects)
    for index, effect in enumerate(found.effects):
        place = model.place(effect.name)
        if place is not None:
            effects[index] = _estimated(effect, model.strata, best, place, robust[place])
        watch(0.3 + 0.5 * (index + 1) / len(NAMES))
    adjusted = holm(np.array([one.p for one in effects]))
    effects = [replace(one, p_holm=p) for one, p in zip(effects, adjusted, strict=True)]
    effects = _beside_months(effects, found.days)
    effects = [replace(one, per_week=_per_week(one, found.days)) for one in effects]
    ratio, p = _placebo(found.days)
    watch(1.0)
    is_any = any(one.is_found for one in effects)
    verdict = Verdict.FOUND if is_any else Verdict.NONE
    if is_any and p < LEVEL:
        verdict = Verdict.DOUBTFUL
    return replace(found, verdict=verdict, effects=tuple(effects), placebo_ratio=ratio, placebo_p=p)


def _estimated(effect: Effect, strata: Strata, best: Fit, place: int, robust: float) -> Effect:
    """One effect with its interval: by profile, or by the robust error where that is larger."""
    error = sqrt(max(_inverse(best.at.information)[place, place], 0.0))
    beta = float(best.beta[place])
    low, high = interval(strata, best, place)
    p = likelihood_ratio(strata, best, place)
    note = ""
    if not (np.isfinite(low) and np.isfinite(high)):
        note = "it separates spells from other days: one end of the interval is open"
        beta = np.inf if np.isinf(high) else -np.inf
    elif robust > _ROBUST_FROM * error:
        low, high = beta - 1.96 * robust, beta + 1.96 * robust
        p = erfc(abs(beta) / robust / sqrt(2))
        note = f"by the robust error, {robust / error:.2f} times that of the model"
    return replace(
        effect,
        note=note,
        odds_ratio=_exp(beta),
        low=_exp(low),
        high=_exp(high),
        p=p,
        standard_error=error,
        robust_error=robust,
    )


def _robust_errors(best: Fit) -> FloatArray:
    """Standard errors that let a person's spells depend on each other [2]_, (column,)."""
    inverse = _inverse(best.at.information)
    scores = best.at.scores  # strata are people
    people = max(len(scores), 2)
    middle = scores.T @ scores * people / (people - 1)
    return np.sqrt(np.maximum(np.diag(inverse @ middle @ inverse), 0.0))


def _beside_months(effects: list[Effect], days: PersonDays) -> list[Effect]:
    """The odds ratios when each person's calendar month stands for itself: nothing slow remains."""
    model = _Model.of(days, by_month=True)
    if not len(model.strata.names):
        return effects
    best = fitted(model.strata)
    errors = np.sqrt(np.maximum(np.diag(_inverse(best.at.information)), 0.0))
    found = []
    for one in effects:
        place = model.place(one.name)
        if place is not None and best.is_finite and np.isfinite(one.p):
            beta, reach = float(best.beta[place]), 1.96 * float(errors[place])
            within = _exp(beta), _exp(beta - reach), _exp(beta + reach)
            one = replace(one, within_months=within)
        found.append(one)
    return found


def _placebo(days: PersonDays) -> tuple[float, float]:
    """Odds ratio per 30 minutes a day of load in the second week after, and its p-value."""
    known = np.isfinite(days.future_min)
    if days.is_event[known].sum() < SPELLS_MIN / 2:
        return np.nan, np.nan
    model = _Model.of(days, placebo=True)
    if not model.is_estimable[-1]:
        return np.nan, np.nan
    best, place = fitted(model.strata), int(model.is_estimable.sum()) - 1
    return _exp(float(best.beta[place])), likelihood_ratio(model.strata, best, place)


def _per_week(effect: Effect, days: PersonDays) -> tuple[float, float, float, float]:
    """Spells that begin per 100 people and week: now, and with one unit more (interval)."""
    if not np.isfinite(effect.odds_ratio):
        return (np.nan,) * 4
    weeks = len(np.unique(days.person * 1_000_000 + days.day // 7))
    a_week = len(days.day) / weeks
    chance = days.is_event.mean()
    touched = min(1.0, a_week) if effect.name == "quick_return" else a_week
    now = 100 * chance * a_week

    def then(ratio: float) -> float:
        changed = ratio * chance / (1 - chance + ratio * chance)
        return float(now + 100 * touched * (changed - chance))

    return float(now), then(effect.odds_ratio), then(effect.low), then(effect.high)


def _inverse(information: FloatArray) -> FloatArray:
    """The inverse of an information matrix."""
    return np.asarray(np.linalg.pinv(information, rcond=1e-13, hermitian=True))


def _exp(value: float) -> float:
    return exp(min(value, log(1e300))) if np.isfinite(value) else (np.inf if value > 0 else 0.0)
