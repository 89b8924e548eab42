"""A forecast on the terminal: totals, peaks, what was assumed, and how good it was in tests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from wfplan.domain.forecast_tables import FORECAST_SO_FAR

if TYPE_CHECKING:
    from wfplan.domain.results import DemandForecast
    from wfplan.evaluation import ChannelOutlook, Total

_DAYS_MAX = 7  # columns of days; of longer horizons weeks are shown
_FOOT = (
    "Ranges hold 8 of 10 weeks. WAPE: sum of absolute errors of all intervals / contacts that",
    "came, in tests on past weeks; floor: what chance alone leaves at this volume.",
    "'wfplan forecast PLAN --backtest' tests the whole forecast, with pictures.",
)


def forecast_text(demand: DemandForecast, outlooks: Sequence[ChannelOutlook]) -> str:
    """The forecast in tables and sentences."""
    from wfplan.cli.summary import plain, table
    from wfplan.report.forecast_words import verdict_sentence

    rows = list(_rows(demand, outlooks))
    lines = [*so_far_lines(demand), *table(rows, range(1, len(rows[0]))), "", *_FOOT, ""]
    lines += [verdict_sentence(one.verdict) for one in outlooks if one.verdict]
    lines += [_models(one) for one in outlooks if one.weights]
    lines += ["", "What was assumed:", *(f"  {n}" for n in demand.notes)] if demand.notes else []
    return plain("\n".join(lines))


def figures(demand: DemandForecast, outlooks: Sequence[ChannelOutlook]) -> dict[str, Any]:
    """The forecast as an object."""
    from wfplan.report.forecast_words import verdict_sentence

    channels = [
        {
            **one.as_dict(),
            "verdict": verdict_sentence(one.verdict).replace("\u202f", " ")
            if one.verdict
            else None,
        }
        for one in outlooks
    ]
    as_of = None if demand.as_of is None else demand.as_of.isoformat()
    told = demand.tables.get(FORECAST_SO_FAR.name)
    so_far = [] if told is None else json.loads(told.to_json(orient="records", date_format="iso"))
    return {"as_of": as_of, "so_far": so_far, "channels": channels, "notes": list(demand.notes)}


def so_far_lines(demand: DemandForecast) -> list[str]:
    """The day under way, channel by channel; nothing where none is."""
    from wfplan.report.forecast_words import so_far_sentences

    said = so_far_sentences(demand)
    return [*said, ""] if said else []


def _rows(demand: DemandForecast, outlooks: Sequence[ChannelOutlook]) -> Iterator[list[str]]:
    """A line per channel: the week, its range, the days, the peak, the handle time."""
    from wfplan.report.numbers import decimal, seconds, short_day, whole

    horizon = demand.horizon
    is_short = horizon.days <= _DAYS_MAX
    shown = [one.days if is_short else one.weeks for one in outlooks]
    heads = [_head(total, is_short=is_short) for total in (shown[0] if shown else ())]
    ranges = ["80 % range"] if is_short else []
    first = ["week"] if is_short else []
    yield ["Contacts", *first, *ranges, *heads, "peak", "at", "handle time"]
    for one, totals in zip(outlooks, shown, strict=True):
        week = one.weeks[0] if one.weeks else None
        of_week = [whole(week.mean), _range(week)] if is_short and week else []
        cells = [whole(t.mean) if is_short else f"{whole(t.mean)} ({_range(t)})" for t in totals]
        at = ""
        if one.peak_at is not None:
            local = horizon.local(one.peak_at)
            at = f"{short_day(local.date())} {local:%H:%M}"
        yield [f"  {one.channel}", *of_week, *cells, decimal(one.peak), at, seconds(one.aht_s)]


def _head(total: Total, *, is_short: bool) -> str:
    """``Mon 26``, or the week's first day."""
    return f"{total.first_day:%a} {total.first_day.day}" if is_short else f"{total.first_day}"


def _range(total: Total) -> str:
    """``22,900 to 26,100``."""
    from wfplan.report.numbers import whole

    return f"{whole(total.q10)} to {whole(total.q90)}"


def _models(one: ChannelOutlook) -> str:
    """``voice: mixed model 35 %, regression 34 %, ...``, with errors where they were tested."""
    from wfplan.report.numbers import percent

    heavy = [w for w in one.weights if w.weight >= 0.05] or list(one.weights[:1])
    parts = [f"{w.model} {percent(w.weight)}" for w in heavy]
    rest = 1.0 - sum(w.weight for w in heavy)
    parts += [f"others {percent(rest)}"] if rest > 0.005 else []
    best = min((w for w in one.weights if w.wape == w.wape), key=lambda w: w.wape, default=None)
    text = f"{one.channel}: weighs {', '.join(parts)}"
    if best is not None:
        text += f"; alone, {best.model} missed least ({100 * best.wape:.1f} %)"
    return f"{text}."
