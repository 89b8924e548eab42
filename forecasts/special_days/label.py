"""Under which names effects of days are learned, and what is believed of each before any is seen.

The numbers are of the logarithm of a factor on the volume of the day. What a closed day keeps
waiting is +15 % (8 to 21) on the next and +10 % on the second day in a bank and two public
offices, less where calls are lost instead of postponed. Of all else the sign is not known, so it
is taken to be nothing, and doubted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

KINDS = ("holiday", "half_holiday", "closed", "event", "campaign", "payday", "period")


class Label(NamedTuple):
    """
    Under what the effect of a day is learned.

    ``since`` counts days since the first of a row that lasts; a negative one is a day after the
    last, of which nobody said that there is an effect.
    """

    kind: str
    name: str = ""
    since: int = 0

    @property
    def is_soft(self) -> bool:
        """Whether a day of it is a part of ordinary life, which levels and shapes learn from."""
        return self.since != 0 or self.kind in SOFT_KINDS

    @property
    def group(self) -> tuple[str, int]:
        """Labels that are thought to be alike."""
        return self.kind, self.since

    @property
    def base(self) -> Label:
        """The name without what only says that a day off was moved."""
        name = self.name.partition(" (")[0] if self.kind == "holiday" else self.name
        return self._replace(name=name)


AFTER_CLOSED = "after closed"  # the first open day after one that was closed
SECOND_AFTER = "second after closed"  # the open day that follows it
AFTER_OPEN = "after worked holiday"
AFTER_UNSERVED = "after holiday on a closed weekday"
AFTER_LONG = "after long closure"  # of two days or more that are usually worked
EVE = "eve"  # the day before a holiday or a closed day
BRIDGE = "bridge day"  # one day between a holiday and a weekend
MONTH = "month"  # a position in the month that the history shows to matter
SOFT_KINDS = ("payday", "period", MONTH, AFTER_UNSERVED)
AROUND = (AFTER_CLOSED, SECOND_AFTER, AFTER_OPEN, AFTER_UNSERVED, AFTER_LONG, EVE, BRIDGE)


@dataclass(frozen=True)
class Belief:
    """Mean of a group, standard deviations of that mean, between names, and from day to day."""

    mean: float
    sd: float
    between_sd: float
    day_sd: float


_BELIEFS = {
    "holiday": Belief(0.0, 0.60, 0.30, 0.10),
    "half_holiday": Belief(0.0, 0.30, 0.20, 0.10),
    "event": Belief(0.0, 0.20, 0.20, 0.07),
    "campaign": Belief(0.0, 0.20, 0.20, 0.07),
    "payday": Belief(0.0, 0.08, 0.08, 0.03),
    "period": Belief(0.0, 0.10, 0.10, 0.03),
    MONTH: Belief(0.0, 0.08, 0.08, 0.03),
    AFTER_CLOSED: Belief(0.10, 0.10, 0.05, 0.05),
    SECOND_AFTER: Belief(0.05, 0.06, 0.03, 0.03),
    AFTER_OPEN: Belief(0.0, 0.05, 0.03, 0.03),
    AFTER_UNSERVED: Belief(0.0, 0.03, 0.02, 0.03),
    AFTER_LONG: Belief(0.0, 0.10, 0.05, 0.05),
    EVE: Belief(0.0, 0.15, 0.10, 0.05),
    BRIDGE: Belief(0.0, 0.10, 0.05, 0.05),
}
_AFTERMATH = Belief(0.0, 0.03, 0.03, 0.03)  # days after an event of which nobody spoke
_FADE = 0.8  # of what may be left of an effect, a day


def belief(group: tuple[str, int]) -> Belief:
    """What is believed of a group of labels before any day of it is seen."""
    kind, since = group
    if since < 0:
        return _AFTERMATH
    found = _BELIEFS[kind]
    left = _FADE**since
    return Belief(found.mean * left, found.sd * left, found.between_sd * left, found.day_sd)


def spoken(label: Label) -> str:
    """How a label is called in notes and tables."""
    kind = label.kind.replace("_", " ")
    if label.kind in AROUND:
        return f"{kind}: {label.name}" if label.name else kind
    text = label.name or kind
    if label.since:
        ordinal = abs(label.since) + (label.since > 0)
        text += f", day {ordinal}" if label.since > 0 else f", {ordinal} days after"
    return text
