"""Ranking: whose wishes come first, by seniority or a declared order.

Source: a works agreement or the plan.

``of`` names people, the first in rank first; whoever is not named comes after
them all. Without names it is the date of hiring that counts. ``value`` says how many times a
wish of the first weighs as one of the last; between them weights fall evenly, in
proportion. The planner's face is that weight of her wishes (``avoid``, ``prefer``, requested
time off) in every choice. The auditor's asks afterwards: does somebody work against her wishes
while one who comes after her, of the same contract and skills, has a shift on that date
that she would rather have? No plan can promise that nobody does: the rule is soft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.people import AvailabilityKind
from wfplan.errors import InputError
from wfplan.rules.base import SOFT, common
from wfplan.rules.team_roster import TeamRule, skills_on
from wfplan.rules.week import AgentWeek
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from datetime import datetime

    from wfplan.domain.people import Agent, Availability
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.domain.schedule import Shift
    from wfplan.rules.team_roster import TeamRoster

_LAST = date.max
_TIMES_MAX = 1000


@dataclass(frozen=True, kw_only=True)
class Ranking(TeamRule):
    """Wishes of the first in rank weigh ``times`` those of the last."""

    name: ClassVar[str] = "ranking"
    planner_face: ClassVar[str] = "wishes weigh by rank in every choice; no limit"
    times: float
    order: tuple[str, ...] = ()
    scope: str = "all"
    scope_value: str = ""

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> Ranking:
        """
        The rule from a setting in times; its scope says who is ranked.

        Raises
        ------
        InputError
            When it is hard, the unit is not ``times`` or the value not from 1 up.
        """
        if setting.hardness != SOFT:
            raise InputError(
                f"rule {setting.rule}: hardness = '{setting.hardness}': a plan weighs wishes by "
                "rank and cannot promise them. Write 'soft'."
            )
        if setting.unit.strip().lower() not in ("times", "time", "ratio"):
            raise InputError(
                f"rule {setting.rule}: unit = '{setting.unit}' is no weight. Write 'times'."
            )
        if not 1 <= setting.value <= _TIMES_MAX:
            raise InputError(
                f"rule {setting.rule}: value = {setting.value:g} is not from 1 to {_TIMES_MAX}: "
                "how many times a wish of the first weighs as one of the last."
            )
        return cls(
            times=setting.value,
            order=setting.of,
            scope=setting.scope,
            scope_value=setting.scope_value,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """A larger weight is stricter."""
        return self.times

    @property
    def family(self) -> tuple[object, ...]:
        """Each scope has its own ranking."""
        return self.name, self.scope, self.scope_value

    def weights(self, agents: Iterable[Agent]) -> Mapping[str, float]:
        """How often the wishes of each ranked person count, by agent; 1 for the last."""
        ranks = self._ranks(agents)
        last = max(ranks.values(), default=0)
        return {
            agent_id: self.times ** ((last - rank) / last if last else 0.0)
            for agent_id, rank in ranks.items()
        }

    def _ranks(self, agents: Iterable[Agent]) -> dict[str, int]:
        """The rank of everybody in the scope, 0 first; equals share one."""
        keys = {agent.agent_id: self._key(agent) for agent in agents if self._concerns(agent)}
        ranked = sorted(keys.items(), key=lambda item: item[1])
        groups = enumerate(groupby(ranked, key=lambda item: item[1]))
        return {agent_id: rank for rank, (_, some) in groups for agent_id, _ in some}

    def _key(self, agent: Agent) -> tuple[int, date]:
        """What people are ranked by."""
        if not self.order:
            return 0, agent.hire_date or _LAST
        is_named = agent.agent_id in self.order
        return self.order.index(agent.agent_id) if is_named else len(self.order), _LAST

    def _concerns(self, agent: Agent) -> bool:
        """Whether an agent is ranked."""
        of_agent = {
            "site": agent.site,
            "team": agent.team,
            "contract": agent.contract_type,
            "agent": agent.agent_id,
        }
        if self.scope == "skill":
            return any(skill.skill == self.scope_value for skill in agent.skills)
        return self.scope == "all" or of_agent[self.scope] == self.scope_value

    def team_breaches(self, roster: TeamRoster) -> list[Breach]:
        """Dates on which one who comes later has the shift that one would rather have."""
        ranks = self._ranks(roster.agents)
        agents = {agent.agent_id: agent for agent in roster.agents if agent.agent_id in ranks}
        by_day: dict[tuple[object, ...], list[Shift]] = {}
        for agent_id, agent in agents.items():
            for shift in roster.shifts[agent_id]:
                alike = shift.shift_date, agent.contract_type, skills_on(agent, shift.shift_date)
                by_day.setdefault(alike, []).append(shift)
        return [
            breach
            for shifts in by_day.values()
            for breach in self._of_date(roster, agents, ranks, shifts)
        ]

    def _of_date(
        self,
        roster: TeamRoster,
        agents: Mapping[str, Agent],
        ranks: Mapping[str, int],
        shifts: list[Shift],
    ) -> Iterator[Breach]:
        """The breaches of a date among people of one contract and the same skills."""
        for shift in shifts:
            own = _Wishes.of(roster, agents[shift.agent_id])
            against = own.minutes_against(shift)
            if against <= 0:
                continue
            later = [one for one in shifts if ranks[one.agent_id] > ranks[shift.agent_id]]
            spans = {(one.start, one.end): one for one in later}.values()
            gains = [(against - own.minutes_against(one), one) for one in spans]
            gain, best = max(gains, key=lambda pair: pair[0], default=(0.0, None))
            if best is not None and gain > 0:
                why = (
                    f"agent {shift.agent_id} works {say_minutes(against)} against wishes on "
                    f"{say_day(shift.shift_date)}, and agent {best.agent_id}, who comes after, "
                    f"has a shift with {say_minutes(gain)} less"
                )
                yield self.told(shift.start, gain, "min", why, agent_id=shift.agent_id)


@dataclass(frozen=True)
class _Wishes:
    """The wishes of a person on the clock."""

    week: AgentWeek
    rows: tuple[Availability, ...]

    @classmethod
    def of(cls, roster: TeamRoster, agent: Agent) -> _Wishes:
        """Those of an agent."""
        wishes = (AvailabilityKind.PREFER, AvailabilityKind.AVOID)
        rows = tuple(row for row in agent.availability if row.kind in wishes)
        return cls(AgentWeek.of(roster.problem, agent, roster.horizon, ()), rows)

    def minutes_against(self, shift: Shift) -> float:
        """Minutes of a shift inside what she avoids, or outside what she prefers that date."""
        if not self.rows:
            return 0.0
        day = self.week.local(shift.start).date()
        dates = [day + timedelta(days=d) for d in (-1, 0, 1)]
        said = {
            kind: {d: self._spans(kind, d) for d in dates}
            for kind in (AvailabilityKind.PREFER, AvailabilityKind.AVOID)
        }
        edges = {shift.start, shift.end, *(self.week.midnight(d) for d in dates)}
        edges |= {at for kind in said.values() for s in kind.values() for pair in s for at in pair}
        cuts = sorted(at for at in edges if shift.start <= at <= shift.end)
        wrong = timedelta()
        for begin, end in pairwise(cuts):
            avoided, preferred = (
                any(a <= begin < b for spans in said[kind].values() for a, b in spans)
                for kind in (AvailabilityKind.AVOID, AvailabilityKind.PREFER)
            )
            is_bound = bool(said[AvailabilityKind.PREFER].get(self.week.local(begin).date()))
            if avoided or (is_bound and not preferred):
                wrong += end - begin
        return wrong.total_seconds() / 60

    def _spans(self, kind: AvailabilityKind, day: date) -> list[tuple[datetime, datetime]]:
        """Windows of a kind on a date; rows of the date itself win."""
        rows = [row for row in self.rows if row.kind is kind and row.applies(day)]
        rows = [row for row in rows if row.day is not None] or rows
        return [(self.week.wall(day, r.start_min), self.week.wall(day, r.end_min)) for r in rows]
