"""Risk factor: kinds of shift, and channels, that a person must not be given.

Source: a medical or personal limit that the plan states without its reason
(Directive 2003/88/EC, article 9, for night workers), a works agreement.

Channels are judged by the minutes that somebody has worked out for each date
(``channel:NAME`` among the measures of the week).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wfplan.errors import InputError
from wfplan.rules.base import SettableRule, common
from wfplan.rules.days import kind_codes
from wfplan.rules.prices import PricedShifts
from wfplan.rules.tally import kind_of
from wfplan.rules.wording import say_day, say_minutes, say_moment

if TYPE_CHECKING:
    from wfplan.domain.problem import RuleSetting
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.prices import FloatArray, IntArray, ShiftPrices
    from wfplan.rules.week import AgentWeek


@dataclass(frozen=True, kw_only=True)
class RiskFactor(SettableRule):
    """No shift of ``kinds``, and no minute on ``channels``."""

    name: ClassVar[str] = "risk_factor"
    kinds: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    @classmethod
    def from_setting(cls, setting: RuleSetting) -> RiskFactor:
        """The rule; its value counts for nothing, its kinds and channels are what to avoid."""
        if not setting.kinds and not setting.of:
            raise InputError(
                f"rule {setting.rule}: kinds and of name nothing that must not be given. "
                "Name kinds of shift, such as kinds = ['night'], or channels, such as "
                "of = ['complaints']."
            )
        return cls(kinds=setting.kinds, channels=setting.of, **common(setting))

    @property
    def strictness(self) -> float:
        """Of one list there is one rule; of soft ones the dearer holds."""
        return self.weight

    @property
    def family(self) -> tuple[object, ...]:
        """Other things to avoid are another rule."""
        return self.name, frozenset(self.kinds), frozenset(self.channels)

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Shifts of those kinds, one breach each, and dates on those channels, by minutes."""
        found = []
        for duty in week.duties:
            kind = kind_of(week, duty.start, duty.end)
            if kind in self.kinds:
                when = say_moment(duty.start, week.timezone)
                why = f"has a {kind} shift from {when}, which she must not be given"
                found.append(self.breach(week, duty.start, 1, "shifts", why))
        for channel in self.channels:
            for day, minutes in week.measures.get(f"channel:{channel}", {}).items():
                if day in week.dates and minutes > 0:
                    why = (
                        f"works {say_minutes(minutes)} on {channel} on {say_day(day)}, "
                        "which she must not be given"
                    )
                    found.append(self.breach(week, week.midnight(day), minutes, "min", why))
        return found

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Bar the channels."""
        return replace(limits, barred_channels=limits.barred_channels.union(self.channels))

    def soften(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Give the channels to others first: she serves them where nobody else can."""
        return replace(limits, shunned_channels=limits.shunned_channels.union(self.channels))

    def prices(self, person: Person) -> ShiftPrices | None:
        """Price, or forbid, the shifts of those kinds."""
        if not self.kinds:
            return None

        def of_shifts(
            day: int, start_min: IntArray, end_min: IntArray, paid_min: IntArray
        ) -> FloatArray:
            names, codes = kind_codes(person.contract.kinds, start_min, end_min)
            is_risk = np.array([name in self.kinds for name in names])[codes]
            return np.where(is_risk, self.toll(1), 0.0)

        return PricedShifts(of_shifts)
