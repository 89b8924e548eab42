"""What became of the activities of a week, and how much time people have away from contacts.

Minutes are those of the finished schedule. Whether an activity is as it was asked for
in every respect is what the audit says (``activity_placement``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from math import nan

from wfplan.domain.activities import DEVELOPMENT, ActivityRequest
from wfplan.domain.results import Run
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.evaluation.figures import Figure, over_people
from wfplan.rules import requests_of

TEAM_LEAST = 5
"""People of a team from which on it is told as a group: of fewer it would tell of each."""

KINDS: Mapping[str, tuple[ActivityCategory, str]] = {
    "training_min": (
        ActivityCategory.TRAINING,
        "minutes of training and coaching, of whom has or is to have any",
    ),
    "meeting_min": (ActivityCategory.MEETING, "minutes of meetings, of whom has or is to have any"),
    "off_queue_min": (
        ActivityCategory.OFF_QUEUE,
        "minutes of other work away from contacts, of whom has or is to have any",
    ),
}


@dataclass(frozen=True)
class Session:
    """Some people in an activity at the same time, and who leads it."""

    begin: datetime
    end: datetime
    agent_ids: tuple[str, ...]
    facilitators: tuple[str, ...]


@dataclass(frozen=True)
class GivenActivity:
    """An activity with its sessions in order of time, and the minutes that each person has."""

    request: ActivityRequest
    sessions: tuple[Session, ...]
    minutes: Mapping[str, int]
    is_of_rule: bool  # asked for by a rule, not by the plan

    @property
    def asked_h(self) -> float:
        """Person-hours asked for."""
        return self.request.minutes * len(self.request.agent_ids) / 60

    @property
    def given_h(self) -> float:
        """Person-hours placed, of nobody more than was asked for."""
        most = self.request.minutes
        return sum(min(given, most) for given in self.minutes.values()) / 60

    @property
    def left_out(self) -> tuple[str, ...]:
        """Who has less of it than was asked for."""
        return tuple(a for a, given in self.minutes.items() if given < self.request.minutes)


def given_activities(run: Run) -> tuple[GivenActivity, ...]:
    """The activities of the horizon, those of the plan first, with what was placed of them."""
    stretches: dict[str, list[tuple[str, Activity]]] = defaultdict(list)
    for shift in run.solution.schedule.shifts:
        for part in shift.activities:
            if part.activity_id:
                stretches[part.activity_id].append((shift.agent_id, part))
    of_plan = {one.activity_id for one in run.problem.activities}
    return tuple(
        _given(one, stretches[one.activity_id], one.activity_id not in of_plan)
        for one in requests_of(run.problem, run.horizon)
    )


def _given(
    one: ActivityRequest, stretches: list[tuple[str, Activity]], is_of_rule: bool
) -> GivenActivity:
    """An activity with its sessions: people at the same times; alone, where each attends alone."""
    own = [(agent_id, part) for agent_id, part in stretches if part.category is one.category]
    minutes = dict.fromkeys(one.agent_ids, 0)
    people: dict[tuple[datetime, datetime, str], list[str]] = defaultdict(list)
    for agent_id, part in own:
        if agent_id in minutes:
            minutes[agent_id] += part.minutes
            people[part.start, part.end, "" if one.is_together else agent_id].append(agent_id)
    sessions = tuple(
        Session(
            begin,
            end,
            tuple(sorted(ids)),
            tuple(
                sorted(
                    agent_id
                    for agent_id, part in own
                    if agent_id in one.facilitators and part.start < end and begin < part.end
                )
            ),
        )
        for (begin, end, _), ids in sorted(people.items())
    )
    return GivenActivity(one, sessions, minutes, is_of_rule)


def activity_figures(run: Run, own: Mapping[str, list[Shift]]) -> Iterator[Figure]:
    """Time away from contacts by kind, of everybody and of each team, and what was placed."""
    given = given_activities(run)
    teams: dict[str, list[str]] = defaultdict(list)
    for agent in run.problem.agents:
        if own[agent.agent_id]:
            teams[""].append(agent.agent_id)
            if agent.team:
                teams[agent.team].append(agent.agent_id)
    for name, (category, said) in KINDS.items():
        spent = {
            agent_id: sum(
                part.minutes for shift in shifts for part in shift.activities
                if part.category is category
            )
            for agent_id, shifts in own.items()
        }  # fmt: skip
        asked = {
            a for one in given if one.request.category is category for a in one.request.agent_ids
        }
        yield from _over_teams(name, said, spent, teams, asked)
    developed = {
        agent_id: sum(
            part.minutes for shift in shifts for part in shift.activities
            if part.code == DEVELOPMENT
        )
        for agent_id, shifts in own.items()
    }  # fmt: skip
    asked = {a for one in given if one.request.code == DEVELOPMENT for a in one.request.agent_ids}
    said = "minutes of time for development, part of the work away from contacts"
    yield from _over_teams("development_min", said, developed, teams, asked)
    if given:
        in_all = sum(one.asked_h for one in given)
        yield Figure(
            name="activities_given",
            unit="share",
            average=sum(one.given_h for one in given) / in_all if in_all else nan,
            definition="person-hours of activities placed / asked for",
        )


def _over_teams(
    name: str,
    said: str,
    spent: Mapping[str, int],
    teams: Mapping[str, list[str]],
    asked: Set[str],
) -> Iterator[Figure]:
    """A figure over everybody who has some of it or was asked, and over those of each team."""
    for team, members in sorted(teams.items()):
        if team and len(members) < TEAM_LEAST:
            continue
        values = {a: float(spent[a]) for a in members if spent[a] or a in asked}
        if values:
            yield over_people(name, "min", values, said, scope=team, is_less_better=False)
