"""``python -m tests.benchmarks.forecasts.special``: how wrong special days are forecast.

For every series with a calendar, a forecast is made a week before its special days; days are
scored by what they are: holidays that were worked, the days before and after a holiday, events and
the days after, and all others of the same fortnights. WAPE of intervals and of days, bias, and
coverage of the 80 % intervals.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np

from tests.benchmarks.forecasts.material import EPOCH, Material, materials
from tests.benchmarks.forecasts.origins import from_table, ours
from tests.benchmarks.forecasts.scores import score

AHEAD_DAYS = 14
CLASSES = ("holiday", "eve", "after", "event", "after event", "other")


def main() -> None:
    """Score the series whose names hold a text."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.forecasts.special")
    parser.add_argument("--only", default="", help="series whose names hold this text")
    parser.add_argument("--every", type=int, default=1, help="each so many origins only")
    options = parser.parse_args()
    print(f"{'series':<28} {'days':<12} count  WAPE  day WAPE  bias   80%")
    for read in materials():
        material = read()
        if options.only in material.name and len(material.calendar):
            show(material, options.every)


def show(material: Material, every: int) -> None:
    """The lines of one series."""
    found: dict[str, list[tuple[np.ndarray, np.ndarray]]] = {name: [] for name in CLASSES}
    for cut in list(cuts(material))[::every]:
        table, _ = ours(material, cut)
        days = cut + np.arange(AHEAD_DAYS)
        days = days[days <= material.days[-1]]
        actual = material.grid[days - material.days[0]]
        said = from_table(table, days, actual.shape[1])
        for at, day in enumerate(days):
            keep = np.isfinite(actual[at]) & np.isfinite(said[:, at]).all(axis=0)
            if keep.any() and actual[at][keep].sum() > 0:
                found[class_of(material, int(day))].append((actual[at][keep], said[:, at][:, keep]))
    for name, pieces in found.items():
        if not pieces:
            continue
        actual = np.concatenate([piece[0] for piece in pieces])
        said = np.concatenate([piece[1] for piece in pieces], axis=1)
        scores = score(actual, said[0], said[1:])
        wrong = sum(abs(one.sum() - other[0].sum()) for one, other in pieces)
        print(
            f"{material.name:<28} {name:<12} {len(pieces):>5} {scores.wape:>5.2f} "
            f"{100 * wrong / max(actual.sum(), 1e-12):>9.2f} {scores.bias:>5.1f} "
            f"{scores.covers80:>5.1f}",
            flush=True,
        )


def cuts(material: Material) -> Iterator[int]:
    """Origins a week before special days, at least a week apart."""
    last = 0
    first = int(material.days[0]) + material.first_cut_days
    for day in sorted(numbers(material, None)):
        if first <= day - 7 <= material.days[-1] - 7 and day - 7 >= last + 7:
            last = day - 7
            yield last


def numbers(material: Material, kind: str | None) -> set[int]:
    """Days since 1970-01-01 that the calendar names, of one kind or of all."""
    rows = material.calendar
    rows = rows if kind is None else rows[rows["kind"] == kind]
    return {(np.datetime64(day) - np.datetime64(EPOCH, "D")).astype(int) for day in rows["day"]}


def class_of(material: Material, day: int) -> str:
    """What a day is to the calendar."""
    holidays, events = numbers(material, "holiday"), numbers(material, "event")
    served = [bool(material.open_cells(np.array([day + shift])).any()) for shift in range(-4, 2)]
    before = [day + shift for shift, some in zip(range(-4, 0), served, strict=False) if some]
    if day in holidays:
        return "holiday"
    if day in events:
        return "event"
    if holidays & set(before[-2:]):
        return "after"
    if day + 1 in holidays:
        return "eve"
    return "after event" if events & set(before[-3:]) else "other"


if __name__ == "__main__":
    main()
