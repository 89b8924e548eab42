"""Conflicts drawn from seeds, and a plain model of what their members ask for.

The model shares nothing with the planner: booleans for every shift of every
date on a grid of hours, each member of a conflict written down from its own
words, solved by CP-SAT.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import numpy as np

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent, Availability, Skill, TimeOff
from wfplan.domain.problem import PlanningProblem, RuleSetting
from wfplan.domain.schedule import Activity, ActivityCategory, LockedShift, PastShift, Shift
from wfplan.horizon import wall_instant
from wfplan.rules import rules_of
from wfplan.rules.week import AgentWeek

HOUR = timedelta(hours=1)
ZONE = "Europe/Dublin"
REST = RuleSetting(rule="daily_rest", value=11, unit="hours", source="EU, Art. 3")
KINDS = ("hours", "rest", "history", "run", "time_off", "skills", "availability", "clock", "mixed")
MONDAYS = {"clock": (date(2026, 3, 23), date(2026, 10, 19))}


def draw(seed, is_stuck):
    """The first plan of a seed in which its person has no week, and its first day."""
    kind, rng = KINDS[seed % len(KINDS)], np.random.default_rng(seed)
    for _ in range(400):
        monday = rng.choice(MONDAYS.get(kind, (date(2026, 11, 2),)))
        problem = _problem(kind, rng, monday)
        if is_stuck(problem, problem.horizon(monday, 7)):
            return problem, problem.horizon(monday, 7)
    raise AssertionError(f"seed {seed} draws no conflict")


def _problem(kind, rng, monday):
    """A person with a few rows of a kind."""
    given = {"locks": [], "past": [], "agent": {}, "rules": [REST], "contract": {}}
    kinds = [kind] if kind != "mixed" else rng.choice(KINDS[:-2], size=3, replace=False)
    for one in kinds:
        _DRAWS[one](rng, monday, given)
    hours = given["agent"].pop("hours", 0)
    agent = Agent(
        **{
            "agent_id": "P1", "timezone": ZONE, "contract_type": "any",
            "contract_hours_week": max(hours, 24), "min_hours_week": hours, "max_hours_week": 48,
            "skills": (Skill(skill="voice"),), **given["agent"],
        }
    )  # fmt: skip
    work = {
        "name": "any", "shortest_min": 240, "longest_min": 480, "length_step_min": 240,
        "start_window": (360, 840), "start_step_min": 60, "work_days_max": 5,
        **given["contract"],
    }  # fmt: skip
    locks = {lock.day: lock for lock in given["locks"]}
    return PlanningProblem(
        name="Small", timezone=ZONE, interval_min=60, slot_min=60, agents=(agent,),
        channels=(Channel(name="voice", open=["daily 00:00-24:00"]),),
        contracts={"any": Contract(**work)}, plan_rules=tuple(given["rules"]),
        locks=tuple(locks.values()), past_shifts=tuple(given["past"]),
    )  # fmt: skip


def _shift(monday, day, hour, length):
    start = wall_instant(monday + timedelta(days=int(day)), int(hour) * 60, ZONE)
    return start, start + int(length) * HOUR


def _lock(rng, monday, given, day, hours=(6, 22)):
    on = monday + timedelta(days=int(day))
    start, end = _shift(monday, day, rng.integers(*hours), rng.choice([4, 8]))
    given["locks"].append(LockedShift(agent_id="P1", day=on, start=start, end=end))


def _hours(rng, monday, given):
    given["agent"]["hours"] = int(rng.integers(16, 48))
    given["contract"]["work_days_max"] = int(rng.integers(2, 6))


def _rest(rng, monday, given):
    day = int(rng.integers(0, 6))
    _lock(rng, monday, given, day, (12, 23))
    _lock(rng, monday, given, day + 1, (5, 12))


def _history(rng, monday, given):
    start, end = _shift(monday, -1, rng.integers(14, 23), 8)
    given["past"].append(PastShift(agent_id="P1", start=start, end=end))
    _lock(rng, monday, given, 0, (5, 14))


def _run(rng, monday, given):
    for day in range(-int(rng.integers(2, 6)), 0):
        start, end = _shift(monday, day, 8, 8)
        given["past"].append(PastShift(agent_id="P1", start=start, end=end))
    given["contract"]["consecutive_days_max"] = int(rng.integers(3, 7))
    for day in range(int(rng.integers(1, 4))):
        _lock(rng, monday, given, day, (8, 9))


def _time_off(rng, monday, given):
    first = int(rng.integers(0, 5))
    days = int(rng.integers(1, 4))
    off = TimeOff(
        start=wall_instant(monday + timedelta(days=first), 0, ZONE),
        end=wall_instant(monday + timedelta(days=first + days), 0, ZONE),
        is_paid=bool(rng.random() < 0.5),
    )
    given["agent"]["time_off"] = (off,)
    _lock(rng, monday, given, rng.integers(0, 7))


def _skills(rng, monday, given):
    day = monday + timedelta(days=int(rng.integers(1, 6)))
    field = rng.choice(["valid_from", "valid_to", "ready_from"])
    given["agent"]["skills"] = (Skill(**{"skill": "voice", field: day}),)
    for _ in range(2):
        _lock(rng, monday, given, rng.integers(0, 7), (8, 12))


def _availability(rng, monday, given):
    given["agent"]["availability"] = tuple(
        Availability(
            kind="unavailable", weekday=int(day), start_min=int(rng.choice([0, 600])), end_min=1440
        )
        for day in rng.choice(7, size=int(rng.integers(2, 6)), replace=False)
    )
    given["agent"]["hours"] = int(rng.integers(16, 40))


def _clock(rng, monday, given):
    """Two locks around the night in which the clocks change; in spring it takes an hour away."""
    first = int(rng.integers(12, 17))
    gap = 11 if monday.month == 3 else int(rng.integers(9, 13))
    for day, hour in ((5, first), (6, first + 8 + gap - 24)):
        start, end = _shift(monday, day, hour, 8)
        on = monday + timedelta(days=day)
        given["locks"].append(LockedShift(agent_id="P1", day=on, start=start, end=end))


_DRAWS = {
    "hours": _hours, "rest": _rest, "history": _history, "run": _run, "time_off": _time_off,
    "skills": _skills, "availability": _availability, "clock": _clock,
}  # fmt: skip


def breaches(problem, horizon, spans):
    """Hard breaches of shifts without breaks, by the auditor's face of every rule."""
    agent = problem.agents[0]
    shifts = [
        Shift(
            shift_id=str(start), agent_id=agent.agent_id,
            shift_date=start.astimezone(ZoneInfo(agent.timezone)).date(),
            activities=(Activity(code="ON_QUEUE", category=ActivityCategory.WORK, is_paid=True,
                                 start=start, end=end),),
        )
        for start, end in spans
    ]  # fmt: skip
    week = AgentWeek.of(problem, agent, horizon, shifts)
    found = [b for rule in rules_of(problem, agent, horizon.dates) for b in rule.breaches(week)]
    return [breach for breach in found if breach.hardness == "hard"]


