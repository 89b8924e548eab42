"""Both sides of the loop: what customers and staff live through, average beside tail.

The tail of a customer measure is its 10th percentile (90th where less is
better) over the open intervals of the week, each counted once, and the worst
interval; of a staff measure the same over people or intervals. A target counts
as met when average *and* tail keep it, so a good mean cannot hide bad hours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import Run
from wfplan.report.data import ChannelSeries, Measures
from wfplan.report.numbers import (
    NOT_KNOWN,
    clock,
    counted,
    minutes,
    percent,
    seconds,
    short_day,
    whole,
)
from wfplan.report.people import Person

FloatArray = NDArray[np.float64]
ACUTE_MAX_MIN, DAY_MAX_MIN = 90.0, 150.0


class Verdict(StrEnum):
    """Whether a target is kept, and how far down the tail."""

    MET = "met"
    AVERAGE_ONLY = "on average only"
    MISSED = "missed"
    NONE = "no target"

    @property
    def symbol(self) -> str:
        """A sign that needs no colour."""
        return {"met": "✓", "on average only": "◐", "missed": "✗"}.get(self.value, "")


@dataclass(frozen=True)
class Row:
    """One measure: average, tail, worst, target and verdict, as read."""

    what: str
    average: str
    tail: str
    worst: str
    worst_at: str
    target: str
    verdict: Verdict


@dataclass(frozen=True)
class Group:
    """The measures of a channel, or of a matter that concerns all staff."""

    name: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Side:
    """One of the two panels."""

    title: str
    tail_name: str
    groups: tuple[Group, ...]

    @property
    def verdicts(self) -> list[tuple[str, str, Verdict]]:
        """Group, measure and verdict of every row that has a target."""
        return [
            (group.name, row.what, row.verdict)
            for group in self.groups
            for row in group.rows
            if row.verdict is not Verdict.NONE
        ]


def customer_side(run: Run, measures: Measures, series: Sequence[ChannelSeries]) -> Side:
    """Service, abandonment and waiting of every channel."""
    groups = tuple(
        (_realtime if one.is_realtime else _deferred)(run, measures, one) for one in series
    )
    return Side("Customers", "worst tenth of intervals", groups)


def staff_side(
    run: Run, measures: Measures, series: Sequence[ChannelSeries], people: Sequence[Person]
) -> Side:
    """Occupancy, overload, hours, wishes and empowered cover."""
    rows = [_occupancy(run, measures, one) for one in series]
    groups = [
        Group("Occupancy", "busy / (busy + available)", tuple(rows)),
        Group("Overload", "ledger, minutes a day", _overload(run, people)),
        Group("Hours and wishes", "", (_hours(people), _wishes(people), _overtime(measures))),
        Group("Empowered cover", "people who may resolve exceptions", (_empowered(run),)),
    ]
    return Side("Staff", "worst tenth", tuple(groups))


def _realtime(run: Run, measures: Measures, series: ChannelSeries) -> Group:
    channel = run.problem.channel(series.name)
    level = measures.week("service_level", series.name).value
    mean_wait = measures.week("wait_mean_s", series.name).value
    p95 = measures.week("wait_p95_s", series.name).value
    wait = _served(series, measures.grid("wait_mean_s", series.name))
    rows = (
        _row(
            run,
            f"Answered within {seconds(channel.answer_within_s)}",
            level,
            series.service,
            target=channel.answer_share,
        ),
        _row(
            run,
            "Abandoned",
            measures.week("abandon_rate", series.name).value,
            _served(series, measures.grid("abandon_rate", series.name)),
            target=channel.abandon_share_max,
            is_less_better=True,
        ),
        _row(run, "Mean wait", mean_wait, wait, write=seconds, is_less_better=True),
    )
    note = f"95 of 100 wait less than {seconds(p95)}" if np.isfinite(p95) else ""
    return Group(series.name, note, rows)


def _deferred(run: Run, measures: Measures, series: ChannelSeries) -> Group:
    channel = run.problem.channel(series.name)
    share = measures.week("due_share", series.name).value
    backlog = measures.grid("backlog", series.name)
    levels = series.service if series.is_share else np.full_like(backlog, np.nan)
    rows = [_row(run, f"Done within {channel.due_h:g} h", share, levels, target=channel.due_share)]
    if np.isfinite(backlog).any():
        mean = float(np.nanmean(backlog))
        rows.append(_row(run, "Backlog", mean, backlog, write=whole, is_less_better=True))
    return Group(series.name, "deferred work", tuple(rows))


def _served(series: ChannelSeries, values: FloatArray) -> FloatArray:
    """Only intervals in which contacts are expected."""
    return np.where(series.offered > 0, values, np.nan)


def _occupancy(run: Run, measures: Measures, series: ChannelSeries) -> Row:
    average = measures.week("occupancy", series.name).value
    cap = series.occupancy_max if series.is_realtime else float("nan")
    target = None if np.isnan(cap) else cap
    return _row(run, series.name, average, series.occupancy, target=target, is_less_better=True)


def _row(
    run: Run,
    what: str,
    average: float,
    values: FloatArray,
    *,
    target: float | None = None,
    write: Callable[[float], str] = percent,
    is_less_better: bool = False,
) -> Row:
    """A measure over intervals, with when it is worst."""
    known = values[np.isfinite(values)]
    if not len(known):
        verdict = _verdict(average, average, target, is_less_better)
        return Row(
            what,
            write(average),
            NOT_KNOWN,
            NOT_KNOWN,
            "",
            _target(target, write, is_less_better),
            verdict,
        )
    tail = float(np.quantile(known, 0.9 if is_less_better else 0.1))
    at = int(np.nanargmax(values) if is_less_better else np.nanargmin(values))
    moment = run.horizon.local(run.horizon.interval_instant(at))
    return Row(
        what=what,
        average=write(average),
        tail=write(tail),
        worst=write(float(values[at])),
        worst_at=f"{short_day(moment.date())} {clock(moment)}",
        target=_target(target, write, is_less_better),
        verdict=_verdict(average, tail, target, is_less_better),
    )


def _target(target: float | None, write: Callable[[float], str], is_less_better: bool) -> str:
    if target is None:
        return ""
    return f"{'≤' if is_less_better else '≥'} {write(target)}"


def _verdict(average: float, tail: float, target: float | None, is_less_better: bool) -> Verdict:
    if target is None or not np.isfinite(average):
        return Verdict.NONE
    sign = -1 if is_less_better else 1
    if sign * (average - target) < -1e-9:
        return Verdict.MISSED
    return Verdict.MET if sign * (tail - target) >= -1e-9 else Verdict.AVERAGE_ONLY


def _overload(run: Run, people: Sequence[Person]) -> tuple[Row, ...]:
    ledger = run.ledger
    days = dict(zip(ledger["agent_id"], ledger["overload_min"], strict=True)) if len(ledger) else {}
    if len(ledger):
        days = ledger.groupby("agent_id")["overload_min"].max().to_dict()
    peaks = {p.agent_id: p.acute_peak_min for p in people}
    return (
        _over_people("Highest in 7 days (acute)", peaks, ACUTE_MAX_MIN),
        _over_people(
            "Heaviest single day", {str(k): float(v) for k, v in days.items()}, DAY_MAX_MIN
        ),
    )


def _over_people(what: str, of_person: dict[str, float], cap: float) -> Row:
    """A burden over people, with whom it is heaviest."""
    target = f"≤ {minutes(cap)}"
    if not of_person:
        return Row(what, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, "", target, Verdict.NONE)
    values = np.array(list(of_person.values()))
    worst = max(of_person, key=lambda agent_id: of_person[agent_id])
    tail = float(np.quantile(values, 0.9))
    verdict = _verdict(float(values.mean()), float(values.max()), cap, is_less_better=True)
    return Row(
        what,
        minutes(float(values.mean())),
        minutes(tail),
        minutes(of_person[worst]),
        worst,
        target,
        verdict,
    )


def _hours(people: Sequence[Person]) -> Row:
    what, target = "Paid hours of contract", "within limits"
    if not people:
        return Row(what, NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, "", target, Verdict.NONE)
    part = {p.agent_id: p.paid_min / p.due_min for p in people}
    outside = sum(not p.is_within_hours for p in people)
    worst = max(part, key=lambda agent_id: abs(part[agent_id] - 1))
    total = sum(p.paid_min for p in people) / sum(p.due_min for p in people)
    low = float(np.quantile(list(part.values()), 0.1))
    verdict = Verdict.MISSED if outside else Verdict.MET
    who = f"{worst}; {counted(outside, 'person', 'people')} outside" if outside else worst
    return Row(what, percent(total), percent(low), percent(part[worst]), who, target, verdict)


def _wishes(people: Sequence[Person]) -> Row:
    part = {p.agent_id: p.wishes_met / p.wishes for p in people if p.wishes}
    if not part:
        return Row("Wishes met", "none stated", NOT_KNOWN, NOT_KNOWN, "", "", Verdict.NONE)
    met = sum(p.wishes_met for p in people) / sum(p.wishes for p in people)
    worst = min(part, key=lambda agent_id: part[agent_id])
    low = float(np.quantile(list(part.values()), 0.1))
    return Row(
        "Wishes met", percent(met), percent(low), percent(part[worst]), worst, "", Verdict.NONE
    )


def _overtime(measures: Measures) -> Row:
    figure = measures.week("overtime_min")
    tail = minutes(figure.q90)
    return Row(
        "Work past shift end, all", minutes(figure.value), tail, NOT_KNOWN, "", "", Verdict.NONE
    )


def _empowered(run: Run) -> Row:
    need, heads = run.need.empowered_min, run.solution.empowered
    is_asked = need > 0
    what = "Intervals with enough"
    if not is_asked.any():
        return Row(what, "not asked for", NOT_KNOWN, NOT_KNOWN, "", "", Verdict.NONE)
    spare = np.where(is_asked, heads - need, np.nan)
    share = float((spare[is_asked] >= -1e-9).mean())
    at = int(np.nanargmin(spare))
    moment = run.horizon.local(run.horizon.interval_instant(at))
    worst = f"{heads[at]:g} of {need[at]:g}"
    when = f"{short_day(moment.date())} {clock(moment)}"
    verdict = Verdict.MET if share == 1 else Verdict.MISSED
    return Row(what, percent(share), NOT_KNOWN, worst, when, "all", verdict)
