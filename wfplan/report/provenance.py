"""Where the numbers come from, what they mean, and what the plan could not do."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from math import floor, isfinite

import wfplan
from wfplan.domain.results import Breach, Run
from wfplan.report.numbers import clock, decimal, percent, short_day

LIBRARIES = ("numpy", "scipy", "numba", "pandas", "pydantic", "holidays")
MOST_BREACHES = 200
_NOTHING = 1e-6  # points: what sums of slots differ by is no part of a cost

TERMS = {
    "harm_weighted": "total harm, weighted",
    "tail_weighted": "tail harm, weighted",
    "floors": "staff missing under floors",
    "empowered": "empowered people missing",
    "wishes": "wishes",
    "paid_time": "paid time that contracts leave open",
    "overtime": "overtime",
    "changes": "changes of what was published",
    "rules": "soft rules",
    "team_rules": "soft rules of the team",
    "activities": "activities that have no place",
    "strain": "strain",
    "overload": "overload above the ledger's caps",
    "fair_nights": "nights above fair shares",
    "fair_weekends": "weekend shifts above fair shares",
    "fair_lates": "late shifts above fair shares",
    "fair_hard_hours": "hours on hard queues above fair shares",
    "next_week_first_hours": "first hours after the week",
}
"""The terms that add up to the cost of a plan; others are said beside them, without a share."""

TOLD = {
    "within_wishes": "hours within wishes",
    "paid": "paid time",
    "over_overload_min": "overload above the cap of a date",
    "over_acute_min": "acute overload above its cap",
    "over_chronic_min": "chronic overload above its cap",
    "over_high_intensity_min": "time on hard queues above its cap",
    "over_caps": "people above a cap",
    "changed_freely": "changes that were agreed to",
}
"""Amounts that are said beside the terms."""

RULE_NAMES = {
    "daily_rest": "daily rest",
    "weekly_rest": "weekly rest",
    "paid_time_week": "paid hours of the week",
    "paid_time_period": "paid hours over weeks",
    "break_required": "break in a long shift",
    "night_work": "night work",
}


@dataclass(frozen=True)
class BreachLine:
    """A breach as the table shows it."""

    rule: str
    hardness: str
    agent_id: str
    when: str
    amount: str
    why: str


def breach_lines(run: Run) -> tuple[BreachLine, ...]:
    """Breaches, hard ones first, as many as one can read."""
    ordered = sorted(run.audit.breaches, key=lambda b: (b.hardness != "hard", b.rule, b.at))
    return tuple(_line(run, breach) for breach in ordered[:MOST_BREACHES])


def rule_name(rule: str) -> str:
    """The rule as a planner says it."""
    return RULE_NAMES.get(rule, rule.replace("_", " "))


def terms(run: Run) -> list[tuple[str, str, str, str]]:
    """
    The terms of the solution: name, amount in its own unit, points, and share of the cost.

    Only those that make up the cost have a share; nothing is said of terms that
    weigh nothing.
    """
    solution, cost = run.solution, run.solution.objective
    amounts = {term.name: f"{_short(term.amount)} {term.unit}" for term in solution.parts}
    return [
        (
            TERMS.get(name, name.replace("_", " ")),
            amounts.get(name, ""),
            _short(value),
            percent(value / cost) if name in TERMS and cost > 0 else "",
        )
        for name, value in solution.terms.items()
        if not solution.parts or (abs(value) > _NOTHING and name in TERMS)
    ]


def amounts_beside(run: Run) -> list[tuple[str, str]]:
    """Amounts that are no terms of their own, each in its unit."""
    return [
        (TOLD.get(one.name, one.name.replace("_", " ")), f"{_short(one.amount)} {one.unit}")
        for one in run.solution.parts
        if one.points is None and one.amount
    ]


def sums(run: Run) -> list[tuple[str, str, str, str]]:
    """What the terms add up to, the proven least, and what is between them, in hours and money."""
    solution, gap = run.solution, run.solution.gap_reading
    cost, bound = solution.objective, solution.lower_bound
    if cost <= 0:
        return []
    lines = [("this plan", "", decimal(cost), percent(1.0))]
    if isfinite(bound) and bound > 0:
        bound = floor(10 * bound) / 10  # said to one place, it claims no more than is proven
        lines.append(
            ("proven: no legal week costs less", "", decimal(bound), percent(bound / cost))
        )
        left = max(cost - bound, 0.0)
        amount = "" if gap is None else f"{decimal(gap.hours)} hours on queue"
        if gap is not None and gap.money is not None:
            amount += f", {decimal(gap.money)} {run.problem.currency}"
        lines.append(("could still be saved at most", amount, decimal(left), percent(left / cost)))
    return lines


def stages_reached(run: Run) -> list[tuple[str, str, str]]:
    """The stages of the objective: what they are about, what they kept, what they had reached."""
    rows = []
    for goal in run.solution.goals:
        kept = f"{decimal(goal.points)}, at most {decimal(goal.limit)} kept"
        rows.append((", ".join(goal.terms), decimal(goal.final), kept))
    return rows


def bound_text(run: Run) -> str:
    """Cost, bound and gap; a bound that is not above 0 has no gap worth the name."""
    if not isfinite(run.solution.lower_bound):
        return f"{decimal(run.solution.objective)} points, no bound computed"
    solution = run.solution
    text = f"{decimal(solution.objective)} and {decimal(solution.lower_bound)} points"
    return f"{text}, gap {percent(solution.gap)}" if solution.lower_bound > 0 else text


def weights(run: Run) -> list[tuple[str, str]]:
    """The weights by which the plan was judged."""
    goals = run.problem.objective
    return [
        ("tail level of harm", percent(goals.tail)),
        ("balance of tail against total", percent(goals.balance)),
        ("under a floor, per missing staff hour", _points(goals.shortfall_per_h)),
        ("under least or empowered staff, per hour", _points(goals.presence_per_h)),
        ("per paid hour the contract leaves open", _points(goals.paid_hour)),
        (f"per {run.problem.currency} of paid time, in its place", _points(goals.money)),
        ("what overtime costs more", percent(goals.overtime_premium)),
        ("per hour against a wish of weight 1", _points(goals.preference_per_h)),
        ("a wish counts more per wish owed", percent(goals.wish_credit)),
        ("per hour from the usual start", _points(goals.start_shift_per_h)),
        ("minutes from it that are free", f"{goals.start_shift_free_min} min"),
        ("per hour of strain", _points(goals.strain_per_h)),
        ("per hour of overload above a cap", _points(goals.overload_per_h)),
        ("cap of overload on a date", f"{goals.overload_day_min:g} min"),
        ("cap of acute overload, a day", f"{goals.overload_acute_min:g} min"),
        ("cap of chronic overload, a day", f"{goals.overload_chronic_min:g} min"),
        ("why a cap is above its default", goals.overload_reason or "not said"),
        ("first burden above a fair share", _points(goals.fairness)),
        ("memory of past burdens", f"{goals.fairness_weeks:g} weeks"),
        ("per changed person-day without notice", _points(goals.change_per_day)),
        ("notice from which changes are free", f"{goals.change_notice_days} days"),
        ("least share of it where a plan is kept", f"{goals.change_least_share:.0%}"),
        ("share of it where only breaks move", f"{goals.change_breaks_share:.0%}"),
        ("stages", ", then ".join("+".join(s.terms) for s in goals.stages) or "none"),
    ]


def _points(value: float) -> str:
    return f"{decimal(value)} points"


def versions() -> list[tuple[str, str]]:
    """What computed the run."""
    return [("wfplan", wfplan.__version__), ("Python", platform.python_version()), *_libraries()]


def rule_values(run: Run) -> list[tuple[str, str, str]]:
    """Every rule value in force at the site: rule, value, source."""
    packs = [
        run.problem.packs[name] for name in run.problem.site_packs if name in run.problem.packs
    ]
    found = [(f"{pack.id} {pack.version}", setting) for pack in packs for setting in pack.rules]
    found += [
        ("HR" if setting.constraint else "the plan", setting) for setting in run.problem.plan_rules
    ]
    return [
        (
            rule_name(setting.rule),
            f"{setting.value:g} {setting.unit} ({setting.hardness})",
            f"{origin}{': ' + setting.source if setting.source else ''}",
        )
        for origin, setting in found
    ]


def survey_lines(run: Run) -> list[str]:
    """What became of survey scores: which policy changed what for which group."""
    survey = run.problem.survey
    return [] if survey is None else [survey.said, *(effect.said for effect in survey.effects)]


def limit_warnings(run: Run) -> list[str]:
    """What is to be known of the limits of the week: history, law in force, shared caps."""
    files = {row.file for row in run.problem.constraints}
    return [
        one.reason
        for one in run.problem.warnings
        if one.code in ("HR301", "HR303", "HR304")
        or "law pack" in one.reason
        or (one.file and one.file in files)
    ]


def _short(value: float) -> str:
    """One place, three below one."""
    return decimal(value, 1 if abs(value) >= 1 or value == 0 else 3)


def _libraries() -> Iterator[tuple[str, str]]:
    for name in LIBRARIES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def _line(run: Run, breach: Breach) -> BreachLine:
    moment = run.horizon.local(breach.at)
    return BreachLine(
        rule=rule_name(breach.rule),
        hardness=breach.hardness,
        agent_id=breach.agent_id,
        when=f"{short_day(moment.date())} {clock(moment)}",
        amount=f"{decimal(breach.amount, 2).rstrip('0').rstrip('.')} {breach.unit}",
        why=breach.why,
    )
