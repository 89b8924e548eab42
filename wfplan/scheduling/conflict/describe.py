"""Demands in the words of the rules: what is asked, by what, and where that comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from wfplan.domain.conflicts import ConflictMember
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, TimeOff
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.domain.schedule import LockedShift, PastShift
from wfplan.rules.clock import DAY_NAMES
from wfplan.rules.wording import say_count, say_minutes
from wfplan.scheduling.conflict import words
from wfplan.scheduling.conflict.demands import LEAST, Demand, bound_of
from wfplan.scheduling.conflict.edits import as_rule, settings_of
from wfplan.scheduling.conflict.trial import Trial
from wfplan.scheduling.conflict.ways_of_rows import minutes_blocked

_FROM = {
    "locked": "lock",
    "time_off": "time_off",
    "availability": "availability",
    "skill_required": "skill",
    "readiness": "skill",
    "employment": "contract",
}
_SAID_BY_NAME = ("locked", "time_off", "availability")  # whose names say where they come from
_LOOKS_BACK = 14  # shifts of the history that are named one by one
Core = Sequence[Demand]


def described(trial: Trial, core: Core) -> tuple[ConflictMember, ...]:
    """The members of a conflict."""
    is_dst = _is_from_clock_change(trial, core)
    return tuple(_member(trial, core, demand, is_dst=is_dst) for demand in core)


def _member(trial: Trial, core: Core, demand: Demand, *, is_dst: bool) -> ConflictMember:
    """A demand in words."""
    name, person = demand.rule.name, demand.person
    past = history_of(trial, core, demand)
    reason = "history" if past else _FROM.get(name, "")
    if not reason:
        reason = "dst" if is_dst else "contract" if demand.rule.source == "contract" else ""
    if name == "paid_time_week" and not past and _is_credited(demand):
        reason = "time_off"
    text, value, unit = _said(trial.problem, trial.agent, demand)
    if past:
        text += f", after {words.past(past, person.timezone)}"
    if is_dst and reason == "dst":
        text += ", on clocks that change"
    has_suffix = reason and name not in _SAID_BY_NAME
    return ConflictMember(
        rule=name,
        label=f"{name}_from_{reason}" if has_suffix else name,
        reason=reason,
        text=text,
        source=demand.rule.source,
        agent_id=trial.agent.agent_id,
        days=_days(demand),
        value=value,
        unit=unit,
    )


def history_of(trial: Trial, core: Core, demand: Demand) -> tuple[PastShift, ...]:
    """The shifts of the history without which a demand of a conflict would be met."""
    past = demand.person.past
    if not past or demand.row is not None or demand.blocked:
        return ()

    def is_feasible(known: tuple[PastShift, ...]) -> bool:
        one = replace(demand, person=replace(demand.person, past=known))
        return trial.looks([one if d is demand else d for d in core]) is not None

    if not is_feasible(()):
        return ()
    for last in range(1, min(len(past), _LOOKS_BACK) + 1):
        if not is_feasible(past[-last:]):
            return past[-last:]
    return past


def _is_credited(demand: Demand) -> bool:
    """Whether time off has changed the hours of a week."""
    agent = demand.person.agent
    plain = agent.min_hours_week if demand.side == LEAST else agent.max_hours_week
    return bool(demand.person.approved) and bound_of(demand) != round(plain * 60)


def _days(demand: Demand) -> tuple[date, ...]:
    """The dates that a demand speaks of, where these are not all."""
    dates, zone = demand.person.dates, ZoneInfo(demand.person.timezone)
    if isinstance(demand.row, LockedShift):
        return (demand.row.day,)
    if isinstance(demand.row, TimeOff):
        first = demand.row.start.astimezone(zone).date()
        last = (demand.row.end.astimezone(zone) - timedelta(minutes=1)).date()
        return tuple(day for day in dates if first <= day <= last)
    if demand.weekday is not None:
        return demand.week or tuple(d for d in dates if d.weekday() == demand.weekday)
    return ()


def _said(problem: PlanningProblem, agent: Agent, demand: Demand) -> tuple[str, float | None, str]:
    """What a demand asks for, with its number and unit where it has one."""
    name, zone = demand.rule.name, demand.person.timezone
    if isinstance(demand.row, LockedShift):
        return words.lock(demand.row, zone), None, ""
    if isinstance(demand.row, TimeOff):
        return words.absence(demand.row, zone), None, ""
    if name == "availability":
        return _said_available(demand), None, ""
    if demand.side and demand.week:
        return _said_week(agent, demand)
    if name in ("employment", "skill_required", "readiness"):
        return _said_dates(agent, demand), None, ""
    if name in _OF_CONTRACT and demand.rule.source == "contract":
        return _OF_CONTRACT[name](demand.person.contract), None, ""
    return _said_setting(problem, agent, demand)


def _said_available(demand: Demand) -> str:
    """When she is not available on a weekday or date."""
    own = demand.week[0] if demand.week else None
    days = [d for d in demand.person.dates if d.weekday() == demand.weekday]
    where = words.day(own) if own else f"{DAY_NAMES[demand.weekday or 0]}s"
    spans = minutes_blocked(demand, own or days[0]) if own or days else []
    if spans == [(0, 1440)]:
        return f"she is not available on {where}"
    said = words.listed([f"{words.clock(a)}-{words.clock(b)}" for a, b in spans])
    return f"she is not available on {where} {said}".rstrip()


def _said_week(agent: Agent, demand: Demand) -> tuple[str, float, str]:
    """What a planning week may hold, at least or at most."""
    bound, is_least = bound_of(demand), demand.side == LEAST
    side = "at least" if is_least else "at most"
    week = f"in the week from {words.day(demand.week[0])}"
    if demand.rule.name != "paid_time_week":
        return f"{side} {say_count(bound, 'working day')} {week}", bound, "days"
    field = "min_hours_week" if is_least else "max_hours_week"
    plain = agent.min_hours_week if is_least else agent.max_hours_week
    text = f"{side} {say_minutes(bound)} paid {week} ({field} = {plain:g}"
    if bound != round(plain * 60):
        text += ", less what absences and the days outside the week count"
    return f"{text})", bound / 60, "hours"


def _said_dates(agent: Agent, demand: Demand) -> str:
    """Why she may not work on some dates, or any."""
    name = demand.rule.name
    if name == "employment":
        first = f"from {words.day(agent.hire_date)}" if agent.hire_date else ""
        last = f"to {words.day(agent.end_date)}" if agent.end_date else ""
        dates = demand.person.dates
        is_first = bool(agent.hire_date and agent.hire_date > dates[0])
        is_last = bool(agent.end_date and agent.end_date < dates[-1])
        return f"she is employed only {' '.join([first] * is_first + [last] * is_last)}"
    if name == "readiness":
        said = [
            f"{one.skill} from {words.day(one.ready_from)}"
            for one in agent.skills
            if one.ready_from
        ]
        return f"she is ready for {words.listed(said)} only"
    said = []
    for one in agent.skills:
        first = f" from {words.day(one.valid_from)}" if one.valid_from else ""
        last = f" to {words.day(one.valid_to)}" if one.valid_to else ""
        said.append(f"{one.skill}{first}{last}")
    return f"she may work only with {words.listed(said)}" if said else "she has no skill"


def _window(start_end: tuple[int, int]) -> str:
    return f"{words.clock(start_end[0])} and {words.clock(start_end[1])}"


def _said_lengths(contract: Contract) -> str:
    if contract.shortest_min == contract.longest_min:
        return f"shifts last {say_minutes(contract.shortest_min)}"
    return (
        f"shifts last {say_minutes(contract.shortest_min)} to {say_minutes(contract.longest_min)}"
    )


_OF_CONTRACT: dict[str, Callable[[Contract], str]] = {
    "shift_length": _said_lengths,
    "shift_start_window": lambda c: f"shifts start between {_window(c.start_window)}",
    "shift_stop_window": lambda c: f"shifts end between {_window(c.stop_latest or (0, 0))}",
    "consecutive_work_days": lambda c: (
        f"at most {say_count(c.consecutive_days_max, 'working day')} in a row"
    ),
}
_NOUNS = {
    "daily_rest": "{} of rest between two shifts",
    "weekly_rest": "{} of unbroken rest in every seven days",
    "start_distance": "{} between the starts of two shifts",
    "paid_time_day": "{side} {} paid a day",
    "paid_time_period": "{side} {} paid a week on average over {weeks} weeks",
    "consecutive_work_days": "{side} {} in a row",
    "consecutive_days_off": "{side} {} off in a row",
    "break_required": "a break in shifts of more than {}",
    "overtime_max": "{side} {} of overtime",
    "shift_length": "{side} {} from start to end",
}


def _said_setting(
    problem: PlanningProblem, agent: Agent, demand: Demand
) -> tuple[str, float | None, str]:
    """A value of a pack or of the plan."""
    setting = setting_of(problem, agent, demand)
    name = demand.rule.name
    if setting is None:
        return name, None, ""
    unit = "" if setting.unit == "count" else setting.unit
    value = words.amount(setting.value, unit).strip()
    side = "at least" if setting.bound == "least" else "at most"
    if name in _NOUNS:
        text = _NOUNS[name].format(value, side=side, weeks=setting.weeks or 17)
    else:
        text = f"{name} = {value}"
    text += f" of {words.listed(setting.kinds, 'or')}" if setting.kinds else ""
    if setting.window:
        text += f", {words.clock(setting.window[0])}-{words.clock(setting.window[1])}"
    return text, setting.value, setting.unit


def setting_of(problem: PlanningProblem, agent: Agent, demand: Demand) -> RuleSetting | None:
    """The value that a demand is made from; None where it is the contract's."""
    rule = demand.rule
    for setting in settings_of(problem, agent):
        if setting.rule == rule.name and setting.hardness == rule.hardness:
            built = as_rule(setting)
            if (built.family, built.strictness) == (
                getattr(rule, "family", None), getattr(rule, "strictness", None)
            ):  # fmt: skip
                return setting
    return None