def has_week(problem, horizon, members):
    """Whether these members leave a week, by the plain model."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    table = _Table(problem, horizon, members)
    chosen = {key: model.new_bool_var(str(key)) for key in table.spans}
    for d in range(7):
        model.add_at_most_one(chosen[key] for key in chosen if key[0] == d)
    for one, two in table.clashes():
        model.add_at_most_one(chosen[one], chosen[two])
    for member in members:
        for key in table.barred(member):
            model.add(chosen[key] == 0)
        for sign, weights, bound in table.sums(member):
            total = sum(weight * chosen[key] for key, weight in weights.items())
            model.add(total >= bound if sign > 0 else total <= bound)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE)
    return status != cp_model.INFEASIBLE


class _Table:
    """Every shift of every date by (day, hour of start, hours), and what members say of it."""

    def __init__(self, problem, horizon, members):
        self.agent, self.dates = problem.agents[0], horizon.dates
        self.contract, self.past = problem.contracts["any"], problem.past_shifts
        self.rules = {member.rule for member in members}
        self.locks = {lock.day: lock for lock in problem.locks}
        self.held = {day for m in members if m.rule == "locked" for day in m.days}
        self.spans = {}
        for d, day in enumerate(self.dates):
            for hour in range(24):
                start = wall_instant(day, hour * 60, ZONE)
                if start.astimezone(ZoneInfo(ZONE)).hour == hour:  # a time that the clock shows
                    for length in (4, 8, 12, 16):
                        self.spans[d, hour, length] = (start, start + length * HOUR)

    def clashes(self):
        """Pairs of shifts that overlap, or lie too close where the daily rest is a member."""
        rest = 11 * HOUR if "daily_rest" in self.rules else timedelta()
        for one, two in combinations(self.spans, 2):
            if 0 < two[0] - one[0] <= 2 and self.spans[two][0] - self.spans[one][1] < rest:
                yield one, two

    def barred(self, member):
        """Shifts that a member forbids."""
        for key, (start, end) in self.spans.items():
            day = self.dates[key[0]]
            if self._is_barred(member, key, day, start, end):
                yield key

    def _is_barred(self, member, key, day, start, end):
        if member.rule == "locked":
            lock = self.locks[day] if day in member.days else None
            return lock is not None and (start, end) != (lock.start, lock.end)
        if member.rule == "time_off":
            return any(start < off.end and end > off.start for off in self.agent.time_off)
        if member.rule == "availability":
            weekdays = {one.weekday() for one in member.days}
            return day not in self.held and any(
                start < until and end > begin for begin, until in self._unavailable(weekdays)
            )
        if member.rule == "daily_rest":
            return any(start - one.end < 11 * HOUR for one in self.past)
        if member.rule == "shift_length":
            return key[2] not in (4, 8) and day not in self.held
        if member.rule == "shift_start_window":
            return not 6 <= key[1] <= 14 and day not in self.held
        if member.rule in ("skill_required", "readiness"):
            return not self._is_skilled(member.rule, day)
        return False

    def _unavailable(self, weekdays):
        for row in self.agent.availability:
            for d in range(8):
                day = self.dates[0] + timedelta(days=d)
                if day.weekday() == row.weekday and row.weekday in weekdays:
                    yield (
                        wall_instant(day, row.start_min, ZONE),
                        wall_instant(day, row.end_min, ZONE),
                    )

    def _is_skilled(self, rule, day):
        (skill,) = self.agent.skills
        if rule == "readiness":
            return skill.ready_from <= day
        return (skill.valid_from or day) <= day <= (skill.valid_to or day)

    def sums(self, member):
        """Sums that a member bounds: (1 from below or -1 from above, weights, bound)."""
        sign = 1 if member.text.startswith("at least") else -1
        if member.rule == "locked":
            days = [self.dates.index(day) for day in member.days]
            yield 1, {key: 1 for key in self.spans if key[0] in days}, 1
        if member.rule == "paid_time_week":
            yield sign, {key: key[2] * 60 for key in self.spans}, round(member.value * 60)
        if member.rule == "work_days_week":
            yield sign, dict.fromkeys(self.spans, 1), int(member.value)
        if member.rule == "consecutive_work_days":
            most = self.contract.consecutive_days_max
            run = {(one.start.astimezone(ZoneInfo(ZONE)).date() - self.dates[0]).days
                   for one in self.past}  # fmt: skip
            for first in range(-most, 7 - most):
                days = range(first, first + most + 1)
                worked = sum(day in run for day in days)
                yield -1, {key: 1 for key in self.spans if key[0] in days}, most - worked
