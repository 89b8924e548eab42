"""Several scenarios at once: read as they are typed, each a column of one table.

A text is one change, several with ``;`` between them, or the name of a scenario
of the plan (``[scenarios]``). All faults of all texts are told together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wfplan.domain.problem import PlanningProblem
from wfplan.errors import did_you_mean
from wfplan.staffing.scenario import faults_of, in_order, keys_of, names_of, refuse

TOGETHER = "all together"
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SLUG_MAX = 64


@dataclass(frozen=True)
class Scenario:
    """Changes that are tried together, under the name by which a table calls them."""

    name: str
    changes: tuple[str, ...]


def read_scenarios(texts: Sequence[str], problem: PlanningProblem) -> tuple[Scenario, ...]:
    """
    The scenarios of some texts, in their order.

    Raises
    ------
    InputFaultsError
        With every text that cannot be read, every change that cannot be tried,
        what a scenario says twice, and scenarios that are one and the same.
    """
    found = [_read(text, problem.scenarios) for text in texts]
    faults = [fault for text, one in zip(texts, found, strict=True)
              for fault in _faults(text, one, problem)]  # fmt: skip
    faults += _twice(found)
    refuse(list(dict.fromkeys(faults)))
    return tuple(found)


def together(scenarios: Sequence[Scenario]) -> Scenario | None:
    """All changes of some scenarios at once; None where two of them contradict each other."""
    changes = tuple(dict.fromkeys(in_order(c for one in scenarios for c in one.changes)))
    return None if _contradictions(changes) else Scenario(TOGETHER, changes)


def all_changes(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """
    All changes of some scenarios at once.

    Raises
    ------
    InputFaultsError
        Where two of them contradict each other.
    """
    changes = dict.fromkeys(in_order(c for one in scenarios for c in one.changes))
    refuse([f"{fault}; give one of them, or compare them with --each"
            for fault in _contradictions(tuple(changes))])  # fmt: skip
    return tuple(changes)


def columns_of(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Each scenario alone, and after two or more all together, if that has a meaning."""
    every = together(scenarios) if len(scenarios) > 1 else None
    return (*scenarios, every) if every else tuple(scenarios)


def slugs(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """A folder name for each scenario: ``volume-plus-10``, ``absent-a017``, ``flu_week``."""
    taken: list[str] = []
    for one in scenarios:
        words = re.sub(r"=\s*\+", " plus ", re.sub(r"=\s*-", " minus ", one.name.casefold()))
        slug = re.sub(r"[^a-z0-9_]+", "-", words).strip("-")[:_SLUG_MAX].strip("-") or "scenario"
        count = sum(re.fullmatch(rf"{re.escape(slug)}(-\d+)?", name) is not None for name in taken)
        taken.append(f"{slug}-{count + 1}" if slug in taken else slug)
    return tuple(taken)


def _read(text: str, named: Mapping[str, tuple[str, ...]]) -> Scenario:
    """A scenario as it is written, whatever is wrong with it."""
    name = text.strip()
    if name in named:
        return Scenario(name, in_order(named[name]))
    parts = (part.strip() for part in name.split(";"))
    return Scenario(name, in_order(part for part in parts if part))


def _faults(text: str, scenario: Scenario, problem: PlanningProblem) -> Iterator[str]:
    """What is wrong with one scenario by itself."""
    if not scenario.changes:
        yield f"'{text}' is an empty scenario: write volume=+10%, or leave it out."
        return
    if _NAME.fullmatch(scenario.name) and scenario.name not in problem.scenarios:
        known = ", ".join(problem.scenarios)
        hint = did_you_mean(scenario.name, problem.scenarios)
        hint = hint or (f"it has {known}." if known else "it has none.")
        yield (
            f"'{scenario.name}' is no change, and no scenario of the plan ([scenarios]): {hint} "
            "A change is written volume=+10%, volume.voice=-20%, aht.chat=+5% or absent=A017,A022."
        )
        return
    yield from faults_of(scenario.changes, *names_of(problem))
    for fault in _contradictions(scenario.changes):
        yield f"'{scenario.name}': {fault}."


def _contradictions(changes: Sequence[str]) -> list[str]:
    """What changes say more than once, of volumes and handle times."""
    said: dict[str, list[str]] = {}
    for change in changes:
        for key in keys_of(change):
            if not key.startswith("absent "):
                said.setdefault(key, []).append(change)
    return [f"{' and '.join(texts)} both say what {key} is"
            for key, texts in said.items() if len(texts) > 1]  # fmt: skip


def _twice(scenarios: Sequence[Scenario]) -> Iterator[str]:
    """Scenarios that are the same as an earlier one."""
    first: dict[tuple[str, ...], str] = {}
    for one in scenarios:
        if one.changes in first:
            other = first[one.changes]
            same = "" if other == one.name else f" (it is the same as '{other}')"
            yield f"'{one.name}' is given twice{same}: leave one out."
        elif one.changes:
            first[one.changes] = one.name
