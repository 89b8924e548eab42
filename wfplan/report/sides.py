"""Both sides of the loop as they are read: average beside tail, target, verdict.

The numbers are those of :func:`wfplan.evaluation.both_sides`; this module says
them in a planner's words and puts them in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import Run
from wfplan.evaluation import BothSides, Figure, Verdict
from wfplan.evaluation.customers import CAME_TO
from wfplan.report.data import Measures
from wfplan.report.numbers import (
    clock,
    decimal,
    minutes,
    percent,
    seconds,
    short_day,
    whole,
)

SYMBOLS = {Verdict.MET: "✓", Verdict.AVERAGE_ONLY: "◐", Verdict.MISSED: "✗"}

WRITERS: Mapping[str, Callable[[float], str]] = {
    "share": percent,
    "s": seconds,
    "min": minutes,
    "ratio": lambda value: decimal(value, 2),
    "index": lambda value: decimal(value, 2),
    "wishes": decimal,
    "absences": decimal,
}

NAMES: Mapping[str, tuple[str, str]] = {
    "service_level": ("Service level", "service level"),
    "abandon_rate": ("Abandoned", "abandonment"),
    "wait_mean_s": ("Mean wait", "mean wait"),
    "wait_p95_s": ("Wait of 95 in 100", "wait of 95 in 100, at most"),
    "backlog": ("Backlog", "backlog"),
    "service_level_day": ("Of single days", "service level of single days"),
    "blocked": ("Blocked", "blocked contacts"),
    "called_back": ("Called back", "call-backs"),
    "served_late_share": ("Past the longest wait", "longest wait"),
    "redials": ("Redials", "redials"),
    "recontacts": ("Came again", "repeat contacts"),
    "chasers": ("Asked where it is", "contacts that ask where it is"),
    "failure_demand": ("Failure demand", "failure demand"),
    "lost_customers": ("Lost for good", "customers lost for good"),
    "escalations": ("Escalated", "escalations"),
    "escalation_wait_s": ("Wait to escalate", "wait for an empowered person"),
    "occupancy": ("Occupancy", "occupancy"),
    "ledger_acute_min": ("Acute, 7 days", "acute overload"),
    "ledger_chronic_min": ("Chronic, 42 days", "chronic overload"),
    "ledger_overload_min": ("Heaviest day", "overload of a single day"),
    "contract_hours": ("Paid hours", "paid hours"),
    "hours_outside": ("People outside limits", "people outside their hours"),
    "preferences_met": ("Wishes met", "wishes"),
    "requests_granted": ("Requested time off", "requested time off"),
    "overtime_min": ("Past shift end, all", "overtime"),
    "training_min": ("Training", "training"),
    "meeting_min": ("Meetings", "meetings"),
    "off_queue_min": ("Other work", "work away from contacts"),
    "development_min": ("Development", "time for development"),
    "activities_given": ("Placed of asked for", "activities placed"),
    "hot_work_min": ("Hot within 135 min", "hot work at a stretch"),
    "rescue_share": ("Share of rescue work", "share of rescue work"),
    "rescue_concentration": ("Concentration", "concentration of rescue work"),
    "bus_factor": ("Absences to a broken promise", "bus factor"),
    "wishes_owed": ("Wishes owed from before", "wishes owed"),
    "cancelled_twice": ("Cancelled twice in 4 weeks", "protected time cancelled twice"),
    "start_moved_min": ("From the usual start", "distance from the usual start"),
    "weekends_off": ("Weekends off", "weekends off"),
    "hard_breaches": ("Hard rules broken", "hard rules"),
    "empowered_cover": ("Present as needed", "empowered cover"),
}
"""Code name of a figure -> what a row and what a sentence calls it."""

EVENNESS = {
    "kept_volume": "contacts in kept intervals",
    "abandon_cvar": "abandoned in the worst tenth",
    "failing_run_min": "longest rescue stretch",
    "worst_to_median": "worst ÷ median interval",
    "weekday_spread": "best less worst weekday",
    "bad_contact": "customers with a bad contact",
}
"""What a sentence calls the numbers of the consistency report."""

OF_ALL_CHANNELS = (
    "service_level",
    "service_level_day",
    "abandon_rate",
    "wait_mean_s",
    "wait_p95_s",
    "bad_contact",
    *CAME_TO,
)

AWAY = ("training_min", "meeting_min", "off_queue_min", "development_min", "activities_given")
"""Figures of the time that people have away from contacts."""


@dataclass(frozen=True)
class Row:
    """One measure as read; ``said`` is what a sentence calls it."""

    what: str
    said: str
    average: str
    tail: str
    worst: str
    worst_at: str
    target: str
    verdict: Verdict
    definition: str

    @property
    def symbol(self) -> str:
        """A sign that needs no colour."""
        return SYMBOLS.get(self.verdict, "")


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
    groups: tuple[Group, ...]


def customer_side(run: Run, both: BothSides) -> Side:
    """Service, abandonment and waiting of every channel, and empowered people."""
    groups = [_channel(run, both, channel.name) for channel in run.problem.channels]
    cover = _rows(run, both.customers, ("empowered_cover",), scope=None)
    if cover:
        groups.append(Group("Empowered cover", "people who can resolve exceptions", cover))
    return Side("Customers", tuple(group for group in groups if group.rows or group.note))


def staff_side(run: Run, both: BothSides, measures: Measures) -> Side:
    """Occupancy, overload, hours and wishes, and rules."""
    figures = (*both.staff, _overtime(measures))
    overload = ("ledger_acute_min", "ledger_chronic_min", "ledger_overload_min", "hot_work_min")
    rescue = ("rescue_share", "rescue_concentration", "bus_factor")
    hours = ("contract_hours", "hours_outside", "overtime_min")
    wishes = ("preferences_met", "requests_granted", "wishes_owed", "cancelled_twice")
    steady = ("start_moved_min", "weekends_off")
    groups = (
        Group("Occupancy", "busy ÷ (busy + available)", _rows(run, figures, ("occupancy",))),
        Group("Overload", "strain minutes a day, over people", _rows(run, figures, overload)),
        Group("Hours", "paid ÷ contract hours", _rows(run, figures, hours)),
        Group("Wishes", "over people who stated any", _rows(run, figures, wishes)),
        Group("Steadiness", "over people", _rows(run, figures, steady)),
        Group("Rescue work", "of people who can resolve exceptions", _rows(run, figures, rescue)),
        Group("Away from contacts", "each person who has any", _rows(run, figures, AWAY, scope="")),
        Group("Work rules", "audited", _rows(run, figures, ("hard_breaches",))),
    )
    return Side("Staff", tuple(group for group in groups if group.rows))


def name_of(problem: PlanningProblem, figure: Figure) -> str:
    """What a sentence calls a figure: ``voice service level``, ``email done in time``."""
    name, scope = figure.name, figure.scope
    if name == "service_level" and scope and not problem.channel(scope).is_realtime:
        return f"{scope} done in time"
    if not scope and name in OF_ALL_CHANNELS:
        scope = "all channels,"
    words = name.removesuffix(f"_{figure.unit}").replace("_", " ")
    said = NAMES.get(name, ("", EVENNESS.get(name, words)))[1]
    return f"{scope.replace('_', ' ')} {said}".strip()


def missing_targets(run: Run, both: BothSides, verdict: Verdict) -> list[str]:
    """What has a verdict, as a sentence calls it."""
    return [
        name_of(run.problem, figure)
        for figure in (*both.customers, *both.staff)
        if figure.verdict is verdict and figure.name != "hard_breaches"
    ]


def definitions(both: BothSides) -> list[tuple[str, str]]:
    """What each number of the page means, in the words of its computation."""
    named = {key: what for key, (what, _) in NAMES.items()}
    texts: dict[str, list[str]] = {}
    for figure in (*both.customers, *both.staff):
        if figure.name in named and figure.definition:
            known = texts.setdefault(named[figure.name], [])
            if figure.definition not in known:
                known.append(figure.definition)
    return [(what, "; ".join(of)) for what, of in texts.items()]


def _channel(run: Run, both: BothSides, name: str) -> Group:
    channel = run.problem.channel(name)
    if not run.demand.offered_mean[run.demand.channels.index(name)].sum() > 0:
        return Group(name, "no contact expected", ())
    measures = (
        "service_level", "service_level_day", "abandon_rate", "wait_mean_s", "served_late_share",
        "backlog",
    )  # fmt: skip
    rows = _rows(run, both.customers, (*measures, *CAME_TO), scope=name)
    if not channel.is_realtime:
        return Group(name, "deferred work", rows)
    waits = [f.average for f in both.customers if (f.name, f.scope) == ("wait_p95_s", name)]
    is_known = waits and isfinite(waits[0])
    note = f"who stays on waits at most {seconds(waits[0])}, in 95 of 100 cases" if is_known else ""
    return Group(name, note, rows)


def _rows(
    run: Run, figures: Iterable[Figure], names: tuple[str, ...], scope: str | None = None
) -> tuple[Row, ...]:
    """Rows of the known figures of some names (and scope), in the order of the names."""
    found = [
        figure
        for figure in figures
        if figure.name in names and scope in (None, figure.scope) and isfinite(figure.average)
    ]
    found.sort(key=lambda figure: names.index(figure.name))
    return tuple(_row(run, figure) for figure in found)


def _row(run: Run, figure: Figure) -> Row:
    write = WRITERS.get(figure.unit, whole)
    return Row(
        what=_what(run, figure),
        said=name_of(run.problem, figure),
        average=write(figure.average),
        tail=write(figure.tail),
        worst=write(figure.worst),
        worst_at=_where(run, figure.worst_at),
        target=_target(figure, write),
        verdict=figure.verdict,
        definition=figure.definition,
    )


def _what(run: Run, figure: Figure) -> str:
    """What the row is called; the promise is said as it was made."""
    if figure.name == "service_level" and figure.scope:
        channel = run.problem.channel(figure.scope)
        if channel.is_realtime:
            return f"Answered in {seconds(channel.answer_within_s)}"
        return f"Done in {channel.due_h:g} h"
    if figure.name == "served_late_share" and figure.scope:
        return f"Not within {seconds(run.problem.channel(figure.scope).answer_most_s or 0)}"
    if figure.name == "occupancy":
        return figure.scope
    if figure.name == "contract_hours":
        return f"Paid, {figure.scope.replace('_', ' ')}"
    return NAMES[figure.name][0]


def _where(run: Run, worst_at: str) -> str:
    """``Mon 09:15`` of an instant, with the date where weekdays repeat; an id as it is."""
    if ":" not in worst_at:  # ids have none
        return worst_at
    moment = run.horizon.local(datetime.fromisoformat(worst_at))
    day = short_day(moment.date()) if run.horizon.days > 7 else f"{moment:%a}"
    return f"{day} {clock(moment)}"


def _target(figure: Figure, write: Callable[[float], str]) -> str:
    if not isfinite(figure.target):
        return ""
    if figure.target == 0 and figure.is_less_better:
        return "0"
    if figure.target == 1 and figure.unit == "share":
        return "always"
    each = " each" if figure.is_for_everyone else ""
    return f"{'≤' if figure.is_less_better else '≥'} {write(figure.target)}{each}"


def _overtime(measures: Measures) -> Figure:
    simulated = measures.week("overtime_min")
    return Figure(
        name="overtime_min",
        unit="min",
        average=simulated.value,
        tail=simulated.q90,
        is_less_better=True,
        definition="minutes past shift ends, of everybody; one week in ten has more",
    )
