"""A quarter as a page: burdens and overload over the weeks, with memory and without.

In the style of the report, and like it one file that loads nothing; it needs no script at all.
People appear by id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, nan

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from wfplan.domain.quarters import BURDENS, WITH, Quarter
from wfplan.engagement.ledger import ACUTE_MAX_MIN, CHRONIC_MAX_MIN
from wfplan.evaluation import beyond_fair
from wfplan.report import numbers
from wfplan.report.charts_weeks import WEEKS_PX, WeekChart, band_chart, line_chart, scale_of
from wfplan.report.page import asset
from wfplan.report.quarter_words import BURDEN_NAMES, Ends, ends_of, headline_of, sentences_of

FloatArray = NDArray[np.float64]
_BANDS = ("least", "p10", "median", "p90", "most")
_TITLES = {"with": "With memory", "without": "Without memory"}


@dataclass(frozen=True)
class BurdenPart:
    """A burden: people above and below fair shares, and how even it is."""

    title: str
    charts: tuple[WeekChart, ...]
    gini: WeekChart
    types: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PersonLine:
    """A person over all weeks; cells with memory, then without."""

    agent_id: str
    contract: str
    cells: tuple[str, ...]


def render_quarter(found: Quarter) -> str:
    """The page of a quarter as one HTML text."""
    environment = Environment(
        loader=PackageLoader("wfplan.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    ends = ends_of(found)
    kinds = [name for name in BURDENS if any(one.has(name) for one in ends)]
    return environment.get_template("quarter.html.j2").render(
        n=numbers,
        found=found,
        ends=[(one.memory, _TITLES[one.memory]) for one in ends],
        done={one.memory: len(found.done(one.memory)) for one in ends},
        headline=headline_of(found),
        is_good=bool(ends) and ends[0].memory == WITH and not ends[0].total("hard_breaches"),
        sentences=sentences_of(found),
        ahead=found.weeks_ahead,
        burdens=[_burden(found, ends, name) for name in kinds],
        loads=_loads(found, ends),
        carried=_carried(found, ends),
        services=list(_services(found, ends)),
        weeks_px=WEEKS_PX,
        kinds=[BURDEN_NAMES[name] for name in kinds],
        people=_people(found, ends, kinds),
        rows=_week_rows(found, ends),
        style=Markup(asset("report.css")),
    )  # fmt: skip


def _rows(found: Quarter, one: Ends, measure: str, kind: str = "") -> pd.DataFrame:
    """A measure's spreads by week."""
    rows = found.spreads
    rows = rows[(rows["memory"] == one.memory) & (rows["measure"] == measure)]
    return rows[rows["contract_type"] == kind].set_index("week").reindex(list(found.weeks))


def _series(frame: pd.DataFrame, column: str) -> FloatArray:
    return frame[column].to_numpy(np.float64)


def _burden(found: Quarter, ends: Sequence[Ends], name: str) -> BurdenPart:
    """The charts of a burden on one scale."""
    title = BURDEN_NAMES[name]
    charts = _bands(found, ends, f"{name}_beyond", title)
    ginis = {one.memory: _series(_rows(found, one, name), "gini") for one in ends}
    return BurdenPart(
        title,
        charts,
        line_chart(f"Gini of {title.lower()}", found.weeks, ginis, places=2),
        tuple(_types(found, ends, name)),
    )


def _bands(found: Quarter, ends: Sequence[Ends], measure: str, title: str) -> tuple[WeekChart, ...]:
    """How people lie by a measure, a chart for each way of planning, on one scale."""
    frames = [_rows(found, one, measure) for one in ends]
    scale = scale_of([_series(frame, column) for frame in frames for column in _BANDS])
    return tuple(
        band_chart(
            f"{title}, {_TITLES[one.memory].lower()}",
            f"q-{one.memory}",
            found.weeks,
            {column: _series(frame, column) for column in _BANDS},
            scale,
        )
        for one, frame in zip(ends, frames, strict=True)
    )


def _carried(found: Quarter, ends: Sequence[Ends]) -> tuple[WeekChart, ...]:
    """Chronic overload of everybody."""
    return _bands(found, ends, "chronic_min", "Chronic overload, minutes a day")


def _types(found: Quarter, ends: Sequence[Ends], name: str) -> Iterator[tuple[str, ...]]:
    """A line per contract type: people, then Gini, least to most, and reach for each way."""
    rows = found.spreads[found.spreads["measure"] == name]
    for kind in sorted({str(one) for one in rows["contract_type"]} - {""}):
        cells, people = [], 0
        for one in ends:
            own = _rows(found, one, name, kind).dropna(subset=["people"])
            beyond = _rows(found, one, f"{name}_beyond", kind).dropna(subset=["people"])
            if own.empty:
                cells += [numbers.NOT_KNOWN] * 3
                continue
            last = own.iloc[-1]
            people = max(people, int(last["people"]))
            cells += [
                numbers.decimal(float(last["gini"]), 2),
                f"{_short(last['least'])} to {_short(last['most'])}",
                numbers.signed(float(beyond.iloc[-1]["most"])),
            ]
        yield (kind.replace("_", " "), str(people), *cells)


