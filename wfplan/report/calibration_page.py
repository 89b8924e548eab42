"""A calibration as a page: the verdict, a forest plot of the effects, checks, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from wfplan.domain.definitions import DEFINITIONS
from wfplan.engagement.calibration import Calibration, Effect, Verdict
from wfplan.report import calibration_words as words
from wfplan.report.page import asset

DEFINED = ("absence_spell", "odds_ratio", "detectable", "overload_effects")
_REACH_MIN, _REACH_MAX = 2.0, 8.0  # odds ratios at the edges of the picture, and their inverse
_STEPS = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)


@dataclass(frozen=True)
class ForestRow:
    """An effect as a line from ``low`` to ``high`` with a dot, all in percent of the width."""

    name: str
    cells: tuple[str, ...]
    dot: float | None
    low: float | None
    high: float | None
    is_found: bool
    said: str


@dataclass(frozen=True)
class Tick:
    """A value of the axis."""

    x: float
    label: str


def render_calibration(found: Calibration, *, about: str) -> str:
    """The page of a calibration as one HTML text; no person is in it."""
    environment = Environment(
        loader=PackageLoader("wfplan.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    reach = _reach(found.effects)
    return environment.get_template("calibration.html.j2").render(
        about=about,
        headline=words.headline(found),
        is_found=found.verdict is Verdict.FOUND,
        rows=[_row(effect, reach) for effect in found.effects],
        ticks=_ticks(reach),
        middle=_x(1.0, reach),
        has_numbers=any(isfinite(effect.p) for effect in found.effects),
        lines=[line for effect in found.effects for line in words.lines_of(effect)],
        checks=list(words.checks(found)),
        basis=[*words.basis(found), *found.notes],
        caveat=words.CAVEAT,
        use=words.use(found),
        definitions=[(name.replace("_", " "), DEFINITIONS[name]) for name in DEFINED],
        style=Markup(asset("report.css")),
    )


def _reach(effects: Sequence[Effect]) -> float:
    """The odds ratio at the right edge; its inverse is at the left one."""
    ends = [
        max(end, 1 / end)
        for effect in effects
        for end in (effect.low, effect.high)
        if isfinite(end) and end > 0
    ]
    return min(max([_REACH_MIN, *ends]), _REACH_MAX)


def _x(value: float, reach: float) -> float:
    """Percent of the width of an odds ratio, by its logarithm, kept inside."""
    inside = min(max(value, 1 / reach), reach)
    return round(4 + 46 * (1 + log(inside) / log(reach)), 2)


def _ticks(reach: float) -> list[Tick]:
    """One, and what lies evenly to its sides."""
    steps = [step for step in _STEPS if step <= reach]
    shown = [steps[-1]] if len(steps) < 3 else [steps[len(steps) // 2 - 1], steps[-1]]
    values = [*(1 / step for step in reversed(shown)), 1.0, *shown]
    return [Tick(_x(value, reach), f"{value:.2g}") for value in values]


def _row(effect: Effect, reach: float) -> ForestRow:
    """A line of the picture; empty where nothing was estimated."""
    cells = words.cells(effect)
    name = words.NAMES[effect.name]
    if not isfinite(effect.p):
        return ForestRow(name, cells, None, None, None, False, f"{name}: not estimated")
    is_inside = isfinite(effect.odds_ratio) and effect.odds_ratio > 0
    return ForestRow(
        name,
        cells,
        _x(effect.odds_ratio, reach) if is_inside else None,
        _x(effect.low, reach),
        _x(effect.high, reach),
        effect.is_found,
        f"{name}: odds ratio {cells[0]}, 95 % {cells[1]}",
    )
