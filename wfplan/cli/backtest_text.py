"""A backtest of the forecast on the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wfplan.domain.backtests import ForecastBacktest
    from wfplan.evaluation import ForecastVerdict

_FOOT = (
    "WAPE: sum of absolute errors / contacts that came, over every interval; days, weeks: of their",
    "totals. Floor: what chance alone leaves at this volume. In 80 %: intervals in which as many",
    "came as the range says. Best average: the best of four plain averages of recent weeks.",
)


def backtest_text(found: ForecastBacktest, verdicts: Sequence[ForecastVerdict]) -> str:
    """The verdict, a line per channel and lead, and a sentence per channel."""
    from wfplan.cli.summary import plain, table
    from wfplan.report.forecast_words import headline_of, verdict_sentence

    word, sentence = headline_of(verdicts)
    weeks = "forecast" if found.origins == 1 else "forecasts"
    of = f" of {found.planned}" if found.is_partial else ""
    lines = [f"{word}. {sentence}", f"From {found.origins}{of} {weeks} of the past.", ""]
    if verdicts:
        rows = list(_rows(verdicts))
        lines += [*table(rows, range(2, len(rows[0]))), "", *_FOOT, ""]
        first = min(verdict.lead for verdict in verdicts)
        lines += [verdict_sentence(verdict) for verdict in verdicts if verdict.lead == first]
    lines += list(found.notes)
    return plain("\n".join(lines))


def _rows(verdicts: Sequence[ForecastVerdict]) -> Iterator[list[str]]:
    """The table."""
    from wfplan.report.forecast_words import exact_percent
    from wfplan.report.numbers import signed

    yield ["Channel", "ahead", "WAPE", "floor", "last week", "best average", "days", "weeks",
           "bias", "in 80 %", "in 95 %"]  # fmt: skip
    for one in verdicts:
        shares = (one.wape, one.floor, one.last, one.best, one.day_wape, one.week_wape)
        yield [
            one.channel,
            f"{one.lead} week{'s' if one.lead > 1 else ''}",
            *(exact_percent(share) for share in shares),
            f"{signed(100 * one.bias)} %",
            exact_percent(one.coverage80),
            exact_percent(one.coverage95),
        ]
