"""How work and wishes are shared among people with like contracts: the ends, not the mean.

SCIENCE 4.5: of what people are given, and of what they carry, Gini and minimum
are told, not the mean. Somebody is *left out* who got nothing of what she asked
for while half of her like got some; somebody has *too much* who works a night,
weekend or late shift and lies a whole one above her fair share, past weeks
remembered, while somebody of her like who could work it, and works fewer of them
in this week, lies a whole one below.
Shares of parts cannot be evener than whole shifts, so less than that is no fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np

from wfplan.domain.results import Run
from wfplan.engagement import gini
from wfplan.engagement.fairness import RESCUE
from wfplan.evaluation.burdens import SHIFT_BURDENS, Granted, PeopleFacts

_WHOLE = 1 - 1e-6  # a whole shift more or less


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """
    One matter among the people of a contract type.

    ``values`` are those of the people whom it concerns, by id; ``least_at`` and
    ``most_at`` who is at the ends. ``gini`` is NaN where it has no meaning.
    """

    group: str
    matter: str
    unit: str
    people: int  # of the contract type
    values: Mapping[str, float]
    is_good: bool = False  # more of it is better
    left_out: tuple[str, ...] = ()
    too_much: tuple[str, ...] = ()
    asked: int = 0
    granted: int = 0
    definition: str = ""

    @property
    def least(self) -> float:
        """The least that somebody has."""
        return min(self.values.values(), default=nan)

    @property
    def most(self) -> float:
        """The most that somebody has."""
        return max(self.values.values(), default=nan)

    @property
    def median(self) -> float:
        """What half of them have at most."""
        return float(np.median(list(self.values.values()))) if self.values else nan

    @property
    def mean(self) -> float:
        """The mean."""
        return float(np.mean(list(self.values.values()))) if self.values else nan

    @property
    def gini(self) -> float:
        """0 where all have the same, near 1 where one has all; NaN of what may be negative."""
        is_known = bool(self.values) and self.least >= 0
        return gini(list(self.values.values())) if is_known else nan

    @property
    def least_at(self) -> tuple[str, ...]:
        """Who has the least."""
        return self._at(self.least)

    @property
    def most_at(self) -> tuple[str, ...]:
        """Who has the most."""
        return self._at(self.most)

    @property
    def is_even(self) -> bool:
        """Whether all have the same."""
        return not self.values or self.most - self.least < 1e-9

    def as_dict(self) -> dict[str, Any]:
        """The sharing as plain values, ``None`` for what is not known."""
        numbers = {name: getattr(self, name)
                   for name in ("least", "median", "mean", "most", "gini")}  # fmt: skip
        return {
            "group": self.group,
            "matter": self.matter,
            "unit": self.unit,
            "people": self.people,
            "concerned": len(self.values),
            **{name: value if isfinite(value) else None for name, value in numbers.items()},
            "least_at": list(self.least_at),
            "most_at": list(self.most_at),
            "is_good": self.is_good,
            "left_out": list(self.left_out),
            "too_much": list(self.too_much),
            "asked": self.asked,
            "granted": self.granted,
            "definition": self.definition,
        }

    def _at(self, value: float) -> tuple[str, ...]:
        return tuple(sorted(who for who, has in self.values.items() if abs(has - value) < 1e-9))


def fairness(run: Run, facts: PeopleFacts | None = None) -> tuple[Sharing, ...]:
    """Hours, burdens and wishes among the people of every contract type."""
    facts = facts or PeopleFacts(run)
    groups: dict[str, list[str]] = {}
    for agent in facts.agents:
        groups.setdefault(agent.contract_type, []).append(agent.agent_id)
    matters = [*_hours(facts), *_burdens(facts), *_load(facts), *_granted(facts)]
    return tuple(
        matter.of(group, who) for group, who in sorted(groups.items()) for matter in matters
    )


@dataclass(frozen=True, kw_only=True)
class _Matter:
    """A matter over all people."""

    name: str
    unit: str
    values: Mapping[str, float]
    definition: str
    is_good: bool = False
    beyond: Mapping[str, float] | None = None  # above fair shares, of who could bear it
    granted: Mapping[str, Granted] | None = None

    def of(self, group: str, who: list[str]) -> Sharing:
        """The matter among some people."""
        values = {one: self.values[one] for one in who if one in self.values}
        asked = [self.granted[one] for one in values] if self.granted is not None else []
        return Sharing(
            group=group,
            matter=self.name,
            unit=self.unit,
            people=len(who),
            values=values,
            is_good=self.is_good,
            left_out=_left_out(values) if self.granted is not None else (),
            too_much=self._too_much(who),
            asked=sum(one.asked for one in asked),
            granted=sum(one.granted for one in asked),
            definition=self.definition,
        )

    def _too_much(self, who: list[str]) -> tuple[str, ...]:
        """
        Who works a shift that somebody of her like should rather have had.

        As many as people below their shares could take over, whole shifts each,
        and only from somebody who works more of them in this week than they do.
        """
        if self.beyond is None:
            return ()
        beyond = {one: self.beyond[one] for one in who if isfinite(self.beyond[one])}
        room = {one: int(-more + 1e-6) for one, more in beyond.items() if more <= -_WHOLE}
        found = []
        for giver in sorted(beyond, key=lambda one: (-beyond[one], one)):
            takers = [one for one, left in room.items()
                      if left and self.values[one] < self.values[giver]]  # fmt: skip
            if beyond[giver] >= _WHOLE and takers:
                room[min(takers, key=lambda one: (beyond[one], one))] -= 1
                found.append(giver)
        return tuple(sorted(found))


def _left_out(values: Mapping[str, float]) -> tuple[str, ...]:
    """Who got nothing where half of those who asked got some."""
    if not values or np.median(list(values.values())) <= 0:
        return ()
    return tuple(sorted(who for who, share in values.items() if share <= 0))


def _hours(facts: PeopleFacts) -> Iterator[_Matter]:
    """Paid time against the contract's."""
    yield _Matter(
        name="paid_share",
        unit="share",
        values=facts.paid_share(),
        is_good=True,
        definition="paid hours / contract hours",
    )


