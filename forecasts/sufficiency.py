"""
Whether a history suffices for what a forecast learns from it, part by part, in plain words.

Nothing here is an opinion on the numbers: every line says what there is, what a part of the
forecast needs, and what would help. Needs are those of the models and backtests themselves: eight
test forecasts (the least that tell a good model from a lucky one), two years for a season of
the year, three times a special day for its effect.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts.history.series import LocalTime, weekday_of

ENOUGH, WITH_CARE, NOT_ENOUGH = "enough", "with care", "not enough"
VERDICTS = (ENOUGH, WITH_CARE, NOT_ENOUGH)
COLUMNS = ("channel", "what", "have", "need", "verdict", "help")

_WEEK, _YEAR = 7, 365
_LEAST = 2  # weeks
_TESTED = 10  # weeks: eight origins a week apart, a week ahead, two weeks to learn from
_RECENT_DAYS = 56
_FAR_DAYS = 28
_GAPS_MOST = 0.05
_TIMES_SEEN = 3  # of a special day
_HANDLED_LEAST = 0.5  # share of contacts with a handle time
_LOST_LEAST = 30  # contacts that hung up, below which patience is not fitted
_WEEKLY_LEAST = 20.0  # contacts
_LEARNT = ("holiday", "half_holiday", "event", "campaign")


@dataclass(frozen=True)
class _Channel:
    """The rows of one channel before the horizon, and its open intervals in the horizon."""

    name: str
    rows: pd.DataFrame
    days: np.ndarray  # (row,), days since 1970-01-01
    minutes: np.ndarray  # (row,)
    ahead_days: np.ndarray  # (open interval,)
    ahead_minutes: np.ndarray
    gap_days: int

    @property
    def span(self) -> int:
        """Days from the first row to the last."""
        return int(self.days.max() - self.days.min()) + 1 if self.days.size else 0


def sufficiency(
    history: pd.DataFrame,
    future: pd.DataFrame,
    *,
    timezone: str,
    calendar: pd.DataFrame | None = None,
    stated_handle: Collection[str] = (),
    waiting: Collection[str] | None = None,
) -> pd.DataFrame:
    """
    What a forecast needs to know of each channel, and what the history has of it.

    Parameters
    ----------
    history, future, timezone, calendar
        As for :func:`forecasts.forecast`; a channel without any history is no error here.
    stated_handle
        Channels whose handle time is stated elsewhere and need not be learnt.
    waiting
        Channels on which people wait and may hang up; by default all.

    Returns
    -------
    pandas.DataFrame
        Columns channel, what, have, need, verdict (enough, with care, not enough) and help (empty
        where it is enough); a channel's rows from what matters most.
    """
    start = future["interval_start"].min()
    past = history[history["interval_start"] < start] if len(future) else history
    local = LocalTime.of(past["interval_start"], timezone)
    ahead = future[future["is_open"].astype(bool)]
    local_ahead = LocalTime.of(ahead["interval_start"], timezone)
    first = int(local_ahead.day.min()) if local_ahead.day.size else 0
    rows: list[tuple[str, str, str, str, str, str]] = []
    for name in dict.fromkeys(future["channel"]):
        on = (past["channel"] == name).to_numpy()
        to_come = (ahead["channel"] == name).to_numpy()
        days = local.day[on]
        channel = _Channel(
            str(name), past[on], days, local.minute[on],
            local_ahead.day[to_come], local_ahead.minute[to_come],
            max(0, first - int(days.max()) - 1) if days.size else 0,
        )  # fmt: skip
        waits = waiting is None or name in waiting
        found = _of_channel(channel, calendar, is_stated=name in stated_handle, waits=waits)
        rows += [(channel.name, *line) for line in found]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def verdicts(table: pd.DataFrame) -> pd.DataFrame:
    """
    One line a channel: columns channel, verdict (its worst) and help, the two things that
    would help most in one text.
    """
    rows = []
    rank = {verdict: place for place, verdict in enumerate(VERDICTS)}
    for name, lines in table.groupby("channel", sort=False):
        order = lines.assign(rank=lines["verdict"].map(rank)).sort_values(
            "rank", ascending=False, kind="stable"
        )
        helps = [text for text in order["help"] if text]
        worst = VERDICTS[int(order["rank"].max())]
        rows.append((name, worst, " ".join(dict.fromkeys(helps[:2]))))
    return pd.DataFrame(rows, columns=["channel", "verdict", "help"])


_Line = tuple[str, str, str, str, str]


def _of_channel(
    channel: _Channel, calendar: pd.DataFrame | None, *, is_stated: bool, waits: bool
) -> Iterator[_Line]:
    """The lines of one channel."""
    if not channel.days.size:
        yield (
            "length of the history", "nothing", "10 weeks", NOT_ENOUGH,
            "Add contacts of this channel, or state a sibling whose profile it borrows.",
        )  # fmt: skip
        return
    yield _length(channel)
    yield _recency(channel)
    yield from _hours(channel)
    yield _gaps(channel)
    yield _volume(channel)
    yield _season(channel)
    yield from _special_days(channel, calendar)
    yield _handle_times(channel, is_stated=is_stated)
    if waits:
        yield _abandonment(channel)


def _length(channel: _Channel) -> _Line:
    """Enough days to test models on."""
    weeks = -(-channel.span // _WEEK)  # a week that is open from Monday to Friday is one
    verdict = ENOUGH if weeks >= _TESTED else WITH_CARE if weeks >= _LEAST else NOT_ENOUGH
    short = _TESTED - weeks
    older = "1 more week" if short == 1 else f"{short} more weeks"
    helps = f"Add {older} of older contacts: models are tested on fewer than 8 whole weeks."
    have = f"{weeks} weeks" if weeks >= _LEAST else f"{channel.span} days"
    return "length of the history", have, f"{_TESTED} weeks", verdict, _unless(verdict, helps)


def _recency(channel: _Channel) -> _Line:
    """The history ends not long before the horizon."""
    gap = channel.gap_days
    verdict = ENOUGH if gap < _FAR_DAYS else WITH_CARE if gap < _YEAR // 2 else NOT_ENOUGH
    helps = f"Add the contacts of the {gap} days before the planned dates."
    have = f"ends {gap} days before"
    return "recent contacts", have, "less than 28 days", verdict, _unless(verdict, helps)


def _hours(channel: _Channel) -> Iterator[_Line]:
    """Opening hours that the history has seen."""
    if not channel.ahead_days.size:
        return
    step = 30
    seen = np.unique(weekday_of(channel.days) * 48 + channel.minutes // step)
    wanted = weekday_of(channel.ahead_days) * 48 + channel.ahead_minutes // step
    share = float(np.isin(wanted, seen).mean())
    if (channel.minutes == 0).all():  # totals of days stand at midnight
        share = float(np.isin(wanted // 48, seen // 48).mean())
    verdict = ENOUGH if share >= 0.999 else WITH_CARE if share >= 0.5 else NOT_ENOUGH
    helps = "Check opening hours and time zone: the history has no contacts at some open hours."
    yield "opening hours seen", f"{share:.0%}", "all", verdict, _unless(verdict, helps)


def _gaps(channel: _Channel) -> _Line:
    """Days of the last weeks that are missing where their weekday usually is there."""
    last = int(channel.days.max())
    first = max(int(channel.days.min()), last - _RECENT_DAYS + 1)
    recent = np.arange(first, last + 1)
    there = np.isin(recent, channel.days)
    usual = np.array([there[weekday_of(recent) == d].mean() > 0.5 if (weekday_of(recent) == d).any()
                      else False for d in range(7)])  # fmt: skip
    expected = usual[weekday_of(recent)]
    missing = int((expected & ~there).sum())
    share = missing / max(int(expected.sum()), 1)
    verdict = ENOUGH if share <= _GAPS_MOST else WITH_CARE if share <= 0.3 else NOT_ENOUGH
    helps = f"Fill in the {missing} missing days of the last 8 weeks, or call them closed."
    have = f"{missing} of {int(expected.sum())} days missing"
    return "gaps of the last 8 weeks", have, "5% at most", verdict, _unless(verdict, helps)


def _volume(channel: _Channel) -> _Line:
    """Enough contacts for a shape of the day."""
    last = int(channel.days.max())
    recent = channel.days > last - _RECENT_DAYS
    weeks = max(min(channel.span, _RECENT_DAYS) / _WEEK, 1.0)
    count = float(channel.rows["offered"].to_numpy(np.float64)[recent].sum()) / weeks
    verdict = ENOUGH if count >= _WEEKLY_LEAST else WITH_CARE if count > 0 else NOT_ENOUGH
    helps = "So few contacts are mostly chance: plan the channel together with a larger one."
    return "contacts a week", f"{count:,.0f}", "20", verdict, _unless(verdict, helps)


def _season(channel: _Channel) -> _Line:
    """Years of history, which seasons of the year are learnt from."""
    years = channel.span / _YEAR
    verdict = ENOUGH if years >= 2 else WITH_CARE
    have = f"{years:.1f} years" if years >= 1 else f"{channel.span // _WEEK} weeks"
    helps = (
        "Add contacts of the same weeks a year ago: seasons of the year are not known."
        if years < 1
        else "A second whole year would tell the season from chance."
    )
    return "season of the year", have, "2 years", verdict, _unless(verdict, helps)


def _special_days(channel: _Channel, calendar: pd.DataFrame | None) -> Iterator[_Line]:
    """How often the special days of the horizon were seen, unless their effect is stated."""
    if calendar is None or calendar.empty or not channel.ahead_days.size:
        return
    about = calendar["channel"].isin(("", channel.name)) if "channel" in calendar else True
    rows = calendar[about & calendar["kind"].isin(_LEARNT)] if about is not True else (
        calendar[calendar["kind"].isin(_LEARNT)]
    )  # fmt: skip
    days = pd.to_datetime(rows["day"]).to_numpy().astype("datetime64[D]").astype(np.int64)
    span = channel.ahead_days.min(), channel.ahead_days.max()
    stated = rows["factor"].notna().to_numpy() if "factor" in rows else np.zeros(len(rows), bool)
    kinds = rows["kind"].to_numpy()
    coming = (days >= span[0]) & (days <= span[1]) & ~stated
    for kind in dict.fromkeys(kinds[coming]):
        seen = np.unique(days[(kinds == kind) & np.isin(days, channel.days)]).size
        verdict = ENOUGH if seen >= _TIMES_SEEN else WITH_CARE
        helps = f"State what the {kind} does to volume (factor in the calendar), or add history."
        word = str(kind).replace("_", " ")
        yield f"{word}s seen", f"{seen} times", "3 times", verdict, _unless(verdict, helps)


def _handle_times(channel: _Channel, *, is_stated: bool) -> _Line:
    """Contacts whose handle time is known."""
    offered = channel.rows["offered"].to_numpy(np.float64)
    total = float(offered.sum())
    known = np.zeros(offered.size, dtype=np.bool_)
    if "aht_s" in channel.rows:
        known = channel.rows["aht_s"].to_numpy(np.float64) > 0
    share = float(offered[known].sum()) / total if total > 0 else 0.0
    if is_stated:
        return "handle times", "stated by the plan", "half of the contacts", ENOUGH, ""
    verdict = ENOUGH if share >= _HANDLED_LEAST else WITH_CARE if share > 0 else NOT_ENOUGH
    helps = "Add aht_s (seconds) to the contacts, or state the channel's aht_s."
    return "handle times", f"{share:.0%}", "half of the contacts", verdict, _unless(verdict, helps)


def _abandonment(channel: _Channel) -> _Line:
    """Contacts that hung up: patience, and who comes again, are learnt from them."""
    lost = 0.0
    if "abandoned" in channel.rows:
        lost = float(np.nansum(channel.rows["abandoned"].to_numpy(np.float64)))
    verdict = ENOUGH if lost >= _LOST_LEAST else WITH_CARE
    helps = "Add abandoned and wait_s to the contacts: patience and repeat calls are not known."
    have = f"{lost:,.0f} hung up" if lost else "not known"
    return "abandonment", have, "30 that hung up", verdict, _unless(verdict, helps)


def _unless(verdict: str, text: str) -> str:
    """A text of what would help, unless it is enough."""
    return "" if verdict == ENOUGH else text
