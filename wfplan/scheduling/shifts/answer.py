"""The answer to which shifts to offer: tables of plain values, and the program as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.horizon import Horizon
from wfplan.scheduling.shifts.cover import Cover
from wfplan.scheduling.shifts.program import Program, Words
from wfplan.scheduling.shifts.solver import Reading
from wfplan.scheduling.shifts.templates import ShiftTemplate

IntArray = NDArray[np.int64]

_PRICE = 1e-6
_NAME_MAX = 255  # characters that LP files allow


@dataclass(frozen=True)
class ShiftQuestion:
    """
    What the planner asks.

    ``least`` is what is to be least: paid hours, people or money. Of ``breaks``
    places in their windows breaks may take one each.
    """

    templates_max: int = 12
    least: str = "hours"
    by_group: bool = False
    is_as_is: bool = False
    is_together: bool = False
    breaks: int = 3
    start_every_min: int = 30
    seconds: float = 20.0


@dataclass(frozen=True)
class OfferedShift:
    """A template with one place of its breaks, worked by a crew: people on each date."""

    template: str
    shift: ShiftTemplate
    crew: str
    people: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "template": self.template,
            "crew": self.crew,
            "start_min": self.shift.start_min,
            "length_min": self.shift.length_min,
            "paid_min": self.shift.paid_min,
            "breaks": [
                {"kind": kind, "start_min": self.shift.start_min + at, "length_min": length}
                for at, length, kind in self.shift.breaks
            ],
            "people": list(self.people),
        }


@dataclass(frozen=True)
class CrewNeed:
    """People of a crew that the cover takes, and who is there."""

    crew: str
    people: int
    have: int
    shifts: int
    paid_h: float

    def as_dict(self) -> dict[str, Any]:
        """As plain values."""
        return dict(self.__dict__) | {"spare": self.have - self.people}


@dataclass(frozen=True)
class Binding:
    """A row that binds: a unit more of it costs ``price`` in the linear relaxation."""

    name: str
    price: float

    def as_dict(self) -> dict[str, Any]:
        """As plain values."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class CoverRow:
    """People wanted and scheduled in a slot, of those who serve any of some channels."""

    channels: str
    start: datetime
    required: float
    whole: int
    scheduled: int

    def as_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "channels": self.channels,
            "interval_start": self.start.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "required": round(self.required, 3),
            "required_whole": self.whole,
            "scheduled": self.scheduled,
            "over": max(self.scheduled - self.whole, 0),
            "under": max(self.whole - self.scheduled, 0),
        }


@dataclass(frozen=True, eq=False)
class ShiftDesign:
    """The answer: templates, people, cover, and how good it is at best."""

    question: ShiftQuestion
    days: tuple[str, ...]
    shifts: tuple[OfferedShift, ...]
    crews: tuple[CrewNeed, ...]
    rows: tuple[CoverRow, ...]
    binding: tuple[Binding, ...]
    objective: float
    bound: float  # of the program that is written
    bound_all: float  # of all templates, however many
    paid_h: float
    people: int
    required_h: float
    rounding_h: float  # what rounding up to whole people adds
    short_h: float
    templates_tried: int
    variables: int
    constraints: int
    program: Program

    @property
    def gap(self) -> float:
        """Share by which the answer may exceed the best of its program."""
        return max(self.objective - self.bound, 0.0) / self.objective if self.objective else 0.0

    @property
    def gap_all(self) -> float:
        """Share by which it may exceed the best cover with any number of templates."""
        return max(self.objective - self.bound_all, 0.0) / self.objective if self.objective else 0.0

    @property
    def shapes(self) -> int:
        """Templates that somebody works."""
        return len({one.shift.shape for one in self.shifts})

    def lp_text(self) -> str:
        """The program in the LP format of CPLEX."""
        return self._written("writeLP", max_length=_NAME_MAX)

    def mps_text(self) -> str:
        """The program in the MPS format."""
        return self._written("writeMPS")

    def _written(self, how: str, **options: Any) -> str:
        """What PuLP writes into a file."""
        with TemporaryDirectory() as folder:
            path = Path(folder) / "shifts"
            getattr(self.program.problem, how)(str(path), **options)
            return path.read_text(encoding="utf-8")


