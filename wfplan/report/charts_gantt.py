"""The Gantt of a day: people by team, sorted by start, with their breaks visible.

A shift of the evening before that runs into the day is shown too, on the first
day as the history has it. One unit of x is one elapsed minute from the left
edge of the day's axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from wfplan.domain.activities import OFF_QUEUE
from wfplan.domain.people import Agent
from wfplan.domain.results import Run
from wfplan.domain.schedule import Activity, ActivityCategory, Shift
from wfplan.horizon import Horizon
from wfplan.report.numbers import clock, span
from wfplan.report.timeline import DayAxis

ROW_PX, BAR_PX = 18, 12
NO_TEAM = "No team"

STYLES: dict[ActivityCategory, tuple[str, str]] = {
    ActivityCategory.WORK: ("a-work", "on queue"),
    ActivityCategory.BREAK: ("a-rest", "rest"),
    ActivityCategory.MEAL: ("a-meal", "meal"),
    ActivityCategory.TRAINING: ("a-train", "training"),
    ActivityCategory.MEETING: ("a-meet", "meeting"),
    ActivityCategory.OFF_QUEUE: ("a-off", "other work off queue"),
    ActivityCategory.TIME_OFF: ("a-away", "time off"),
}

_ALWAYS = (ActivityCategory.WORK, ActivityCategory.BREAK, ActivityCategory.MEAL)


@dataclass(frozen=True)
class GanttRow:
    """One person's day: the paths of her activities by style."""

    agent_id: str
    name: str
    y: int
    title: str
    paths: tuple[tuple[str, str], ...]
    is_locked: bool


@dataclass(frozen=True)
class GanttTeam:
    """The people of a team who work on the day, by start."""

    name: str
    rows: tuple[GanttRow, ...]

    @property
    def height(self) -> int:
        """Pixels."""
        return ROW_PX * len(self.rows)


@dataclass(frozen=True)
class Gantt:
    """One day of everybody."""

    key: str
    axis: DayAxis
    teams: tuple[GanttTeam, ...]

    @property
    def people(self) -> int:
        """How many people work."""
        return sum(len(team.rows) for team in self.teams)


def gantts(run: Run, days: Sequence[DayAxis]) -> tuple[Gantt, ...]:
    """One chart per day of the horizon."""
    agents = {agent.agent_id: agent for agent in run.problem.agents}
    known = (*run.problem.night_before(run.horizon), *run.solution.schedule.shifts)
    shifts = sorted(known, key=lambda s: (s.start, s.end, s.agent_id))
    return tuple(_gantt(axis, run.horizon, shifts, agents) for axis in days)


def legend(run: Run) -> tuple[tuple[str, str], ...]:
    """Style and name of what shifts are made of: what is always there, and what this week has."""
    shifts = run.solution.schedule.shifts
    there = {part.category for shift in shifts for part in shift.activities}
    return tuple(style for kind, style in STYLES.items() if kind in there or kind in _ALWAYS)


def teams_of(run: Run) -> tuple[str, ...]:
    """The names of all teams, sorted."""
    return tuple(sorted({agent.team or NO_TEAM for agent in run.problem.agents}))


def _gantt(
    axis: DayAxis, horizon: Horizon, shifts: Sequence[Shift], agents: dict[str, Agent]
) -> Gantt:
    start, end = horizon.day_starts[axis.index], horizon.day_starts[axis.index + 1]
    of_person: dict[str, list[Shift]] = {}
    for shift in shifts:
        if shift.start < end and shift.end > start:
            of_person.setdefault(shift.agent_id, []).append(shift)
    in_team: dict[str, list[str]] = {}
    for agent_id in of_person:
        agent = agents.get(agent_id)
        in_team.setdefault((agent.team if agent else "") or NO_TEAM, []).append(agent_id)
    teams = tuple(
        GanttTeam(
            team,
            tuple(
                _row(axis, horizon, y * ROW_PX, agents.get(agent_id), of_person[agent_id])
                for y, agent_id in enumerate(members)
            ),
        )
        for team, members in sorted(in_team.items())
    )
    return Gantt(str(axis.index), axis, teams)


def _row(
    axis: DayAxis, horizon: Horizon, y: int, agent: Agent | None, shifts: Sequence[Shift]
) -> GanttRow:
    top = y + (ROW_PX - BAR_PX) // 2
    paths: dict[str, str] = {}
    for activity in (activity for shift in shifts for activity in shift.activities):
        left, right = axis.minute_of(activity.start), axis.minute_of(activity.end)
        if right > left:
            style, _ = STYLES[activity.category]
            bar = f"M{left} {top}h{right - left}v{BAR_PX}h-{right - left}z"
            paths[style] = paths.get(style, "") + bar
    agent_id = shifts[0].agent_id
    return GanttRow(
        agent_id=agent_id,
        name=agent.name if agent else "",
        y=y,
        title=f"{agent_id}: " + "; ".join(_in_words(horizon, shift) for shift in shifts),
        paths=tuple(paths.items()),
        is_locked=any(shift.is_locked for shift in shifts),
    )


def _in_words(horizon: Horizon, shift: Shift) -> str:
    """``08:00–16:30, rest 10:00, meal 12:15, coaching 14:00–14:30``."""
    parts = [span(horizon.local(shift.start), horizon.local(shift.end))]
    parts += pauses_in_words(shift, horizon.timezone)
    return ", ".join(parts) + (" (locked)" if shift.is_locked else "")


def pauses_in_words(shift: Shift, timezone: str) -> list[str]:
    """What a shift has beside work on queue, with the time; of activities, from when to when."""
    zone = ZoneInfo(timezone)
    texts = []
    for part in shift.activities:
        begin, end = part.start.astimezone(zone), part.end.astimezone(zone)
        if part.category is not ActivityCategory.WORK:
            when = span(begin, end) if part.category in OFF_QUEUE else clock(begin)
            texts.append(f"{activity_name(part)} {when}")
    return texts


def activity_name(activity: Activity) -> str:
    """The activity in small letters: ``rest``, ``meal``, ``training``, ``coaching``."""
    names = {ActivityCategory.BREAK: "rest", ActivityCategory.OFF_QUEUE: "off queue"}
    name = names.get(activity.category, activity.category.value.replace("_", " "))
    if activity.category not in OFF_QUEUE or activity.code.casefold() == activity.category:
        return name
    return activity.code.replace("_", " ").casefold()
