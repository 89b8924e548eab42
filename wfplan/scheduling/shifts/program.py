"""The cover as a program that can be read, in PuLP, with names in the field's words.

``work(full_time,early_0630_8h_a,mon)`` are people of a crew who work a template on
a day, ``cover(voice,mon_0900)`` is the row that wants people who serve voice on
queue at nine on Monday, ``people(full_time)`` how many people of the crew that
takes: at least as many as work on any day, and as many as have days and hours
enough. Where days off need not follow each other such people can be given days
off without anybody working more days than they may (Burns and Carter 1985); where
they must, ``off_from(full_time,mon)`` are the people whose days off begin there
(the (5,7)-cyclic staffing problem; Bartholdi, Orlin and Ratliff 1980).

References
----------
.. [1] Burns, R. N., and M. W. Carter (1985). Work force size and single shift
       schedules with variable demands. *Management Science*, 31(5): 599-607.
       https://doi.org/10.1287/mnsc.31.5.599
.. [2] Bartholdi, J. J., J. B. Orlin, and H. D. Ratliff (1980). Cyclic scheduling via
       integer programs with circular ones. *Operations Research*, 28(5): 1074-1085.
       https://doi.org/10.1287/opre.28.5.1074
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wfplan.horizon import Horizon
from wfplan.scheduling.shifts.cover import SHORT_H, Aim, Cover, days_max, hour_cost, hours_of
from wfplan.scheduling.shifts.crews import EVERYBODY

IntArray = NDArray[np.int64]

NAME = "shifts"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PLANS = "abcdefgh"
_LONG = 80  # characters; longer names of crews become numbers


@dataclass(frozen=True, eq=False)
class Program:
    """A PuLP problem and what its variables are: by column, crew, template shape and row."""

    problem: Any
    work: Sequence[Any]
    people: Sequence[Any]
    offer: Mapping[tuple[int, int, str], Any]
    short: Sequence[Any]
    row_names: Sequence[str]


def program_of(
    cover: Cover, horizon: Horizon, aim: Aim, *, templates_max: int | None = None
) -> Program:
    """The program of a cover; at most ``templates_max`` shapes may be offered."""
    from pulp import LpMinimize, LpProblem

    problem = LpProblem(NAME, LpMinimize)
    words = Words(cover, horizon)
    whole = {"lowBound": 0, "cat": "Integer"}
    work = [problem.add_variable(words.work(n), **whole) for n in range(len(cover.crew))]
    people = [
        problem.add_variable(
            f"people({words.crew(k)})", upBound=len(crew.agents) if aim.is_as_is else None, **whole
        )
        for k, crew in enumerate(cover.crews)
    ]
    rows = range(len(cover.row_slot)) if aim.is_as_is else ()
    short = [problem.add_variable(f"short({words.row(r)})", **whole) for r in rows]
    problem += _cost(cover, aim, work, people, short)
    present = _present(problem, cover, words, work)
    for r in range(len(cover.row_slot)):
        terms = present(r) + ([(short[r], 1.0)] if short else [])
        problem += _sum(terms) >= int(cover.row_heads[r]), f"cover({words.row(r)})"
    for k in range(len(cover.crews)):
        _crew_rows(problem, cover, aim, words, k, work, people[k])
    offer = {} if templates_max is None else _offers(problem, cover, words, work, templates_max)
    return Program(
        problem, work, people, offer, short, [words.row(r) for r in range(len(cover.row_slot))]
    )


def _present(
    problem: Any, cover: Cover, words: Words, work: Sequence[Any]
) -> Callable[[int], list[tuple[Any, float]]]:
    """
    Who counts in a row: the columns of it, or people of skill groups who are present.

    Where there are several skill groups each slot gets variables for how many
    of each are there: a set of channels then adds up a few of them.
    """
    groups = sorted({crew.group for crew in cover.crews})

    def columns(r: int) -> list[tuple[Any, float]]:
        at = cover.rows.indices[cover.rows.indptr[r] : cover.rows.indptr[r + 1]]
        return [(work[n], 1.0) for n in at.tolist()]

    if len(groups) == 1:
        return columns
    place = {group: g for g, group in enumerate(groups)}
    group_of = np.array([place[crew.group] for crew in cover.crews])[cover.crew]
    known: dict[tuple[int, int], Any] = {}

    def people(r: int) -> list[tuple[Any, float]]:
        slot = int(cover.row_slot[r])
        at = cover.on.indices[cover.on.indptr[slot] : cover.on.indptr[slot + 1]]
        able = sorted({cover.crews[k].group for k in cover.wanted[int(cover.row_set[r])].crews})
        for group in able:
            if (place[group], slot) not in known:
                name = f"{plain(group)},{words.time(slot)}"
                one = problem.add_variable(f"present({name})", lowBound=0)
                terms = [(work[n], 1.0) for n in at[group_of[at] == place[group]].tolist()]
                problem.addConstraint(_sum([*terms, (one, -1.0)]) == 0, f"count({name})")
                known[place[group], slot] = one
        return [(known[place[group], slot], 1.0) for group in able]

    return people


class Words:
    """Names of a cover's variables and rows; letters, digits and what LP files allow."""

    def __init__(self, cover: Cover, horizon: Horizon) -> None:
        self._cover, self._horizon = cover, horizon
        weeks = cover.days > len(_WEEKDAYS)
        self.days = tuple(
            (f"w{d // 7 + 1}_" if weeks else "") + _WEEKDAYS[day.weekday()]
            for d, day in enumerate(horizon.dates)
        )
        self.templates = _template_names(cover)
        names = [plain(crew.name.removeprefix(f"{EVERYBODY},")) for crew in cover.crews]
        self._crews = [
            name if names.count(name) == 1 and len(name) <= _LONG else f"crew_{n + 1}"
            for n, name in enumerate(names)
        ]

    def crew(self, k: int) -> str:
        """A crew: group and contract."""
        return self._crews[k]

    def day(self, d: int) -> str:
        """A date by its weekday."""
        return self.days[d]

    def work(self, n: int) -> str:
        """A column."""
        at = self._cover
        template = self.templates[int(at.template[n])]
        return f"work({self.crew(int(at.crew[n]))},{template},{self.day(int(at.day[n]))})"

    def row(self, r: int) -> str:
        """A row: the channels and the time of the slot."""
        at = self._cover
        wanted = at.wanted[int(at.row_set[r])].name
        return f"{plain(wanted)},{self.time(int(at.row_slot[r]))}"

    def time(self, slot: int) -> str:
        """A slot by weekday and clock; the hour that a clock shows again has a letter."""
        local = self._horizon.local(self._horizon.instant_at(slot))
        day = self.days[(local.date() - self._horizon.first_day).days]
        return f"{day}_{local:%H%M}{'b' if local.fold else ''}"


