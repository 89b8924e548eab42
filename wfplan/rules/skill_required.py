"""Skill required: nobody works on a date on which she holds no valid skill.

Source: the skills table (``valid_from``, ``valid_to``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from wfplan.rules.base import Rule
from wfplan.rules.wording import say_day, say_minutes

if TYPE_CHECKING:
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class SkillRequired(Rule):
    """A shift needs at least one skill that is valid on its date."""

    name: ClassVar[str] = "skill_required"
    source: str = "skills table"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts of people without a valid skill, and their paid minutes."""
        found = []
        for duty in week.duties:
            if any(
                (skill.valid_from is None or skill.valid_from <= duty.day)
                and (skill.valid_to is None or duty.day <= skill.valid_to)
                for skill in week.agent.skills
            ):
                continue
            why = (
                f"has {say_minutes(duty.paid_min)} of paid time on {say_day(duty.day)} "
                "and no skill that is valid on that date"
            )
            found.append(self.breach(week, duty.start, duty.paid_min, "min", why, reason="skill"))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Dates without a valid skill are days off."""
        idle = [d for d in limits.dates if not any(s.is_valid(d) for s in person.agent.skills)]
        return replace(limits, days_off=limits.days_off.union(idle))
