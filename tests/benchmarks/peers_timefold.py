"""Contact weeks once more, in Timefold, modelled as its users would.

Run by an interpreter that has it, with Java 17: ``python peers_timefold.py
TASK.json`` (:mod:`tests.benchmarks.peers_cp_sat`). The entity is a day of a
person, its variables the shift, one channel, and where each break is; constraint streams
count hours, days, rests and heads. Annotations are read while it runs, so that
they are no texts here.
"""

import json
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any

from peers_cp_sat import Row, breaks_of, cost_of, paid, read_task, required, shifts_of
from timefold.solver import SolverFactory
from timefold.solver.config import (
    Duration,
    ScoreDirectorFactoryConfig,
    SolverConfig,
    TerminationConfig,
)
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    Joiners,
    constraint_provider,
)

OFFSETS = list(range(9))
"""Places of a break in its window, counted on from the beginning again where it is shorter."""


@dataclass
class Span:
    """A shift; ``length`` 0 is a day off."""

    start: int
    length: int
    paid: int
    sizes: list[int]
    firsts: list[int]
    widths: list[int]


@planning_entity
@dataclass
class Day:
    """A person's day."""

    id: Annotated[int, PlanningId]
    person: int
    day: int
    least: int
    most: int
    max_days: int
    rest: int
    per_day: int
    slots: int
    spans: Annotated[list[Span], ValueRangeProvider(id="spans")]
    channels: Annotated[list[int], ValueRangeProvider(id="channels")]
    offsets: Annotated[list[int], ValueRangeProvider(id="offsets")]
    span: Annotated[Span, PlanningVariable(value_range_provider_refs=["spans"])] = None
    channel: Annotated[int, PlanningVariable(value_range_provider_refs=["channels"])] = None
    rest1: Annotated[int, PlanningVariable(value_range_provider_refs=["offsets"])] = 0
    lunch: Annotated[int, PlanningVariable(value_range_provider_refs=["offsets"])] = 0
    rest2: Annotated[int, PlanningVariable(value_range_provider_refs=["offsets"])] = 0

    def breaks(self) -> list[int]:
        """Offsets of the breaks from the start."""
        span, found = self.span, []
        if len(span.firsts) > 0:
            found.append(span.firsts[0] + self.rest1 % span.widths[0])
        if len(span.firsts) > 1:
            found.append(span.firsts[1] + self.lunch % span.widths[1])
            found.append(span.firsts[2] + self.rest2 % span.widths[2])
        return found

    def cells(self) -> list[int]:
        """The channel-slots in which she is on queue."""
        span, breaks = self.span, self.breaks()
        off, on = [], []
        for k in range(len(breaks)):
            for size in range(span.sizes[k]):
                off.append(breaks[k] + size)  # noqa: PERF401 (read as Java)
        first = self.day * self.per_day + span.start
        for k in range(span.length):
            if k not in off and first + k < self.slots:
                on.append(self.channel * self.slots + first + k)  # noqa: PERF401
        return on


@planning_solution
@dataclass
class Plan:
    """The week."""

    days: Annotated[list[Day], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore, PlanningScore] = None


TABLE: list[list[int]] = []
"""What so many heads save in a channel-slot."""
EMPTY: list[int] = []
"""What nobody costs there."""


def too_few_or_many(least: int, most: int, hours: int) -> int:
    """Paid slots outside the contract."""
    return max(least - hours, hours - most, 0)


