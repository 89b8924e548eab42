"""Several runs side by side: figures of customers and staff, and what changed for each person.

The first run is what the others are compared with. A simulated average carries
the half-width of its 95 % interval. That of a difference is at most the root of
the sum of both squares: exact where the seeds differ, too wide where both were
simulated with the same random numbers, which can only be told by simulating
both again in pieces (:mod:`wfplan.evaluation.differences`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isfinite, nan
from typing import Any

from wfplan.domain.results import Run
from wfplan.evaluation.changes import PersonChange, person_changes
from wfplan.evaluation.differences import Difference
from wfplan.evaluation.fairness import Sharing, fairness
from wfplan.evaluation.measures import both_sides

_LIVED = ("occupancy", "over_occupancy_min")  # of staff, with the noise of simulation
_SIDES = ("customers", "staff", "fairness", "cost")
_NUMBERS = ("average", "tail", "worst", "half_width")


@dataclass(frozen=True)
class Reading:
    """A figure of one run; ``half_width`` is 0 of what is planned and NaN where it is not known."""

    average: float
    tail: float = nan
    worst: float = nan
    worst_at: str = ""
    half_width: float = nan

    def as_dict(self) -> dict[str, Any]:
        """The reading as plain values, ``None`` for what is not known."""
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        known = {name: value if isfinite(value) else None for name, value in numbers.items()}
        return {**known, "worst_at": self.worst_at}


@dataclass(frozen=True)
class ComparedRow:
    """
    One figure of all runs, None where a run does not have it.

    ``paired`` are differences from the first run on common random numbers,
    where the runs were simulated again for them.
    """

    side: str  # customers, staff, fairness, cost
    name: str
    scope: str
    unit: str
    is_less_better: bool
    readings: tuple[Reading | None, ...]
    paired: tuple[Difference | None, ...] = ()

    def difference(self, run: int) -> float:
        """The average of a run less that of the first; NaN where one of them is missing."""
        if self.paired and (pair := self.paired[run]) is not None:
            return pair.difference
        first, other = self.readings[0], self.readings[run]
        return nan if first is None or other is None else other.average - first.average

    def half_width(self, run: int) -> float:
        """The most that chance is in that difference (95 %); NaN where it is not known."""
        if self.paired and (pair := self.paired[run]) is not None:
            return pair.half_width
        first, other = self.readings[0], self.readings[run]
        return nan if first is None or other is None else hypot(first.half_width, other.half_width)

    def is_sure(self, run: int) -> bool | None:
        """Whether the difference is more than chance; None where that is not known."""
        width = self.half_width(run)
        return abs(self.difference(run)) > width if isfinite(width) else None

    @property
    def is_same(self) -> bool:
        """Whether all runs have the same of it."""
        known = [None if one is None else (one.average, one.tail, one.worst)
                 for one in self.readings]  # fmt: skip
        return all(str(one) == str(known[0]) for one in known)  # NaN is like NaN

    def as_dict(self) -> dict[str, Any]:
        """The row as plain values."""

        def known(value: float) -> float | None:
            return value if isfinite(value) else None

        others = range(1, len(self.readings))
        return {
            "side": self.side,
            "name": self.name,
            "scope": self.scope,
            "unit": self.unit,
            "is_less_better": self.is_less_better,
            "readings": [None if one is None else one.as_dict() for one in self.readings],
            "differences": [
                {
                    "difference": known(self.difference(i)),
                    "half_width": known(self.half_width(i)),
                    "is_sure": self.is_sure(i),
                }
                for i in others
            ],
        }


@dataclass(frozen=True)
class PeopleCompared:
    """
    What a run changes for the people of the first; empty where people cannot be compared.

    ``reason`` says why not, or how much of the weeks is compared.
    """

    changes: tuple[PersonChange, ...]
    only_first: tuple[str, ...] = ()
    only_other: tuple[str, ...] = ()
    reason: str = ""

    @property
    def kept(self) -> int:
        """People whose week stays, breaks aside."""
        return sum(one.is_kept for one in self.changes)

    @property
    def other_breaks(self) -> int:
        """People of those with other breaks."""
        return sum(one.is_kept and bool(one.changes) for one in self.changes)

    @property
    def changed(self) -> tuple[PersonChange, ...]:
        """People whose week changes."""
        return tuple(one for one in self.changes if not one.is_kept)

    @property
    def kinds(self) -> dict[str, int]:
        """How many shifts changed in which way."""
        counts: dict[str, int] = {}
        for one in self.changes:
            for change in one.changes:
                counts[str(change.kind)] = counts.get(str(change.kind), 0) + 1
        return counts

    def as_dict(self) -> dict[str, Any]:
        """The people as plain values; those with nothing changed are only counted."""
        return {
            "kept": self.kept,
            "other_breaks": self.other_breaks,
            "changed": len(self.changed),
            "kinds": self.kinds,
            "only_first": list(self.only_first),
            "only_other": list(self.only_other),
            "reason": self.reason,
            "people": [one.as_dict() for one in self.changes if one.changes or one.paid_min],
        }


@dataclass(frozen=True)
class Comparison:
    """Runs side by side; the first is what the others are compared with."""

    rows: tuple[ComparedRow, ...]
    people: tuple[PeopleCompared, ...]  # of every run but the first
    notes: tuple[str, ...]  # in what the runs differ before anything is compared


def compare(
    runs: Sequence[Run], paired: Sequence[Sequence[Difference]] | None = None
) -> Comparison:
    """
    Put runs side by side.

    Parameters
    ----------
    paired
        For every run, differences from the first on common random numbers.
    """
    tables = [dict(_figures(run)) for run in runs]
    every = dict.fromkeys(key for table in tables for key in table)
    keys = sorted(every, key=lambda key: _SIDES.index(key[0]))
    pairs = [{(one.measure, one.channel): one for one in found} for found in paired or ()]
    rows = []
    for key in keys:
        side, name, scope = key
        unit, is_less_better = next(table[key][:2] for table in tables if key in table)
        readings = tuple(table[key][2] if key in table else None for table in tables)
        at = tuple(of.get((name, scope)) for of in pairs) if side in ("customers", "staff") else ()
        rows.append(ComparedRow(side, name, scope, unit, is_less_better, readings, at))
    first, *others = runs
    people = tuple(_people(first, other) for other in others)
    return Comparison(tuple(rows), people, tuple(_notes(runs, is_paired=bool(paired))))


_Found = tuple[tuple[str, str, str], tuple[str, bool, Reading]]


def _figures(run: Run) -> Iterator[_Found]:
    """Every figure of a run by side, name and scope."""
    both, widths = both_sides(run), _half_widths(run)
    for side, figures in (("customers", both.customers), ("staff", both.staff)):
        for one in figures:
            width = widths.get((one.name, one.scope), nan)
            is_planned = side == "staff" and one.name not in _LIVED
            if is_planned and not one.name.startswith("ledger_"):
                width = 0.0
            reading = Reading(one.average, one.tail, one.worst, one.worst_at, width)
            yield (side, one.name, one.scope), (one.unit, one.is_less_better, reading)
    shared = fairness(run)
    for sharing in shared:
        yield from _ends(sharing)
    yield from _cost(run, shared)


def _half_widths(run: Run) -> Mapping[tuple[str, str], float]:
    """Half-widths of the week's simulated values by measure and channel."""
    table = run.outcome.measures
    week = table[table["interval_start"].isna()]
    keys = zip(week["measure"], week["channel"], strict=True)
    return dict(zip(keys, week["half_width"].astype(float).tolist(), strict=True))


