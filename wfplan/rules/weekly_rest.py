"""Weekly rest: an unbroken rest in every seven local days in a row, history counted.

Source: Directive 2003/88/EC, article 5: 24 hours plus the 11 of daily rest, 35 together.

A window is seven local dates, midnight to midnight, that ends within the
horizon. An unbroken rest counts for it when it lasts ``rest_min`` and lies in
the window with ``inside_min``, the rest less the daily rest (35 - 11 = 24 hours):
a free Sunday between a Saturday and a Monday shift serves its week although
the 11 hours around it reach over midnight. What follows the horizon is not
known, so its last rest ends with it. Windows that begin before the earliest
shift of an agent's history are not judged, and with no history she is taken to
have rested until the horizon begins. The windows inside the horizon always count.
A window whose rest the history has used up, so that not even a week without any
shift could give it, is told softly and binds no plan: the windows after it do.

As a soft rule it counts the rests that are missing: the first window without one
counts, and so does the next that does not overlap it. What the history has used
up is nobody's breach then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import inf
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SOFT, SettableRule, common, minutes_of
from wfplan.rules.clock import midnight
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.clock import Span
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty

WINDOW_DAYS = 7
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class WeeklyRest(SettableRule):
    """An unbroken rest of ``rest_min``, ``inside_min`` of it in any seven local days."""

    name: ClassVar[str] = "weekly_rest"
    rest_min: int
    inside_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> WeeklyRest:
        """The rule from a setting in hours or minutes; see :meth:`beside` for the daily rest."""
        rest_min = minutes_of(setting)
        return cls(
            rest_min=rest_min,
            inside_min=rest_min,
            **common(setting),
        )

    @property
    def strictness(self) -> float:
        """Longer rest is stricter."""
        return self.rest_min

    def beside(self, daily_rest_min: int) -> WeeklyRest:
        """The rule of somebody whose daily rest is known: that part may lie outside the window."""
        return replace(self, inside_min=max(self.rest_min - daily_rest_min, 0))

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Windows without the rest: the worst of each stretch of windows, minutes missing."""
        rests, at_best = self._rests(week, week.duties), self._rests(week, ())
        if self.hardness == SOFT:
            return self._missing_rests(week, rests, at_best)
        worst: list[tuple[float, int, bool]] = []
        previous = None
        for offset in range(1 - WINDOW_DAYS, len(week.dates) - WINDOW_DAYS + 1):
            missing = self._missing(week, rests, offset)
            if missing <= 0:
                continue
            is_lost = self._missing(week, at_best, offset) > 0
            if previous == (offset - 1, is_lost):
                worst[-1] = max(worst[-1], (missing, offset, is_lost))
            else:
                worst.append((missing, offset, is_lost))
            previous = (offset, is_lost)
        return [self._breach(week, *window) for window in worst]

    def _missing_rests(
        self, week: AgentWeek, rests: list[tuple[float, float]], at_best: list[tuple[float, float]]
    ) -> list[Breach]:
        """Windows without the rest that do not overlap, one breach each."""
        found, clear_from = [], 1 - WINDOW_DAYS
        for offset in range(1 - WINDOW_DAYS, len(week.dates) - WINDOW_DAYS + 1):
            is_lost = self._missing(week, at_best, offset) > 0
            if offset < clear_from or is_lost or self._missing(week, rests, offset) <= 0:
                continue
            first, clear_from = week.dates[0] + timedelta(days=offset), offset + WINDOW_DAYS
            why = (
                f"has no unbroken rest of {say_minutes(self.rest_min)} in the seven days from "
                f"{say_day(first)}"
            )
            at = week.midnight(max(first, week.dates[0]))
            reason = "history" if offset < 0 else ""
            found.append(self.breach(week, at, 1, "rests", why, reason=reason))
        return found

    def _breach(self, week: AgentWeek, missing: float, offset: int, is_lost: bool) -> Breach:
        """The breach of the window that begins ``offset`` days after the first date."""
        first = week.dates[0] + timedelta(days=offset)
        last = first + timedelta(days=WINDOW_DAYS - 1)
        why = (
            f"has no unbroken rest of {say_minutes(self.rest_min)} with "
            f"{say_minutes(self.inside_min)} of it in the seven days from {say_day(first)} to "
            f"{say_day(last)}; the best falls {say_minutes(missing)} short"
        )
        why += ", and the shifts of past weeks leave no way to give it" if is_lost else ""
        at = week.midnight(max(first, week.dates[0]))
        reason, hardness = "history" if offset < 0 else "", SOFT if is_lost else ""
        return self.breach(week, at, missing, "min", why, reason=reason, hardness=hardness)

    def _rests(self, week: AgentWeek, duties: Sequence[Duty]) -> list[tuple[float, float]]:
        """
        The stretches between past shifts and duties, in minutes from the horizon's first instant.

        They begin two windows before the horizon, or with the history, and end with it.
        """
        zero = week.midnight(week.dates[0])
        since = (week.midnight(week.dates[0] - timedelta(2 * WINDOW_DAYS)) - zero) / MINUTE
        until = (week.midnight(week.dates[-1] + timedelta(1)) - zero) / MINUTE
        work = [((p.start - zero) / MINUTE, (p.end - zero) / MINUTE) for p in week.past[-31:]]
        work += [((d.start - zero) / MINUTE, (d.end - zero) / MINUTE) for d in duties]
        free_from = max(since, work[0][0]) if week.past else since
        rests = []
        for starts, ends in [*sorted(work), (until, until)]:
            if min(starts, until) > free_from:
                rests.append((free_from, min(starts, until)))
            free_from = max(free_from, ends)
        return rests

    def _missing(self, week: AgentWeek, rests: list[tuple[float, float]], offset: int) -> float:
        """Minutes by which the best rest falls short of a window; none where it is not judged."""
        first = week.dates[0] + timedelta(offset)
        if offset < 0 and (not week.past or week.past[0].start > week.midnight(first)):
            return -inf
        zero = week.midnight(week.dates[0])
        begin = (week.midnight(first) - zero) / MINUTE
        end = (week.midnight(first + timedelta(WINDOW_DAYS)) - zero) / MINUTE
        return min(
            (
                max(self.rest_min - (b - a), self.inside_min - (min(b, end) - max(a, begin)))
                for a, b in rests
            ),
            default=float(self.rest_min),
        )

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Ask for the rest, and say by which instant the first one is due."""
        spans = self._spans(person)
        if not spans:
            return limits
        return replace(
            limits,
            weekly_rest_min=max(limits.weekly_rest_min, self.rest_min),
            weekly_rest_inside_min=max(limits.weekly_rest_inside_min, self.inside_min),
            weekly_rest_spans=spans,
            weekly_rest_due=spans[0][1],
            last_end=max((shift.end for shift in person.past), default=None),
        )

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Price each rest that is missing."""
        return replace(
            limits,
            wished_rest_min=self.rest_min,
            wished_rest_inside_min=self.inside_min,
            wished_rest_spans=self._spans(person),
            wished_rest_price=self.weight,
            last_end=max((shift.end for shift in person.past), default=None),
        )

    def _spans(self, person: Person) -> tuple[Span, ...]:
        """The windows that still want their rest."""
        edges = [
            (offset, midnight(person.dates[0] + timedelta(days=offset), person.timezone))
            for offset in range(1 - WINDOW_DAYS, len(person.dates) + 1)
        ]
        return tuple(
            (begin, end)
            for (offset, begin), (_, end) in zip(edges, edges[WINDOW_DAYS:], strict=False)
            if offset >= 0 or (self._is_owed(person, offset) and self._can_be_given(person, end))
        )

    def _can_be_given(self, person: Person, end: datetime) -> bool:
        """Whether a week without any shift would give the rest of a window that the past owes."""
        free_from = person.past[-1].end
        until = midnight(person.dates[-1] + timedelta(1), person.timezone)
        return end - free_from >= timedelta(
            minutes=self.inside_min
        ) and until - free_from >= timedelta(minutes=self.rest_min)

    def _is_owed(self, person: Person, offset: int) -> bool:
        """Whether the history leaves a window that begins before the horizon without its rest."""
        first = midnight(person.dates[0] + timedelta(days=offset), person.timezone)
        if not person.past or first < person.past[0].start:
            return False
        whole, inside = timedelta(minutes=self.rest_min), timedelta(minutes=self.inside_min)
        later = person.begin
        for shift in reversed(person.past):
            if later <= first:
                break
            if later - shift.end >= whole and later - max(shift.end, first) >= inside:
                return False
            later = shift.start
        return True