def rest_missing(first: Day, second: Day) -> int:
    """Slots of rest that are missing between two days."""
    if first.span.length == 0 or second.span.length == 0:
        return 0
    ended = first.span.start + first.span.length
    return max(first.rest - (second.span.start + first.per_day - ended), 0)


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    """Hours, days, rests, and heads beside the requirement."""
    return [
        factory.for_each(Day)
        .group_by(
            lambda d: d.person,
            lambda d: d.least,
            lambda d: d.most,
            ConstraintCollectors.sum(lambda d: d.span.paid),
        )
        .penalize(
            HardSoftScore.ONE_HARD,
            lambda who, least, most, hours: too_few_or_many(least, most, hours),
        )
        .as_constraint("hours"),
        factory.for_each(Day)
        .filter(lambda d: d.span.length > 0)
        .group_by(lambda d: d.person, lambda d: d.max_days, ConstraintCollectors.count())
        .filter(lambda who, most, days: days > most)
        .penalize(HardSoftScore.ONE_HARD, lambda who, most, days: (days - most) * 8)
        .as_constraint("days"),
        factory.for_each(Day)
        .join(
            Day,
            Joiners.equal(lambda d: d.person),
            Joiners.equal(lambda d: d.day + 1, lambda d: d.day),
        )
        .filter(lambda a, b: rest_missing(a, b) > 0)
        .penalize(HardSoftScore.ONE_HARD, lambda a, b: rest_missing(a, b))
        .as_constraint("rest"),
        factory.for_each(Day)
        .map(lambda d: d.cells())
        .flatten_last(lambda cells: cells)
        .group_by(lambda cell: cell, ConstraintCollectors.count())
        .impact(HardSoftScore.ONE_SOFT, lambda cell, heads: TABLE[cell][heads])
        .as_constraint("heads"),
    ]


def span_of(x: dict[str, Any], start: int, length: int) -> Span:
    """A shift and the windows of its breaks."""
    windows = breaks_of(x, length)
    return Span(
        start,
        length,
        paid(x, length),
        [size for size, _, _ in windows],
        [first for _, first, _ in windows],
        [last - first + 1 for _, first, last in windows],
    )


def days_of(x: dict[str, Any]) -> list[Day]:
    """Everybody's days: the first that may be worked have shifts of about equal length."""
    off, known, days = Span(0, 0, 0, [], [], []), {}, []
    per_day = x["slots_per_day"]
    for q in x["employees"]:
        least, most = (int(4 * (q["contract_h"] - t)) for t in (x["rules"]["tolerance_h"], 0))
        left, worked = most, 0
        for d in range(x["days"]):
            able = [off]
            for start, length in shifts_of(x, q, d):
                if (start, length) not in known:
                    known[start, length] = span_of(x, start, length)
                able.append(known[start, length])
            wanted = left / max(q["max_days"] - worked, 1)
            first = off if worked == q["max_days"] else min(able, key=_near(wanted, off))
            left, worked = left - first.paid, worked + (first.length > 0)
            days.append(
                Day(len(days), q["id"], d, least, most, q["max_days"], int(q["min_rest_h"] * 4),
                    per_day, x["days"] * per_day, able, list(q["skills"]), OFFSETS, first,
                    q["skills"][q["id"] % len(q["skills"])])
            )  # fmt: skip
    return days


def _near(wanted: float, off: Span) -> Any:
    """The order of spans by what they miss of a paid time; a day off comes last."""
    return lambda span: (span is off, span.paid > wanted, abs(span.paid - wanted))


def solve(task: dict[str, Any]) -> tuple[list[Row], int, str]:
    """The rows of the best week, legal or not, its cost and its score as the model has them."""
    x = task["instance"]
    per_day = x["slots_per_day"]
    heads = range(len(x["employees"]) + 1)
    for channel in x["channels"]:
        for slot in range(x["days"] * per_day):
            need = required(channel, *divmod(slot, per_day), per_day)
            TABLE.append([cost_of(x, need, 0) - cost_of(x, need, n) for n in heads])
            EMPTY.append(cost_of(x, need, 0))
    config = SolverConfig(
        solution_class=Plan,
        entity_class_list=[Day],
        score_director_factory_config=ScoreDirectorFactoryConfig(
            constraint_provider_function=rules
        ),
        termination_config=TerminationConfig(spent_limit=Duration(seconds=int(task["seconds"]))),
    )
    plan = SolverFactory.create(config).build_solver().solve(Plan(days_of(x)))
    rows: list[Row] = []
    for day in plan.days:
        if day.span.length:
            first, second, third = [*day.breaks(), None, None][:3]
            rows.append(
                (day.person, day.day, day.span.start, day.span.length, first, second, third)
            )
    return rows, sum(EMPTY) - plan.score.soft_score, str(plan.score)


def main() -> None:
    """Solve one task and print its rows."""
    task = read_task(sys.argv[1])
    rows, cost, score = solve(task)
    said = {
        "version": version("timefold"),
        "processor_s": time.process_time(),
        "cost": cost,
        "status": score,
    }
    print(json.dumps({**said, "rows": rows}))


if __name__ == "__main__":
    main()
