"""Forecasts beside those of other libraries: same folds, same rows, one run, one table.

Peers live in an environment of their own. They get the series as their documentation asks:
closed hours taken out, so that a day and a week are seasons of one length; days that nobody
knows filled from the weeks around them (Prophet does without them); holidays and dated events as
such where a library can take them. Nothing of a day at or after the origin is handed over but
the calendar. Their negative values are read as 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.forecasts.material import DATA, DAY_MIN, EPOCH, Material, materials
from tests.benchmarks.forecasts.origins import (
    AHEAD_DAYS,
    LEADS,
    Cells,
    cuts,
    from_table,
    ours,
    weeks,
)
from tests.benchmarks.forecasts.scores import Score, score

PACKAGES = ["statsforecast", "prophet", "lightgbm", "mlforecast"]
PEERS = {
    "mstl-arima": "MSTL, AutoARIMA trend",
    "mstl-ets": "MSTL, AutoETS trend",
    "auto-theta": "AutoTheta",
    "auto-tbats": "AutoTBATS",
    "seasonal-naive": "seasonal naive",
    "prophet": "Prophet",
    "prophet-multiplicative": "Prophet, multiplicative",
    "lightgbm": "LightGBM (mlforecast)",
}
OURS = "wfplan"
ORIGINS = 12  # of a series, evenly spread, unless told otherwise
FOLD_S = 120.0  # after which a peer that has not made its next forecast is ended
YEAR_DAYS = 365
HEAD = (
    f"{'series':<28} {'method':<32} {'orig':>4} "
    + " ".join(f"{f'WAPE {lead}w':>8}" for lead in LEADS)
    + "  "
    + " ".join(f"{f'pin {lead}w':>7}" for lead in LEADS)
    + f"  {'80%':>5} {'s/fit':>7} {'x ours':>7}"
)


@dataclass
class Run:
    """What one method said of a series: cells by lead, seconds by fold, and a fault if any."""

    cells: dict[int, Cells] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    version: str = ""
    fault: str = ""

    def scores(self) -> dict[int, Score]:
        """Scores by lead."""
        return {lead: score(*cells.arrays()) for lead, cells in self.cells.items()}


@dataclass(frozen=True)
class Fold:
    """What a peer sees before one origin; rows are open intervals in order of time."""

    cut: int
    when: np.ndarray  # wall times, (row,)
    counts: np.ndarray  # NaN where unknown
    filled: np.ndarray
    ahead: np.ndarray  # wall times of open intervals to come
    at: tuple[np.ndarray, np.ndarray]  # day (since the cut) and slot of each of these


def table(only: str, *, every: int | None, as_json: bool, keep: Path | None) -> None:
    """Run everything and print it."""
    if not DATA.is_dir():
        raise SystemExit(f"real demand data is not at {DATA}; set WFPLAN_REAL_DATA.")
    with tempfile.TemporaryDirectory(prefix="wfplan-peers-") as made:
        room = keep or Path(made)
        python = peers_python(room)
        if not as_json:
            print(HEAD, flush=True)
        wins: list[tuple[str, bool, bool, float]] = []
        for read in materials():
            material = read()
            if only in material.name:
                runs = compared(material, python, every)
                show(material.name, runs, as_json=as_json)
                wins.append(verdict(material.name, runs))
        if not as_json:
            show_verdicts(wins)


def peers_python(room: Path) -> Path | None:
    """An interpreter that has the peers; None where they cannot be installed."""
    place = room / "forecast-peers"
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        venv.create(place, with_pip=True, symlinks=sys.platform != "win32")
    install = [str(python), "-m", "pip", "install", "--quiet", *PACKAGES]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"peers cannot be installed: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    return python


def compared(material: Material, python: Path | None, every: int | None) -> dict[str, Run]:
    """Ours and every peer's run of one series."""
    all_cuts = cuts(material)
    step = every or -(-len(all_cuts) // ORIGINS)
    folds = [fold_of(material, cut) for cut in all_cuts[::-1][::step][::-1]]
    runs = {OURS: our_run(material, folds)}
    with tempfile.TemporaryDirectory(prefix="wfplan-folds-") as made:
        folder = Path(made)
        for number, fold in enumerate(folds):
            write(folder / f"fold-{number:03d}.npz", fold, material)
        for peer in PEERS if python else ():
            runs[peer] = peer_run(peer, material, folds, folder, python)
    return runs


def fold_of(material: Material, cut: int) -> Fold:
    """The rows before an origin without closed hours, and those to come."""
    days = np.arange(material.days[0], cut)
    is_open = material.open_cells(days)
    served, slots = is_open.any(axis=1), is_open.any(axis=0)
    counts = material.grid[: days.size][served][:, slots]
    coming = np.arange(cut, cut + AHEAD_DAYS)
    day, slot = np.nonzero(material.open_cells(coming))
    return Fold(
        cut,
        stamps(material, days[served], np.flatnonzero(slots)),
        counts.ravel(),
        filled(counts, int(np.unique((days[served] + 3) % 7).size)).ravel(),
        wall(material, coming[day], slot),
        (day, slot),
    )


def stamps(material: Material, days: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Wall times of all slots of days."""
    return wall(material, np.repeat(days, slots.size), np.tile(slots, days.size))


def wall(material: Material, days: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """Wall times."""
    minutes = days * DAY_MIN + slots * material.interval_min
    return np.asarray(EPOCH.to_datetime64() + minutes.astype("timedelta64[m]"))


def filled(counts: np.ndarray, week: int) -> np.ndarray:
    """Counts (day, slot) whose unknown cells are the mean of the weeks before and after."""
    known = counts.copy()
    for _ in range(8):
        gone = ~np.isfinite(known)
        if not gone.any():
            break
        padded = np.pad(known, ((week, week), (0, 0)), constant_values=np.nan)
        around = np.stack([padded[: len(known)], padded[2 * week :]])
        some = np.isfinite(around)
        mean = np.where(some, around, 0.0).sum(axis=0) / np.maximum(some.sum(axis=0), 1)
        known[gone] = np.where(some.any(axis=0), mean, np.nan)[gone]
    return np.nan_to_num(known, nan=float(np.nanmean(counts)))


def seasons(material: Material, fold: Fold) -> list[int]:
    """Lengths of a day, a week, and of a year where days are the intervals."""
    is_open = material.open_cells(np.arange(7))
    slots, days = int(is_open.any(axis=0).sum()), int(is_open.any(axis=1).sum())
    if slots > 1:
        return [slots, slots * days]
    year = YEAR_DAYS * days // 7
    return [days, year] if fold.counts.size >= 2 * year + days else [days]


def write(path: Path, fold: Fold, material: Material) -> None:
    """A fold as the peers read it."""
    calendar = material.calendar
    np.savez(
        path,
        when=fold.when,
        counts=fold.counts,
        filled=fold.filled,
        ahead=fold.ahead,
        seasons=np.array(seasons(material, fold)),
        holiday_days=pd.to_datetime(calendar["day"]).to_numpy().astype("datetime64[m]"),
        holiday_names=calendar["name"].to_numpy(dtype=str),
    )


def our_run(material: Material, folds: list[Fold]) -> Run:
    """What wfplan says at the same origins."""
    run = Run()
    ours(material, folds[0].cut)  # what is imported or built once
    for fold in folds:
        began = time.process_time()
        made, _ = ours(material, fold.cut)
        run.seconds.append(time.process_time() - began)
        coming = np.arange(fold.cut, fold.cut + AHEAD_DAYS)
        add(run, material, fold.cut, from_table(made, coming, material.grid.shape[1]))
    return run


def peer_run(peer: str, material: Material, folds: list[Fold], folder: Path, python: Path) -> Run:
    """What a peer says; its faults are kept, and what it had said before stands."""
    run = Run()
    for line in said_lines(peer, folder, python, run):
        done = json.loads(line)
        run.seconds.append(done["seconds"])
        run.version = done["version"]
        number = int(done["fold"].removeprefix("fold-"))
        said = np.load(folder / f"{peer}-said-{number:03d}.npz")["said"]
        grid = np.full((said.shape[0], AHEAD_DAYS, material.grid.shape[1]), np.nan)
        grid[:, folds[number].at[0], folds[number].at[1]] = said
        add(run, material, folds[number].cut, grid)
    return run


def said_lines(peer: str, folder: Path, python: Path, run: Run) -> Iterator[str]:
    """Lines of a peer's process; one that says nothing for too long is ended."""
    script = Path(__file__).with_name("peer_models.py")
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [str(python), str(script), peer, str(folder)],
            stdout=subprocess.PIPE, stderr=errors, text=True,
        )  # fmt: skip
        while True:
            timer = threading.Timer(FOLD_S, process.kill)
            timer.start()
            line = process.stdout.readline() if process.stdout else ""
            is_late = not timer.is_alive()
            timer.cancel()
            if not line:
                break
            yield line
        if process.wait():
            errors.seek(0)
            last = (errors.read().strip().splitlines() or ["ended without a word"])[-1]
            run.fault = f"none within {FOLD_S:.0f} s" if is_late else last


def add(run: Run, material: Material, cut: int, said: np.ndarray) -> None:
    """The cells of one origin that came; ``said`` (value, day, slot) begins at the cut."""
    for lead, days in weeks(material, cut):
        actual = material.grid[days - material.days[0]]
        values = said[:, days - cut]
        keep = np.isfinite(actual) & material.open_cells(days)
        cells = run.cells.setdefault(lead, Cells())
        cells.add(actual[keep], values[0][keep], values[1:, keep])


def show(name: str, runs: dict[str, Run], *, as_json: bool) -> None:
    """The lines of one series."""
    own = float(np.median(runs[OURS].seconds))
    for method, run in runs.items():
        scores = run.scores()
        seconds = float(np.median(run.seconds)) if run.seconds else float("nan")
        if as_json:
            line = {"series": name, "method": method, "origins": len(run.seconds),
                    "version": run.version, "fault": run.fault, "seconds": seconds,
                    "scores": {lead: vars(one) for lead, one in scores.items()}}  # fmt: skip
            print(json.dumps(line), flush=True)
            continue
        label = f"{PEERS.get(method, method)} {run.version}".strip()
        wapes = " ".join(number(scores, lead, "wape", 8) for lead in LEADS)
        pins = " ".join(number(scores, lead, "pinball", 7) for lead in LEADS)
        covers = number(scores, LEADS[0], "covers80", 5)
        line = f"{name:<28} {label:<32} {len(run.seconds):>4} {wapes}  {pins}  {covers}"
        print(f"{line} {seconds:>7.2f} {seconds / own:>7.1f}  {run.fault}".rstrip(), flush=True)


def number(scores: dict[int, Score], lead: int, name: str, width: int) -> str:
    """One figure, a dash where there is none."""
    if lead not in scores:
        return f"{'-':>{width}}"
    return f"{getattr(scores[lead], name):>{width}.2f}"


def verdict(name: str, runs: dict[str, Run]) -> tuple[str, bool, bool, float]:
    """Whether ours is ahead of all on the mean over leads of WAPE and of pinball, and how fast."""
    complete = {
        method: run for method, run in runs.items() if len(run.seconds) == len(runs[OURS].seconds)
    }
    rivals = [method for method in complete if method != OURS]
    if not rivals:
        return name, False, False, float("nan")
    wape = {method: mean_of(run, "wape") for method, run in complete.items()}
    loss = {method: mean_of(run, "pinball") for method, run in complete.items()}
    best = min(rivals, key=lambda method: wape[method])
    ratio = float(np.median(runs[best].seconds) / np.median(runs[OURS].seconds))
    is_ahead = wape[OURS] < wape[best], loss[OURS] < min(loss[method] for method in rivals)
    return f"{name}: {PEERS[best]}", *is_ahead, ratio


def mean_of(run: Run, name: str) -> float:
    """Mean of a score over leads."""
    return float(np.mean([getattr(one, name) for one in run.scores().values()]))


def show_verdicts(wins: list[tuple[str, bool, bool, float]]) -> None:
    """Series by series: the best peer, and whether ours is ahead of all."""
    print(f"\n{'series and its best peer (WAPE)':<62} WAPE    pinball  faster by")
    for name, points, loss, ratio in wins:
        print(f"{name:<62} {word(points):<7} {word(loss):<8} {ratio:>8.1f}")
    points, losses = sum(win[1] for win in wins), sum(win[2] for win in wins)
    print(f"ahead of every peer: WAPE {points} of {len(wins)}, pinball {losses} of {len(wins)}")


def word(is_ahead: bool) -> str:
    """One word."""
    return "ahead" if is_ahead else "behind"
