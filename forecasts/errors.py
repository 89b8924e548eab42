"""What goes wrong in a forecast: one exception, whose text says how to go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_MOST = 12  # faults that are shown together


class ForecastError(ValueError):
    """Frames that no forecast can be made from; the message says which row and why."""


def together(faults: Sequence[str]) -> None:
    """
    Raise one error with all faults; nothing where there are none.

    Raises
    ------
    ForecastError
        The only fault as it is, or a list of them.
    """
    if not faults:
        return
    if len(faults) == 1:
        raise ForecastError(faults[0])
    more = len(faults) - _MOST
    lines = [f"- {fault}" for fault in faults[:_MOST]]
    lines += [f"- and {more} more"] if more > 0 else []
    raise ForecastError("\n".join([f"{len(faults)} faults:", *lines]))


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """``Did you mean 'voice'?``, empty where nothing is near."""
    by_fold = {str(one).casefold().strip(): str(one) for one in known}
    near = get_close_matches(str(name).casefold().strip(), by_fold, n=1, cutoff=0.6)
    return f"Did you mean '{by_fold[near[0]]}'?" if near else ""
