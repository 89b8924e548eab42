"""Values that can give way: hours of a person, numbers of her contract, of a pack or the plan."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.horizon import DAY_MIN
from wfplan.scheduling.conflict import words
from wfplan.scheduling.conflict.asking import PRICES, Asking
from wfplan.scheduling.conflict.demands import LEAST
from wfplan.scheduling.conflict.edits import (
    Step,
    Way,
    as_rule,
    settings_of,
    with_agent,
    with_contract,
    with_setting,
)

_STEP_MIN = 30
_MOST_STEPS = 200
_HOURS_MAX = 60.0


def hours(asking: Asking) -> Way:
    """Hours a week that are lowered or raised."""
    agent, is_least = asking.agent, asking.demand.side == LEAST
    step_h = 0.25 if asking.demand.person.contract.length_step_min % _STEP_MIN else 0.5
    field = "min_hours_week" if is_least else "max_hours_week"
    before = agent.min_hours_week if is_least else agent.max_hours_week
    room = before if is_least else _HOURS_MAX - before

    def at(k: int) -> Step:
        after = max(before - k * step_h, 0) if is_least else min(before + k * step_h, _HOURS_MAX)
        text = (
            f"{'lower' if is_least else 'raise'} {field} of {asking.who} from {before:g} "
            f"to {after:g}"
        )
        edit = with_agent(asking.who, **{field: after})
        cost = abs(before - after) * PRICES["an hour of her least or most hours"]
        return asking.step(edit, text, "agents.csv", field, f"{before:g}", f"{after:g}", cost)

    return Way((field,), max(ceil(room / step_h), 1), at)


def of_contract(asking: Asking) -> Iterator[Way]:
    """Values of a contract, changed for one person."""
    contract, name = asking.demand.person.contract, asking.demand.rule.name
    first, last = contract.start_window
    step = contract.length_step_min
    if name == "work_days_week" and asking.demand.side == LEAST:
        yield _valued(asking, "work_days_min", contract.work_days_min, -1, 0, "days")
    elif name == "work_days_week":
        yield _valued(asking, "work_days_max", contract.work_days_max, 1, 7, "days")
    elif name == "consecutive_work_days":
        most = contract.consecutive_days_max
        yield _valued(asking, "consecutive_days_max", most, 1, 31, "days")
    elif name == "shift_length":
        yield _valued(asking, "longest_min", contract.longest_min, step, 960, "min")
        yield _valued(asking, "shortest_min", contract.shortest_min, -step, step, "min")
    elif name == "shift_start_window":
        grid = contract.start_step_min
        yield _window(asking, "start_window", contract.start_window, -grid, first // grid)
        room = max((DAY_MIN - 1 - last) // grid, 0)
        yield _window(asking, "start_window", contract.start_window, grid, room)
    elif name == "shift_stop_window" and contract.stop_latest:
        room = (2 * DAY_MIN - contract.stop_latest[1]) // _STEP_MIN
        yield _window(asking, "stop_latest", contract.stop_latest, _STEP_MIN, room)


def _valued(asking: Asking, field: str, before: int, step: int, most: int, unit: str) -> Way:
    """A number of a contract that grows or shrinks by steps."""
    price = PRICES["an hour, a day or a step of a contract's rule"]
    each = abs(step) / 60 if unit == "min" else abs(step)
    word = "raise" if step > 0 else "lower"

    def at(k: int) -> Step:
        after = before + k * step
        text = (
            f"{word} {field} of the contract from {words.amount(before, unit)} to "
            f"{words.amount(after, unit)} for {asking.who}"
        )
        edit = with_contract(asking.who, **{field: after})
        return asking.step(
            edit, text, "plan.toml", field, str(before), str(after), k * each * price
        )

    return Way(("contract", field, word), max(abs(most - before) // abs(step), 0), at)


def _window(asking: Asking, field: str, before: tuple[int, int], step: int, count: int) -> Way:
    """A window of a contract that begins earlier or ends later by steps."""
    price = PRICES["an hour, a day or a step of a contract's rule"]

    def said(window: tuple[int, int]) -> str:
        return f"{words.clock(window[0])}-{words.clock(window[1])}"

    def at(k: int) -> Step:
        first, last = before
        after = (first, last + k * step) if step > 0 else (first + k * step, last)
        text = (
            f"let {field} of the contract be {said(after)} instead of {said(before)} "
            f"for {asking.who}"
        )
        edit = with_contract(asking.who, **{field: after})
        cost = abs(k * step) / 60 * price
        return asking.step(edit, text, "plan.toml", field, said(before), said(after), cost)

    return Way(("contract", field, step > 0), count, at)


def of_settings(asking: Asking) -> Iterator[Way]:
    """A value of a law pack or of the plan that is loosened, or lifted, for one person."""
    rule, problem = asking.demand.rule, asking.problem
    for setting in settings_of(problem, asking.agent):
        if setting.rule != rule.name or setting.hardness != rule.hardness:
            continue
        built = as_rule(setting)
        family, strictness = getattr(rule, "family", ()), getattr(rule, "strictness", None)
        if built.family == family and built.strictness == strictness:
            yield _loosened(asking, setting)
            return


def _loosened(asking: Asking, setting: RuleSetting) -> Way:
    """A setting in steps of its unit, the last of which lifts it."""
    is_law = any(setting in pack.rules for pack in asking.problem.packs.values())
    kind = "a law" if is_law else "a rule of the plan"
    price = PRICES[f"an hour, a day or a step of {kind}"]
    step, each = step_of(setting)
    values = looser(setting, step)
    named = f"{setting.rule} ({setting.source or 'plan'})"
    unit = "" if setting.unit == "count" else setting.unit
    before = words.amount(setting.value, unit).strip()

    def at(k: int) -> Step:
        cost = k * each * price
        if k > len(values):
            text = f"lift {named} for {asking.who}"
            edit = with_setting(asking.who, setting, None)
            return asking.step(edit, text, "plan.toml", setting.rule, before, "", cost + price)
        new = setting.model_copy(update={"value": values[k - 1]})
        after = words.amount(new.value, unit).strip()
        text = f"let {named} be {after} instead of {before} for {asking.who}"
        edit = with_setting(asking.who, setting, new)
        return asking.step(edit, text, "plan.toml", setting.rule, before, after, cost)

    name = ("setting", setting.rule, setting.bound, setting.kinds, setting.of, setting.weeks)
    return Way(name, len(values) + 1, at)


def step_of(setting: RuleSetting) -> tuple[float, float]:
    """The step of a value, and how many hours, days or pieces it is."""
    unit = setting.unit.strip().lower()
    if unit in ("hours", "hour", "h"):
        return 0.25, 0.25
    if unit in ("minutes", "minute", "min"):
        return (15.0, 0.25) if setting.value >= 60 else (5.0, 5 / 60)
    return (0.05, 1.0) if unit in ("share", "ratio") else (1.0, 1.0)


def looser(setting: RuleSetting, step: float) -> list[float]:
    """Values that are looser and looser; none where its value is no matter of degree."""
    now = as_rule(setting)
    for sign in (-1, 1):
        values: list[float] = []
        for k in range(1, _MOST_STEPS):
            value = round(setting.value + sign * k * step, 6)
            try:
                rule = as_rule(setting.model_copy(update={"value": value}))
            except InputError:  # a value that means nothing ends the row
                break
            if rule.family != now.family or rule.strictness >= now.strictness:
                break
            values.append(value)
        if values:
            return values
    return []
