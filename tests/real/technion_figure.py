"""The figure of :mod:`tests.real.technion_service`: models beside what callers lived, as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

WIDE, HIGH, GAP = 148.0, 140.0, 24.0  # a panel, pixels
LEFT, TOP = 62.0, 44.0
DAY_WIDE, DAY_HIGH = 900.0, 190.0
SLOTS_A_DAY = 48
BINS = 8
COLOURS = {
    "Erlang C": "#b04a3a",
    "Erlang A": "#2c6fbb",
    "M/M/n+G": "#6a51a3",
    "transient": "#1b7f5c",
    "simulation": "#c27a00",
    "last month": "#777777",
}
TITLES = {
    "abandoned": ("Hung up", 0.4, 100, "%"),
    "wait_s": ("Mean wait", 180.0, 1, "s"),
    "in_time": ("Answered within 20 s", 1.0, 100, "%"),
}
"""What a measure is called, the end of its axis, the factor and the unit it is shown in."""
STYLE = """
body{font:14px/1.45 system-ui,sans-serif;color:#222;max-width:1120px;margin:28px auto;
padding:0 16px}
h1{font-size:21px;margin:0 0 4px}h2{font-size:16px;margin:30px 0 4px}p{margin:4px 0;max-width:82ch}
table{border-collapse:collapse;margin-top:8px}td,th{padding:3px 12px 3px 0;text-align:right}
th{font-weight:600;border-bottom:1px solid #999}td:first-child,th:first-child{text-align:left}
tr.best td{font-weight:600}svg text{font:11px system-ui,sans-serif;fill:#444}
svg .head{font-weight:600;font-size:12px}figure{margin:8px 0;overflow-x:auto}
"""


def page(
    table: pd.DataFrame,
    said: Mapping[str, pd.DataFrame],
    errors: pd.DataFrame,
    at: BoolArray,
) -> str:
    """The whole page, in HTML without script."""
    count, calls = int(at.sum()), int(table["calls"][at].sum())
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'>"
        f"<title>Models beside real callers</title><style>{STYLE}</style>"
        "<h1>Is the service right, given the calls and the people?</h1>"
        f"<p>An Israeli bank in February 1999, {count} half-hours with {calls:,} calls. Models "
        "learnt patience, handle times and pauses in January; of February they know how many "
        "called and how many people were on the phones.</p>"
        "<h2>Said and lived</h2>"
        "<p>Each dot is a half-hour; each large dot an eighth of the calls, ordered by what was "
        "said, with twice its standard error. A model that is right on average follows the "
        "line. What lies beyond an axis is drawn at its end.</p>"
        f"<figure>{_scatters(table, said, at)}</figure>"
        "<h2>Through the day</h2>"
        f"<figure>{_days(table, said, at)}</figure>"
        "<h2>Errors</h2>"
        "<p>Mean absolute error by half-hour, bias (said less lived) and correlation, weighted "
        "by calls. Half-hours are small, so nobody can be right about each: a model that knew "
        "everything but luck would have the errors of the last row.</p>"
        f"{_table(errors)}</html>"
    )


def _scatters(table: pd.DataFrame, said: Mapping[str, pd.DataFrame], at: BoolArray) -> str:
    """One panel per measure (row) and predictor (column)."""
    names = list(said)
    wide = LEFT + len(names) * (WIDE + GAP)
    high = TOP + len(TITLES) * (HIGH + 50)
    parts = [f"<svg width='{wide:.0f}' height='{high:.0f}' role='img'>"]
    for column, name in enumerate(names):
        x = LEFT + column * (WIDE + GAP)
        parts.append(
            f"<text class='head' x='{x:.0f}' y='20' style='fill:{COLOURS[name]}'>"
            f"{escape(name)}</text>"
        )
        for row, measure in enumerate(TITLES):
            y = TOP + row * (HIGH + 50)
            parts.append(f"<g transform='translate({x:.0f},{y:.0f})'>")
            parts += _panel(table[at], said[name][at], measure, COLOURS[name], column == 0)
            parts.append("</g>")
    return "".join(parts) + "</svg>"


def _panel(
    lived: pd.DataFrame, said: pd.DataFrame, measure: str, colour: str, is_first: bool
) -> Iterator[str]:
    """Said to the right, lived upwards."""
    title, top, factor, unit = TITLES[measure]
    x = np.clip(said[measure].to_numpy() / top, 0, 1) * WIDE
    y = HIGH - np.clip(lived[measure].to_numpy() / top, 0, 1) * HIGH
    yield f"<rect width='{WIDE}' height='{HIGH}' fill='#fafafa' stroke='#ccc'/>"
    yield f"<path d='M0 {HIGH}L{WIDE} 0' stroke='#999' stroke-dasharray='3 3'/>"
    dots = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in zip(x, y, strict=True))
    yield (
        f"<path d='{dots}' stroke='{colour}' stroke-opacity='.22' stroke-width='4' "
        "stroke-linecap='round'/>"
    )
    for said_mean, lived_mean, error in binned(
        said[measure].to_numpy(), lived[measure].to_numpy(), lived["calls"].to_numpy()
    ):
        a, b = min(said_mean / top, 1) * WIDE, HIGH - min(lived_mean / top, 1) * HIGH
        reach = 2 * error / top * HIGH
        yield f"<path d='M{a:.1f} {b - reach:.1f}v{2 * reach:.1f}' stroke='#111'/>"
        yield f"<circle cx='{a:.1f}' cy='{b:.1f}' r='3.6' fill='{colour}' stroke='#111'/>"
    for share in (0.0, 0.5, 1.0):
        label = f"{share * top * factor:.0f}{'&#8201;' + unit if share == 1 else ''}"
        anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[share]
        yield f"<text x='{share * WIDE:.0f}' y='{HIGH + 14}' text-anchor='{anchor}'>{label}</text>"
        if is_first:
            at = HIGH - share * HIGH + 4
            yield f"<text x='-6' y='{at:.0f}' text-anchor='end'>{label}</text>"
    if is_first:
        yield f"<text x='-50' y='-8' class='head'>{escape(title)}</text>"


def binned(said: FloatArray, lived: FloatArray, calls: FloatArray) -> list[tuple[float, ...]]:
    """Means of eighths of the calls in order of what was said, and the standard error."""
    order = np.argsort(said, kind="stable")
    share = np.cumsum(calls[order]) / calls.sum()
    found = []
    for b in range(BINS):
        own = order[(share > b / BINS) & (share <= (b + 1) / BINS)]
        if len(own) < 2:
            continue
        weight = calls[own] / calls[own].sum()
        mean = float(weight @ lived[own])
        error = float(np.sqrt(np.sum((weight * (lived[own] - mean)) ** 2)))
        found.append((float(weight @ said[own]), mean, error))
    return found


def _days(table: pd.DataFrame, said: Mapping[str, pd.DataFrame], at: BoolArray) -> str:
    """Mean of each half-hour of the day, lived and said, one panel per measure."""
    parts = [
        f"<svg width='{LEFT + DAY_WIDE + 150:.0f}' height='{3 * (DAY_HIGH + 44):.0f}' role='img'>"
    ]
    for row, (measure, (title, end, factor, unit)) in enumerate(TITLES.items()):
        top = end if measure == "in_time" else 0.6 * end  # means of days vary less
        y = 24 + row * (DAY_HIGH + 44)
        parts.append(f"<g transform='translate({LEFT:.0f},{y:.0f})'>")
        parts.append(f"<text x='-50' y='-8' class='head'>{escape(title)}</text>")
        parts.append(f"<rect width='{DAY_WIDE}' height='{DAY_HIGH}' fill='#fafafa' stroke='#ccc'/>")
        for share in (0.0, 0.5, 1.0):
            label = f"{share * top * factor:.0f}{'&#8201;' + unit if share == 1 else ''}"
            at_y = DAY_HIGH * (1 - share) + 4
            parts.append(f"<text x='-6' y='{at_y:.0f}' text-anchor='end'>{label}</text>")
        parts += _hours()
        lines = {name: found for name, found in said.items() if name != "last month"}
        for name, found in lines.items():
            path = _line(found[measure], table, at, top)
            stroke = f"stroke='{COLOURS[name]}' stroke-width='1.6'"
            parts.append(f"<path d='{path}' fill='none' {stroke}/>")
        path = _line(table[measure], table, at, top)
        parts.append(f"<path d='{path}' fill='none' stroke='#111' stroke-width='2.6'/>")
        if row == 0:
            parts += _legend(list(lines))
        parts.append("</g>")
    return "".join(parts) + "</svg>"


def _line(values: pd.Series, table: pd.DataFrame, at: BoolArray, top: float) -> str:
    """Means by half-hour of the day, weighted by calls, as a path."""
    slot = (table.index[at] % SLOTS_A_DAY).to_numpy()
    calls = table["calls"].to_numpy()[at]
    sums = np.bincount(slot, values.to_numpy()[at] * calls, SLOTS_A_DAY)
    counts = np.bincount(slot, calls, SLOTS_A_DAY)
    known = np.flatnonzero(counts > 0)
    first, last = 14, SLOTS_A_DAY  # opens at 07:00
    x = (known + 0.5 - first) / (last - first) * DAY_WIDE
    y = DAY_HIGH * (1 - np.clip(sums[known] / counts[known] / top, 0, 1))
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))


def _hours() -> Iterator[str]:
    for hour in range(7, 25, 2):
        x = (hour - 7) / 17 * DAY_WIDE
        yield f"<text x='{x:.0f}' y='{DAY_HIGH + 15:.0f}' text-anchor='middle'>{hour:02d}:00</text>"


def _legend(names: Sequence[str]) -> Iterator[str]:
    for k, (name, colour) in enumerate([("lived", "#111"), *((n, COLOURS[n]) for n in names)]):
        y = 12 + 18 * k
        yield f"<path d='M{DAY_WIDE + 14} {y}h22' stroke='{colour}' stroke-width='2.6'/>"
        yield f"<text x='{DAY_WIDE + 42}' y='{y + 4}'>{escape(name)}</text>"


def _table(errors: pd.DataFrame) -> str:
    """Errors in the units that are shown."""
    head = "".join(
        f"<th>{escape(title)}: error</th><th>bias</th><th>corr.</th>"
        for title, *_ in TITLES.values()
    )
    rows = []
    for name in errors.index.get_level_values("predictor").unique():
        cells = []
        for measure, (_, _, factor, unit) in TITLES.items():
            error, bias, correlation = errors.loc[(name, measure)]
            known = "" if np.isnan(correlation) else f"{correlation:.2f}"
            cells.append(
                f"<td>{error * factor:.1f}&#8201;{unit}</td><td>{bias * factor:+.1f}</td>"
                f"<td>{known}</td>"
            )
        rows.append(f"<tr><td>{escape(name)}</td>{''.join(cells)}</tr>")
    return f"<table><tr><th>Predictor</th>{head}</tr>{''.join(rows)}</table>"