def _is_from_clock_change(trial: Trial, core: Core) -> bool:
    """Whether there would be a week if clocks did not change."""
    frozen = _without_clock_change(trial)
    if frozen is None:
        return False
    keys = {demand.key for demand in core}
    return frozen.has_week([demand for demand in frozen.demands if demand.key in keys])


def _without_clock_change(trial: Trial) -> Trial | None:
    """The same person with the same wall times on a clock that keeps its first offset."""
    horizon, zone = trial.weeks.grid.horizon, ZoneInfo(trial.agent.timezone)
    first, last = horizon.start - timedelta(days=1), horizon.end + timedelta(days=1)
    before, after = first.astimezone(zone).utcoffset(), last.astimezone(zone).utcoffset()
    assert before is not None
    assert after is not None
    hours = before / timedelta(hours=1)
    if before == after or hours != int(hours):
        return None

    def moved(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return moment + ((moment.astimezone(zone).utcoffset() or before) - before)

    steady = "UTC" if not hours else f"Etc/GMT{-int(hours):+d}"
    off = tuple(
        one.model_copy(update={"start": moved(one.start), "end": moved(one.end)})
        for one in trial.agent.time_off
    )
    agent = trial.agent.model_copy(update={"timezone": steady, "time_off": off})
    of_rows = {
        name: tuple(
            one.model_copy(update={"start": moved(one.start), "end": moved(one.end)})
            for one in getattr(trial.problem, name)
        )
        for name in ("locks", "past_shifts")
    }
    return Trial(trial.problem.model_copy(update=of_rows), agent, trial.weeks)
