"""Shift templates: the starts, lengths and breaks that a contract allows on a day.

They are read from the limits that the search plans in, so that the rules of
single days hold: windows of starts and ends, lengths, paid time of a day and of a
night shift, breaks and the hours of meals. What is personal (time off, locks,
availability, history) is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wfplan.domain.contracts import GAP, Break
from wfplan.domain.people import Agent
from wfplan.domain.problem import PlanningProblem
from wfplan.horizon import DAY_MIN, Horizon
from wfplan.rules import work_limits
from wfplan.rules.limits import WorkLimits
from wfplan.scheduling.person.grid import Grid
from wfplan.scheduling.person.patterns import AgentSpace, agent_space

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_NIGHT = (23 * 60, 30 * 60)
_NIGHT_MIN = 180
_LATE_MIN, _EARLY_MIN = 21 * 60, 7 * 60


@dataclass(frozen=True, order=True)
class ShiftTemplate:
    """
    A shift by the clock: when it starts, how long it lasts, where its breaks lie.

    ``breaks`` are (start, length, kind) in minutes after the start of the shift,
    gaps of split shifts among them. ``timezone`` is empty where it is the plan's.
    """

    start_min: int
    length_min: int
    paid_min: int
    breaks: tuple[tuple[int, int, str], ...]
    timezone: str = ""

    @property
    def shape(self) -> tuple[int, int, str]:
        """Start, length and zone: what is counted as one template, wherever its breaks lie."""
        return self.start_min, self.length_min, self.timezone

    @property
    def name(self) -> str:
        """The template in the field's words: ``early_0630_8h``."""
        start, hours = _clock(self.start_min), self.length_min / 60
        split = "_split" if any(kind == GAP for _, _, kind in self.breaks) else ""
        zone = "_" + self.timezone.rpartition("/")[2].lower() if self.timezone else ""
        return f"{self.kind}_{start}_{hours:g}h{split}{zone}"

    @property
    def kind(self) -> str:
        """Night, late, early or day, by the clock of the person."""
        end = self.start_min + self.length_min
        night = sum(
            max(0, min(end, _NIGHT[1] + turn) - max(self.start_min, _NIGHT[0] + turn))
            for turn in (-DAY_MIN, 0, DAY_MIN)
        )
        if night >= _NIGHT_MIN:
            return "night"
        if end > _LATE_MIN:
            return "late"
        return "early" if self.start_min < _EARLY_MIN else "day"

    def break_clock(self) -> str:
        """The breaks by the clock: ``rest 08:45, meal 11:00``."""
        return ", ".join(
            f"{kind} {_clock(self.start_min + at, ':')}" for at, _, kind in self.breaks
        )


def _clock(minute: int, between: str = "") -> str:
    hour, rest = divmod(minute % DAY_MIN, 60)
    return f"{hour:02d}{between}{rest:02d}"


def day_rules(problem: PlanningProblem, horizon: Horizon, agents: Sequence[Agent]) -> WorkLimits:
    """The limits of single days that most of some people have, without what is personal."""
    limits = [_impersonal(work_limits(problem, agent, horizon)) for agent in agents]
    return Counter(limits).most_common(1)[0][0]


def _impersonal(limits: WorkLimits) -> WorkLimits:
    """Only what holds for single days of anybody under the contract."""
    return WorkLimits(
        agent_id="",
        timezone=limits.timezone,
        contract=limits.contract,
        dates=limits.dates,
        lengths_min=limits.lengths_min,
        start_windows=limits.start_windows,
        start_step_min=limits.start_step_min,
        paid_day_max=limits.paid_day_max,
        paid_night_shift_max=limits.paid_night_shift_max,
        stop_window=limits.stop_window,
        break_over_min=limits.break_over_min,
        meal_clocks=limits.meal_clocks,
    )


def templates_of(
    limits: WorkLimits, grid: Grid, *, timezone: str, break_plans: int, start_every_min: int
) -> list[tuple[ShiftTemplate, int, IntArray]]:
    """
    The templates of a day's limits, each with a date (index) and its slots on queue.

    Breaks have ``break_plans`` places in their windows, from early to late;
    starts are those on whole ``start_every_min`` after midnight.
    """
    space = agent_space(limits, grid)
    zone = "" if limits.timezone == timezone else limits.timezone
    found = []
    for d, day in enumerate(limits.dates):
        wall = grid.wall_min(day, limits.timezone)
        for option in range(int(space.day_ptr[d]), int(space.day_ptr[d + 1])):
            start = int(space.opt_start[option])
            if wall[start] % start_every_min:
                continue
            row = int(space.opt_len[option])
            for starts in _placed(space, row, break_plans):
                template = _template(space, row, int(wall[start]), starts, grid, zone)
                found.append((template, d, _on_queue(space, row, start, starts, grid)))
    return found


def _placed(space: AgentSpace, row: int, plans: int) -> Iterator[tuple[int, ...]]:
    """Starts of the breaks of a length, early to late in their windows; each only once."""
    windows = space.lengths.break_slots[row, : space.lengths.break_count[row]]
    seen = set()
    for plan in range(plans):
        share = (plan + 0.5) / plans
        starts = tuple(int(first + (last - first + 1) * share) for _, first, last in windows)
        starts = tuple(min(at, int(last)) for at, (_, _, last) in zip(starts, windows, strict=True))
        if starts not in seen:
            seen.add(starts)
            yield starts


def _template(
    space: AgentSpace, row: int, minute: int, starts: tuple[int, ...], grid: Grid, zone: str
) -> ShiftTemplate:
    lengths, slot_min = space.lengths, grid.horizon.slot_min
    parts: tuple[Break, ...] = lengths.breaks[row]
    return ShiftTemplate(
        start_min=minute,
        length_min=lengths.minutes[row],
        paid_min=lengths.paid_min[row],
        breaks=tuple(
            (at * slot_min, part.length_min, part.kind)
            for at, part in zip(starts, parts, strict=True)
        ),
        timezone=zone,
    )


def _on_queue(
    space: AgentSpace, row: int, start: int, starts: tuple[int, ...], grid: Grid
) -> IntArray:
    """Slots of the horizon on queue; what passes its end is the beginning of such a week."""
    on = np.ones(int(space.lengths.slots[row]), dtype=np.bool_)
    for at, length in zip(starts, space.lengths.break_slots[row, :, 0], strict=False):
        on[at : at + int(length)] = False
    slots: IntArray = (start - grid.lead + np.flatnonzero(on)) % grid.horizon.slot_count
    return slots.astype(np.int64)
