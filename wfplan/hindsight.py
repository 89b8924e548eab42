"""What a plan knows of its own forecasts: whether its history suffices, and how good they were.

Every forecast of a plan is remembered as a snapshot in its folder; when contacts have come, they
judge what was said: the statistical forecast, what the planner made of it, plain averages of
recent weeks, and a forecast from elsewhere, each on the same intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

import forecasts
from wfplan import __version__, staffing, store
from wfplan.domain.problem import PlanningProblem
from wfplan.domain.snapshots import Snapshot, Sufficiency
from wfplan.errors import OutputError
from wfplan.horizon import Horizon
from wfplan.store import RunParts

STATISTICAL, PLANNED = "statistical forecast", "as planned"
_KEY = ["channel", "interval_start", "origin"]
_SAID = ("mean", "q10", "q50", "q90")


@dataclass(frozen=True)
class Judgement:
    """
    Past forecasts and what came; tables as :func:`forecasts.judge` makes them.

    ``all`` are the snapshots as they were planned with, beside the statistical forecast and plain
    averages; ``hand`` only intervals that a layer changed, and ``added`` what that was worth;
    ``external`` the forecast from elsewhere beside plain averages, ``beside`` the same intervals
    with ours. ``snapshots`` were kept, of ``judged`` of them something has come.
    """

    all: pd.DataFrame
    hand: pd.DataFrame
    added: pd.DataFrame
    external: pd.DataFrame
    beside: pd.DataFrame
    snapshots: int
    judged: int


def sufficiency(
    problem: PlanningProblem, horizon: Horizon | None = None
) -> tuple[Sufficiency, ...]:
    """Whether the history suffices for a horizon (that planned next), channel by channel."""
    horizon = horizon or problem.horizon(problem.week_of(None))
    history, future, calendar = staffing.forecast_frames(problem, horizon)
    table = forecasts.sufficiency(
        history,
        future,
        timezone=problem.timezone,
        calendar=calendar,
        stated_handle=[one.name for one in problem.channels if one.aht_s is not None],
        waiting=[one.name for one in problem.channels if one.is_realtime],
    )
    return tuple(Sufficiency(*row) for row in table.itertuples(index=False, name=None))


def remember(run: RunParts, made_at: datetime | None = None) -> RunParts:
    """
    The run, its forecast kept to be judged later.

    What is only tried out is not kept, nor a forecast of a week of which a part has come.

    Where the plan's folder cannot be written, the forecast's notes say so.
    """
    demand, problem = run.demand, run.problem
    if demand is None or problem.scenario or demand.as_of is not None:
        return run
    try:
        store.keep_snapshot(
            run.plan_path,
            demand,
            _origin(problem, demand.horizon.start),
            made_at or datetime.now(UTC),
            __version__,
            most=problem.forecast.snapshots,
        )
    except OutputError as error:
        note = f"No snapshot of this forecast was kept: {error}"
        return replace(run, demand=replace(demand, notes=(*demand.notes, note)))
    return run


def judged(problem: PlanningProblem, plan_path: Path) -> Judgement:
    """
    A plan's past forecasts, judged by its contacts.

    Raises
    ------
    InputFaultsError
        When a file of the snapshots cannot be read.
    """
    snapshots = store.read_snapshots(plan_path)
    came = _came(problem)
    said = _said(snapshots)
    known = said.merge(came, on=["channel", "interval_start"])
    external = _external(problem)
    is_planned = said["method"] == PLANNED
    plain = forecasts.with_yardsticks(said, came, problem.timezone)
    changed = said[said["is_changed"]]
    both = [said[is_planned], _as_of(external, said[is_planned])]
    beside = forecasts.with_yardsticks(pd.concat(both), came, problem.timezone)
    alone = forecasts.with_yardsticks(external, came, problem.timezone)
    return Judgement(
        all=forecasts.judge(plain, came),
        hand=forecasts.judge(changed, came),
        added=forecasts.value_added(
            changed, came, problem.timezone, below=STATISTICAL, above=PLANNED
        ),
        external=forecasts.judge(alone, came) if len(external) else forecasts.judge(external, came),
        beside=forecasts.judge(beside if len(both[1]) else both[1], came),
        snapshots=len(snapshots),
        judged=int(known["snapshot"].nunique()),
    )


def external_beside(problem: PlanningProblem, found: forecasts.Backtest) -> pd.DataFrame:
    """The plan's forecast from elsewhere beside a backtest, columns of :func:`forecasts.judge`."""
    return forecasts.beside(found, _external(problem), problem.timezone)


