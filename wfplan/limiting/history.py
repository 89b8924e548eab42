"""How far back the known shifts reach, whose have gaps, and which rules therefore start blind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan.errors import Fault, Severity
from wfplan.limiting.gaps import gaps_of
from wfplan.rules.hr_limits import REFERENCE_WEEKS

if TYPE_CHECKING:
    from wfplan.domain.problem import PlanningProblem, RuleSetting
    from wfplan.horizon import Horizon

CODE = "HR301"

_BACK: Mapping[str, int] = {
    "daily_rest": 1, "weekly_rest": 1, "start_distance": 1, "day_off_after": 1,
    "forbidden_sequence": 1, "required_sequence": 1, "consecutive_work_days": 2,
    "consecutive_days_off": 2, "quick_returns_28d": 4, "consecutive_work_weekends": 4,
    "work_weekends_period": 4, "complete_weekend": 1,
}  # fmt: skip
"""Weeks that a rule looks back, at most; those with a period of their own by that."""

_BY_PERIOD = ("paid_time_period", "work_weekends_period", "shift_count_period", "nights_week",
              "late_shifts_week", "start_variance", "days_off_period")  # fmt: skip
_SHOWN = 6


def weeks_known(problem: PlanningProblem, horizon: Horizon) -> int:
    """Whole or begun weeks before a horizon of which shifts are known."""
    zone = ZoneInfo(problem.timezone)
    starts = [shift.start for shift in problem.past_shifts if shift.start < horizon.start]
    if not starts:
        return 0
    days = (horizon.first_day - min(starts).astimezone(zone).date()).days
    return max(-(-days // 7), 0)


def weeks_back(setting: RuleSetting, planned_weeks: int) -> int:
    """Weeks before the horizon that a value of a rule looks at."""
    if setting.rule == "paid_time_period":
        return max((setting.weeks or REFERENCE_WEEKS) - planned_weeks, 0)
    if setting.rule in _BY_PERIOD and setting.weeks:
        return max(setting.weeks - planned_weeks, 0)
    if setting.rule == "work_weekends_period":
        return max(_BACK[setting.rule] - planned_weeks, 0)
    return _BACK.get(setting.rule, 0)


def blind_rules(problem: PlanningProblem, horizon: Horizon) -> tuple[Fault, ...]:
    """Warnings with the rules that look further back than is known, and of people's gaps."""
    known, planned = weeks_known(problem, horizon), -(-horizon.days // 7)
    asked: dict[str, int] = {"consecutive_work_days": _BACK["consecutive_work_days"]}
    for setting in _settings(problem, horizon):
        back = weeks_back(setting, planned)
        asked[setting.rule] = max(asked.get(setting.rule, 0), back)
    there = _weeks_employed(problem, horizon)
    blind = {name: back for name, back in asked.items() if min(back, there) > known}
    found = [_blind(blind, known, horizon)] if blind else []
    gaps = gaps_of(problem, horizon, min(max(asked.values()), known))
    if gaps.said:
        hint = (
            "add their shifts to the history; who was away needs approved time off, and who had "
            "not begun a hire_date"
        )
        text = f"{gaps.said}: their rests, runs and averages start blind"
        found.append(Fault(text, hint=hint, code=CODE, severity=Severity.WARNING))
    return tuple(found)


def _blind(blind: Mapping[str, int], known: int, horizon: Horizon) -> Fault:
    """The warning with the rules that look further back than some weeks."""
    ordered = sorted(blind.items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(f"{name} ({back})" for name, back in ordered[:_SHOWN])
    said += f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    weeks = f"{known} week{'s' if known != 1 else ''}"
    head = (
        f"the shifts of {weeks} before {horizon.first_day} are known"
        if known
        else "no shifts of past weeks are known"
    )
    text = f"{head}: rules that look further back start blind (weeks they look back): {said}"
    hint = "add the shifts of the last 17 weeks as history, or publish each week with wfplan"
    return Fault(text, hint=hint, code=CODE, severity=Severity.WARNING)


def _weeks_employed(problem: PlanningProblem, horizon: Horizon) -> int:
    """Weeks before a horizon that somebody was employed, at most; they may be begun weeks."""
    hired = [agent.hire_date or date.min for agent in problem.agents]
    days = (horizon.first_day - min(hired, default=horizon.first_day)).days
    return max(-(-days // 7), 0)


def _settings(problem: PlanningProblem, horizon: Horizon) -> Iterable[RuleSetting]:
    """The values in force for anybody."""
    names = dict.fromkeys(
        (*problem.site_packs, *(a.rule_pack for a in problem.agents if a.rule_pack))
    )
    packs = [rule for name in names if name in problem.packs for rule in problem.packs[name].rules]
    first, last = horizon.dates[0], horizon.dates[-1]
    return [
        one
        for one in (*packs, *problem.plan_rules)
        if (one.valid_from or first) <= last and first <= (one.valid_to or last)
    ]