def _burdens(facts: PeopleFacts) -> Iterator[_Matter]:
    """Nights, weekends, lates, hard queues, and all shifts among them above fair shares."""
    ids = [agent.agent_id for agent in facts.agents]
    said = (
        ("nights", "shifts", "shifts with three hours or more between 23:00 and 06:00"),
        ("weekends", "shifts", "shifts that start on a Saturday or Sunday"),
        ("lates", "shifts", "shifts that end after 20:00 and are no nights"),
        ("hard_hours", "h", "hours on hard queues, by the ledger"),
        ("rescue_hours", "h", "hours of rescue work, shared by the empowered people on queue"),
    )
    for b, (name, unit, definition) in enumerate(said):
        values = dict(zip(ids, facts.planned[:, b].tolist(), strict=True))
        if b == RESCUE:
            values = {who: values[who] for who in facts.rescue}
        beyond = dict(zip(ids, facts.beyond[:, b].tolist(), strict=True))
        is_shift = b < SHIFT_BURDENS
        yield _Matter(
            name=name, unit=unit, values=values, definition=definition,
            beyond=beyond if is_shift else None,
        )  # fmt: skip
    of_shifts = facts.beyond[:, :SHIFT_BURDENS]
    can = np.isfinite(of_shifts).any(axis=1)
    total = np.nansum(of_shifts, axis=1)
    yield _Matter(
        name="beyond_fair",
        unit="shifts",
        values={ids[i]: float(total[i]) for i in np.flatnonzero(can)},
        definition="nights, weekend shifts and lates above (below: less than 0) the fair share by "
        "contract hours and days there, past weeks remembered",
    )


def _load(facts: PeopleFacts) -> Iterator[_Matter]:
    """Overload of the week."""
    yield _Matter(
        name="overload_min",
        unit="min",
        values=dict(facts.ledger("overload_min", "sum")),
        definition="overload minutes of the week",
    )


def _granted(facts: PeopleFacts) -> Iterator[_Matter]:
    """What was asked for and granted."""
    said = (
        ("wishes", facts.granted_wishes(), "wishes of availability granted / asked"),
        ("time_off", facts.requests(), "requested time off granted / asked"),
    )
    for name, granted, definition in said:
        yield _Matter(
            name=name,
            unit="share",
            values={who: one.share for who, one in granted.items()},
            is_good=True,
            granted=granted,
            definition=definition,
        )
