"""Skill validity: no minute on a channel for which the skill is not held or not in date.

Source: the skills table (``valid_from``, ``valid_to``).

Judged by the minutes that somebody has worked out for each channel and date
(``channel:NAME`` among the measures of the week); where there are none,
:mod:`wfplan.rules.skill_required` still asks for any valid skill. The planner
never counts a person on a channel on a date for which her skill is not valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import Rule
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek

CHANNEL = "channel:"


@dataclass(frozen=True, kw_only=True)
class SkillValidity(Rule):
    """Work on a channel needs its skill, valid on the date."""

    name: ClassVar[str] = "skill_validity"
    source: str = "skills table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Dates on channels without a valid skill, and the minutes there."""
        found = []
        for measure, minutes_of_day in week.measures.items():
            channel = measure.removeprefix(CHANNEL)
            if channel == measure:
                continue
            for day, minutes in minutes_of_day.items():
                is_able = any(
                    skill.skill == channel
                    and (skill.valid_from is None or skill.valid_from <= day)
                    and (skill.valid_to is None or day <= skill.valid_to)
                    for skill in week.agent.skills
                )
                if day in week.dates and minutes > 0 and not is_able:
                    why = (
                        f"works {say_minutes(minutes)} on {channel} on {say_day(day)}, for which "
                        "no skill of hers is valid on that date"
                    )
                    at = week.midnight(day)
                    found.append(self.breach(week, at, minutes, "min", why, reason="skill"))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Nothing to narrow: skills are read date by date where people are counted."""
        return limits
