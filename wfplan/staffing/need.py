"""What staff are worth and how many are required, per channel and interval.

Assumes that each interval is in the steady state that goes with its work in
hand (Erlang A for voice, a birth-death chain for chat) and that deferred work
is spread as evenly as its due times allow. Staff are effective heads: heads
times mean presence over the factor on their handle time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.problem import PlanningProblem
from wfplan.domain.progress import Watch, no_watch
from wfplan.domain.results import Binding, DemandForecast, FloatArray, StaffNeed
from wfplan.staffing.channel_need import ChannelNeed, in_staff_to_plan
from wfplan.staffing.deferrable import deferred_need
from wfplan.staffing.empowered import empowered_minimum, with_escalations
from wfplan.staffing.presence import Presence
from wfplan.staffing.realtime import realtime_need

_ORDER = (
    Binding.STAFF_MIN,
    Binding.PROMISE,
    Binding.OCCUPANCY,
    Binding.ABANDONMENT,
    Binding.ANSWER_TAIL,
    Binding.DUE,
)
_FLOORS = ("promise", "occupancy", "abandonment", "tail", "due")  # in that order too
_FIELDS = (*_FLOORS, "volume", "load_erlangs")


def staff_need(
    problem: PlanningProblem, demand: DemandForecast, *, watch: Watch = no_watch
) -> StaffNeed:
    """
    Harm curves and floors of every channel and interval.

    Harm of a realtime interval is its expected contacts times ``wait_weight``
    per minute of mean wait and ``abandon_weight`` per contact that hangs up;
    of a deferred one ``late_weight`` per contact that is put off because the
    staff are fewer than the even pace needs. Both are averaged over the
    uncertain rate and over presence. Handle times include the work that
    empowered people have with escalated contacts.
    """
    presence = Presence.of(problem.shrinkage, demand)
    demand = with_escalations(demand, problem.empowered)
    needs = []
    for c, channel in enumerate(problem.channels):
        compute = realtime_need if channel.is_realtime else deferred_need
        found = compute(channel, demand, c, presence.share)
        needs.append(in_staff_to_plan(found, presence.staff_per_person))
        done = {"done": c + 1.0, "of": float(len(problem.channels))}
        watch("staffing", {**done, "convexity_gap": needs[-1].convexity_gap})
    return _assembled(problem, demand, needs, presence.mean)


def _assembled(
    problem: PlanningProblem, demand: DemandForecast, needs: list[ChannelNeed], presence: float
) -> StaffNeed:
    """The channels' needs side by side, with what binds and who must be there."""
    shape = demand.offered_mean.shape
    stacked = {name: _stack([getattr(need, name) for need in needs], shape) for name in _FIELDS}
    heads = [
        np.where(demand.is_open[c], ch.staff_min, 0.0) for c, ch in enumerate(problem.channels)
    ]
    staff_min = _stack(heads, shape)
    ranked = [staff_min * presence, *(stacked[name] for name in _FLOORS)]
    required, binding = _largest(ranked, shape)
    is_realtime = np.array([channel.is_realtime for channel in problem.channels], dtype=bool)
    return StaffNeed(
        horizon=demand.horizon,
        channels=demand.channels,
        harm=_padded([need.harm for need in needs], shape),
        volume=stacked["volume"],
        load_erlangs=stacked["load_erlangs"],
        staff_promise=stacked["promise"],
        staff_occupancy=stacked["occupancy"],
        staff_abandonment=stacked["abandonment"],
        staff_tail=stacked["tail"],
        staff_due=stacked["due"],
        staff_required=required,
        binding=binding,
        staff_min=staff_min,
        empowered_min=empowered_minimum(
            problem.empowered,
            stacked["volume"].sum(axis=0),
            demand.is_open[is_realtime].any(axis=0),
            demand.horizon.interval_min,
        ),
        presence_share=presence,
    )


def _stack(rows: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """Rows over (interval,) as an array over (channel, interval), also of no channel."""
    return np.array(rows, dtype=np.float64).reshape(shape)


def _padded(curves: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """Curves of one common length, flat beyond their own end."""
    longest = max((curve.shape[1] for curve in curves), default=1)
    harm = np.zeros((*shape, longest))
    for c, curve in enumerate(curves):
        harm[c] = np.pad(curve, ((0, 0), (0, longest - curve.shape[1])), mode="edge")
    return harm


def _largest(
    ranked: list[FloatArray], shape: tuple[int, ...]
) -> tuple[FloatArray, NDArray[np.str_]]:
    """The largest floor and its name; the first of equals."""
    floors = np.array(ranked).reshape(len(_ORDER), *shape)
    names = np.array([str(name) for name in _ORDER])
    required = floors.max(axis=0)
    binding = np.where(required > 0, names[floors.argmax(axis=0)], str(Binding.NONE))
    return required, binding
