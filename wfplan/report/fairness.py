"""How work and wishes are shared among people with like contracts: words and a picture.

The numbers are those of :func:`wfplan.evaluation.fairness`. A strip has a dot for
every value that somebody has, the larger the more people have it; the strips of
one matter have one scale, so that contracts can be compared by eye.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from wfplan.domain.results import Run
from wfplan.evaluation import Sharing
from wfplan.report.numbers import NOT_KNOWN, counted, decimal, listed, minutes, percent, signed

MATTERS: Mapping[str, tuple[str, str]] = {
    "paid_share": ("Paid hours of the contract's", "people who are there all week"),
    "wishes": ("Wishes granted", "people who stated any"),
    "time_off": ("Requested time off granted", "people who asked"),
    "nights": ("Night shifts", ""),
    "weekends": ("Weekend shifts", ""),
    "lates": ("Late shifts", ""),
    "beyond_fair": ("Nights, weekends and lates above the fair share", "past weeks remembered"),
    "hard_hours": ("Hours on hard queues", ""),
    "rescue_hours": ("Hours of rescue work", "people who are empowered"),
    "overload_min": ("Overload in the week", "strain minutes"),
}
"""Code name of a matter -> what the report calls it, and whom or what it concerns; in order."""

SAID = {
    "nights": "night shifts",
    "weekends": "weekend shifts",
    "lates": "late shifts",
    "wishes": "wishes",
    "time_off": "requested time off",
}
WRITERS: Mapping[str, Callable[[float], str]] = {
    "share": percent,
    "min": minutes,
    "h": lambda value: f"{decimal(value)} h",
    "shifts": lambda value: f"{value:.0f}",
}
EDGE, STEPS = 6.0, 60  # percent of a strip left free at its ends; places that dots can have
SMALLEST_PX, LARGEST_PX = 2.2, 7.0
_NAMED_MAX, _SHOWN_MAX = 2, 4  # people at an end who are named, and who are shown by id


@dataclass(frozen=True)
class Dot:
    """People with one value: where it is in percent of the strip, and how large in pixels."""

    x: float
    r: float
    is_fault: bool


@dataclass(frozen=True)
class End:
    """The least or the most: its value, and who has it."""

    value: str
    people: tuple[tuple[str, str], ...]  # id and name, of few
    more: str


@dataclass(frozen=True)
class ShareRow:
    """One contract type."""

    group: str
    note: str
    dots: tuple[Dot, ...]
    median_x: float | None
    zero_x: float | None
    least: End
    median: str
    most: End
    evenness: str
    said: str
    is_alone: bool


@dataclass(frozen=True)
class SharePanel:
    """One matter, contract by contract."""

    name: str
    note: str
    definition: str
    rows: tuple[ShareRow, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class FairnessPage:
    """What the section shows; ``absent`` are matters that the week does not have."""

    sentences: tuple[tuple[str, bool], ...]  # and whether something is wrong
    panels: tuple[SharePanel, ...]
    absent: str


def fairness_page(run: Run, found: Sequence[Sharing]) -> FairnessPage:
    """The section of a run."""
    names = {agent.agent_id: agent.name for agent in run.problem.agents}
    panels, absent = [], []
    for matter, (name, note) in MATTERS.items():
        of_matter = [one for one in found if one.matter == matter and one.values]
        if any(one.least or one.most for one in of_matter):
            panels.append(_panel(name, note, of_matter, names))
        elif matter in SAID:
            absent.append(SAID[matter])
    text = f"There are no {listed(absent, most=9)} in this week." if absent else ""
    return FairnessPage(tuple(_sentences(found)), tuple(panels), text)


def fairness_in_words(found: Sequence[Sharing]) -> tuple[str, ...]:
    """Whether anybody is left out or has too much, and who, in sentences."""
    faults = (f"  {text}" for one in found for text in _faults(one))
    return (*(text for text, _ in _sentences(found)), *faults)


def written(one: Sharing, value: float) -> str:
    """A value of a matter as it is read."""
    if value != value:  # not known
        return NOT_KNOWN
    if one.matter == "beyond_fair":
        return signed(value)
    return WRITERS.get(one.unit, decimal)(value)


def _sentences(found: Sequence[Sharing]) -> Iterator[tuple[str, bool]]:
    """What the section says before any number."""
    asked = [one for one in found if one.matter in ("wishes", "time_off") and one.values]
    left = {who for one in asked for who in one.left_out}
    if left:
        yield f"{_people(len(left))} got nothing of what they asked for, while others did.", True
    elif asked:
        yield "Nobody who asked for something is left with nothing while others are not.", False
    heavy = {who for one in found for who in one.too_much}
    if heavy:
        yield (
            (
                f"{_people(len(heavy))} with more nights, weekends or lates than need be: somebody "
                "of the same contract could take one over."
            ),
            True,
        )
    else:
        yield "Nights, weekends and lates are shared as evenly as whole shifts allow.", False


def _people(count: int) -> str:
    return counted(count, "person", "people")


def _panel(name: str, note: str, found: Sequence[Sharing], names: Mapping[str, str]) -> SharePanel:
    low, high = _scale(found)
    faults = tuple(text for one in found for text in _faults(one))
    rows = tuple(_row(one, low, high, names) for one in found)
    return SharePanel(name, note, found[0].definition, rows, faults)


def _scale(found: Sequence[Sharing]) -> tuple[float, float]:
    """The values at the two ends of the strips of a matter."""
    low, high = min(one.least for one in found), max(one.most for one in found)
    if found[0].matter in ("wishes", "time_off"):
        return 0.0, 1.0
    if found[0].matter != "paid_share":
        low = min(low, 0.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _row(one: Sharing, low: float, high: float, names: Mapping[str, str]) -> ShareRow:
    def x(value: float) -> float:
        return round(EDGE + (100 - 2 * EDGE) * (value - low) / (high - low), 1)

    faulty = {*one.left_out, *one.too_much}
    places = Counter((round(STEPS * (value - low) / (high - low)), who in faulty)
                     for who, value in one.values.items())  # fmt: skip
    dots = tuple(
        Dot(
            round(EDGE + (100 - 2 * EDGE) * place / STEPS, 1),
            round(min(SMALLEST_PX + sqrt(count), LARGEST_PX), 1),
            is_fault,
        )
        for (place, is_fault), count in sorted(places.items())
    )
    least, most = (written(one, value) for value in (one.least, one.most))
    is_part = len(one.values) < one.people
    of = f"{len(one.values)} of {one.people}" if is_part else str(one.people)
    return ShareRow(
        group=one.group.replace("_", " "),
        note=f"{of} {'person' if one.people == 1 else 'people'}",
        dots=dots,
        median_x=x(one.median) if len(one.values) > 1 else None,
        zero_x=x(0.0) if low < 0 < high else None,
        least=_end(least, () if one.is_even and len(one.values) > 1 else one.least_at, names),
        median=written(one, one.median),
        most=_end(most, () if one.is_even else one.most_at, names),
        evenness=_evenness(one),
        said=f"{of} people: least {least}, median {written(one, one.median)}, most {most}",
        is_alone=len(one.values) == 1,
    )


def _evenness(one: Sharing) -> str:
    """The mean and its Gini, and of what was asked for how much in all."""
    texts = []
    if one.asked:
        texts.append(f"{one.granted} of {one.asked} in all")
    if len(one.values) > 1 and one.is_even:
        texts.append("all the same")
    elif len(one.values) > 1 and not one.asked and one.matter != "beyond_fair":
        texts.append(
            f"mean {written(one, one.mean) if one.unit != 'shifts' else decimal(one.mean)}"
        )
    if len(one.values) > 1 and one.gini >= 0.005:
        texts.append(f"Gini {decimal(one.gini, 2)}")
    return ", ".join(texts)


def _end(value: str, who: Sequence[str], names: Mapping[str, str]) -> End:
    """An end; of many people only how many, of nobody nothing."""
    if len(who) > _SHOWN_MAX:
        return End(value, (), _people(len(who)))
    named = len(who) <= _NAMED_MAX
    return End(value, tuple((one, names.get(one, "") if named else "") for one in who), "")


def _faults(one: Sharing) -> Iterator[str]:
    """Who is left out, and who has too much."""
    group = one.group.replace("_", " ")
    if one.left_out:
        yield (
            f"{group}: {listed(list(one.left_out), most=6)} got nothing of the "
            f"{SAID[one.matter]} they asked for, while half of those who asked got some."
        )
    if one.too_much:
        yield (
            f"{group}: {listed(list(one.too_much), most=6)}: a whole shift above the fair share "
            f"of {SAID[one.matter]}, which somebody below it could take over."
        )
