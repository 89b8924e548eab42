"""The week on a page: the verdict in a sentence, the figures that matter, a line per day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.results import GapReading, GapReason, Run, Solution, SolveStatus
from wfplan.evaluation import BothSides, Verdict
from wfplan.report.data import ChannelSeries
from wfplan.report.numbers import (
    NOT_KNOWN,
    clock,
    counted,
    decimal,
    listed,
    percent,
    whole,
)
from wfplan.report.sides import SYMBOLS, missing_targets
from wfplan.report.svg import Scale, area_path, nice_top, step_path
from wfplan.report.timeline import DayAxis

FloatArray = NDArray[np.float64]
SPARK_PX = 26.0

STATUS = {
    SolveStatus.SETTLED: "settled: every planned pass was made",
    SolveStatus.STOPPED: "stopped at its limit; a longer search may find a better week",
    SolveStatus.PARTIAL: "partial: interrupted, the best week found by then",
}


@dataclass(frozen=True)
class Headline:
    """The verdict: its sign, one word, one sentence."""

    verdict: Verdict
    word: str
    sentence: str

    @property
    def symbol(self) -> str:
        """A sign that needs no colour."""
        return SYMBOLS.get(self.verdict, "")


@dataclass(frozen=True)
class Fact:
    """A figure with its unit and what it means."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class DayLine:
    """One day in a line, with required and scheduled staff as a sparkline."""

    axis: DayAxis
    contacts: str
    people: str
    paid: str
    over: str
    under: str
    service: str
    worst: str
    worst_at: str
    spark_required: str
    spark_scheduled: str
    is_closed: bool


def search_in_words(solution: Solution) -> str:
    """How the search ended, or that there was none."""
    if not solution.passes:
        return "none: the schedule was kept, given or edited by hand, and is valued as it stands"
    return STATUS[solution.status]


def headline(run: Run, both: BothSides) -> Headline:
    """Whether the plan can be published, and what stands in the way."""
    if not run.need.volume.sum() > 0:
        return Headline(
            Verdict.NO_TARGET, "Nothing to plan", "The forecast expects no contact in this week."
        )
    hard = len(run.audit.hard_breaches)
    missed = missing_targets(run, both, Verdict.MISSED)
    thin = missing_targets(run, both, Verdict.AVERAGE_ONLY)
    is_partial = run.solution.status is SolveStatus.PARTIAL
    if hard or missed:
        reasons = []
        if hard:
            reasons.append(f"{counted(hard, 'hard rule')} {_is(hard)} broken")
        if missed:
            names = listed(missed, most=6)
            reasons.append(f"{counted(len(missed), 'target')} {_is(len(missed))} missed: {names}")
        return Headline(Verdict.MISSED, "Not ready to publish", f"{'; '.join(reasons)}.")
    if thin:
        sentence = (
            "Every target is kept on average and no hard rule is broken, but the worst tenth "
            f"misses {counted(len(thin), 'target')}: {listed(thin, most=6)}."
        )
        word = "Interrupted, with thin hours" if is_partial else "Ready, with thin hours"
        return Headline(Verdict.AVERAGE_ONLY, word, sentence)
    return Headline(
        Verdict.MET,
        "Interrupted, yet within its targets" if is_partial else "Ready to publish",
        "Every target is kept, on average and in the worst tenth, and no hard rule is broken.",
    )


def bound_in_words(solution: Solution) -> str:
    """What the lower bound and the gap mean for this plan."""
    cost = f"{decimal(solution.objective)} points of harm"
    if solution.objective <= 0:
        return "The plan does no harm at all, so no other can be better."
    if not isfinite(solution.lower_bound):
        return (
            f"The plan costs {cost}. No bound was computed for it: how much better a week could "
            "be is not known."
        )
    if solution.lower_bound <= 0:
        return (
            f"The plan costs {cost}. The proven bound is not above 0 and says nothing: "
            "how much better a week could be is not known."
        )
    share = f"{decimal(-_down(-100 * solution.gap))}\u202f%"
    return (
        f"No legal week can cost less than {decimal(_down(solution.lower_bound))} points of harm. "
        f"This plan costs {cost}: at most {share} of that could still be saved."
        f"{_gap_in_words(solution.gap_reading)}"
    )


def _gap_in_words(gap: GapReading | None) -> str:
    """The gap in hours and money, and why it is not smaller."""
    if gap is None or gap.points <= 0:
        return ""
    money = "" if gap.money is None else f", which are paid {decimal(gap.money)}"
    share = f"{decimal(100 * gap.hours_share)}\u202f%"
    words = (
        f" That is what {decimal(gap.hours)} hours on queue are worth "
        f"({share} of those wanted{money})."
    )
    reason = {
        GapReason.CLOSE: "",
        GapReason.PRICES: " A longer search would prove more.",
        GapReason.WHOLE: (
            " Most of it cannot be proven away: the bound may give people parts of several weeks, "
            "which says little where groups are small or shifts are few."
        ),
        GapReason.LEFT_OUT: (
            " Most of it is what the plan costs the people themselves or by rules of the team, "
            "which the bound leaves out."
        ),
    }[gap.reason]
    return words + reason


