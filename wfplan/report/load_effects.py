"""What load does to absence in a plan, said: which effects are in use, or that all are zero."""

from __future__ import annotations

from wfplan.domain.load_effects import FOUND, LoadEffect, LoadEffects
from wfplan.domain.results import Run
from wfplan.engagement import ODDS_MOST, absence_shares, planned_occupancy
from wfplan.report.calibration_words import NAMES
from wfplan.report.numbers import decimal, whole

VERDICTS = {
    "not_enough_data": "had not enough data",
    "no_effect_found": "found no effect",
    "doubtful": "found an effect that is in doubt, for load yet to come 'predicted' absences, too",
}
_REST = (
    "Effects of load on handle time and on leaving are zero, and so is that on staff asked for. "
    "The same numbers hold for everybody. They are what goes together in data of your own, and no "
    "proof of a cause."
)
_ZERO = "Every effect of load on absence, handle time and leaving is zero in this plan"


def load_effect_lines(run: Run) -> list[str]:
    """Which effects of load are in use in a run, with their intervals; or that none is, and why."""
    effects = run.problem.load_effects
    if effects is None:
        return [f"{_ZERO}: it names no calibration (wfplan hr calibrate)."]
    if not effects.used:
        said = "; ".join(in_words(one) for one in effects.effects if one.odds_ratio is not None)
        return [f"{_ZERO}: {_why_none(effects)}.", *([f"What it found: {said}."] if said else [])]
    used = "; ".join(in_words(one) for one in effects.used)
    head = f"Simulated absences answer to planned load, by {_origin(effects)}: {used}."
    return [head, *_shares(run), *_unused(effects), _REST]


def in_words(effect: LoadEffect) -> str:
    """``acute load, 30 min a day more: odds of an absence x 1.26 (95 % 1.08 to 1.47)``."""
    ratio, low, high = (
        "?" if value is None else decimal(value, 2)
        for value in (effect.odds_ratio, effect.low95, effect.high95)
    )
    end = f"{low} to {high}" if effect.high95 is not None else f"from {low}"
    return f"{NAMES[effect.name]}: odds of an absence × {ratio} (95 % {end})"


def _origin(effects: LoadEffects) -> str:
    """Which calibration of which data it is."""
    spells = "few" if effects.spells is None else whole(effects.spells)
    return (
        f"{effects.file} (plan {effects.plan}, {spells} spells, {effects.first_day} to "
        f"{effects.last_day})"
    )


def _why_none(effects: LoadEffects) -> str:
    """Why a named calibration changes nothing."""
    if effects.verdict == FOUND:
        why = (
            "has only effects that seem to protect, and those are not relied on"
            if effects.is_fitting
            else f"was made with the strain table {effects.strain_table}, which is not this one's"
        )
        return f"{_origin(effects)} {why}"
    return f"{_origin(effects)} {VERDICTS.get(effects.verdict, effects.verdict)}"


def _shares(run: Run) -> list[str]:
    """The chances of not coming that the week was simulated with."""
    occupancy = planned_occupancy(run.problem, run.need, run.solution.staff)
    shares = absence_shares(
        run.problem,
        run.horizon,
        run.solution.schedule,
        run.solution.channel_share,
        occupancy,
    ).values()
    if not shares:
        return []
    usual, mean = run.problem.shrinkage.absence_share, sum(shares) / len(shares)
    said = (
        f"The plan's {_points(usual)} of absence hold at the load that was usual in those data; "
        f"shifts of this week have {_points(mean)} on average, {_points(min(shares))} to "
        f"{_points(max(shares))}. Odds are at most {ODDS_MOST:g} times the plan's, and at least "
        f"1/{ODDS_MOST:g} of them."
    )
    return [said]


def _points(share: float) -> str:
    """``5.3 %``: a tenth of a point is what load moves."""
    return f"{decimal(100 * share)}\N{NARROW NO-BREAK SPACE}%"


def _unused(effects: LoadEffects) -> list[str]:
    """What was fitted and is not used."""
    left = [one for one in effects.effects if one not in effects.used]
    said = "; ".join(in_words(one) for one in left if one.odds_ratio is not None)
    return [f"Not used, as not found or not harmful: {said}."] if said else []
