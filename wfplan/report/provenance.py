"""Where the numbers come from, what they mean, and what the plan could not do."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from math import isfinite

import wfplan
from wfplan.domain.results import Breach, Run
from wfplan.report.numbers import clock, decimal, percent, short_day

LIBRARIES = ("numpy", "scipy", "numba", "pandas", "pydantic", "holidays")
MOST_BREACHES = 200

TERMS = {
    "harm_weighted": "total harm, weighted",
    "tail_weighted": "tail harm, weighted",
    "floors": "staff missing under floors",
    "empowered": "empowered people missing",
    "wishes": "wishes and paid time",
    "next_week_first_hours": "first hours after the week",
}
"""The terms that add up to the cost of a plan; others are said beside them, without a share."""

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


def terms(run: Run) -> list[tuple[str, str, str]]:
    """The terms of the solution: name, points, and the share of those that make up the cost."""
    cost = run.solution.objective
    return [
        (
            TERMS.get(name, name.replace("_", " ")),
            decimal(value, 1 if abs(value) >= 1 or value == 0 else 3),
            percent(value / cost) if name in TERMS and cost > 0 else "",
        )
        for name, value in run.solution.terms.items()
    ]


def bound_text(run: Run) -> str:
    """Cost, bound and gap; a bound that is not above 0 has no gap worth the name."""
    if not isfinite(run.solution.lower_bound):
        return f"{decimal(run.solution.objective)} points, no bound computed"
    solution = run.solution
    text = f"{decimal(solution.objective)} and {decimal(solution.lower_bound)} points"
    return f"{text}, gap {percent(solution.gap)}" if solution.lower_bound > 0 else text


def weights(run: Run) -> list[tuple[str, str]]:
    """The weights by which the plan was judged."""
    objective = run.problem.objective
    return [
        ("tail level of harm", percent(objective.tail)),
        ("balance of tail against total", percent(objective.balance)),
        ("under a floor, per missing staff hour", f"{decimal(objective.shortfall_per_h)} points"),
        ("under least or empowered staff, per hour", f"{decimal(objective.presence_per_h)} points"),
        ("per paid hour the contract leaves open", f"{decimal(objective.paid_hour)} points"),
        ("per hour against a wish of weight 1", f"{decimal(objective.preference_per_h)} points"),
    ]


def versions() -> list[tuple[str, str]]:
    """What computed the run."""
    return [("wfplan", wfplan.__version__), ("Python", platform.python_version()), *_libraries()]


def rule_values(run: Run) -> list[tuple[str, str, str]]:
    """Every rule value in force at the site: rule, value, source."""
    packs = [
        run.problem.packs[name] for name in run.problem.site_packs if name in run.problem.packs
    ]
    found = [(f"{pack.id} {pack.version}", setting) for pack in packs for setting in pack.rules]
    found += [("the plan", setting) for setting in run.problem.plan_rules]
    return [
        (
            rule_name(setting.rule),
            f"{setting.value:g} {setting.unit} ({setting.hardness})",
            f"{origin}{': ' + setting.source if setting.source else ''}",
        )
        for origin, setting in found
    ]


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
