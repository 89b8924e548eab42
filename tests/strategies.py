"""Schedules that hypothesis draws: zones, clock changes, nights, odd names, every kind of activity.

A test takes them by the fixture ``strategies``::

    @given(data=st.data())
    def test_x(data, strategies):
        case = data.draw(strategies.schedules())
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from wfplan.domain.channels import Channel
from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.horizon import day_bounds

ZONES = (
    "Europe/Dublin", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles",
    "America/St_Johns", "America/Port_of_Spain", "America/Sao_Paulo", "Australia/Lord_Howe",
    "Australia/Sydney", "Asia/Kathmandu", "UTC",
)  # fmt: skip
"""Clocks that change in March, April, October or November, by half an hour, or never."""
WEEKS = tuple(
    date.fromisoformat(text)
    for text in ("2026-10-19", "2026-10-26", "2026-03-23", "2026-03-30", "2026-03-02",
                 "2026-09-28", "2026-06-08")
)  # fmt: skip
"""Mondays of weeks in which clocks go back or forward somewhere, and of one without a change."""
TEXTS = (
    "Ada Quinn", "Zoë O'Neil", "=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "李 小龙", "قانري",
    "Two\r\nLines", 'Quo"te', "semi;colon,comma|bar\\back", "<b>bold</b>", "\x1b[2J", "N\u2028L",
    "BEGIN:VEVENT", "'quoted", "ＳＵＭ＝１", "a" * 200, "",
)  # fmt: skip
"""Names: plain ones, and what runs, breaks a line or turns the writing round somewhere."""
USES = (
    ("ON_QUEUE", "work", True), ("REST", "break", True), ("MEAL", "meal", False),
    ("TRAINING", "training", True), ("COACHING", "training", True), ("MEETING", "meeting", True),
    ("OFF_QUEUE", "off_queue", True), ("GAP", "time_off", False), ("MEAL", "meal", True),
    ("REST", "break", False), ("DEVELOPMENT", "off_queue", True),
)  # fmt: skip
"""Code, category and pay of activities; MEAL and REST are paid or not."""


class Case(NamedTuple):
    """A schedule and the plan that it belongs to; ``previous`` is what was told before."""

    problem: PlanningProblem
    schedule: Schedule
    previous: Schedule | None = None


@st.composite
def schedules(
    draw: st.DrawFn,
    *,
    zones: tuple[str, ...] = ZONES,
    people_max: int = 3,
    shifts_max: int = 5,
    uses: tuple[tuple[str, str, bool], ...] = USES,
    teams: tuple[str, ...] = (),
    is_revised: bool = False,
) -> Case:
    """
    Any week of some people: their shifts are apart, tiled, at most 16 h and on whole minutes.

    Parameters
    ----------
    zones, uses
        Zones that site and people are in; code, category and pay of activities.
    teams
        The teams that people are in; by default odd texts.
    is_revised
        Whether a schedule was told before: its shifts are the same, changed, gone or new.
    """
    zone, first_day = draw(st.sampled_from(zones)), draw(st.sampled_from(WEEKS))
    agents = tuple(
        _agent(
            f"A{n:03}",
            draw(st.sampled_from(zones)),
            draw(_texts()),
            draw(st.sampled_from(teams) if teams else _texts()),
        )
        for n in range(1, draw(st.integers(1, people_max)) + 1)
    )
    weeks = [
        tuple(one for agent in agents for one in draw(_shifts(agent, zone, first_day, shifts_max,
                                                              uses)))
        for _ in range(2 if is_revised else 1)
    ]  # fmt: skip
    before = _schedule(zone, first_day, weeks[0], revision=draw(st.integers(1, 9)))
    if not is_revised:
        return Case(_problem(zone, agents), before)
    kept = [one for one in weeks[0] if draw(st.booleans())]
    mixed = {one.shift_id: one for one in (*weeks[1], *kept)}  # one id: as it was, or moved
    now = _schedule(zone, first_day, _apart(mixed.values()), revision=before.revision)
    return Case(_problem(zone, agents), now, before)


def _texts() -> st.SearchStrategy[str]:
    """Names, sites and teams."""
    odd = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
    return st.sampled_from(TEXTS) | odd


@st.composite
def _shifts(
    draw: st.DrawFn,
    agent: Agent,
    zone: str,
    first_day: date,
    shifts_max: int,
    uses: tuple[tuple[str, str, bool], ...],
) -> list[Shift]:
    """Shifts of a person in order, beginning in the week of the site."""
    at, end = day_bounds(first_day, zone)[0], day_bounds(first_day + timedelta(days=6), zone)[1]
    found: list[Shift] = []
    on_date: Counter[date] = Counter()
    for _ in range(draw(st.integers(0, shifts_max))):
        at += timedelta(minutes=draw(st.integers(0, 36 * 60)))
        if at >= end:
            break
        parts = draw(st.lists(st.tuples(st.sampled_from(uses), st.integers(1, 240)),
                              min_size=1, max_size=4))  # fmt: skip
        day = at.astimezone(ZoneInfo(agent.timezone)).date()
        on_date[day] += 1
        activities = []
        for (code, category, is_paid), minutes in parts:
            asked = draw(st.sampled_from(["", "", "safety-1"])) if category == "training" else ""
            activities.append(_activity(code, category, is_paid, at, minutes, asked))
            at = activities[-1].end
        found.append(
            Shift(
                shift_id=f"site-{agent.agent_id}-{day:%Y%m%d}-{on_date[day]}",
                agent_id=agent.agent_id,
                shift_date=day,
                activities=tuple(activities),
                is_locked=draw(st.booleans()),
            )
        )
        at += timedelta(minutes=1)
    return found


def _activity(
    code: str, category: str, is_paid: bool, start: datetime, minutes: int, activity_id: str
) -> Activity:
    return Activity(
        code=code,
        category=ActivityCategory(category),
        is_paid=is_paid,
        start=start,
        end=start + timedelta(minutes=minutes),
        activity_id=activity_id,
    )


def _apart(shifts: Any) -> tuple[Shift, ...]:
    """Shifts of each person that do not lie on one another, the earlier first."""
    found: list[Shift] = []
    for shift in sorted(shifts, key=lambda s: (s.agent_id, s.start)):
        if found and found[-1].agent_id == shift.agent_id and shift.start <= found[-1].end:
            continue
        found.append(shift)
    return tuple(found)


def _agent(agent_id: str, zone: str, name: str, team: str) -> Agent:
    return Agent(
        agent_id=agent_id,
        name=name,
        team=team,
        email=f"{agent_id.lower()}@example.com",
        site="Site",
        timezone=zone,
        contract_type="full",
        contract_hours_week=40,
        min_hours_week=0,
        max_hours_week=48,
    )


def _problem(zone: str, agents: tuple[Agent, ...]) -> PlanningProblem:
    contract = Contract(name="full", shortest_min=60, longest_min=960, start_window=(0, 1439))
    return PlanningProblem(
        name="Harbour Bank",
        timezone=zone,
        site="Site",
        agents=agents,
        channels=(Channel(name="voice", open=["daily 00:00-24:00"]),),
        contracts={"full": contract},
    )


def _schedule(zone: str, first_day: date, shifts: tuple[Shift, ...], revision: int) -> Schedule:
    return Schedule(
        schedule_id=f"harbour-bank-{first_day:%G-W%V}",
        timezone=zone,
        first_day=first_day,
        days=7,
        revision=revision,
        shifts=shifts,
    )
