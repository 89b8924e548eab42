"""What a week promises and gives to each person, as counts that later weeks remember.

Wishes granted and refused, rescue work, development and time alone with a lead:
what :mod:`wfplan.engagement.promises` shares and protects across weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from wfplan.domain.promises import (
    GRANTED,
    RESCUE_MIN,
    WISHES,
    PastPromise,
    given_name,
    owed_name,
)
from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.engagement import PROTECTED, WishBook, cancelled_lately, is_cancelled, wish_books
from wfplan.evaluation.burdens import PeopleFacts
from wfplan.evaluation.figures import Figure
from wfplan.rules import requests_of

_EPS_MIN = 1e-6


@dataclass(frozen=True)
class WeekOfPromises:
    """The promises of a run, beside those of the published weeks before it."""

    facts: PeopleFacts

    @classmethod
    def of(cls, run: Run) -> WeekOfPromises:
        """The promises of a run of which nothing is known yet."""
        return cls(PeopleFacts(run))

    @property
    def run(self) -> Run:
        """The run."""
        return self.facts.run

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, float]]:
        """Counts of the week by person, those that are nothing left out but for wishes."""
        owed, rescue = self._owed(), self.facts.rescue
        found = {}
        for agent, shifts in zip(self.facts.agents, self.facts.shifts, strict=True):
            who = agent.agent_id
            wishes = self.facts.wishes[who]
            found[who] = {
                WISHES: float(len(wishes)),
                GRANTED: float(sum(one.is_granted for one in wishes)),
                **({RESCUE_MIN: round(rescue[who], 3)} if rescue.get(who, 0) > _EPS_MIN else {}),
                **(_protected(shifts, owed[who]) if shifts else {}),
            }
        return found

    def _owed(self) -> Mapping[str, Mapping[str, float]]:
        """Minutes of protected time that are asked for, by person and code."""
        owed: dict[str, dict[str, float]] = defaultdict(dict)
        for one in requests_of(self.run.problem, self.run.horizon):
            if one.code in PROTECTED:
                for who in one.agent_ids:
                    owed[who][one.code] = owed[who].get(one.code, 0.0) + one.minutes
        return owed

    @cached_property
    def now(self) -> tuple[PastPromise, ...]:
        """The week as the weeks after it will remember it."""
        first = self.run.horizon.first_day
        return tuple(
            PastPromise(agent_id=who, first_day=first, counts=counts)
            for who, counts in self.counts.items()
        )

    @cached_property
    def before(self) -> Mapping[str, WishBook]:
        """What of earlier wishes is owed to whom when the week begins."""
        return wish_books(self.run.problem, self.run.horizon.first_day)

    @cached_property
    def after(self) -> Mapping[str, WishBook]:
        """What of wishes is owed to whom when the week has been published."""
        run = self.run
        problem = run.problem.model_copy(
            update={"past_promises": (*run.problem.past_promises, *self.now)}
        )
        return wish_books(problem, run.horizon.first_day + timedelta(days=run.horizon.days))

    def cancelled_twice(self) -> dict[str, tuple[str, ...]]:
        """By code, people whose protected time is cancelled again within four weeks."""
        first = self.run.horizon.first_day
        found = {}
        for code in PROTECTED:
            lately = cancelled_lately(self.run.problem, first, code)
            again = tuple(
                one.agent_id
                for one in self.now
                if one.agent_id in lately and is_cancelled(one, code)
            )
            if again:
                found[code] = again
        return found

    def figures(self) -> tuple[Figure, ...]:
        """Whose protected time the week takes away a second time."""
        if not any(name.endswith("_owed_min") for own in self.counts.values() for name in own):
            return ()
        again = {who for people in self.cancelled_twice().values() for who in people}
        return (
            Figure(
                name="cancelled_twice",
                unit="people",
                average=float(len(again)),
                target=0.0,
                is_less_better=True,
                definition="people whose development or time alone with a lead is cancelled a "
                "second time within four weeks",
            ),
        )


def _protected(shifts: Sequence[Shift], owed: Mapping[str, float]) -> dict[str, float]:
    """Minutes of protected time owed to a person, and given to her."""
    parts = [part for shift in shifts for part in shift.activities]
    found = {}
    for code, minutes in sorted(owed.items()):
        found[owed_name(code)] = float(minutes)
        found[given_name(code)] = float(sum(p.minutes for p in parts if p.code == code))
    return found
