"""Scenarios: what if volume is up, handling takes longer, or people are out.

A change is written ``volume=+10%``, ``volume.voice=-20%``, ``aht.chat=+5%`` or
``absent=A017,A022``, or ``absent=A017@2026-10-21..2026-10-23`` for shifts that begin on
some of the person's dates; a scenario is one change or several, ``volume=+10%; absent=A017``.
Changes of one channel come on top of those of all channels, and their order
says nothing. Where part of the week has happened, demand changes from then on. A scenario
lives in the run only; the plan folder stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.results import DemandForecast
from wfplan.errors import Fault, InputFaultsError, did_you_mean
from wfplan.staffing.absences import faults_of_dates, who_of, without_absent

_CHANGE = re.compile(
    r"(?P<what>volume|aht)(?:\.(?P<channel>[^=]+?))?\s*=\s*(?P<percent>[+-]?\d+(?:\.\d+)?)\s*%"
)
_ABSENT = re.compile(r"absent\s*=\s*(?P<agents>[^=]+)")
_LARGEST_PERCENT = 1000
_ORDER = ("volume", "aht", "absent")
_LEAST_NAME = 3  # letters: a word without a digit may be a name, and is not repeated


@dataclass(frozen=True)
class _Factor:
    """Volume or handle time of a channel, or of all, times a number."""

    what: str
    channel: str | None
    percent: float

    @property
    def text(self) -> str:
        """The change as it is written."""
        return f"{self.key}={self.percent:+.10g}%"

    @property
    def key(self) -> str:
        """What it changes."""
        return self.what + (f".{self.channel}" if self.channel else "")

    @property
    def by(self) -> float:
        """The number."""
        return 1 + self.percent / 100


def with_scenario(problem: PlanningProblem, changes: Sequence[str]) -> PlanningProblem:
    """
    The problem under some changes: absent people taken out, the others noted.

    Raises
    ------
    InputFaultsError
        With every change that cannot be read or names an unknown channel or agent.
    """
    if not changes:
        return problem
    refuse(faults_of(changes, *names_of(problem)))
    every = in_order([*problem.scenario, *changes])
    problem = without_absent(problem, list(_absent(changes)))
    return problem.model_copy(update={"scenario": every})


def in_scenario(
    demand: DemandForecast, changes: Sequence[str], since: datetime | None = None
) -> DemandForecast:
    """Demand with the scenario's volumes and handle times, from the interval of ``since`` on."""
    by = {what: np.ones((len(demand.channels), 1)) for what in ("volume", "aht")}
    for change in in_order(changes):
        factor = _factor(change)
        if factor is not None:
            rows = [factor.channel in (None, name) for name in demand.channels]
            by[factor.what][rows] *= factor.by
    counts = (
        "offered_mean", "offered_q025", "offered_q10", "offered_q50", "offered_q90",
        "offered_q975",
    )  # fmt: skip
    horizon = demand.horizon
    first = (
        0 if since is None else (since - horizon.start) // timedelta(minutes=horizon.interval_min)
    )
    is_to_come = np.arange(horizon.interval_count) >= first
    volume, aht = (np.where(is_to_come, by[what], 1.0) for what in ("volume", "aht"))
    there = [name for name in counts if getattr(demand, name) is not None]
    scaled = {name: getattr(demand, name) * volume for name in there}
    times = [name for name in ("aht_q10", "aht_q90") if getattr(demand, name) is not None]
    scaled |= {name: getattr(demand, name) * aht for name in times}
    return replace(demand, aht_s=demand.aht_s * aht, **scaled) if changes else demand


def in_order(changes: Iterable[str]) -> tuple[str, ...]:
    """Changes written in one way and put in one order, so that no order has a meaning."""

    def rank(change: str) -> tuple[int, str]:
        kind = re.split(r"[.=\s]", change, maxsplit=1)[0]
        return (_ORDER.index(kind) if kind in _ORDER else len(_ORDER), change)

    every = list(changes)
    out = [change for change in every if _is_absence(change) and any(_absent([change]))]
    others = [change for change in every if change not in out]
    names = sorted(set(_absent(out)))
    everybody = [f"absent={','.join(names)}"] if names else []
    return tuple(sorted([*map(_written, others), *everybody], key=rank))


def faults_of(
    changes: Iterable[str], channels: Sequence[str], agents: Collection[str]
) -> list[str]:
    """Why changes cannot be tried on a plan of some channels and people, a sentence each."""
    found = [fault for change in changes for fault in _faults(change, channels, agents)]
    return list(dict.fromkeys(found))


def names_of(problem: PlanningProblem) -> tuple[list[str], set[str]]:
    """Channels and people of a plan, whom changes can be about."""
    return (
        [channel.name for channel in problem.channels],
        {agent.agent_id for agent in problem.agents},
    )


def refuse(faults: Sequence[str]) -> None:
    """Raise all faults of changes together, if there are any."""
    if faults:
        raise InputFaultsError([Fault(fault) for fault in faults])


def keys_of(change: str) -> tuple[str, ...]:
    """What a change decides: ``volume.voice``, or a person ``absent A017``."""
    factor = _factor(change)
    return (factor.key,) if factor else tuple(f"absent {name}" for name in _absent([change]))


def _faults(change: str, channels: Sequence[str], known: Collection[str]) -> Iterator[str]:
    """What is wrong with one change."""
    if _is_absence(change):
        names = {who_of(one) for one in _absent([change])}
        for name in sorted(names.difference(known)):
            hint = did_you_mean(name, known) or "the ids are those of the agents table."
            said = "..." if name.isalpha() and len(name) >= _LEAST_NAME else name
            yield f"absent={said}: there is no such agent: {hint}"
        yield from faults_of_dates(_absent([change]))
        if not list(_absent([change])):
            yield f"'{change}' names nobody: write absent=A017,A022."
        return
    factor = _factor(change)
    if factor is None:
        yield (
            f"'{change}' is not a scenario: write volume=+10%, volume.voice=-20%, aht.chat=+5% "
            "or absent=A017,A022."
        )
        return
    if factor.channel is not None and factor.channel not in channels:
        hint = did_you_mean(factor.channel, channels) or f"its channels are {', '.join(channels)}."
        yield f"'{change}' names no channel of the plan: {hint}"
    if not -100 < factor.percent <= _LARGEST_PERCENT:
        yield f"'{change}' cannot be tried: use above -100 % and at most +{_LARGEST_PERCENT} %."


def _factor(change: str) -> _Factor | None:
    """A change of volumes or handle times; None of any other."""
    match = _CHANGE.fullmatch(change.strip())
    return _Factor(match["what"], match["channel"], float(match["percent"])) if match else None


def _absent(changes: Iterable[str]) -> Iterator[str]:
    """The people whom changes take out."""
    for change in changes:
        match = _ABSENT.fullmatch(change.strip())
        if match:
            yield from (name.strip() for name in match["agents"].split(",") if name.strip())


def _written(change: str) -> str:
    """A change without what is only a way of writing it."""
    factor = _factor(change)
    return factor.text if factor else change


def _is_absence(change: str) -> bool:
    """Whether a change takes people out."""
    return _ABSENT.fullmatch(change.strip()) is not None
