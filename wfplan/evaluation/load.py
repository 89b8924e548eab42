"""What weeks do to people beyond one week: heroes, the bus factor, promises, steady starts.

SCIENCE 4.4 and 4.5. Published weeks before this one count where the store knows
them. Figures with a limit are judged; the others are told by their ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from math import isfinite, nan
from zoneinfo import ZoneInfo

import numpy as np

from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.engagement.hot import HOT_MOST_MIN, HOT_WINDOW_MIN, hottest_minutes
from wfplan.engagement.rescue import Heroes, heroes
from wfplan.engagement.starts import clock_distance, usual_start
from wfplan.evaluation.bus_factor import bus_factor
from wfplan.evaluation.figures import Figure, over_people
from wfplan.evaluation.promises import WeekOfPromises

WEEKEND_WEEKS = 4


def load_figures(promises: WeekOfPromises) -> tuple[Figure, ...]:
    """Figures of people's load across weeks, for the staff's side."""
    facts, run = promises.facts, promises.run
    ids = [agent.agent_id for agent in facts.agents]
    own = dict(zip(ids, facts.shifts, strict=True))
    return (
        *_hot(run),
        *_rescue(heroes(run.problem, run.horizon.first_day, facts.rescue)),
        *_bus(run),
        *_owed(promises),
        *promises.figures(),
        *_starts(run, own),
        *_weekends(run, own),
    )


def _hot(run: Run) -> Iterator[Figure]:
    """The hottest 135 minutes of everybody's week."""
    channels = tuple(channel.name for channel in run.problem.channels)
    plan, known = run.solution, run.outcome.measures
    if not known.loc[known["measure"] == "weighted_occupancy", "interval_start"].notna().any():
        return
    occupancy = run.outcome.by_interval("weighted_occupancy", channels)
    hottest = hottest_minutes(
        run.problem, run.outcome.horizon, plan.schedule, plan.channel_share, occupancy
    )
    values = {who: max(of_dates.values()) for who, of_dates in hottest.items() if of_dates}
    if values:
        yield over_people(
            "hot_work_min", "min", values,
            f"most minutes of hot work (strain of 0.5 and more) within {HOT_WINDOW_MIN}; advised "
            f"are {HOT_MOST_MIN} at most (rule hot_work_max)",
        )  # fmt: skip


def _rescue(found: Heroes) -> Iterator[Figure]:
    """Whether rescue work hangs on few."""
    if len(found.minutes) < 2 or not found.shares:
        return
    weeks = "1 week" if found.weeks == 1 else f"{found.weeks} weeks"
    yield over_people(
        "rescue_share", "share", found.shares,
        f"share of the rescue work of {weeks}, of those who can do it; nobody more than twice "
        "an even share",
        target=found.share_most,
    )  # fmt: skip
    yield Figure(
        name="rescue_concentration",
        unit="index",
        average=found.concentration,
        is_less_better=True,
        definition=f"normalised Herfindahl index of the rescue work of {weeks}: 0 where all carry "
        "the same, 1 where one carries all",
    )


def _bus(run: Run) -> Iterator[Figure]:
    """The fewest absences that break a promise."""
    found = bus_factor(run)
    if found.least is None or found.worst_at is None:
        return
    yield Figure(
        name="bus_factor",
        unit="absences",
        average=float(found.promised.mean()),
        median=float(np.median(found.promised)),
        tail=float(np.quantile(found.promised, 0.1)),
        worst=float(found.least),
        best=float(found.promised.max()),
        worst_at=found.worst_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        definition="fewest absences that push an interval below a promise or its empowered "
        f"people; {found.below} intervals are below one with everybody there",
    )


def _owed(promises: WeekOfPromises) -> Iterator[Figure]:
    """Wishes that earlier weeks owe."""
    if promises.before:
        values = {who: book.owed for who, book in promises.before.items()}
        yield over_people(
            "wishes_owed", "wishes", values,
            "wishes that published weeks granted less than the fair share, faded",
        )  # fmt: skip


def _starts(run: Run, own: Mapping[str, Sequence[Shift]]) -> Iterator[Figure]:
    """How far shifts begin from where people usually begin."""
    values = {}
    for agent in run.problem.agents:
        usual = usual_start(run.problem, agent, run.horizon.first_day)
        if usual is not None and own[agent.agent_id]:
            zone = ZoneInfo(agent.timezone)
            begun = [shift.start.astimezone(zone) for shift in own[agent.agent_id]]
            minutes = [moment.hour * 60 + moment.minute for moment in begun]
            values[agent.agent_id] = float(clock_distance(minutes, usual).mean())
    if values:
        yield over_people(
            "start_moved_min", "min", values,
            "minutes between the starts of the week and the usual one of the last week at work",
        )  # fmt: skip


def _weekends(run: Run, own: Mapping[str, Sequence[Shift]]) -> Iterator[Figure]:
    """The share of weekends that people had wholly off, four weeks with those of the plan."""
    saturdays = [day for day in run.horizon.dates if day.weekday() == 5]
    first = run.horizon.first_day
    known = min((past.start for past in run.problem.past_shifts), default=run.horizon.start)
    back = [first - timedelta(days=n) for n in range(1, 7 * WEEKEND_WEEKS)]
    before = [d for d in back if d.weekday() == 5 and d >= run.horizon.local(known).date()]
    looked_at = [*sorted(before), *saturdays][-max(WEEKEND_WEEKS, len(saturdays)) :]
    values = {}
    for agent in run.problem.agents:
        zone = ZoneInfo(agent.timezone)
        past = run.problem.past_shifts_of.get(agent.agent_id, ())
        worked = {shift.start.astimezone(zone).date() for shift in (*past, *own[agent.agent_id])}
        free = [not {day, day + timedelta(days=1)} & worked for day in looked_at
                if agent.is_employed(day)]  # fmt: skip
        if free:
            values[agent.agent_id] = sum(free) / len(free)
    if values and any(isfinite(value) and value < 1 for value in values.values()):
        yield over_people(
            "weekends_off", "share", values,
            f"weekends without a shift of the last {len(looked_at)}", is_less_better=False,
            target=nan,
        )  # fmt: skip
