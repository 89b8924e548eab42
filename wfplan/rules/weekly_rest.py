"""Weekly rest: an unbroken rest inside every seven local days in a row, history counted.

Source: Directive 2003/88/EC, article 5 (24 hours plus the 11 of article 3: 35).

A window is seven local dates, midnight to midnight, that ends within the
horizon; time off outside the window does not count for it. Windows that begin
before the horizon are judged when the history reaches back to their first
instant; where it does not, the agent is taken to have rested. The windows
inside the horizon always count.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import SettableRule, minutes_of
from wfplan.rules.clock import Span, midnight
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

WINDOW_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class WeeklyRest(SettableRule):
    """At least ``rest_min`` unbroken minutes off in any seven local days."""

    name: ClassVar[str] = "weekly_rest"
    rest_min: int

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> WeeklyRest:
        """The rule from a setting in hours or minutes."""
        return cls(
            rest_min=minutes_of(setting), hardness=setting.hardness, source=setting.source or "plan"
        )

    @property
    def strictness(self) -> float:
        """Longer rest is stricter."""
        return self.rest_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Windows without the rest: the worst of each stretch of windows, minutes missing."""
        worst: list[tuple[float, int]] = []
        previous = None
        for offset in range(1 - WINDOW_DAYS, len(week.dates) - WINDOW_DAYS + 1):
            rest = self._longest(week, offset)
            if rest is None or rest >= self.rest_min:
                continue
            if previous == offset - 1:
                worst[-1] = min(worst[-1], (rest, offset))
            else:
                worst.append((rest, offset))
            previous = offset
        return [self._breach(week, rest, offset) for rest, offset in worst]

    def _breach(self, week: AgentWeek, rest: float, offset: int) -> Breach:
        """The breach of the window that begins ``offset`` days after the first date."""
        first = week.dates[0] + timedelta(days=offset)
        last = first + timedelta(days=WINDOW_DAYS - 1)
        missing = self.rest_min - rest
        why = (
            f"has no unbroken rest of {say_minutes(self.rest_min)} in the seven days from "
            f"{say_day(first)} to {say_day(last)}; the longest is {say_minutes(rest)}, "
            f"{say_minutes(missing)} are missing"
        )
        at = week.midnight(max(first, week.dates[0]))
        reason = "history" if offset < 0 else ""
        return self.breach(week, at, missing, "min", why, reason=reason)

    def _longest(self, week: AgentWeek, offset: int) -> float | None:
        """Longest rest in minutes inside a window; None where the history does not reach."""
        first = week.dates[0] + timedelta(days=offset)
        begin, end = week.midnight(first), week.midnight(first + timedelta(days=WINDOW_DAYS))
        if offset < 0 and (not week.past or week.past[0].start > begin):
            return None
        free_from, longest = begin, timedelta()
        work = [(p.start, p.end) for p in week.past] + [(d.start, d.end) for d in week.duties]
        for starts, ends in sorted(work):
            if ends > begin and starts < end:
                longest = max(longest, starts - free_from)
                free_from = max(free_from, ends)
        return max(longest, end - free_from).total_seconds() / 60

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Say in which spans a rest must lie, and the instant by which the first is due."""
        rest = max(limits.weekly_rest_min, self.rest_min)
        spans = [
            span
            for offset in range(1 - WINDOW_DAYS, len(person.dates) - WINDOW_DAYS + 1)
            if (span := self._open_span(person, offset, timedelta(minutes=rest)))
        ]
        due = min((end for _, end in spans), default=None)
        return replace(
            limits,
            weekly_rest_min=rest,
            weekly_rest_due=due,
            weekly_rest_spans=_binding(spans),
        )

    @staticmethod
    def _open_span(person: Person, offset: int, rest: timedelta) -> Span | None:
        """Where the coming week can still give a window its rest; None when it needs none."""
        first = person.dates[0] + timedelta(days=offset)
        begin = midnight(first, person.timezone)
        end = midnight(first + timedelta(days=WINDOW_DAYS), person.timezone)
        if offset < 0:
            if not person.past or begin < person.past[0].start:
                return None
            recent = [shift for shift in person.past if shift.end > begin]
            edges = [begin, *(edge for shift in recent for edge in (shift.start, shift.end))]
            gaps = zip(edges[::2], edges[1::2], strict=False)
            if any(later - earlier >= rest for earlier, later in gaps):
                return None
            begin = edges[-1]
            if person.begin - begin >= rest:
                return None
        elif person.past:
            begin = max(begin, person.past[-1].end)
        return begin, end


def _binding(spans: list[Span]) -> tuple[Span, ...]:
    """The spans that no other span lies inside of, in order of their ends."""
    tight: list[Span] = []
    for begin, end in sorted(set(spans), key=lambda span: (span[1], -span[0].timestamp())):
        if all(begin > kept for kept, _ in tight):
            tight.append((begin, end))
    return tuple(tight)
