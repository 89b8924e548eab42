"""What a policy may make of survey scores: only less work of a kind for a group, within bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from wfplan.domain.limit_kinds import LIMIT_KINDS

_CHANGE = re.compile(r"(at most|at least|[+-])\s*([0-9]+(?:\.[0-9]+)?)")


class BadPolicyError(Exception):
    """A change that no policy may make: why, and how to go on."""

    def __init__(self, reason: str, hint: str) -> None:
        self.reason, self.hint = reason, hint
        super().__init__(reason)


BOUNDS: Mapping[str, float] = {
    "max_occupancy": 0.70,
    "max_continuous_contact": 60.0,
    "max_high_intensity_minutes_per_day": 60.0,
    "min_break_minutes": 60.0,
    "min_meal_minutes": 60.0,
    "min_off_queue_share": 0.15,
    "training_minutes_per_week": 120.0,
    "coaching_minutes_per_4_weeks": 240.0,
}
"""
How far scores may move a rule, whatever a policy adds up. No other rule may be moved: none of
these says who gets which shift.
"""


@dataclass(frozen=True)
class Change:
    """A change of a rule's value: to at least or most ``amount``, or by it."""

    rule: str
    amount: float
    is_step: bool

    @classmethod
    def of(cls, rule: str, text: str) -> Change:
        """
        The change of ``at most 0.82``, ``at least 30``, ``+15`` or ``-0.03``.

        Raises
        ------
        BadPolicyError
            When the rule may not be moved by scores, or not to that side or so far.
        """
        if rule not in BOUNDS:
            raise BadPolicyError(
                f"survey scores may not change {rule}",
                f"they may loosen {', '.join(BOUNDS)}",
            )
        match = _CHANGE.fullmatch(" ".join(text.split()))
        if match is None:
            raise BadPolicyError(
                f"'{text}' is no change", "write 'at most 0.82', 'at least 30', '+15' or '-0.03'"
            )
        is_most = LIMIT_KINDS[rule].is_most
        if (match[1] in ("at most", "-")) != is_most:
            right = "'at most' or '-'" if is_most else "'at least' or '+'"
            raise BadPolicyError(
                f"'{text}' of {rule} would ask more of the group",
                f"scores may only loosen its work: write {right}",
            )
        change = cls(rule, float(match[2]), match[1] in "+-")
        if not change.is_step and change.bounded(change.amount) != change.amount:
            raise BadPolicyError(
                f"'{text}' of {rule} goes beyond the bound of {BOUNDS[rule]:g}",
                "effects of survey scores stay small: set the rest as a row of constraints",
            )
        return change

    def bounded(self, value: float) -> float:
        """A value, held back by the bound of the rule."""
        bound = BOUNDS[self.rule]
        return max(value, bound) if LIMIT_KINDS[self.rule].is_most else min(value, bound)

    def after(self, before: float | None) -> float:
        """The value after the change, never on the other side of the one before."""
        is_most = LIMIT_KINDS[self.rule].is_most
        if not self.is_step:
            if before is None:
                return self.amount
            return min(before, self.amount) if is_most else max(before, self.amount)
        start = before if before is not None else (LIMIT_KINDS[self.rule].high if is_most else 0.0)
        value = self.bounded(round(start - self.amount if is_most else start + self.amount, 6))
        return min(value, start) if is_most else max(value, start)
