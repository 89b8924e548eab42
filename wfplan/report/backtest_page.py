"""A backtest as a page: verdict, scores, fan charts, where it errs, calibration, models.

In the style of the report, and like it one file that loads nothing; it needs no script at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from markupsafe import Markup

from wfplan.domain.backtests import CALIBRATION, DAYS, HOURS, MODELS, OURS, ForecastBacktest
from wfplan.domain.definitions import DEFINITIONS
from wfplan.evaluation import ForecastVerdict, forecast_verdicts
from wfplan.report import numbers
from wfplan.report.charts_errors import PIT_PX, calibration_chart, hour_maps
from wfplan.report.charts_fan import FAN_PX, FanChart, fan_chart
from wfplan.report.forecast_words import (
    ahead_text,
    coverage_sentence,
    exact_percent,
    headline_of,
    verdict_sentence,
)
from wfplan.report.page import asset, template

DEFINED = (
    "wape", "noise_floor", "bias", "mase", "pinball", "crps", "coverage80", "coverage95", "gain",
    "lead_weeks",
)  # fmt: skip
_FIGURES = (
    "wape", "mase", "pinball", "crps", "bias", "coverage80", "coverage95", "gain",
    "gain_half_width",
)  # fmt: skip
_GRAINS = {"interval": "Every interval", "day": "Day totals", "week": "Week totals"}
_STYLES = ("h-o3", "a-meet", "h-o1", "a-train", "a-off", "h-u2", "a-meal", "h-c2")
_PLAIN = "plain averages"
_BLEND = "blend"


@dataclass(frozen=True)
class ScoreRow:
    """A method of the table of scores."""

    method: str
    is_ours: bool
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ScoreTable:
    """The methods of one channel, lead and grain."""

    channel: str
    title: str
    rows: tuple[ScoreRow, ...]
    note: str


@dataclass(frozen=True)
class ModelBar:
    """The weights of one channel and week as a bar of 100 units, and who missed least alone."""

    channel: str
    week: str
    parts: tuple[tuple[str, str, float, float], ...]  # style, name, from, width
    said: str
    alone: str
    together: str


def render_backtest(found: ForecastBacktest) -> str:
    """The page of a backtest as one HTML text."""
    verdicts = forecast_verdicts(found)
    lead = min(found.leads, default=1)
    return template("backtest.html.j2").render(
        n=numbers,
        found=found,
        headline=headline_of(verdicts),
        is_good=bool(verdicts) and all(v.is_better for v in verdicts if v.lead == lead),
        sentences=[verdict_sentence(v) for v in verdicts if v.lead == lead],
        coverages=[coverage_sentence(v) for v in verdicts if v.lead == lead],
        table=[_verdict_cells(v) for v in verdicts],
        scores=_score_tables(found),
        fans=_fans(found),
        fan_px=FAN_PX,
        near=ahead_text(lead),
        maps=[one for one in (hour_maps(c, _at(found, HOURS.name, c, lead))
                              for c in found.channels) if one],
        calibrations=[calibration_chart(c, bins) for c in found.channels
                      for bins in [_at(found, CALIBRATION.name, c, lead)] if len(bins)],
        pit_px=PIT_PX,
        bars=list(_model_bars(found)),
        model_styles=_styles(found),
        definitions=[(name.replace("_", " "), DEFINITIONS[name]) for name in DEFINED],
        style=Markup(asset("report.css")),
    )  # fmt: skip


def _at(found: ForecastBacktest, table: str, channel: str, lead: int) -> pd.DataFrame:
    """Rows of a table at one channel and lead."""
    frame = found.tables[table]
    if frame.empty:
        return frame
    return frame[(frame["channel"] == channel) & (frame["lead_weeks"] == lead)]


def _verdict_cells(verdict: ForecastVerdict) -> tuple[str, ...]:
    """Channel, lead and the figures that a planner looks at first."""
    shares = (
        verdict.wape, verdict.floor, verdict.last, verdict.best, verdict.day_wape,
        verdict.week_wape,
    )  # fmt: skip
    return (
        verdict.channel,
        ahead_text(verdict.lead),
        *(exact_percent(share) for share in shares),
        f"{numbers.signed(100 * verdict.bias)}\u202f%",
        exact_percent(verdict.coverage80),
        exact_percent(verdict.coverage95),
        str(verdict.origins),
    )


def _score_tables(found: ForecastBacktest) -> list[ScoreTable]:
    """Every method by channel, lead and grain."""
    tables = []
    scores = found.scores
    for channel in found.channels:
        own = scores[scores["channel"] == channel]
        for lead, grain in dict.fromkeys(zip(own["lead_weeks"], own["grain"], strict=True)):
            rows = own[(own["lead_weeks"] == lead) & (own["grain"] == grain)]
            first = rows.iloc[0]
            note = (
                f"{numbers.whole(first['contacts'])} contacts, noise floor "
                f"{exact_percent(first['noise_floor'])}"
            )
            title = f"{_GRAINS[str(grain)]}, {ahead_text(int(lead))}"
            cells = tuple(_score_row(row) for _, row in rows.iterrows())
            tables.append(ScoreTable(channel, title, cells, note))
    return tables


def _score_row(row: pd.Series) -> ScoreRow:
    """The figures of one method."""
    value = {name: float(row[name]) for name in _FIGURES}
    gain, reach = value["gain"], value["gain_half_width"]
    cells = (
        exact_percent(value["wape"]),
        numbers.decimal(value["mase"], 2),
        exact_percent(value["pinball"]),
        exact_percent(value["crps"]),
        f"{numbers.signed(100 * value['bias'])}\u202f%",
        exact_percent(value["coverage80"]),
        exact_percent(value["coverage95"]),
        "" if np.isnan(gain) else f"{numbers.signed(100 * gain)} ± {numbers.decimal(100 * reach)}",
    )
    return ScoreRow(str(row["method"]), row["method"] == OURS, cells)


def _fans(found: ForecastBacktest) -> list[FanChart]:
    """The last origin of which every day has come (else the last), channel by channel."""
    days = found.tables[DAYS.name]
    charts = []
    for channel in found.channels if len(days) else ():
        own = days[days["channel"] == channel]
        if own.empty:
            continue
        last = own[own["actual"].notna()].groupby("origin")["lead_weeks"].max()
        whole = last[last == own["lead_weeks"].max()]
        origin = (whole if len(whole) else last).index.max() if len(last) else own["origin"].max()
        past = found.daily[found.daily["channel"] == channel]
        ahead = own[own["origin"] == origin].sort_values("day")
        title = f"{channel}: as forecast on {numbers.short_day(origin)}"
        chart = fan_chart(channel, title, past, ahead)
        charts += [chart] if chart else []
    return charts


def _styles(found: ForecastBacktest) -> dict[str, str]:
    """A style for every model; plain averages of recent weeks share one."""
    models = found.tables[MODELS.name]["model"]
    names = dict.fromkeys(_family(str(name), found) for name in models if name != _BLEND)
    ordered = [name for name in names if name != _PLAIN]
    styles = {name: _STYLES[i % len(_STYLES)] for i, name in enumerate(ordered)}
    return styles | ({_PLAIN: "a-away"} if _PLAIN in names else {})


def _family(name: str, found: ForecastBacktest) -> str:
    """What a model is called in the picture."""
    return _PLAIN if name in set(found.scores["method"]) else name


def _model_bars(found: ForecastBacktest) -> Iterator[ModelBar]:
    """Who weighed how much, by channel and week of lead."""
    styles = _styles(found)
    models = found.tables[MODELS.name]
    for channel in found.channels:
        own = models[models["channel"] == channel]
        for week in sorted(set(own["week"].tolist())):
            rows = own[own["week"] == week]
            single = rows[rows["model"] != _BLEND]
            if not single["wape"].notna().any():
                continue
            weights: dict[str, float] = {}
            for name, weight in zip(single["model"], single["weight"], strict=True):
                family = _family(str(name), found)
                weights[family] = weights.get(family, 0.0) + float(weight)
            always = single[single["origins"] == rows["origins"].max()]
            alone = always.sort_values("wape", kind="stable").iloc[0]
            blend = rows.loc[rows["model"] == _BLEND, "wape"].iloc[0]
            yield ModelBar(
                channel,
                f"week {week}" if week < 4 else "week 4 on",
                tuple(_parts(weights, styles)),
                ", ".join(f"{name} {numbers.percent(w)}" for name, w in weights.items()),
                f"{alone['model']} {exact_percent(float(alone['wape']))}",
                exact_percent(float(blend)),
            )


def _parts(
    weights: dict[str, float], styles: dict[str, str]
) -> Iterator[tuple[str, str, float, float]]:
    """The pieces of a bar, one behind the other."""
    at = 0.0
    for name in (name for name in styles if name in weights):
        width = 100 * weights[name]
        yield styles[name], name, round(at, 2), round(width, 2)
        at += width