def _origin(problem: PlanningProblem, start: datetime) -> datetime:
    """Up to when a forecast that begins at ``start`` knew what came."""
    starts = pd.to_datetime(problem.contacts["interval_start"], utc=True)
    before = starts[starts < pd.Timestamp(start)]
    if before.empty:
        return start
    ended = before.max().to_pydatetime() + timedelta(minutes=problem.interval_min)
    return min(ended, start)


def _came(problem: PlanningProblem) -> pd.DataFrame:
    """Contacts by channel and interval of the plan; absent rows are unknown."""
    contacts = problem.contacts
    grain = f"{problem.interval_min}min"
    starts = pd.to_datetime(contacts["interval_start"], utc=True).dt.floor(grain)
    sums = contacts.groupby([contacts["channel"], starts])["offered"].sum(min_count=1)
    return sums.dropna().reset_index()


def _said(snapshots: Sequence[Snapshot]) -> pd.DataFrame:
    """What snapshots said, the last one made of every origin and week; columns of forecasts.judge.

    Beside them ``snapshot``, its name, and ``is_changed``, where a layer changed the interval.
    """
    last = {(one.origin, one.week): one for one in snapshots}
    parts = [_empty()]
    for one in last.values():
        table = one.said.assign(origin=pd.Timestamp(one.origin), snapshot=one.name)
        gap = (table["mean"] - table["statistical"]).abs()
        table["is_changed"] = gap > 1e-4 * table["statistical"].clip(lower=1e-9)
        parts.append(table.assign(method=PLANNED))
        low, middle, high = forecasts.count_quantiles(
            table["statistical"].to_numpy(np.float64),
            table["rate_cv"].to_numpy(np.float64) ** 2,
        )
        below = table.assign(
            mean=table["statistical"], q10=low, q50=middle, q90=high, method=STATISTICAL
        )
        parts.append(below)
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _external(problem: PlanningProblem) -> pd.DataFrame:
    """Past rows of the forecast from elsewhere; its origin is when it was made, else its week."""
    rows = problem.external
    rows = rows[~(rows["made_at"] > rows["interval_start"])] if len(rows) else rows
    if rows.empty:
        return _empty()
    wall = rows["interval_start"].dt.tz_convert(problem.timezone).dt.tz_localize(None)
    behind = pd.to_timedelta((wall.dt.day_of_week - problem.week_start) % 7, unit="D")
    monday = (wall.dt.normalize() - behind).dt.tz_localize(
        problem.timezone, ambiguous=np.ones(len(wall), dtype=bool), nonexistent="shift_forward"
    )
    first = monday.dt.tz_convert("UTC")
    grain = f"{problem.interval_min}min"
    table = pd.DataFrame(
        {
            "channel": rows["channel"],
            "interval_start": rows["interval_start"].dt.floor(grain),
            "origin": rows["made_at"].where(rows["made_at"].notna(), first),
            "method": rows["source"],
            "mean": rows["offered"],
            "q10": rows["low"],
            "q50": np.nan,
            "q90": rows["high"],
        }
    )
    counts = table.groupby([*_KEY, "method"])[list(_SAID)].sum(min_count=1)
    return counts.reset_index()


def _as_of(external: pd.DataFrame, ours: pd.DataFrame) -> pd.DataFrame:
    """The newest that was known from elsewhere when the week of one of our forecasts began."""
    if external.empty or ours.empty:
        return _empty()
    week = ours.groupby("snapshot")["interval_start"].transform("min")
    cells = ours[_KEY].assign(week=week)
    both = cells.merge(external.rename(columns={"origin": "made"}), on=_KEY[:2])
    both = both[both["made"] <= both["week"]].sort_values("made", kind="stable")
    return both.drop_duplicates([*_KEY, "method"], keep="last")[[*_KEY, "method", *_SAID]]


def _empty() -> pd.DataFrame:
    """A frame of nothing said."""
    frame = pd.DataFrame({name: pd.Series(dtype=float) for name in _SAID})
    for name in ("channel", "method", "snapshot"):
        frame[name] = pd.Series(dtype=object)
    for name in ("interval_start", "origin"):
        frame[name] = pd.to_datetime(pd.Series(dtype=object), utc=True)
    frame["is_changed"] = pd.Series(dtype=bool)
    return frame
