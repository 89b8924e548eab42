"""One shift a day: at most one shift starts on a local date.

Source: wfplan plans no split shifts yet; a shift belongs to the date on which it starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import Rule
from wfplan.rules.wording import say_count, say_day

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty


@dataclass(frozen=True, kw_only=True)
class OneShiftADay(Rule):
    """No two shifts start on the same date."""

    name: ClassVar[str] = "one_shift_a_day"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates with several shifts, and how many are too many."""
        of_day: dict[object, list[Duty]] = {}
        for duty in week.duties:
            of_day.setdefault(duty.day, []).append(duty)
        return [
            self.breach(
                week,
                duties[1].start,
                len(duties) - 1,
                "shifts",
                f"starts {say_count(len(duties), 'shift')} on {say_day(duties[0].day)}, "
                f"{len(duties) - 1} too many",
            )
            for duties in of_day.values()
            if len(duties) > 1
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Nothing to narrow: limits speak of one shift a date."""
        return limits
