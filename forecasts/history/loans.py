"""What is stated of channels that are new: of whom they will behave alike, and how much comes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from forecasts.errors import did_you_mean, together

COLUMNS = ("channel", "like", "share", "offered_week")


@dataclass(frozen=True)
class Statement:
    """
    What is known of a channel before it has a history.

    ``like`` is a channel with history, empty for none; ``share`` the part of its volume that
    this channel will have, ``offered_week`` contacts of an ordinary week.
    """

    like: str = ""
    share: float | None = None
    offered_week: float | None = None

    @property
    def lends(self) -> bool:
        """Whether a forecast can be made of it without any history."""
        return bool(self.like) or self.offered_week is not None


def read_statements(
    frame: pd.DataFrame | None, channels: Collection[str], known: Collection[str]
) -> dict[str, Statement]:
    """
    Statements by channel.

    Parameters
    ----------
    channels
        Those of the horizon.
    known
        Those with rows in the history.

    Raises
    ------
    ForecastError
        With every fault: channels that are not there, numbers without meaning.
    """
    if frame is None or frame.empty:
        return {}
    if "channel" not in frame:
        together(["profiles has no column 'channel': it needs channel, and like or offered_week."])
    found: dict[str, Statement] = {}
    faults: list[str] = []
    for name, row in zip(frame["channel"], frame.to_dict("records"), strict=True):
        like = "" if pd.isna(row.get("like")) else str(row.get("like"))
        share = _number(row.get("share"), f"profiles: share of '{name}'", faults)
        week = _number(row.get("offered_week"), f"profiles: offered_week of '{name}'", faults)
        if name in found:
            faults.append(f"profiles: '{name}' stands there twice: keep one of the rows.")
        found[name] = Statement(like, share, week)
        faults += _faults(str(name), found[name], channels, known)
    together(faults)
    return found


def _number(value: object, what: str, faults: list[str]) -> float | None:
    """A number that is not negative, None where nothing is stated."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        number = float("nan")
    if not isfinite(number) or not 0 <= number <= 1e9:
        faults.append(f"{what} = {value} is no quantity: write a number from 0 on.")
        return None
    return number


def _faults(
    name: str, stated: Statement, channels: Collection[str], known: Collection[str]
) -> list[str]:
    """What is wrong with one statement."""
    faults = []
    if name not in channels:
        hint = did_you_mean(name, channels)
        faults.append(f"profiles: '{name}' is not a channel of the horizon. {hint}".rstrip())
    if stated.like == name:
        faults.append(f"profiles: '{name}' cannot be like itself: name another channel.")
    elif stated.like and stated.like not in known:
        hint = did_you_mean(stated.like, known) or "Name a channel with contact history."
        faults.append(f"profiles: '{name}' is like '{stated.like}', which has no history. {hint}")
    if stated.share is not None and not stated.like:
        faults.append(f"profiles: '{name}' has a share, but of whom? State like.")
    if stated.share is not None and stated.offered_week is not None:
        faults.append(f"profiles: '{name}' has share and offered_week: state one of them.")
    has_level = stated.share is not None or stated.offered_week is not None
    if stated.like and not has_level and name not in known:
        faults.append(
            f"profiles: '{name}' is like '{stated.like}', but how much of it comes is not said: "
            "state share (0.2 is a fifth of it) or offered_week."
        )
    return faults
