"""The staff's side: occupancy, overload, hours, burdens and wishes.

SCIENCE 4.3 and 4.5: people are shown by their spread, not by their mean.
Wall times are in the person's own zone. A night shift has three hours or more
between 23:00 and 06:00 (Directive 2003/88/EC, article 2); a late shift ends
after 20:00, an early one starts before 07:00. A wish to be free is met when no
minute of a shift lies in it, a wish for hours when the shifts of that date lie
wholly inside; on a date without a shift there was nothing to wish for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import nan
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.people import Agent
from wfplan.domain.results import Run
from wfplan.domain.schedule import Shift
from wfplan.engagement.fairness import BURDENS, LATE_END_MIN
from wfplan.evaluation.activities import activity_figures
from wfplan.evaluation.burdens import PeopleFacts
from wfplan.evaluation.figures import TAIL_SHARE, Figure, over_people
from wfplan.evaluation.series import Series
from wfplan.horizon import DAY_MIN

FloatArray = NDArray[np.float64]
EARLY_START_MIN = 7 * 60
NIGHTS, WEEKENDS = BURDENS.index("nights"), BURDENS.index("weekends")
_EPS = 1e-9


def staff_figures(run: Run, series: Series, facts: PeopleFacts) -> tuple[Figure, ...]:
    """All figures of the staff's side."""
    shifts = run.solution.schedule.by_agent()
    own = {agent.agent_id: shifts.get(agent.agent_id, []) for agent in run.problem.agents}
    figures = [f for channel in run.problem.channels for f in _occupancy(run, series, channel.name)]
    figures += _overload(run)
    figures += _hours(run, own)
    figures += _burdens(facts, own)
    figures += _wishes(facts)
    figures += activity_figures(run, own)
    figures.append(_rules(run))
    return tuple(figures)


def _occupancy(run: Run, series: Series, name: str) -> list[Figure]:
    """Busy share of a channel's staff, and the time above its cap."""
    cap = run.problem.channel(name).occupancy_max
    target = nan if cap is None or not run.problem.channel(name).is_realtime else cap
    # after closing only those who finish a contact are left, all of them busy
    is_open = run.demand.is_open[run.demand.channels.index(name)]
    values = np.where(is_open, series.grid("occupancy", name), nan)
    known = values[np.isfinite(values)]
    at = int(np.nanargmax(values)) if len(known) else 0
    moment = run.horizon.start + timedelta(minutes=at * run.horizon.interval_min)
    over = np.isfinite(values) & (values > target + _EPS)
    return [
        Figure(
            name="occupancy",
            scope=name,
            unit="share",
            average=series.week("occupancy", name),
            median=float(np.median(known)) if len(known) else nan,
            tail=float(np.quantile(known, 1 - TAIL_SHARE)) if len(known) else nan,
            worst=float(known.max()) if len(known) else nan,
            best=float(known.min()) if len(known) else nan,
            worst_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ") if len(known) else "",
            target=target,
            is_less_better=True,
            definition="busy / (busy + available), breaks left out",
        ),
        Figure(
            name="over_occupancy_min",
            scope=name,
            unit="min",
            average=float(over.sum() * run.horizon.interval_min),
            is_less_better=True,
            definition="time in intervals with occupancy above the cap",
        ),
    ]


def _overload(run: Run) -> list[Figure]:
    """The ledger's acute and chronic overload, and the heaviest single day."""
    goals = run.problem.objective
    said = {
        "acute_min": (
            goals.overload_acute_min,
            "highest acute overload of the week (7-day memory)",
        ),
        "chronic_min": (
            goals.overload_chronic_min,
            "highest chronic overload of the week (42-day memory)",
        ),
        "overload_min": (goals.overload_day_min, "overload minutes of the heaviest day"),
    }
    peaks = run.ledger.groupby("agent_id")[list(said)].max()
    figures = []
    for column, (cap, definition) in said.items():
        values = {str(who): float(value) for who, value in peaks[column].items()}
        figure = over_people(
            f"ledger_{column}", "min", values, f"{definition}, minutes a day", target=cap
        )
        figures.append(figure)
    return figures


def _hours(run: Run, own: dict[str, list[Shift]]) -> list[Figure]:
    """Paid hours against the contract's, by contract type, and who is out of bounds."""
    weeks = run.horizon.days / 7
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for agent in run.problem.agents:
        paid = sum(shift.paid_min for shift in own[agent.agent_id])
        due = agent.contract_hours_week * 60 * weeks
        shares[agent.contract_type][agent.agent_id] = paid / due
    figures = [
        over_people(
            "contract_hours", "share", values, "paid hours / contract hours", scope=contract,
            is_less_better=False,
        )
        for contract, values in sorted(shares.items())
    ]  # fmt: skip
    outside = {b.agent_id for b in run.audit.breaches if b.rule == "paid_time_week"}
    figures.append(
        Figure(
            name="hours_outside",
            unit="people",
            average=float(len(outside)),
            target=0.0,
            is_less_better=True,
            definition="people with fewer paid hours than their least or more than their most",
        )
    )
    return figures


