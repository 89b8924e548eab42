"""Development: the least time that a person has for her own development in each planning week.

Source: the plan, a works agreement, wellbeing. Time for development is what the
schedule calls DEVELOPMENT; stretches shorter than ``part_min`` do not count.

Of a week, each date on which a person could work owes a seventh: dates outside
the horizon, of approved absence, outside employment or without a valid skill
owe nothing, nor does a week without any shift. The planner's face is an activity
that floats in the week; what somebody asks for by name is part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.activities import DEVELOPMENT, ActivityRequest
from wfplan.domain.schedule import ActivityCategory
from wfplan.errors import InputError
from wfplan.rules.base import HARD, SettableRule, common, minutes_of
from wfplan.rules.clock import WEEK_DAYS, Span, calendar_weeks, day_span
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.horizon import Horizon
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

MOST_MIN = 12 * 60
PIECE_MIN = 30
"""Minutes: the planner may give what is owed in pieces of this, where the rule says nothing."""


@dataclass(frozen=True, kw_only=True)
class DevelopmentMin(SettableRule):
    """At least ``minutes`` of development in each planning week; its dates are the person's."""

    name: ClassVar[str] = "development_min"
    minutes: int
    part_min: int = 0

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> DevelopmentMin:
        """The rule from a setting in hours or minutes."""
        minutes = minutes_of(setting)
        if minutes > MOST_MIN:
            raise InputError(
                f"rule {setting.rule}: value = {setting.value:g} {setting.unit} a week is more "
                f"than the most of {say_minutes(MOST_MIN)}. Is the unit right?"
            )
        return cls(minutes=minutes, part_min=setting.part_min, **common(setting))

    @property
    def strictness(self) -> float:
        """More time is stricter."""
        return self.minutes

    @property
    def family(self) -> tuple[object, ...]:
        """One that counts other parts is another rule."""
        return self.name, self.part_min

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weeks with too little time for development, and the minutes that are missing."""
        found = []
        for days in week.weeks():
            own = [duty for duty in week.duties if duty.day in days]
            absent = week.away_days(days).keys() | week.idle_days(days)
            owed = self.minutes * (len(days) - len(absent)) / 7 if own else 0.0
            given = sum(
                activity.minutes
                for duty in week.duties
                for activity in duty.activities
                if activity.code == DEVELOPMENT
                and activity.minutes >= self.part_min
                and week.local(activity.start).date() in days
            )
            if given < owed - 1e-9:
                why = (
                    f"has {say_minutes(given)} for development in the {len(days)} days from "
                    f"{say_day(days[0])}, {say_minutes(owed - given)} less than the least of "
                    f"{say_minutes(owed)}"
                )
                reason = "time_off" if absent else ""
                at = week.midnight(days[0])
                found.append(self.breach(week, at, owed - given, "min", why, reason=reason))
        return found

    def requests(
        self, person: Person, horizon: Horizon, asked: Sequence[ActivityRequest]
    ) -> tuple[ActivityRequest, ...]:
        """What each week owes beyond the development that is asked for by name."""
        requests = []
        missed = person.whole_days_off.keys() | person.barred_days
        for days in calendar_weeks(person.dates, person.week_start):
            owed = self.minutes * sum(day not in missed for day in days) / WEEK_DAYS
            owed -= sum(one.minutes for one in asked if self._counts(one, person, days))
            if owed > 1e-9:
                requests.append(self._request(person, horizon, days, owed))
        return tuple(requests)

    def _counts(self, one: ActivityRequest, person: Person, days: Sequence[date]) -> bool:
        """Whether an activity gives the person, in some days, what this rule asks for."""
        begin, end = _span(days, person)
        return (
            one.code == DEVELOPMENT
            and person.agent.agent_id in one.agent_ids
            and begin <= one.earliest
            and one.latest <= end
            and (one.hardness == HARD or self.hardness != HARD)
        )

    def _request(
        self, person: Person, horizon: Horizon, days: Sequence[date], owed: float
    ) -> ActivityRequest:
        """Development that floats in some days, in whole slots."""
        begin, end = _span(days, person)
        slot = horizon.slot_min
        minutes = ceil(owed / slot - 1e-9) * slot
        piece = ceil((self.part_min or PIECE_MIN) / slot) * slot
        agent_id = person.agent.agent_id
        kind = "-".join(str(part) for part in (self.part_min, self.hardness) if part)
        return ActivityRequest(
            activity_id=f"development-{agent_id}-{days[0]}-{kind}",
            code=DEVELOPMENT,
            category=ActivityCategory.OFF_QUEUE,
            agent_ids=(agent_id,),
            minutes=max(minutes, piece if self.part_min else 0),
            earliest=max(begin, horizon.start),
            latest=min(end, horizon.end),
            piece_min=piece if minutes > piece else 0,
            hardness=self.hardness,
            weight=self.weight,
        )


def _span(days: Sequence[date], person: Person) -> Span:
    """From the first midnight of some dates to the last, on the person's clock."""
    return day_span(days[0], person.timezone)[0], day_span(days[-1], person.timezone)[1]