def _ends(sharing: Sharing) -> Iterator[_Found]:
    """The ends of what is shared among the people of a contract type."""
    if not sharing.values or (not sharing.is_good and sharing.least == sharing.most == 0):
        return
    ends = (("least", sharing.least, sharing.least_at), ("most", sharing.most, sharing.most_at))
    for end, value, who in ends:
        key = ("fairness", f"{sharing.matter}:{end}", sharing.group)
        at = who[0] if len(who) == 1 else ""
        reading = Reading(value, worst_at=at, half_width=0.0)
        yield key, (sharing.unit, not sharing.is_good, reading)


def _cost(run: Run, shared: Sequence[Sharing]) -> Iterator[_Found]:
    """What a week costs, and what it breaks."""
    shifts = run.solution.schedule.by_agent()
    paid_h = {who: sum(one.paid_min for one in own) / 60 for who, own in shifts.items()}
    rates = {agent.agent_id: agent.cost_per_hour for agent in run.problem.agents}
    soft = len(run.audit.breaches) - len(run.audit.hard_breaches)
    out = {who for one in shared for who in one.left_out}
    much = {who for one in shared for who in one.too_much}
    found: list[tuple[str, str, float]] = [
        ("paid_hours", "h", sum(paid_h.values())),
        ("people_working", "people", float(sum(hours > 0 for hours in paid_h.values()))),
        ("left_out", "people", float(len(out))),
        ("too_much", "people", float(len(much))),
        ("soft_breaches", "breaches", float(soft)),
    ]
    if any(rate is not None for rate in rates.values()):
        money = sum(hours * (rates.get(who) or 0.0) for who, hours in paid_h.items())
        found.insert(1, ("cost", run.problem.currency, money))
    for name, unit, value in found:
        yield ("cost", name, ""), (unit, True, Reading(value, half_width=0.0))
    yield ("cost", "objective", ""), ("points", True, Reading(run.solution.objective))


