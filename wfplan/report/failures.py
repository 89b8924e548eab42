"""Who comes back: how much of a week's volume past failures made, and the plan would.

Failure demand are contacts of customers who were lost and tried again, or who
were served and came again with the same matter. Beside it, totals of groups of
channels and of the site.
"""

from __future__ import annotations

from dataclasses import dataclass

from wfplan.domain.forecast_tables import FORECAST_TOTALS
from wfplan.domain.results import Run
from wfplan.report.numbers import NOT_KNOWN, percent, short_day, whole
from wfplan.staffing import FreshDemand, Repeated, Volume, fresh_demand

_STYLES = (("f-first", "first contacts"), ("f-redial", "redials"), ("f-again", "came again"))


@dataclass(frozen=True)
class VolumeBar:
    """One channel's contacts as a bar: parts are style, where it begins and how wide it is."""

    channel: str
    when: str
    said: str
    parts: tuple[tuple[str, float, float], ...]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Failures:
    """The panel: its sentences and bars; ``why_not`` where first contacts cannot be known."""

    sentences: tuple[str, ...]
    bars: tuple[VolumeBar, ...]
    note: str
    why_not: str


@dataclass(frozen=True)
class TotalLine:
    """A group or the site: the mean and the range of its weeks and days."""

    name: str
    cells: tuple[str, ...]


HEADS = ("First contacts", "Redials", "Came again", "All", "Failures")
KEY = tuple(_STYLES)


def failures_context(run: Run) -> dict[str, object]:
    """What the templates show of it."""
    return {
        "failures": failures_panel(run),
        "failure_heads": HEADS,
        "failure_key": KEY,
        "totals": total_lines(run),
        "total_heads": total_heads(run),
    }


def failures_panel(run: Run) -> Failures | None:
    """Who comes back; None where the plan knows nobody who does."""
    found = fresh_demand(run.problem, run.demand, run.need)
    if found is None:
        return None
    top = max((of.total for row in found.channels for of in (row.before, row.planned)), default=0.0)
    return Failures(
        sentences=tuple(sentence(row) for row in found.channels),
        bars=tuple(
            _bar(row.channel, when, of, top)
            for row in found.channels
            for when, of in (("as in the past", row.before), ("as planned", row.planned))
        ),
        note=_note(found),
        why_not=found.why_not,
    )


def sentence(row: Repeated) -> str:
    """How much of one channel's volume is failure demand, past against planned."""
    before, planned = row.before.failure_share, row.planned.failure_share
    if before is None or planned is None:
        return f"{row.channel}: nobody is expected."
    more = row.before.total - row.planned.total
    what = "spares" if more >= 0 else "adds"
    return (
        f"{row.channel}: {percent(before)} of the contacts would come back at the service of the "
        f"past ({percent(row.before.abandoned)} hung up); at the requirement it is "
        f"{percent(planned)}, which {what} {whole(abs(more))} contacts a week."
    )


def total_heads(run: Run) -> tuple[str, ...]:
    """Names of the columns of :func:`total_lines`."""
    dates = run.horizon.dates if run.horizon.days <= 7 else ()
    return ("Contacts", "8 of 10 weeks", *(short_day(day) for day in dates))


def total_lines(run: Run) -> tuple[TotalLine, ...]:
    """Groups and the site, where there is more than one channel."""
    table = run.demand.tables.get(FORECAST_TOTALS.name)
    if table is None or len(run.demand.channels) < 2:
        return ()
    lines = []
    for name, rows in table[table["level"] != "channel"].groupby(["level", "name"], sort=False):
        weeks, days = (rows[rows["span"] == span] for span in ("week", "day"))
        shown = days if run.horizon.days <= 7 else days.iloc[:0]
        low, high = weeks["offered_q10"].iloc[0], weeks["offered_q90"].iloc[0]
        mean = weeks["offered_mean"].iloc[0]
        cells = (whole(mean), f"{whole(low)} to {whole(high)}", *map(whole, shown["offered_mean"]))
        lines.append(TotalLine(str(name[1]), cells))
    return tuple(lines)


def _bar(channel: str, when: str, of: Volume, top: float) -> VolumeBar:
    values = (of.fresh, of.redials, of.recontacts)
    parts, at = [], 0.0
    for (style, _), value in zip(_STYLES, values, strict=True):
        width = 100 * value / top if top > 0 else 0.0
        parts.append((style, round(at, 2), round(width, 2)))
        at += width
    said = ", ".join(
        f"{whole(value)} {name}" for (_, name), value in zip(_STYLES, values, strict=True)
    )
    share = NOT_KNOWN if of.failure_share is None else percent(of.failure_share)
    cells = (*map(whole, (*values, of.total)), share)
    return VolumeBar(channel, when, f"{channel}, {when}: {said}", tuple(parts), cells)


def _note(found: FreshDemand) -> str:
    """What the forecast is of."""
    if found.is_forecast:
        return (
            "The forecast is of first contacts: those who came back were taken out of the history "
            "before it was learnt from, so that a bad week is not planned for again. The "
            "requirement is for first contacts and for who comes back when it is kept; "
            "simulation begins with first contacts."
        )
    return (
        "The forecast holds customers who came back, and the requirement is for all of them. "
        "Where it is kept for weeks, the volume as planned comes."
    )
