"""Training, coaching and other work off the queue: the least of it in each planning week.

Source: wellbeing, a works agreement (the HR table's ``training_minutes_per_week``,
``coaching_minutes_per_4_weeks`` and ``min_off_queue_share``).

Minutes are owed by each date on which a person could work, a seventh of the
week's each; a share is of the paid time of the week's shifts. Coaching is what
the schedule calls COACHING, training is any other of that category, and off the
queue are training, meetings and off-queue work together. A week without any
shift owes nothing. The planner's face is an activity that floats in the week, for
a share as long as the most paid time that the week may have asks; what somebody
asks for by name, and what other rules ask, is part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.activities import OFF_QUEUE, ActivityRequest
from wfplan.domain.schedule import ActivityCategory
from wfplan.errors import InputError, did_you_mean
from wfplan.rules.base import HARD, SettableRule, common, minutes_of, share_of
from wfplan.rules.clock import WEEK_DAYS, Span, calendar_weeks, day_span
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.horizon import Horizon
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

TRAINING, COACHING, ALL = "training", "coaching", "off_queue"
MOST_MIN = 12 * 60
PIECE_MIN = 30
"""Minutes: the planner may give what is owed in pieces of this."""

_SAID = {TRAINING: "training", COACHING: "coaching", ALL: "work off the queue"}
_CATEGORY = {
    TRAINING: ActivityCategory.TRAINING,
    COACHING: ActivityCategory.TRAINING,
    ALL: ActivityCategory.OFF_QUEUE,
}


@dataclass(frozen=True, kw_only=True)
class ActivityTimeMin(SettableRule):
    """At least ``minutes`` of a kind of activity in each week, or a ``share`` of paid time."""

    name: ClassVar[str] = "activity_time_min"
    kind: str
    minutes: int = 0
    share: float | None = None

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> ActivityTimeMin:
        """
        The rule from a setting in hours, minutes or as a share; ``of`` says of what.

        Raises
        ------
        InputError
            When ``of`` is none of training, coaching and off_queue, or it is too much.
        """
        kind = setting.of[0] if setting.of else ALL
        if kind not in _SAID or len(setting.of) > 1:
            hint = did_you_mean(kind, _SAID) or f"Use one of {', '.join(_SAID)}."
            raise InputError(f"rule {setting.rule}: of = {list(setting.of)} is not known. {hint}")
        if setting.unit.strip().lower() in ("share", "ratio"):
            return cls(kind=kind, share=share_of(setting), **common(setting))
        minutes = minutes_of(setting)
        if minutes > MOST_MIN:
            raise InputError(
                f"rule {setting.rule}: value = {setting.value:g} {setting.unit} a week is more "
                f"than the most of {say_minutes(MOST_MIN)}. Is the unit right?"
            )
        return cls(kind=kind, minutes=minutes, **common(setting))

    @property
    def strictness(self) -> float:
        """More time is stricter."""
        return self.minutes if self.share is None else self.share

    @property
    def family(self) -> tuple[object, ...]:
        """Each kind is a rule of its own; shares and minutes are not compared."""
        return self.name, self.kind, self.share is None

    @property
    def asks_last(self) -> bool:
        """Work off the queue has training and coaching in it."""
        return self.kind == ALL

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Weeks with too little of it, and the minutes that are missing."""
        found = []
        for days in week.weeks():
            own = [duty for duty in week.duties if duty.day in days]
            absent = week.away_days(days).keys() | week.idle_days(days)
            owed = self.minutes * (len(days) - len(absent)) / 7
            if self.share is not None:
                owed = self.share * sum(duty.paid_min for duty in own)
            given = sum(
                activity.minutes
                for duty in week.duties
                for activity in duty.activities
                if self._is_one(activity.category, activity.code)
                and week.local(activity.start).date() in days
            )
            if own and given < owed - 1e-9:
                why = (
                    f"has {say_minutes(given)} of {_SAID[self.kind]} in the {len(days)} days from "
                    f"{say_day(days[0])}, {say_minutes(owed - given)} less than the least of "
                    f"{say_minutes(owed)}"
                )
                reason = "time_off" if absent else ""
                at = week.midnight(days[0])
                found.append(self.breach(week, at, owed - given, "min", why, reason=reason))
        return found

    def _is_one(self, category: ActivityCategory, code: str) -> bool:
        """Whether an activity counts."""
        if self.kind == ALL:
            return category in OFF_QUEUE
        is_coaching = code.upper() == COACHING.upper()
        if self.kind == COACHING:
            return is_coaching
        return category is ActivityCategory.TRAINING and not is_coaching

    def requests(
        self, person: Person, horizon: Horizon, asked: Sequence[ActivityRequest]
    ) -> tuple[ActivityRequest, ...]:
        """What each week owes beyond what is asked for already."""
        requests = []
        for days in calendar_weeks(person.dates, person.week_start):
            owed = self._owed(person, days)
            owed -= sum(one.minutes for one in asked if self._counts(one, person, days))
            if owed > 1e-9:
                requests.append(self._request(person, horizon, days, owed))
        return tuple(requests)

    def _owed(self, person: Person, days: Sequence[date]) -> float:
        """Minutes that some dates owe, at the most paid time they may have."""
        missed = person.whole_days_off.keys() | person.barred_days
        free = sum(day not in missed for day in days)
        if self.share is None:
            return self.minutes * free / WEEK_DAYS
        contract, agent = person.contract, person.agent
        longest = max((contract.paid_min(n) for n in contract.lengths_min), default=0)
        most = min(agent.max_hours_week * 60, min(free, contract.work_days_max) * longest)
        return self.share * most

    def _counts(self, one: ActivityRequest, person: Person, days: Sequence[date]) -> bool:
        """Whether an activity gives the person, in some days, what this rule asks for."""
        begin, end = _span(days, person)
        return (
            person.agent.agent_id in one.agent_ids
            and begin <= one.earliest
            and one.latest <= end
            and (one.hardness == HARD or self.hardness != HARD)
            and self._is_one(one.category, one.code)
        )

    def _request(
        self, person: Person, horizon: Horizon, days: Sequence[date], owed: float
    ) -> ActivityRequest:
        """An activity that floats in some days, in whole slots."""
        begin, end = _span(days, person)
        slot = horizon.slot_min
        minutes = ceil(owed / slot - 1e-9) * slot
        piece = ceil(PIECE_MIN / slot) * slot
        agent_id = person.agent.agent_id
        return ActivityRequest(
            activity_id=f"{self.kind}-{agent_id}-{days[0]}-{self.hardness}",
            code=self.kind.upper(),
            category=_CATEGORY[self.kind],
            agent_ids=(agent_id,),
            minutes=minutes,
            earliest=max(begin, horizon.start),
            latest=min(end, horizon.end),
            piece_min=piece if minutes > piece else 0,
            hardness=self.hardness,
            weight=self.weight,
        )


def _span(days: Sequence[date], person: Person) -> Span:
    """From the first midnight of some dates to the last, on the person's clock."""
    return day_span(days[0], person.timezone)[0], day_span(days[-1], person.timezone)[1]
