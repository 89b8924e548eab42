"""``python -m tests.benchmarks.forecasts``: how wrong forecasts of real series are.

For every development series and 1, 2 and 4 weeks ahead: WAPE and pinball loss (% of contacts) and
the coverage of 80 % and 95 % intervals, ours beside the yardsticks; then the same of our totals
of days and weeks. A ``!`` marks what misses the
goal. ``--only TEXT`` runs the series whose names hold the text, ``--every N`` each N-th origin.
"""

from __future__ import annotations

import argparse
import json

import numpy as np

from tests.benchmarks.forecasts.material import DATA, materials
from tests.benchmarks.forecasts.origins import LEADS, Outcome, outcome
from tests.benchmarks.forecasts.scores import Score, score
from tests.benchmarks.forecasts.yardsticks import YARDSTICKS

HEAD = (
    f"{'series':<28} lead  orig  WAPE  best yardstick    gain   pin  best   gain"
    "   80%   95%  y80%  bias  s/fit"
)


def main() -> None:
    """Run the series and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.forecasts")
    parser.add_argument("--only", default="", help="series whose names hold this text")
    parser.add_argument("--every", type=int, default=1, help="each so many origins only")
    parser.add_argument("--models", action="store_true", help="which model was chosen how often")
    parser.add_argument("--json", action="store_true", help="one object a line instead of a table")
    options = parser.parse_args()
    table(options.only, every=options.every, as_json=options.json, show_chosen=options.models)


def table(only: str, *, every: int, as_json: bool, show_chosen: bool) -> None:
    """Score the series whose names hold ``only``, each so many origins."""
    if not DATA.is_dir():
        raise SystemExit(f"real demand data is not at {DATA}; set WFPLAN_REAL_DATA.")
    if not as_json:
        print(HEAD, flush=True)
    for read in materials():
        material = read()
        if only in material.name:
            found = outcome(material, every)
            show(material.name, found, as_json=as_json)
            show_totals(material.name, found, as_json=as_json)
            if show_chosen and found.models:
                show_models(found)


def show(name: str, found: Outcome, *, as_json: bool) -> None:
    """The lines of one series."""
    for lead in LEADS:
        if ("wfplan", lead) not in found.cells:
            continue
        all_scores = {
            method: score(*found.cells[method, lead].arrays()) for method in ("wfplan", *YARDSTICKS)
        }
        origins = found.cells["wfplan", lead].origins
        seconds = float(np.median(found.seconds))
        if as_json:
            methods = {method: vars(one) for method, one in all_scores.items()}
            line = {"series": name, "lead": lead, "origins": origins, "seconds": seconds}
            print(json.dumps(line | {"methods": methods}), flush=True)
        else:
            print(line_of(name, lead, origins, seconds, all_scores), flush=True)


def show_totals(name: str, found: Outcome, *, as_json: bool) -> None:
    """How many totals of days and weeks lay in their intervals, over all four weeks."""
    for level, cells in found.totals.items():
        own = score(*cells.arrays())
        if own.cells == 0:
            continue
        if as_json:
            print(json.dumps({"series": name, "level": level} | vars(own)), flush=True)
        else:
            print(
                f"{name:<28} {level + 's':>5} {own.cells:>4} {own.wape:>5.2f} {'':<25} "
                f"{own.pinball:>5.2f} {'':>11} {own.covers80:>5.1f}"
                f"{mark(not 77 <= own.covers80 <= 83)}{own.covers95:>5.1f}"
                f"{mark(not 93 <= own.covers95 <= 97)}      {own.bias:>5.1f}",
                flush=True,
            )


def line_of(name: str, lead: int, origins: int, seconds: float, scores: dict[str, Score]) -> str:
    """One line of the table."""
    own = scores["wfplan"]
    best = min(YARDSTICKS, key=lambda method: scores[method].wape)
    sharp = min(scores[method].pinball for method in YARDSTICKS)
    gain = 100 * (1 - own.wape / scores[best].wape)
    sharper = 100 * (1 - own.pinball / sharp)
    return (
        f"{name:<28} {lead:>4} {origins:>5} {own.wape:>5.2f}  {scores[best].wape:>5.2f} "
        f"{best:<11} {gain:>5.1f}{mark(gain <= 0)} {own.pinball:>5.2f} {sharp:>5.2f} "
        f"{sharper:>5.1f}{mark(sharper <= 0)} {own.covers80:>5.1f}"
        f"{mark(not 77 <= own.covers80 <= 83)}{own.covers95:>5.1f}"
        f"{mark(not 93 <= own.covers95 <= 97)}{scores[best].covers80:>5.1f} {own.bias:>5.1f} "
        f"{seconds:>6.2f}"
    )


def mark(missed: bool) -> str:
    """A mark where a goal is missed."""
    return "!" if missed else " "


def show_models(found: Outcome) -> None:
    """Mean weight of every model over the origins."""
    import pandas as pd

    table = pd.concat(found.models)
    means = table.pivot_table(index="model", columns="week", values=["weight", "wape"])
    print((100 * means).round(1).to_string())


if __name__ == "__main__":
    main()
