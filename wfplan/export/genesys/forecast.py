"""
The forecast and the requirement behind a schedule, as Genesys takes them.

Genesys counts in intervals of 15 elapsed minutes from the instant at which the first day begins
in the business unit's zone, so that no hour of a clock change is missing or doubled. To its
weeks belongs one day more ("One extra day is added at the end" [1]_), for shifts that run over
the end and for the 169th hour of a week in which clocks go back: an array has seven days and one
of 96 intervals, whatever the clocks do. What lies past the plan repeats the same wall time of the
week before. Contacts of other intervals are shared out evenly and added up, so that sums stay;
handle times are means weighted by contacts, and the requirement of a quarter of an hour is the
largest in it.

References
----------
.. [1] PureCloudPlatformClientV2 269.0: BuImportShortTermForecastSchema, ForecastPlanningGroupData,
       BuPlanningGroupHeadcountForecastUploadSchema, BuCreateBlankScheduleRequest (weekCount).
"""

from __future__ import annotations

from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.external_ids import IdKind
from wfplan.domain.results import DemandForecast, FloatArray, StaffNeed
from wfplan.export.genesys.parts import SYSTEM, Stretch, instant_text
from wfplan.export.order import Order
from wfplan.horizon import Horizon, day_bounds

INTERVAL_MIN = 15
_DAY_INTERVALS = 24 * 60 // INTERVAL_MIN
_WEEK = 7


def forecast_of(
    order: Order, demand: DemandForecast, stretch: Stretch, description: str
) -> dict[str, Any]:
    """The forecast of some weeks (``BuImportShortTermForecastSchema``)."""
    where = places(demand.horizon, stretch)
    groups = []
    for c, channel in enumerate(demand.channels):
        offered, aht_s = contacts(
            demand.offered_mean[c], demand.aht_s[c], demand.horizon.interval_min
        )
        groups.append(
            {
                "planningGroupId": planning_group(order, channel),
                "offeredPerInterval": offered[where].tolist(),
                "averageHandleTimeSecondsPerInterval": aht_s[where].tolist(),
            }
        )
    return {
        "description": description,
        "weekCount": stretch.weeks,
        "canUseForScheduling": True,
        "planningGroups": groups,
    }


def headcount_of(order: Order, need: StaffNeed, stretch: Stretch) -> dict[str, Any]:
    """
    The requirement that travels with a schedule.

    With shrinkage it is heads on queue, without it those of them who are there.
    """
    where = places(need.horizon, stretch)
    entities = []
    for c, channel in enumerate(need.channels):
        staff = heads(need.staff_required[c], need.horizon.interval_min)[where]
        entities.append(
            {
                "planningGroupId": planning_group(order, channel),
                "requiredPerInterval": (staff / need.presence_share).tolist(),
                "requiredWithoutShrinkagePerInterval": staff.tolist(),
            }
        )
    start = day_bounds(stretch.first_day, need.horizon.timezone)[0]
    return {"entities": entities, "referenceStartDate": instant_text(start)}


def planning_group(order: Order, channel: str) -> str:
    """The id of a channel's planning group."""
    words = (
        "the planning group in Genesys; [genesys] has_forecast = false and has_headcount = false "
        "leave its forecast and requirement out"
    )
    return order.ids.of(SYSTEM, IdKind.CHANNEL, channel, words)


def contacts(
    offered: FloatArray, aht_s: FloatArray, interval_min: int
) -> tuple[FloatArray, FloatArray]:
    """
    Contacts and mean handle times (s) of intervals, of quarters of an hour.

    Where nothing is expected the handle time is the mean of what is known there, or 0.
    """
    volume = np.nan_to_num(offered)
    is_known = np.isfinite(aht_s)
    known = np.where(is_known, aht_s, 0.0)
    counted = volume * is_known
    mean_s = (counted @ known) / counted.sum() if counted.sum() > 0 else 0.0
    seconds = np.where(is_known, known, mean_s * (volume > 0))
    count = _pieces(volume, interval_min, is_shared=True).sum(axis=1)
    work_s = _pieces(volume * seconds, interval_min, is_shared=True).sum(axis=1)
    plain_s = _pieces(seconds, interval_min, is_shared=False).mean(axis=1)
    return count, np.where(count > 0, work_s / np.where(count > 0, count, 1.0), plain_s)


def heads(staff: FloatArray, interval_min: int) -> FloatArray:
    """Staff of intervals, of quarters of an hour: the largest."""
    largest: FloatArray = _pieces(staff, interval_min, is_shared=False).max(axis=1)
    return largest


def _pieces(values: FloatArray, interval_min: int, *, is_shared: bool) -> FloatArray:
    """Values of the pieces that make up a quarter of an hour, (quarter, piece)."""
    piece_min = gcd(interval_min, INTERVAL_MIN)
    parts = interval_min // piece_min
    pieces = np.repeat(values / parts if is_shared else values, parts)
    return pieces.reshape(-1, INTERVAL_MIN // piece_min)


def places(horizon: Horizon, stretch: Stretch) -> NDArray[np.int64]:
    """
    Where the intervals of some weeks and of the day after lie in those of a plan, (interval,).

    An interval past the plan is that of the same wall time a week before; one that clocks skipped
    then, the nearest.
    """
    plan = Horizon(horizon.timezone, horizon.first_day, horizon.days, INTERVAL_MIN)
    longer = Horizon(horizon.timezone, horizon.first_day, horizon.days + 2, INTERVAL_MIN)
    start = (day_bounds(stretch.first_day, horizon.timezone)[0] - plan.start).total_seconds()
    first = int(start) // (60 * INTERVAL_MIN)
    found = np.arange(first, first + (stretch.days + 1) * _DAY_INTERVALS, dtype=np.int64)
    days, minutes = longer.interval_days, longer.interval_minutes
    for i in np.flatnonzero(found >= plan.interval_count):
        then = np.flatnonzero(days == days[found[i]] - _WEEK)
        found[i] = then[np.abs(minutes[then] - minutes[found[i]]).argmin()]
    return found