def facts(run: Run, series: Sequence[ChannelSeries]) -> tuple[Fact, ...]:
    """The figures of the week."""
    hour = run.horizon.interval_min / 60
    shifts = run.solution.schedule.shifts
    working = len({shift.agent_id for shift in shifts})
    net = np.nan_to_num(np.array([one.net for one in series]))
    soft = len(run.audit.breaches) - len(run.audit.hard_breaches)
    hard = len(run.audit.hard_breaches)
    over, under = net.clip(min=0).sum() * hour, -net.clip(max=0).sum() * hour
    required = sum(one.required.sum() for one in series) * hour
    return (
        Fact(
            "Contacts expected", whole(run.demand.offered_mean.sum()), "mean forecast, all channels"
        ),
        Fact(
            "People",
            whole(working),
            f"of {len(run.problem.agents)}, in {counted(len(shifts), 'shift')}",
        ),
        Fact("Paid hours", whole(sum(s.paid_min for s in shifts) / 60), _cost(run)),
        Fact(
            "Staff hours over",
            whole(over),
            f"{_part(over, required)} of {whole(required)} required",
        ),
        Fact("Staff hours under", whole(under), f"{_part(under, required)} of the required"),
        Fact(
            "Hard rules broken",
            whole(hard),
            f"{counted(soft, 'soft breach', 'soft breaches')}; "
            f"{counted(len(run.audit.checked), 'rule')} audited",
        ),
    )


def day_lines(
    run: Run, days: Sequence[DayAxis], series: Sequence[ChannelSeries]
) -> tuple[DayLine, ...]:
    """A line per day; service is that of the realtime channels, weighted by contacts."""
    required = np.sum([one.required for one in series], axis=0)
    scheduled = np.sum([one.scheduled for one in series], axis=0)
    scale = Scale(nice_top(float(max(required.max(), scheduled.max()))), SPARK_PX)
    return tuple(_day_line(run, axis, series, required, scheduled, scale) for axis in days)


def _down(value: float) -> float:
    """Rounded down to one place, so that a bound never claims more than is proven."""
    return floor(10 * value + 1e-9) / 10


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _part(value: float, whole_value: float) -> str:
    return percent(value / whole_value) if whole_value > 0 else NOT_KNOWN


def _cost(run: Run) -> str:
    """What the paid hours cost, when every working person's hour has a price."""
    prices = {a.agent_id: a.cost_per_hour for a in run.problem.agents}
    shifts = run.solution.schedule.shifts
    costs = [(prices.get(s.agent_id), s.paid_min) for s in shifts]
    if not costs or any(price is None for price, _ in costs):
        return "cost per hour not given for all" if costs else "nobody works"
    return f"cost {whole(sum((price or 0.0) * paid / 60 for price, paid in costs))}"


def _day_line(
    run: Run,
    axis: DayAxis,
    series: Sequence[ChannelSeries],
    required: FloatArray,
    scheduled: FloatArray,
    scale: Scale,
) -> DayLine:
    edges = run.horizon.day_slots[axis.index : axis.index + 2] // run.horizon.slots_per_interval
    whole_day = slice(int(edges[0]), int(edges[1]))
    hour = run.horizon.interval_min / 60
    shifts = [
        s
        for s in run.solution.schedule.shifts
        if run.horizon.day_starts[axis.index] <= s.start < run.horizon.day_starts[axis.index + 1]
    ]
    net = np.nan_to_num(np.array([one.net[whole_day] for one in series]))
    service, worst, worst_at = _service(run, series, whole_day)
    return DayLine(
        axis=axis,
        contacts=whole(run.demand.offered_mean[:, whole_day].sum()),
        people=whole(len({s.agent_id for s in shifts})),
        paid=decimal(sum(s.paid_min for s in shifts) / 60),
        over=decimal(net.clip(min=0).sum() * hour),
        under=decimal(-net.clip(max=0).sum() * hour),
        service=service,
        worst=worst,
        worst_at=worst_at,
        spark_required=step_path(required[axis.shown], scale),
        spark_scheduled=area_path(scheduled[axis.shown], scale),
        is_closed=not run.demand.is_open[:, whole_day].any(),
    )


def _service(run: Run, series: Sequence[ChannelSeries], day: slice) -> tuple[str, str, str]:
    """Contact-weighted service level of the day, its worst interval and where that is."""
    live = [one for one in series if one.service_measure == "service_level"]
    if not live:
        return NOT_KNOWN, NOT_KNOWN, ""
    level = np.array([one.service[day] for one in live])
    weight = np.array([one.offered[day] for one in live]) * np.isfinite(level)
    if not weight.sum() > 0:
        return NOT_KNOWN, NOT_KNOWN, ""
    mean = float((np.nan_to_num(level) * weight).sum() / weight.sum())
    c, t = np.unravel_index(np.nanargmin(np.where(weight > 0, level, np.nan)), level.shape)
    moment = run.horizon.local(run.horizon.interval_instant(day.start + int(t)))
    return percent(mean), percent(float(level[c, t])), f"{live[c].name} {clock(moment)}"
