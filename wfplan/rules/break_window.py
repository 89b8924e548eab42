"""Break windows: a shift has the breaks of its tier, whole, paid as agreed, in their windows.

Source: the contract (``break_tiers``). The tier goes by the elapsed length of
the shift; windows are elapsed minutes from its start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from wfplan.domain.schedule import Activity, ActivityCategory
from wfplan.rules.base import Rule
from wfplan.rules.limits import only_lengths
from wfplan.rules.wording import say_count, say_minutes, say_moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wfplan.domain.contracts import Break
    from wfplan.domain.results import Breach
    from wfplan.rules.limits import WorkLimits
    from wfplan.rules.person import Person
    from wfplan.rules.week import AgentWeek, Duty

CATEGORIES = {
    "rest": ActivityCategory.BREAK,
    "meal": ActivityCategory.MEAL,
    "gap": ActivityCategory.TIME_OFF,
}
Fault = tuple[float, str, str]
"""An amount, its unit, and the fault in words."""


@dataclass(frozen=True, kw_only=True)
class BreakWindow(Rule):
    """All breaks of the contract's tier, of their length, where they belong."""

    name: ClassVar[str] = "break_window"

    def breaches(self, week: AgentWeek) -> list[Breach]:
        """Breaks that are missing, too many, misplaced, of a wrong length or wrongly paid."""
        return [
            self.breach(week, duty.start, amount, unit, why, reason="contract")
            for duty in week.duties
            for amount, unit, why in _faults(week, duty)
        ]

    def tighten(self, limits: WorkLimits, person: Person) -> WorkLimits:
        """Drop the lengths in which a break of the tier has no room."""
        return only_lengths(
            limits,
            person,
            lambda length: all(
                b.earliest_min + b.length_min + b.before_end_min <= length
                for b in limits.contract.breaks_of(length)
            ),
        )


def _faults(week: AgentWeek, duty: Duty) -> Iterator[Fault]:
    """What is wrong with the breaks of one shift."""
    shift = f"the shift from {say_moment(duty.start, week.timezone)}"
    tiers = [t for t in week.contract.break_tiers if duty.length_min > t.over_h * 60]
    tiers.sort(key=lambda tier: tier.over_h)
    due = tiers[-1].breaks if tiers else ()
    for split in week.contract.splits:
        due = split.breaks if split.length_min == duty.length_min else due
    for kind, category in CATEGORIES.items():
        wanted = [rest for rest in due if rest.kind == kind]
        taken = [activity for activity in duty.activities if activity.category is category]
        missing = len(wanted) - len(taken)
        if missing:
            said = f"has {say_count(len(taken), kind)} instead of {len(wanted)} in {shift}"
            yield abs(missing), "breaks", said
        else:
            for rest, activity in zip(wanted, taken, strict=True):
                yield from _misplaced(duty, rest, activity, shift)


def _misplaced(duty: Duty, rest: Break, activity: Activity, shift: str) -> Iterator[Fault]:
    """What is wrong with one break that was taken."""
    length = (activity.end - activity.start).total_seconds() / 60
    after = (activity.start - duty.start).total_seconds() / 60
    before = (duty.end - activity.end).total_seconds() / 60
    name = f"the {rest.kind} of {shift}"
    if length != rest.length_min:
        wrong = f"has {say_minutes(length)} for {name} instead of {say_minutes(rest.length_min)}"
        yield abs(length - rest.length_min), "min", wrong
    early, late = rest.earliest_min - after, after - rest.latest_min
    if early > 0 or late > 0:
        off, word = (early, "too early") if early > 0 else (late, "too late")
        wrong = (
            f"begins {name} {say_minutes(after)} after its start, {say_minutes(off)} {word} for "
            f"the window of {say_minutes(rest.earliest_min)} to {say_minutes(rest.latest_min)}"
        )
        yield off, "min", wrong
    if before < rest.before_end_min:
        off = rest.before_end_min - before
        wrong = (
            f"ends {name} {say_minutes(before)} before the end of the shift, {say_minutes(off)} "
            f"less than the {say_minutes(rest.before_end_min)} agreed"
        )
        yield off, "min", wrong
    if activity.is_paid != rest.is_paid:
        paid = "paid" if activity.is_paid else "unpaid"
        yield length, "min", f"has {name} {paid}, which the contract does not say"