def _template_names(cover: Cover) -> list[str]:
    """Names of the templates, with a letter where their breaks have several places."""
    used = set(cover.template.tolist())
    names = [one.name for one in cover.templates]
    letters: dict[str, int] = {}
    result = []
    for n, name in enumerate(names):
        others = sum(names[m] == name for m in used)
        if n in used and others > 1:
            letter = letters.get(name, 0)
            letters[name] = letter + 1
            name += f"_{_PLANS[letter]}" if letter < len(_PLANS) else f"_{letter}"
        result.append(name)
    return result


def plain(name: str) -> str:
    """A name as LP files allow it."""
    return re.sub(r"[^A-Za-z0-9_,.]", "_", name.replace("+", "_"))


def _places(chosen: NDArray[np.bool_]) -> list[int]:
    """Where something is chosen."""
    places: list[int] = np.flatnonzero(chosen).tolist()
    return places


def _sum(terms: Sequence[tuple[Any, float]]) -> Any:
    from pulp import lpSum

    return lpSum([factor * variable for variable, factor in terms])


def _cost(
    cover: Cover, aim: Aim, work: Sequence[Any], people: Sequence[Any], short: Sequence[Any]
) -> Any:
    """What is to be least."""
    terms = list(zip(work, aim.column_cost(cover).tolist(), strict=True))
    terms += [(one, aim.person_cost) for one in people]
    price = SHORT_H * cover.slot_h * hour_cost(cover, aim)
    terms += [(one, price * int(n)) for one, n in zip(short, cover.row_slots, strict=False)]
    return _sum(terms)


def _crew_rows(
    problem: Any, cover: Cover, aim: Aim, words: Words, k: int, work: Sequence[Any], people: Any
) -> None:
    """How many people of a crew the work on its columns takes."""
    crew, name = cover.crews[k], words.crew(k)
    mine = _places(cover.crew == k)
    if not mine:
        return
    hours = [(work[n], float(cover.paid_h[n])) for n in mine]
    least_h, most_h = hours_of(crew, cover)
    if aim.is_together:
        _days_off_together(problem, cover, words, k, work, people)
    else:
        for d in range(cover.days):
            today = [(work[n], 1.0) for n in mine if cover.day[n] == d]
            if today:
                problem += _sum([*today, (people, -1)]) <= 0, f"day({name},{words.day(d)})"
        days = [(work[n], 1.0) for n in mine]
        problem += _sum([*days, (people, -days_max(crew, cover))]) <= 0, f"days({name})"
    problem += _sum([*hours, (people, -most_h)]) <= 0, f"hours_most({name})"
    if aim.has_least:
        least = [*hours, (people, -least_h)]
        problem += _sum(least) >= 0, f"hours_least({name})"


def _days_off_together(
    problem: Any, cover: Cover, words: Words, k: int, work: Sequence[Any], people: Any
) -> None:
    """People by the day on which their days off of the week begin; these follow each other."""
    crew, name = cover.crews[k], words.crew(k)
    off = 7 - crew.work_days_max
    begins = [
        problem.add_variable(f"off_from({name},{words.day(d)})", lowBound=0, cat="Integer")
        for d in range(7)
    ]
    problem += _sum([*((one, 1.0) for one in begins), (people, -1)]) == 0, f"lines({name})"
    for d in range(cover.days):
        today = [(work[n], 1.0) for n in _places((cover.crew == k) & (cover.day == d))]
        on_duty = [(begins[b], -1.0) for b in range(7) if (d % 7 - b) % 7 >= off]
        if today:
            problem += _sum([*today, *on_duty]) <= 0, f"day({name},{words.day(d)})"


def _offers(
    problem: Any, cover: Cover, words: Words, work: Sequence[Any], most: int
) -> Mapping[tuple[int, int, str], Any]:
    """Templates that nobody works unless they are offered, and how many may be."""
    offer = {}
    peak = int(cover.row_heads.max(initial=1))
    shapes = {cover.templates[int(t)].shape: cover.templates[int(t)] for t in set(cover.template)}
    for shape, template in sorted(shapes.items()):
        offer[shape] = problem.add_variable(f"offer({template.name})", cat="Binary")
        of_shape = np.array([cover.templates[int(t)].shape == shape for t in cover.template])
        for d in range(cover.days):
            today = [(work[n], 1.0) for n in _places(of_shape & (cover.day == d))]
            if today:
                name = f"offered({template.name},{words.day(d)})"
                problem += _sum([*today, (offer[shape], -peak)]) <= 0, name
    problem += _sum([(one, 1.0) for one in offer.values()]) <= most, "templates"
    return offer