def answer_of(
    horizon: Horizon,
    question: ShiftQuestion,
    cover: Cover,
    chosen: Cover,
    program: Program,
    reading: Reading,
    duals: Mapping[str, float],
    best: float,
) -> ShiftDesign:
    """The answer as the planner reads it."""
    words = Words(chosen, horizon)
    people = np.array([round(one.varValue or 0) for one in program.work], dtype=np.int64)
    short = [round(one.varValue or 0) for one in program.short]
    rows = tuple(_rows(chosen, people, horizon))
    exact = chosen.wanted[_widest(chosen)]
    return ShiftDesign(
        question=question,
        days=words.days,
        shifts=tuple(_shifts(chosen, people, words)),
        crews=tuple(_crews(chosen, people, program)),
        rows=rows,
        binding=_binding(duals),
        objective=reading.objective,
        bound=reading.bound,
        bound_all=best,
        paid_h=float(chosen.paid_h @ people),
        people=sum(round(one.varValue or 0) for one in program.people),
        required_h=float(exact.exact.sum()) * chosen.slot_h,
        rounding_h=float((exact.heads - exact.exact).clip(0).sum()) * chosen.slot_h,
        short_h=float(np.dot(short, chosen.row_slots)) * chosen.slot_h if short else 0.0,
        templates_tried=len({one.shape for one in cover.templates}),
        variables=program.problem.numVariables(),
        constraints=program.problem.numConstraints(),
        program=program,
    )


def _widest(cover: Cover) -> int:
    """The set of channels with most people wanted."""
    return int(np.argmax([one.exact.sum() for one in cover.wanted]))


def _shifts(cover: Cover, people: IntArray, words: Words) -> Iterator[OfferedShift]:
    """What is worked, by template and crew."""
    table: dict[tuple[int, int], list[int]] = {}
    for n in np.flatnonzero(people):
        row = table.setdefault((int(cover.template[n]), int(cover.crew[n])), [0] * cover.days)
        row[int(cover.day[n])] += int(people[n])
    for (template, crew), counts in sorted(table.items()):
        yield OfferedShift(
            words.templates[template], cover.templates[template], words.crew(crew), tuple(counts)
        )


def _crews(cover: Cover, people: IntArray, program: Program) -> Iterator[CrewNeed]:
    """People of each crew beside those there are."""
    for k, (crew, variable) in enumerate(zip(cover.crews, program.people, strict=True)):
        mine = cover.crew == k
        yield CrewNeed(
            crew=crew.name,
            people=round(variable.varValue or 0),
            have=len(crew.agents),
            shifts=int(people[mine].sum()),
            paid_h=float(cover.paid_h[mine] @ people[mine]),
        )


def _rows(cover: Cover, people: IntArray, horizon: Horizon) -> Iterator[CoverRow]:
    """Required and scheduled people of every slot that wants any, set by set."""
    for wanted in cover.wanted:
        able = np.isin(cover.crew, wanted.crews)
        scheduled = cover.on @ np.where(able, people, 0)
        for slot in np.flatnonzero(wanted.heads):
            yield CoverRow(
                channels=wanted.name,
                start=horizon.instant_at(int(slot)),
                required=float(wanted.exact[slot]),
                whole=int(wanted.heads[slot]),
                scheduled=round(scheduled[slot]),
            )


def _binding(duals: Mapping[str, float]) -> tuple[Binding, ...]:
    """Rows with a price, dearest first."""
    found = [Binding(name, abs(price)) for name, price in duals.items() if abs(price) > _PRICE]
    return tuple(sorted(found, key=lambda one: (-one.price, one.name)))
