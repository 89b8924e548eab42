"""Contact weeks: the shared instances as planning problems, judged by their own evaluator.

A surplus of people costs something there and everybody present serves some
channel. With the price p of the last person too many, ``cost(n) - p n`` falls in
n and is flat at the end, where idling is as good: so curves that fall, and p
for every head on queue, say the same. ``python -m tests.benchmarks.contact_weeks
cc_e50_h16 --seconds 30`` solves one instance and prints a line.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.bridge import module_of, need_of
from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Break, BreakTier, Contract
from wfplan.domain.people import Agent, Availability, Skill
from wfplan.domain.problem import Objective, PlanningProblem, RuleSetting
from wfplan.domain.progress import Stop, no_watch
from wfplan.domain.results import StaffNeed
from wfplan.domain.schedule import LockedShift
from wfplan.horizon import Horizon
from wfplan.scheduling.bound.bound import LowerBound
from wfplan.scheduling.conflict import require_legal_weeks
from wfplan.scheduling.search.search import Search, Week
from wfplan.scheduling.team.team import Team, assemble

FloatArray = NDArray[np.float64]

MONDAY = date(2026, 3, 2)
SLOT_MIN = 15
BOUND_ROUNDS = 40  # at most
REFERENCE: Mapping[str, Mapping[int, float]] = {
    # contact-weeks/README.md: seconds to cost of the reference search
    "cc_e50_h16": {10: 65, 30: 35},
    "cc_e50_h16_rigid": {40: 393, 300: 378},
    "cc_e200_h16": {10: 269, 30: 142, 60: 98, 120: 84},
    "cc_e200_h16_rigid": {10: 1926, 60: 1687, 180: 1172},
    "cc_e1000_h16": {10: 714, 30: 495, 60: 406, 120: 381},
}


class ContactWeek:
    """One instance with its reading as a planning problem and its evaluator."""

    def __init__(self, name: str, shared: Path) -> None:
        path = shared / "bench" / "contact-weeks" / "instances" / f"{name}.json.gz"
        with gzip.open(path) as file:
            self.x: dict[str, Any] = json.load(file)
        self.judge = module_of(shared / "bench" / "tools" / "cc_eval.py")

    @property
    def head_price(self) -> float:
        """What the last person too many costs in an interval."""
        return float(self.x["cost"]["over"][-1][1])

    @cached_property
    def team(self) -> Team:
        """The team, its weeks known to be possible."""
        team = assemble(self.problem, self.need)
        require_legal_weeks(team)
        return team

    def search(self, seed: int) -> Search:
        """A search over the instance."""
        search = Search(self.team, seed)
        search.coverage.price_heads(self.head_price)
        return search

    @cached_property
    def problem(self) -> PlanningProblem:
        """People, contracts and rules."""
        names = [channel["name"] for channel in self.x["channels"]]
        rest_h = {q["min_rest_h"] for q in self.x["employees"]}
        contracts: dict[str, Contract] = {}
        agents = [self._agent(q, names, contracts) for q in self.x["employees"]]
        return PlanningProblem(
            name="Contact week",
            timezone="UTC",
            interval_min=SLOT_MIN,
            channels=tuple(Channel(name=n, open=["daily 00:00-24:00"]) for n in names),
            agents=tuple(agents),
            contracts=contracts,
            locks=self._days_off(),
            plan_rules=(RuleSetting(rule="daily_rest", value=max(rest_h), unit="hours"),),
            objective=Objective(balance=0.0, paid_hour=0.0),
        )

    @cached_property
    def need(self) -> StaffNeed:
        """The cost of an interval less what its heads pay for being there, as harm."""
        required = np.array([channel["required"] for channel in self.x["channels"]])
        return need_of(
            Horizon("UTC", MONDAY, self.x["days"], interval_min=SLOT_MIN),
            tuple(channel["name"] for channel in self.x["channels"]),
            self._curves(required),
        )

    @cached_property
    def offset(self) -> float:
        """What is to be taken from the search's objective to have the instance's cost."""
        return float(self._constants().sum())

    def bound(self, search: Search, cost: float, stop: Stop) -> float:
        """What no schedule costs less than, proven by our own bound; ``cost`` is a plan's."""
        bound = LowerBound(self.team, search.coverage, search.weeks)
        certificate = bound.improve(cost + self.offset, BOUND_ROUNDS, stop, no_watch)
        return certificate.value - self.offset

    def verdict(self, weeks: Sequence[Week]) -> dict[str, Any]:
        """What the instance's evaluator says."""
        verdict: dict[str, Any] = self.judge.evaluate(self.x, self.rows(weeks))
        return verdict

    def _constants(self) -> FloatArray:
        """What keeps each curve above 0, (channel, interval)."""
        required = np.array([channel["required"] for channel in self.x["channels"]])
        top = self._top(required)
        return self.head_price * top - self._cost(required, np.full(required.shape, top))

    def _curves(self, required: NDArray[np.int64]) -> FloatArray:
        levels = np.arange(self._top(required) + 1)
        cost = np.stack([self._cost(required, np.full(required.shape, n)) for n in levels], axis=2)
        return cost - self.head_price * levels + self._constants()[:, :, None]

    def _top(self, required: NDArray[np.int64]) -> int:
        return int(np.ceil(required.max() * 1.1)) + 2

    def _cost(self, required: NDArray[np.int64], staff: NDArray[np.int64]) -> FloatArray:
        """Cost of staff beside the requirement, as the instance prices it."""
        cost = np.zeros(required.shape)
        for segments, left in (
            (self.x["cost"]["under"], np.maximum(required - staff, 0).astype(np.float64)),
            (self.x["cost"]["over"], np.maximum(staff - required, 0).astype(np.float64)),
        ):
            for share, price in segments:
                width = np.inf if share is None else np.ceil(share * required - 1e-9)
                cost += price * np.minimum(left, width)
                left = np.maximum(left - width, 0)
        return cost

    def _days_off(self) -> tuple[LockedShift, ...]:
        """Days without a start, where a shift of the eve may still run into them."""
        if self.x["avail_means"].startswith("whole"):
            return ()
        return tuple(
            LockedShift(agent_id=f"E{q['id']}", day=MONDAY + timedelta(days=d))
            for q in self.x["employees"]
            for d, window in enumerate(q["avail"])
            if window is None
        )

    def _agent(
        self, q: Mapping[str, Any], names: Sequence[str], contracts: dict[str, Contract]
    ) -> Agent:
        """A person, her work plan put into ``contracts``."""
        is_whole = self.x["avail_means"].startswith("whole")
        known = {tuple(w) for w in q["avail"] if w is not None}
        # where only the start must lie in a window, people of these instances have one window
        window = (0, 24 * 60 - SLOT_MIN) if is_whole else _window(known)
        contract = self._contract(window, q["max_days"])
        contracts[contract.name] = contract
        hours = q["contract_h"]
        return Agent(
            agent_id=f"E{q['id']}",
            timezone="UTC",
            contract_type=contract.name,
            contract_hours_week=hours,
            min_hours_week=hours - self.x["rules"]["tolerance_h"],
            max_hours_week=hours,
            skills=tuple(Skill(skill=names[c]) for c in q["skills"]),
            availability=tuple(_hours(d, w) for d, w in enumerate(q["avail"]) if is_whole),
        )

    def _contract(self, window: tuple[int, int], max_days: int) -> Contract:
        rules = self.x["rules"]
        lengths = rules["lens"] or list(
            range(rules["len_min"], rules["len_max"] + 1, rules["len_step"])
        )
        return Contract(
            name=f"start{window[0]}to{window[1]}days{max_days}",
            shortest_min=lengths[0] * SLOT_MIN,
            longest_min=lengths[-1] * SLOT_MIN,
            length_step_min=(lengths[1] - lengths[0]) * SLOT_MIN,
            start_window=window,
            start_step_min=rules["start_step"] * SLOT_MIN,
            work_days_max=max_days,
            consecutive_days_max=7,
            break_tiers=tuple(
                BreakTier(
                    over_h=(length - 1) * SLOT_MIN / 60,
                    breaks=_breaks(length, length < rules["short_below"]),
                )
                for length in lengths
            ),
        )

    def rows(self, weeks: Sequence[Week]) -> list[tuple[int | None, ...]]:
        """Rows of the evaluator: employee, day, start, length, rest1, lunch, rest2."""
        per_day, rows = self.x["slots_per_day"], []
        for q, member, week in zip(self.x["employees"], self.team.members, weeks, strict=True):
            space = member.space
            for option, breaks in week.shifts:
                start = int(space.opt_start[option]) - self.team.grid.lead
                length = int(space.lengths.slots[space.opt_len[option]])
                placed = [*breaks, None, None][:3]
                rows.append((q["id"], start // per_day, start % per_day, length, *placed))
        return rows


def _window(known: set[tuple[int, int]]) -> tuple[int, int]:
    first, last = next(iter(known))
    return first * SLOT_MIN, (last - 1) * SLOT_MIN


def _hours(day: int, window: Sequence[int] | None) -> Availability:
    """The hours of a day in which a whole shift must lie."""
    weekday = (MONDAY + timedelta(days=day)).weekday()
    if window is None:
        return Availability(kind="unavailable", weekday=weekday, start_min=0, end_min=1440)
    first, last = window[0] * SLOT_MIN, window[1] * SLOT_MIN
    return Availability(kind="available", weekday=weekday, start_min=first, end_min=last)


def _breaks(length: int, is_short: bool) -> tuple[Break, ...]:
    """Breaks of a shift length in slots, with the windows of the instances."""
    half = length // 2
    if is_short:
        return (_break("rest", 1, 6, length - 7),)
    return (
        _break("rest", 1, 4, half - 7),
        _break("meal", 2, half - 5, half + 3),
        _break("rest", 1, half + 6, length - 5),
    )


def _break(kind: str, slots: int, first: int, last: int) -> Break:
    return Break(
        kind=kind,
        length_min=slots * SLOT_MIN,
        is_paid=kind == "rest",
        earliest_min=first * SLOT_MIN,
        latest_min=last * SLOT_MIN,
    )


@dataclass
class Clock(Stop):
    """Seconds of processor time of this process, which others on the machine do not use up."""

    started: float = field(default_factory=time.process_time)

    @property
    def elapsed_s(self) -> float:
        """Processor seconds since the clock was made."""
        return time.process_time() - self.started


def main() -> None:
    """Solve one instance and say what its evaluator says."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.contact_weeks")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--bound-seconds", type=float, default=15.0)
    parser.add_argument("--passes", type=int, default=10**6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trail", action="store_true", help="print the best after every pass")
    options = parser.parse_args()
    shared = Path(os.environ.get("WFPLAN_SHARED", Path(__file__).parents[3] / "shared"))
    for name in options.names:
        week = ContactWeek(name, shared)
        solve_one(week, name, options)


def solve_one(week: ContactWeek, name: str, options: argparse.Namespace) -> None:
    """Solve an instance and print its line."""
    search = week.search(options.seed)
    stop = Clock(passes=options.passes, seconds=options.seconds)

    def watch(stage: str, figures: Mapping[str, float]) -> None:
        if options.trail and stage == "search":
            best = figures["best"] - week.offset
            print(
                f"  {stop.elapsed_s:7.2f} s  pass {figures['pass']:5.0f}  {best:10.1f}", flush=True
            )

    search.settle(stop, watch)
    settled, settled_s = search.objective() - week.offset, stop.elapsed_s
    found = search.refine(stop, watch)
    seconds = stop.elapsed_s
    verdict = week.verdict(found.weeks)
    own = found.objective - week.offset
    bound = week.bound(search, verdict["cost"], Clock(seconds=options.bound_seconds))
    print(
        f"{name:<22} settled {settled:8.0f} at {settled_s:6.2f} s, cost {verdict['cost']:8.0f} at "
        f"{seconds:6.1f} s (own {own:.0f}), {len(verdict['violations'])} violations, "
        f"{found.passes} passes, bound {bound:.1f}, reference {REFERENCE.get(name, '')}",
        flush=True,
    )


if __name__ == "__main__":
    main()