def _burdens(facts: PeopleFacts, own: dict[str, list[Shift]]) -> list[Figure]:
    """Lates, earlies, nights, weekends, runs of days and unsteady starts per person."""
    counts: dict[str, dict[str, float]] = defaultdict(dict)
    for agent, planned in zip(facts.agents, facts.planned, strict=True):
        counts["nights"][agent.agent_id] = float(planned[NIGHTS])
        counts["weekend_shifts"][agent.agent_id] = float(planned[WEEKENDS])
        for name, value in _burden_of(facts.run, agent, own[agent.agent_id]).items():
            counts[name][agent.agent_id] = value
    said = {
        "late_ends": ("shifts", "shifts that end after 20:00"),
        "early_starts": ("shifts", "shifts that start before 07:00"),
        "nights": ("shifts", "shifts with three hours or more between 23:00 and 06:00"),
        "weekend_shifts": ("shifts", "shifts that start on a Saturday or Sunday"),
        "consecutive_days": ("days", "longest run of working days, the days before counted"),
        "start_spread_min": ("min", "span of the clock that holds all starts of the week"),
    }
    return [over_people(name, unit, counts[name], text) for name, (unit, text) in said.items()]


def _burden_of(run: Run, agent: Agent, shifts: Sequence[Shift]) -> dict[str, float]:
    """One person's counts."""
    zone = ZoneInfo(agent.timezone)
    starts = [shift.start.astimezone(zone) for shift in shifts]
    late = sum(_clock_from(shift.end, start.date(), zone) > LATE_END_MIN
               for shift, start in zip(shifts, starts, strict=True))  # fmt: skip
    minutes = [start.hour * 60 + start.minute for start in starts]
    days = {start.date() for start in starts}
    past = run.problem.past_shifts_of.get(agent.agent_id, ())
    before = {p.start.astimezone(zone).date() for p in past if p.start < run.horizon.start}
    return {
        "late_ends": float(late),
        "early_starts": float(sum(minute < EARLY_START_MIN for minute in minutes)),
        "consecutive_days": float(longest_run_of_days(days, before)),
        "start_spread_min": float(clock_spread(minutes)),
    }


def longest_run_of_days(days: set[date], before: set[date]) -> int:
    """Longest run of dates that ends among ``days``, those ``before`` counted."""
    longest, every = 0, days | before
    for day in days:
        run = 1
        while day - timedelta(days=run) in every:
            run += 1
        longest = max(longest, run)
    return longest


def clock_spread(minutes: Sequence[int]) -> int:
    """Shortest arc of the clock in minutes that holds all starts; midnight is no wall."""
    if not minutes:
        return 0
    around = sorted(set(minutes))
    gaps = np.diff([*around, around[0] + DAY_MIN])
    return int(DAY_MIN - gaps.max())


def _clock_from(moment: datetime, day: date, zone: ZoneInfo) -> int:
    """Wall minutes of an instant after midnight of a date."""
    wall = moment.astimezone(zone)
    return (wall.date() - day).days * DAY_MIN + wall.hour * 60 + wall.minute


def _wishes(facts: PeopleFacts) -> list[Figure]:
    """Preferences met, and requested time off that was granted."""
    wishes = facts.granted_wishes()
    asked = sum(one.asked for one in wishes.values())
    requests = facts.requests().values()
    requested = sum(one.asked for one in requests)
    return [
        over_people(
            "preferences_met", "share", {who: one.share for who, one in wishes.items()},
            "wishes of availability met / stated", is_less_better=False,
            average=sum(one.granted for one in wishes.values()) / asked if asked else nan,
        ),
        Figure(
            name="requests_granted",
            unit="share",
            average=sum(one.granted for one in requests) / requested if requested else nan,
            definition="requested time off without a minute of work / requested",
        ),
    ]  # fmt: skip


def _rules(run: Run) -> Figure:
    """Hard breaches that the audit found."""
    return Figure(
        name="hard_breaches",
        unit="breaches",
        average=float(len(run.audit.hard_breaches)),
        target=0.0,
        is_less_better=True,
        definition="breaches of hard work rules that the independent audit found",
    )
