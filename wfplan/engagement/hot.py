"""Hot work: time on queue under so much strain that it needs a break within two hours.

SCIENCE 4.4: an interval is hot for a person where a minute of it weighs half a
strain-minute or more in the ledger (voice at an occupancy of 0.9, a hard queue
from about 0.87). Of any 135 minutes at most 120 should be hot: after two hot hours
there is a quarter of an hour off the queue. Breaks, meals, off-queue work and
quieter intervals all count as rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.schedule import ActivityCategory, Schedule, Shift
from wfplan.horizon import Horizon

FloatArray = NDArray[np.float64]

HOT_STRAIN = 0.5
HOT_MOST_MIN, HOT_PAUSE_MIN = 120, 15
HOT_WINDOW_MIN = HOT_MOST_MIN + HOT_PAUSE_MIN
_EPS = 1e-9


def measure_name(window_min: int) -> str:
    """The measure of a week that holds the most hot minutes of a date in any such window."""
    return f"hot_in_{window_min}_min"


def hottest_minutes(
    problem: PlanningProblem,
    horizon: Horizon,
    schedule: Schedule,
    channel_share: Mapping[str, FloatArray],
    occupancy: FloatArray,
    *,
    window_min: int = HOT_WINDOW_MIN,
) -> dict[str, dict[date, float]]:
    """
    The most hot minutes of everybody's dates in any window of so many minutes.

    Parameters are those of :func:`wfplan.engagement.overload_ledger`; a date is
    that on which the shift begins, by the person's clock.
    """
    weights = np.array([channel.strain_weight for channel in problem.channels])
    strain = problem.strain.rate(occupancy) * weights[:, None]
    shifts = schedule.by_agent()
    found: dict[str, dict[date, float]] = {}
    for agent in problem.agents:
        share = channel_share.get(agent.agent_id)
        own = shifts.get(agent.agent_id, [])
        if share is None or not own:
            continue
        is_hot = (share * strain).sum(axis=0) >= HOT_STRAIN - _EPS
        zone, of_agent = ZoneInfo(agent.timezone), found.setdefault(agent.agent_id, {})
        for shift in own:
            day = shift.start.astimezone(zone).date()
            most = most_in_window(_hot_spans(horizon, shift, is_hot), window_min)
            of_agent[day] = max(most, of_agent.get(day, 0.0))
    return found


def most_in_window(spans: Sequence[tuple[float, float]], window: float) -> float:
    """
    The most that spans, apart and in order, cover of any window of a length.

    What is covered changes its slope only where an end of the window meets an
    end of a span: those are the windows that are looked at.
    """
    if not spans:
        return 0.0
    edges = np.array(spans, dtype=np.float64).ravel()
    covered = np.concatenate(
        [[0.0], np.cumsum(np.diff(edges) * (np.arange(len(edges) - 1) % 2 == 0))]
    )
    starts = np.concatenate([edges, edges - window])
    within = np.interp(starts + window, edges, covered) - np.interp(starts, edges, covered)
    return float(within.max())


def _hot_spans(
    horizon: Horizon, shift: Shift, is_hot: NDArray[np.bool_]
) -> list[tuple[float, float]]:
    """Hot stretches of a shift in minutes of the horizon, joined where they touch."""
    step, count, minute = horizon.interval_min, horizon.interval_count, timedelta(minutes=1)
    spans: list[tuple[float, float]] = []
    for part in shift.activities:
        if part.category is not ActivityCategory.WORK:
            continue
        begin, end = (part.start - horizon.start) / minute, (part.end - horizon.start) / minute
        for t in range(max(int(begin // step), 0), min(int(-(-end // step)), count)):
            if not is_hot[t]:
                continue
            first, last = max(begin, t * step), min(end, (t + 1) * step)
            if spans and spans[-1][1] >= first - _EPS:
                spans[-1] = (spans[-1][0], last)
            else:
                spans.append((first, last))
    return spans
