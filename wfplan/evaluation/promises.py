"""What a week promises and gives to each person, as counts that later weeks remember.

Wishes granted and refused, rescue work, development and time alone with a lead:
what :mod:`wfplan.engagement.promises` shares and protects across weeks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from wfplan.domain.people import Agent
from wfplan.domain.promises import (
    GRANTED,
    RESCUE_MIN,
    WISHES,
    PastPromise,
    given_name,
    owed_name,
)
from wfplan.domain.results import Run
from wfplan.engagement import PROTECTED, WishBook, cancelled_lately, is_cancelled, wish_books
from wfplan.engagement.rescue import rescue_minutes
from wfplan.evaluation.figures import Figure
from wfplan.evaluation.staff import answers
from wfplan.rules import requests_of

_EPS_MIN = 1e-6


@dataclass(frozen=True)
class WeekOfPromises:
    """The promises of a run, beside those of the published weeks before it."""

    run: Run

    @cached_property
    def counts(self) -> Mapping[str, Mapping[str, float]]:
        """Counts of the week by person, those that are nothing left out but for wishes."""
        run = self.run
        shifts = run.solution.schedule.by_agent()
        rescue = rescue_minutes(
            run.problem, run.need.horizon, run.solution.schedule, run.need.empowered_min
        )
        owed = self._owed()
        return {
            agent.agent_id: {
                **self._wishes(agent),
                **({RESCUE_MIN: round(rescue[who], 3)} if rescue.get(who, 0) > _EPS_MIN else {}),
                **(self._protected(agent, owed[who]) if shifts.get(who) else {}),
            }
            for agent in run.problem.agents
            for who in [agent.agent_id]
        }

    def _wishes(self, agent: Agent) -> dict[str, float]:
        own = self.run.solution.schedule.by_agent().get(agent.agent_id, [])
        said = list(answers(agent, self.run.horizon.dates, own))
        return {WISHES: float(len(said)), GRANTED: float(sum(said))}

    def _owed(self) -> Mapping[str, Mapping[str, float]]:
        """Minutes of protected time that are asked for, by person and code."""
        owed: dict[str, dict[str, float]] = defaultdict(dict)
        for one in requests_of(self.run.problem, self.run.horizon):
            if one.code in PROTECTED:
                for who in one.agent_ids:
                    owed[who][one.code] = owed[who].get(one.code, 0.0) + one.minutes
        return owed

    def _protected(self, agent: Agent, owed: Mapping[str, float]) -> dict[str, float]:
        """Minutes of protected time owed to a person, and given to her."""
        parts = [
            part
            for shift in self.run.solution.schedule.by_agent().get(agent.agent_id, [])
            for part in shift.activities
        ]
        found = {}
        for code, minutes in sorted(owed.items()):
            found[owed_name(code)] = float(minutes)
            found[given_name(code)] = float(sum(p.minutes for p in parts if p.code == code))
        return found

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
