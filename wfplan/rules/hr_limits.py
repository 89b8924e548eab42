"""Rows of HR's table ``constraints`` as values of our rules, by the closed list of FORMATS B.2."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wfplan.domain.rule_values import RuleSetting

if TYPE_CHECKING:
    from wfplan.domain.limits import Constraint
    from wfplan.domain.problem import PlanningProblem

REFERENCE_WEEKS = 17
"""Weeks of an average where no law pack says otherwise (Directive 2003/88/EC, article 16)."""

OF_CHANNELS = "max_occupancy"
OF_PUBLISHING = "min_notice_before_publish"

_LITTLE = 1e-3  # minutes: a value of 0 that stays above it; rounds to none
_WEEKENDS = 4


@dataclass(frozen=True)
class _Own:
    """Our name of a rule, its unit, and what it is told beside its value."""

    rule: str
    unit: str
    more: Mapping[str, Any]


def _own(rule: str, unit: str, **more: Any) -> _Own:
    return _Own(rule, unit, more)


_OWN: Mapping[str, _Own] = {
    "min_rest_between_shifts": _own("daily_rest", "hours"),
    "min_weekly_rest": _own("weekly_rest", "hours"),
    "max_hours_per_day": _own("paid_time_day", "hours"),
    "max_hours_per_week": _own("paid_time_period", "hours", weeks=1),
    "max_average_hours_per_week": _own("paid_time_period", "hours"),
    "max_consecutive_days": _own("consecutive_work_days", "days"),
    "max_consecutive_nights": _own("consecutive_work_days", "days", kinds=("night",)),
    "max_late_shifts_per_week": _own("late_shifts_week", "shifts"),
    "max_quick_returns_per_28_days": _own("quick_returns_28d", "returns"),
    "min_full_weekends_off_per_4_weeks": _own("work_weekends_period", "weekends", weeks=4),
    "max_start_time_spread_per_week": _own("start_variance", "minutes"),
    "max_continuous_contact": _own("continuous_contact_max", "minutes"),
    "min_break_minutes": _own("break_time", "minutes"),
    "min_meal_minutes": _own("meal", "minutes"),
    "min_off_queue_share": _own("activity_time_min", "ratio", of=("off_queue",)),
    "training_minutes_per_week": _own("activity_time_min", "minutes", of=("training",)),
    "coaching_minutes_per_4_weeks": _own("activity_time_min", "minutes", of=("coaching",)),
    "max_high_intensity_minutes_per_day": _own("high_intensity_max", "minutes"),
    "min_preferred_share": _own("preference", "ratio"),
    "max_changes_after_publish": _own("changes_week_max", "changes"),
}
"""Of the closed list, the rules of one person; the others are of channels or of publishing."""


def setting_of(row: Constraint, reference_weeks: int = REFERENCE_WEEKS) -> RuleSetting | None:
    """
    The value of our rule that a row sets; None where it is of no person.

    ``reference_weeks`` are those of ``max_average_hours_per_week``.
    """
    own = _OWN.get(row.rule)
    if own is None:
        return None
    more = dict(own.more)
    if row.rule == "max_average_hours_per_week":
        more["weeks"] = reference_weeks
    return RuleSetting(
        rule=own.rule,
        value=_value(row, own.unit),
        unit=own.unit,
        hardness=row.strength,
        weight=row.weight,
        scope="contract" if row.scope == "contract_type" else row.scope,
        scope_value=row.scope_value,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.origin,
        constraint=row.constraint_id,
        given_by=row.source,
        **more,
    )


def _value(row: Constraint, unit: str) -> float:
    """The value as our rule counts it."""
    if row.rule == "min_full_weekends_off_per_4_weeks":
        return _WEEKENDS - row.value
    if row.rule == "coaching_minutes_per_4_weeks":
        return max(row.value / 4, _LITTLE)
    return max(row.value, _LITTLE) if unit == "minutes" else row.value


def reference_weeks(problem: PlanningProblem) -> int:
    """Weeks over which the site's law packs take the average of paid hours."""
    return weeks_of(rule for name in problem.site_packs for rule in problem.packs[name].rules)


def weeks_of(settings: Iterable[RuleSetting]) -> int:
    """The longest period of paid time that some settings have."""
    weeks = [one.weeks or REFERENCE_WEEKS for one in settings if one.rule == "paid_time_period"]
    return max((n for n in weeks if n > 1), default=REFERENCE_WEEKS)
