"""Small planning problems at random, in which every rule of one person may speak.

A seed gives a problem and its need. Rules are drawn with parameters of their own,
hard and soft, with scopes, dates of validity, history, absences and clock
changes; horizons have one to fourteen days and begin on any weekday.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract, ShiftKind, SplitDay
from wfplan.domain.people import Agent, Availability, Skill, TimeOff
from wfplan.domain.problem import Empowered, Objective, PlanningProblem, RulePack, RuleSetting
from wfplan.domain.published import Consent, Published
from wfplan.domain.results import StaffNeed
from wfplan.domain.schedule import Activity, LockedShift, PastShift, Schedule, Shift
from wfplan.horizon import Horizon, wall_instant
from wfplan.rules.optional_day import WEEKDAYS
from wfplan.rules.registry import RULES, SETTABLE

Draw = random.Random
Values = dict[str, object]

SLOT_MIN = 30
WEEKENDS = {  # first dates within a week before both clock changes of a zone
    "Europe/Dublin": (date(2026, 3, 25), date(2026, 10, 21)),
    "America/New_York": (date(2026, 3, 4), date(2026, 10, 28)),
    "America/Port_of_Spain": (date(2026, 6, 3), date(2026, 7, 1)),
    "Asia/Kolkata": (date(2026, 6, 3), date(2026, 7, 1)),
}
KINDS = ("night", "late", "early", "day", "long")
LONG = ShiftKind(name="long", shortest_min=480)
OF_OTHERS = {
    "activity_time_min", "development_min", "high_intensity_max", "hot_work_max", "overload_max"
}  # fmt: skip
"""Rules whose minutes depend on everybody or on sessions: other tests speak of them."""


def of_time(least: float, most: float, unit: str = "hours", step: float = 0.5) -> Callable:
    """A rule with a time in steps."""

    def draw(r: Draw) -> Values:
        return {"value": least + step * r.randrange(int((most - least) / step) + 1), "unit": unit}

    return draw


def of_count(least: int, most: int, unit: str, *, weeks: tuple[int, ...] = (), **more) -> Callable:
    """A rule that counts; ``more`` are lists to draw from."""

    def draw(r: Draw) -> Values:
        drawn: Values = {"value": r.randint(least, most), "unit": unit}
        drawn |= {"weeks": r.choice(weeks)} if weeks else {}
        return drawn | {key: r.choice(values) for key, values in more.items()}

    return draw


def _some_kinds(r: Draw) -> tuple[str, ...]:
    return tuple(r.sample(KINDS, r.randint(1, 2)))


def _sequence(r: Draw) -> Values:
    names = (*KINDS, "off", "work", "any")
    return {"value": 1, "unit": "count", "kinds": tuple(r.choices(names, k=r.randint(2, 3)))}


def _rotation(r: Draw) -> Values:
    begins = date(2026, 1, 1) + timedelta(days=r.randrange(14))
    is_weekly = r.random() < 0.5
    names = (*KINDS, "work", "any") if is_weekly else (*KINDS, "off", "work", "any")
    return {
        "value": 1,
        "unit": "weeks" if is_weekly else "days",
        "kinds": tuple(r.choices(names, k=r.randint(1, 4))),
        "valid_from": begins,
    }


def _meal(r: Draw) -> Values:
    window = r.choice([None, (660, 840), (690, 780), (1320, 1500), (600, 960)])
    return {
        "value": r.choice([30, 45]),
        "unit": "minutes",
        "over_h": r.choice([0.0, 4.0, 5.0, 6.0, 7.5]),
        "window": window,
    }


def _window(r: Draw, least: int, most: int) -> Values:
    begin = r.randrange(least, most, 60)
    return {"value": 1, "unit": "count", "window": (begin, begin + 60 * r.randint(0, 12))}


def _bounded(draw: Callable, **more) -> Callable:
    """A drawn rule with a side, and what else it may be told."""

    def both(r: Draw) -> Values:
        drawn = draw(r) | {"bound": r.choice(["least", "most"])}
        return drawn | {key: r.choice(values) for key, values in more.items()}

    return both


DRAWS: dict[str, Callable[[Draw], Values]] = {
    "work_days_week": of_count(1, 6, "days"),
    "consecutive_work_days": lambda r: {
        "value": r.randint(1, 5),
        "unit": "days",
        "bound": r.choice(["most", "most", "least"]),
        "kinds": _some_kinds(r) if r.random() < 0.4 else (),
    },
    "paid_time_day": lambda r: of_time(3, 9)(r) | {"bound": r.choice(["", "most", "least"])},
    "shift_start_window": lambda r: _window(r, 0, 1440),
    "shift_stop_window": lambda r: _window(r, 480, 1800),
    "paid_time_period": lambda r: (
        of_time(4, 44)(r)
        | {"weeks": r.choice([0, 1, 2, 4]), "bound": r.choice(["", "most", "least"])}
    ),
    "daily_rest": of_time(8, 16),
    "weekly_rest": of_time(20, 60),
    "night_work": of_time(4, 9),
    "break_required": of_time(3, 8),
    "break_time": lambda r: {
        "value": r.choice([15, 30, 45, 60]),
        "unit": "minutes",
        "over_h": r.choice([4.0, 6.0, 7.5]),
        "part_min": r.choice([0, 15, 30]),
    },
    "meal": _meal,
    "break_spacing": _bounded(of_time(60, 240, "minutes", 30), part_min=[0, 30]),
    "contiguous_work": _bounded(of_time(60, 330, "minutes", 30), part_min=[0, 30]),
    "continuous_contact_max": of_time(90, 330, "minutes", 30),
    "paid_time_granularity": of_time(30, 120, "minutes", 30),
    "overtime_max": of_time(0, 8),
    "consecutive_days_off": _bounded(of_count(1, 3, "days")),
    "days_off_period": _bounded(of_count(0, 5, "days", weeks=(0, 1, 2))),
    "work_weekends_period": _bounded(of_count(0, 3, "weekends", weeks=(0, 1, 2, 4))),
    "consecutive_work_weekends": of_count(1, 2, "weekends"),
    "complete_weekend": of_count(0, 0, "weekends"),
    "start_distance": of_time(12, 26),
    "start_variance": lambda r: (
        of_time(30, 360, "minutes", 30)(r)
        | {"weeks": r.choice([0, 2]), "of": r.choice([(), ("start",), ("paid",)])}
    ),
    "day_off_after": lambda r: of_count(1, 2, "days")(r) | {"kinds": _some_kinds(r)},
    "day_off_before": lambda r: of_count(1, 2, "days")(r) | {"kinds": _some_kinds(r)},
    "shift_count_period": lambda r: (
        _bounded(of_count(0, 4, "shifts", weeks=(0, 1, 2)))(r)
        | {"kinds": _some_kinds(r) if r.random() < 0.7 else ()}
    ),
    "late_shifts_week": of_count(0, 3, "shifts"),
    "nights_week": of_count(0, 3, "nights"),
    "nonstandard_shifts_max": of_count(0, 5, "shifts", weeks=(0, 1, 2)),
    "quick_returns_28d": of_count(0, 3, "returns"),
    "rotation": _rotation,
    "forbidden_sequence": _sequence,
    "required_sequence": _sequence,
    "risk_factor": lambda r: {"value": 1, "unit": "count", "kinds": _some_kinds(r)},
    "preference": lambda r: {"value": r.choice([0.25, 0.5, 0.8, 1.0]), "unit": "share"},
    "promise_change_price": of_count(1, 21, "days"),
    "changes_week_max": of_count(0, 3, "changes"),
    "optional_day": lambda r: (
        of_count(0, 3, "days")(r) | {"of": tuple(r.sample(WEEKDAYS, r.choice([0, 1, 2, 5])))}
    ),
    "split_shift": _bounded(of_count(0, 3, "shifts", weeks=(0, 1, 2))),
    "split_gap": _bounded(of_time(60, 300, "minutes", 60)),
}
"""How the parameters of each settable rule of one person are drawn."""

assert set(DRAWS) == {name for name in RULES if name in SETTABLE} - OF_OTHERS


def random_setting(r: Draw, name: str, problem: Values) -> RuleSetting:
    """A rule of that name, hard or soft, for all or for some, always or for a while."""
    drawn = DRAWS[name](r)
    scope = r.choice(["all", "all", "all", "agent", "team", "contract", "skill", "site"])
    values = {"agent": "A0", "team": "red", "contract": "main", "skill": "voice", "site": "hq"}
    first: date = problem["first_day"]  # type: ignore[assignment]
    if "valid_from" not in drawn and r.random() < 0.2:
        drawn |= {"valid_from": first + timedelta(days=r.randint(-20, 16))}
    if r.random() < 0.1:
        drawn |= {"valid_to": first + timedelta(days=r.randint(-5, 30))}
    if drawn.get("valid_to", date.max) < drawn.get("valid_from", date.min):  # type: ignore[operator]
        drawn.pop("valid_to")
    return RuleSetting(
        rule=name,
        hardness="hard" if r.random() < 0.5 else "soft",
        weight=round(r.uniform(0.2, 6.0), 2),
        scope=scope,
        scope_value=values.get(scope, ""),
        source="plan",
        **drawn,
    )


def random_problem(
    seed: int, *, rules: int | None = None, days: int | None = None
) -> tuple[PlanningProblem, StaffNeed]:
    """A problem and its need; every seed gives another."""
    r = random.Random(seed)
    zone = r.choice(list(WEEKENDS))
    first = r.choice([date(2026, 11, 2), *WEEKENDS[zone]]) + timedelta(days=r.randrange(7))
    days = days or r.choice([1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 10, 13, 14])
    about: Values = {"first_day": first, "days": days, "zone": zone}
    contract = _contract(r)
    people = tuple(_person(r, i, contract, about) for i in range(r.randint(1, 3)))
    names = r.sample(sorted(DRAWS), rules if rules is not None else r.randint(1, 5))
    settings = [random_setting(r, name, about) for name in names]
    in_pack = [one for one in settings if one.scope == "all" and r.random() < 0.3]
    pack = RulePack(id="pack", version="1", rules=tuple(in_pack))
    channels = ("voice", "chat")[: r.randint(1, 2)]
    problem = PlanningProblem(
        name="small",
        timezone=zone,
        interval_min=SLOT_MIN,
        slot_min=SLOT_MIN,
        week_start=r.randrange(7),
        channels=tuple(Channel(name=name, open=["daily 00:00-24:00"]) for name in channels),
        agents=people,
        contracts={"main": contract},
        packs={"pack": pack},
        site_packs=("pack",),
        plan_rules=tuple(one for one in settings if one not in in_pack),
        past_shifts=tuple(past for one in people for past in _history(r, one, contract, about)),
        locks=tuple(lock for one in people for lock in _locks(r, one, contract, about)),
        empowered=Empowered(staff_min=r.randint(0, 1)),
        objective=Objective(
            tail=0.8,
            balance=round(r.random(), 2),
            paid_hour=r.choice([0, 0.5]),
            change_per_day=0,
            overload_per_h=0,
        ),
        published=_published(r, people, contract, about) if r.random() < 0.4 else None,
    )
    return problem, random_need(r, problem, problem.horizon(first, days))


STRICTER = {"break_spacing", "contiguous_work", "continuous_contact_max", "preference"}
"""Rules that the planner reads more strictly than the auditor on purpose."""


def tiny_problem(
    seed: int, *, names: Sequence[str] = (), plain: bool = False
) -> tuple[PlanningProblem, StaffNeed]:
    """
    A problem of one channel that can be solved by trying everything.

    ``plain`` ones have no history, absence or locks, whole people on queue and no
    tail. Nothing is wanted after the horizon, and paid time costs nothing.
    """
    r = random.Random(1_000_003 * (seed + 1) + plain)
    zone = r.choice(list(WEEKENDS))
    first = r.choice([date(2026, 11, 2), *WEEKENDS[zone]]) + timedelta(days=r.randrange(7))
    days, count = r.randint(2, 3), r.choice([1, 2, 3, 6])
    about: Values = {"first_day": first, "days": days, "zone": zone}
    contract = _tiny_contract(r, is_small=count > 3)
    people = [_person(r, i, contract, about) for i in range(count)]
    wishes = ("prefer", "avoid")
    people = [
        one.model_copy(
            update={
                "availability": tuple(row for row in one.availability if row.kind not in wishes),
                "time_off": tuple(off for off in one.time_off if off.status == "approved"),
                "skills": (Skill(skill="voice"),),
            }
            | ({"availability": (), "time_off": (), "min_hours_week": 0.0} if plain else {})
            | ({"hire_date": None} if plain else {})
        )
        for one in people
    ]
    drawn = r.sample(sorted(set(names) or set(DRAWS) - STRICTER), r.randint(1, 3))
    settings = [random_setting(r, name, about) for name in drawn]
    settings = [one.model_copy(update=_exact(one, plain=plain)) for one in settings]
    problem = PlanningProblem(
        name="tiny",
        timezone=zone,
        interval_min=60,
        slot_min=60,
        week_start=first.weekday() if plain else r.randrange(7),
        channels=(Channel(name="voice", open=["daily 00:00-24:00"]),),
        agents=tuple(people),
        contracts={"main": contract},
        plan_rules=tuple(settings),
        past_shifts=tuple(p for one in people for p in _history(r, one, contract, about))
        if not plain
        else (),
        locks=tuple(p for one in people for p in _locks(r, one, contract, about))
        if not plain
        else (),
        objective=Objective(
            tail=0.8, balance=0.0 if plain else round(r.random(), 2), paid_hour=0,
            change_per_day=0, overload_per_h=0,
        ),
    )  # fmt: skip
    need = random_need(r, problem, problem.horizon(first, days))
    harm = need.harm.copy()
    harm[:, -1:] = 0.0  # nobody is wanted when the horizon ends, nor after it
    changes: Values = {"harm": harm, "empowered_min": np.zeros(need.horizon.interval_count)}
    return problem, replace(need, **changes | ({"presence_share": 1.0} if plain else {}))


def _exact(one: RuleSetting, *, plain: bool) -> Values:
    """Changes after which the planner reads a rule exactly as the auditor does."""
    changes: Values = {}
    if one.rule == "night_work":
        changes = {"hardness": "soft"}  # a hard average is kept by each night
    if one.rule == "meal" and one.hardness == "soft":
        changes = {"window": None}  # a wished window is kept where it can be
    if plain:
        changes |= {"scope": "all", "scope_value": "", "valid_from": None, "valid_to": None}
        changes |= {"bound": "", "kinds": (), "weeks": 0}
    return changes


def _tiny_contract(r: Draw, *, is_small: bool) -> Contract:
    meal = Break(kind="meal", length_min=60, is_paid=False, earliest_min=120, latest_min=180)
    shortest = r.choice([240, 300])
    begin, step = r.choice([300, 420, 840, 1260]), r.choice([120, 240])
    return Contract(
        name="main",
        shortest_min=shortest,
        longest_min=shortest if is_small else shortest + 240,
        length_step_min=240,
        start_window=(begin, begin + step),
        start_step_min=step,
        work_days_max=r.randint(1, 3),
        consecutive_days_max=r.randint(1, 3),
        kinds=(LONG,),
        break_tiers=(BreakTier(over_h=6, breaks=(meal,)),) if r.random() < 0.7 else (),
        splits=(_tiny_split(r),) if not is_small and r.random() < 0.3 else (),
    )


def _tiny_split(r: Draw) -> SplitDay:
    """A day of two short pieces, or of a long and a short one."""
    gap = Break(kind="gap", length_min=r.choice([120, 180]), is_paid=False, earliest_min=120,
                latest_min=r.choice([120, 180]), before_end_min=60)  # fmt: skip
    return SplitDay(length_min=420, breaks=(gap,))


def random_need(r: Draw, problem: PlanningProblem, horizon: Horizon) -> StaffNeed:
    """Convex falling harm of a few people, by day or round the clock."""
    rng = np.random.default_rng(r.randrange(2**31))
    channels = tuple(channel.name for channel in problem.channels)
    minute = horizon.interval_minutes
    is_open = (minute >= 7 * 60) & (minute < 22 * 60) if r.random() < 0.5 else minute >= 0
    shape = (len(channels), horizon.interval_count)
    steps = np.sort(rng.exponential(2.0, (*shape, 3)), axis=2)[:, :, ::-1]
    down = np.concatenate([np.zeros((*shape, 1)), np.cumsum(steps, axis=2)], axis=2)
    nothing = np.zeros(shape)
    return StaffNeed(
        horizon=horizon,
        channels=channels,
        harm=(down[:, :, -1:] - down) * is_open[None, :, None],
        volume=rng.uniform(1, 9, shape) * is_open,
        load_erlangs=nothing.copy(),
        staff_promise=nothing.copy(),
        staff_occupancy=nothing.copy(),
        staff_abandonment=nothing.copy(),
        staff_tail=nothing.copy(),
        staff_due=nothing.copy(),
        staff_required=nothing.copy(),
        binding=np.where(nothing > 0, "promise", "none"),
        staff_min=nothing.copy(),
        empowered_min=np.where(is_open, float(problem.empowered.staff_min), 0.0),
        presence_share=0.9,
    )


def _contract(r: Draw) -> Contract:
    shortest = r.choice([180, 240, 300])
    rest = Break(kind="rest", length_min=r.choice([30, 30, 60]), is_paid=r.random() < 0.5,
                 earliest_min=60, latest_min=r.choice([90, 120]))  # fmt: skip
    meal = Break(kind="meal", length_min=r.choice([30, 60]), is_paid=False,
                 earliest_min=210, latest_min=r.choice([240, 300]))  # fmt: skip
    tiers = [
        BreakTier(over_h=r.choice([3.5, 4.0]), breaks=(rest,)),
        BreakTier(over_h=r.choice([5.0, 6.0]), breaks=(rest, meal)),
    ]
    return Contract(
        name="main",
        shortest_min=shortest,
        longest_min=shortest + 120 * r.randint(1, 3),
        length_step_min=r.choice([60, 120]),
        start_window=r.choice([(0, 1410), (360, 840), (420, 1320), (840, 1410), (1260, 1560)]),
        start_step_min=r.choice([60, 120, 240]),
        stop_latest=(300, 1800) if r.random() < 0.2 else None,
        work_days_min=r.choice([0, 0, 0, 1, 2]),
        work_days_max=r.randint(3, 7),
        consecutive_days_max=r.choice([2, 4, 6, 10]),
        kinds=(LONG,),
        break_tiers=tuple(tiers[: r.randint(0, 2)]),
        splits=_splits(r, shortest) if r.random() < 0.3 else (),
    )


def _splits(r: Draw, shortest: int) -> tuple[SplitDay, ...]:
    """One or two days of two pieces, with or without a rest in a piece."""
    found = []
    for more in r.sample([90, 150, 210, 270], r.randint(1, 2)):
        length, gap = shortest + more, r.choice([60, 90, 120])
        rest = Break(kind="rest", length_min=30, is_paid=r.random() < 0.5, earliest_min=30,
                     latest_min=30)  # fmt: skip
        first = r.choice([90, 120])
        pause = Break(kind="gap", length_min=gap, is_paid=False, earliest_min=first,
                      latest_min=first + r.choice([0, 30]), before_end_min=30)  # fmt: skip
        if first + 30 + gap + 30 <= length:
            is_rested = r.random() < 0.4
            breaks = (rest, pause) if is_rested else (pause,)
            found.append(SplitDay(length_min=length, breaks=breaks))
    return tuple(found)


def _person(r: Draw, i: int, contract: Contract, about: Values) -> Agent:
    zone, first = str(about["zone"]), about["first_day"]
    days: int = about["days"]  # type: ignore[assignment]

    def day() -> date:
        return first + timedelta(days=r.randrange(days))  # type: ignore[operator,no-any-return]

    skills = [Skill(skill="voice", valid_to=day() if r.random() < 0.1 else None)]
    if r.random() < 0.5:
        skills.append(Skill(skill="chat", ready_from=day() if r.random() < 0.3 else None))
    if r.random() < 0.3:
        skills.append(Skill(skill="empowered"))
    rows = []
    for weekday in range(7):
        roll, start = r.random(), 60 * r.randrange(20)
        kind = "prefer" if roll < 0.15 else "avoid" if roll < 0.3 else ""
        kind = "unavailable" if 0.3 <= roll < 0.4 else kind
        kind = "available" if 0.4 <= roll < 0.45 else kind
        length = 60 * r.randint(3, 6) if kind != "available" else 60 * r.randint(12, 24)
        if kind:
            rows.append(Availability(kind=kind, weekday=weekday, start_min=start,
                                     end_min=start + length))  # fmt: skip
    off = []
    if r.random() < 0.25:
        begin = day()
        if r.random() < 0.7:
            span = (wall_instant(begin, 0, zone),
                    wall_instant(begin + timedelta(days=r.randint(1, 3)), 0, zone))  # fmt: skip
        else:
            hour = 60 * r.randrange(20)
            span = wall_instant(begin, hour, zone), wall_instant(begin, hour + 240, zone)
        status = "approved" if r.random() < 0.7 else "requested"
        off.append(TimeOff(start=span[0], end=span[1], is_paid=r.random() < 0.5, status=status))
    hours = r.choice([12, 20, 30])
    return Agent(
        agent_id=f"A{i}",
        timezone=zone,
        site="hq",
        team=r.choice(["red", "blue"]) if i else "red",
        contract_type="main",
        contract_hours_week=hours,
        min_hours_week=r.choice([0, 0, 6, 10, hours]),
        max_hours_week=hours + r.choice([0, 4, 20]),
        hire_date=day() if r.random() < 0.05 else None,
        end_date=None if r.random() < 0.95 else first + timedelta(days=20),  # type: ignore[operator]
        skills=tuple(skills),
        availability=tuple(rows),
        time_off=tuple(off),
    )


def _history(r: Draw, person: Agent, contract: Contract, about: Values) -> list[PastShift]:
    """Some weeks of shifts before the horizon, the last of which may run into it; or none."""
    if r.random() < 0.4:
        return []
    past: list[PastShift] = []
    share = r.uniform(0.2, 0.8)
    for back in range(r.choice([3, 8, 20, 30]), 0, -1):
        if r.random() > share:
            continue
        first, last = contract.start_window
        minute = r.randrange(first, last + 1, contract.start_step_min)
        day = about["first_day"] - timedelta(days=back)  # type: ignore[operator]
        start = wall_instant(day, minute, person.timezone)
        length = r.choice(contract.lengths_min)
        begin = wall_instant(about["first_day"], 0, person.timezone)  # type: ignore[arg-type]
        if start >= begin or (past and start < past[-1].end):
            continue
        paid = contract.paid_min(length) if r.random() < 0.9 else None
        past.append(PastShift(agent_id=person.agent_id, start=start,
                              end=start + timedelta(minutes=length), paid_min=paid))  # fmt: skip
        again = past[-1].end + timedelta(minutes=60 * r.randint(1, 3))
        is_same_day = again.astimezone(ZoneInfo(person.timezone)).date() == day
        if is_same_day and again < begin and r.random() < 0.1:  # called in once more that day
            past.append(PastShift(agent_id=person.agent_id, start=again,
                                  end=again + timedelta(minutes=120)))  # fmt: skip
    return past


def _published(r: Draw, people: tuple[Agent, ...], contract: Contract, about: Values) -> Published:
    """What people were told of some of the dates, when they learn of more, and who agreed."""
    first, days = about["first_day"], about["days"]
    begin = first + timedelta(days=r.randint(-2, 2))  # type: ignore[operator]
    length: int = r.randint(1, days)  # type: ignore[arg-type]
    shifts, consents = [], []
    for one in people:
        for day in (begin + timedelta(days=d) for d in range(length)):
            if r.random() < 0.3:
                consents.append(Consent(agent_id=one.agent_id, day=day))
            if r.random() < 0.6:
                start = wall_instant(day, 60 * r.randrange(20), one.timezone)
                end = start + timedelta(minutes=r.choice(contract.lengths_min))
                work = Activity(code="WORK", category="work", is_paid=True, start=start, end=end)
                shifts.append(Shift(shift_id=f"{one.agent_id}-{day}", agent_id=one.agent_id,
                                    shift_date=day, activities=(work,)))  # fmt: skip
    told = wall_instant(first - timedelta(days=r.randint(0, 20)), 720, str(about["zone"]))  # type: ignore[operator]
    return Published(
        schedule=Schedule(schedule_id="published", timezone=str(about["zone"]), first_day=begin,
                          days=length, shifts=tuple(shifts)),
        told=told if r.random() < 0.8 else None,
        consents=tuple(consents),
    )  # fmt: skip


def _locks(r: Draw, person: Agent, contract: Contract, about: Values) -> list[LockedShift]:
    """At most one lock, on a start and a length of the contract."""
    if r.random() < 0.8:
        return []
    days: int = about["days"]  # type: ignore[assignment]
    day = about["first_day"] + timedelta(days=r.randrange(days))  # type: ignore[operator]
    if r.random() < 0.5:
        return [LockedShift(agent_id=person.agent_id, day=day)]
    first, last = contract.start_window
    minute = r.randrange(first, min(last, 1439) + 1, contract.start_step_min)
    start = wall_instant(day, minute, person.timezone)
    length = r.choice(contract.lengths_min)
    return [LockedShift(agent_id=person.agent_id, day=day, start=start,
                        end=start + timedelta(minutes=length))]  # fmt: skip