def _short(value: float) -> str:
    """A count as a whole number, hours with a place."""
    return numbers.decimal(float(value), 0 if float(value).is_integer() else 1)


def _loads(found: Quarter, ends: Sequence[Ends]) -> list[WeekChart]:
    """Overload of the most loaded tenth."""
    said = (
        ("acute_min", "Acute overload (7 days), minutes a day", ACUTE_MAX_MIN),
        ("chronic_min", "Chronic overload (42 days), minutes a day", CHRONIC_MAX_MIN),
    )
    return [
        line_chart(
            title,
            found.weeks,
            {one.memory: _series(_rows(found, one, name), "top_tenth") for one in ends},
            limit=limit,
        )
        for name, title, limit in said
    ]


def _services(found: Quarter, ends: Sequence[Ends]) -> Iterator[WeekChart]:
    """Wishes and service."""
    granted = {one.memory: _granted(found, one) for one in ends}
    if any(np.isfinite(values).any() for values in granted.values()):
        yield line_chart("Wishes granted, %", found.weeks, granted, factor=100)
    levels = {one.memory: _served(found, one, "service_level") for one in ends}
    known = [float(np.nanmin(one)) for one in levels.values() if np.isfinite(one).any()]
    if known:
        tens = 10 * floor(10 * min(known))
        yield line_chart(
            "Inside the promise, all channels, %", found.weeks, levels, factor=100, floor_at=tens
        )
    harm = {one.memory: _served(found, one, "harm") for one in ends}
    yield line_chart("Harm a week, as lived, points", found.weeks, harm, places=0)


def _granted(found: Quarter, one: Ends) -> FloatArray:
    own = found.people[found.people["memory"] == one.memory]
    sums = own.groupby("week")[["asked", "granted"]].sum().reindex(list(found.weeks))
    asked = sums["asked"].to_numpy(np.float64)
    share = np.full(len(asked), nan)
    np.divide(sums["granted"].to_numpy(np.float64), asked, out=share, where=asked > 0)
    return share


def _served(found: Quarter, one: Ends, measure: str) -> FloatArray:
    rows = found.service
    rows = rows[(rows["memory"] == one.memory) & (rows["measure"] == measure)]
    own = rows[rows["channel"] == ""].set_index("week")["value"]
    return own.reindex(list(found.weeks)).to_numpy(np.float64)


def _people(found: Quarter, ends: Sequence[Ends], kinds: Sequence[str]) -> list[PersonLine]:
    """A line for everybody: what she carried and how far above her fair share, and overload."""
    parts = []
    for one in ends:
        own = found.people[found.people["memory"] == one.memory]
        sums = own.groupby("agent_id")[list(kinds)].sum()
        last = own.sort_values("week").groupby("agent_id")["chronic_min"].last()
        parts.append((sums, beyond_fair(own), last))
    contracts = found.people.groupby("agent_id")["contract_type"].last()
    return [
        PersonLine(
            str(who),
            str(kind).replace("_", " "),
            tuple(cell for part in parts for cell in _cells(part, str(who), kinds)),
        )
        for who, kind in sorted(contracts.items(), key=lambda item: (item[1], item[0]))
    ]


def _cells(
    part: tuple[pd.DataFrame, pd.DataFrame, pd.Series], who: str, kinds: Sequence[str]
) -> Iterator[str]:
    sums, beyond, last = part
    for name in kinds:
        if who not in sums.index:
            yield numbers.NOT_KNOWN
            continue
        more = float(beyond[name].loc[who])
        text = _short(float(sums[name].loc[who]))
        yield f"{text} ({numbers.signed(more)})" if more == more else text
    yield numbers.decimal(float(last.get(who, nan)))


def _week_rows(found: Quarter, ends: Sequence[Ends]) -> list[tuple[str, ...]]:
    """A line per week and way of planning."""
    rows = []
    for t, day in enumerate(found.weeks):
        for one in ends:
            level, harm = (_served(found, one, name)[t] for name in ("service_level", "harm"))
            if harm != harm:
                continue
            broken = _served(found, one, "hard_breaches")[t]
            tops = [_series(_rows(found, one, name), "top_tenth")[t]
                    for name in ("acute_min", "chronic_min")]  # fmt: skip
            rows.append(
                (
                    numbers.short_day(day),
                    one.memory,
                    f"{numbers.decimal(100 * level)}\u202f%",
                    numbers.whole(harm),
                    f"{numbers.decimal(100 * _granted(found, one)[t], 0)}\u202f%",
                    *(numbers.decimal(value) for value in tops),
                    numbers.whole(broken),
                )
            )
    return rows