def _people(first: Run, other: Run) -> PeopleCompared:
    """What the other run changes for the people of the first."""
    if first.problem.name != other.problem.name:
        reason = "The plans are different ones, so that the same id need not be the same person."
        return PeopleCompared((), reason=reason)
    ours = [agent.agent_id for agent in first.problem.agents]
    theirs = {agent.agent_id for agent in other.problem.agents}
    dates = [day for day in first.horizon.dates if day in set(other.horizon.dates)]
    gone = tuple(who for who in ours if who not in theirs)
    come = tuple(sorted(theirs.difference(ours)))
    if not dates:
        reason = "The weeks have no date in common, so that no shift is compared."
        return PeopleCompared((), gone, come, reason)
    reason = ""
    if len(dates) < max(len(first.horizon.dates), len(other.horizon.dates)):
        reason = f"Shifts of the {len(dates)} dates from {dates[0]} that both have are compared."
    both = [who for who in ours if who in theirs]
    changes = person_changes(first.solution.schedule, other.solution.schedule, both, dates)
    return PeopleCompared(changes, gone, come, reason)


def _notes(runs: Sequence[Run], *, is_paired: bool) -> Iterator[str]:
    """In what runs differ, or what they have in common, before their figures."""
    plans = dict.fromkeys(run.problem.name for run in runs)
    if len(plans) > 1:
        yield f"Different plans: {', '.join(plans)}. Figures that only one of them has stay empty."
    weeks = dict.fromkeys(f"{run.horizon.days} days from {run.horizon.first_day}" for run in runs)
    if len(weeks) > 1:
        yield f"Different weeks: {', '.join(weeks)}."
    scenarios = [", ".join(run.problem.scenario) or "the plan as it is" for run in runs]
    if len(set(scenarios)) > 1:
        yield f"Different scenarios: {'; '.join(scenarios)}."
    if len({run.problem.objective for run in runs}) > 1:
        yield "Different goals ([objective]): their objectives are not sums of the same things."
    partial = [i for i, run in enumerate(runs, start=1) if str(run.solution.status) == "partial"]
    if partial:
        of = ", ".join(map(str, partial))
        yield f"Interrupted before it was finished: number {of} of {len(runs)}."
    counts = sorted({run.outcome.replications for run in runs})
    said = " and ".join(map(str, counts))
    is_common = len({(run.seed, run.horizon) for run in runs}) == 1 and len(counts) == 1
    if is_paired:
        yield (
            f"Averages are of {said} simulated weeks; differences of service, waits, occupancy and "
            "harm of weeks simulated again with common random numbers."
        )
    elif is_common:
        yield (
            f"Simulated in {said} weeks with the same random numbers: much of the noise is common, "
            "so that a difference that may be chance may also be real; --replications tells."
        )
    else:
        yield f"Simulated in {said} weeks with random numbers of their own."
