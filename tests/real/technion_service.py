"""
What models say of the Technion's "Anonymous Bank", beside what its callers lived in February 1999.

Models learn from January (patience, handle times, the pause between two calls)
and are asked for each half-hour of February: the share that hung up, the mean
wait, the share answered within 20 s. They are told how many called and how many
people were on the phones; a forecast would be wrong about both, and this
question is another one: given the work and the staff, is the service right?

Caveats. There is no roster: someone is taken to be on queue from the start of a
call to the end of the last one before a silence of twelve minutes. A shorter
break counts as presence, a longer idle spell as absence; January decides on
twelve, where Erlang A is nearest to January's abandonment. In the simulation a
spell stops taking calls a mean handle time before its end, as its last call is
finished after it. Calls from priority customers jump the queue by 90 s, which
moves waits between customers, not their mean. Services of under 10 s (agents
who hung up) are work like other work. The pause is the median time that passes
between two services while callers wait. Erlang C has no steady state in an
overloaded half-hour: its endless wait is counted as half an hour, to its
advantage.

``python -m tests.real.technion_service OUT.html`` writes the figure.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.channels import Channel
from wfplan.domain.people import Agent, Skill
from wfplan.domain.problem import PlanningProblem, Shrinkage
from wfplan.domain.results import DemandForecast
from wfplan.domain.schedule import Activity, ActivityCategory, Schedule, Shift
from wfplan.horizon import Horizon
from wfplan.queueing import erlang_a, erlang_c, general_patience, patience, transient
from wfplan.queueing.patience_law import PatienceLaw

FIRST, JUDGED_FROM = pd.Timestamp("1999-01-01"), 31  # day of the first half-hour that is judged
ABSENT = (10, 11)  # days that the source lacks, 11 and 12 January
DAYS = 59
SLOT_S, SLOTS_A_DAY = 1800, 48
WITHIN_S = 20.0
SILENCE_S = 720.0
LONGEST_S = 3600.0
SHIFT_LEAST_S = 60.0
CALLS_MIN, STAFF_MIN = 10, 1.5  # of a half-hour that is judged: enough to see a share in
PERCENTILES = 200  # points of the law of patience

FloatArray = NDArray[np.float64]
MEASURES = ("abandoned", "wait_s", "in_time")


@dataclass(frozen=True)
class Habits:
    """What January taught."""

    handle_s: FloatArray  # by half-hour of the day, with the pause after it
    handle_cv: float
    pause_s: float
    patience_s: float
    law: PatienceLaw


def read_calls(data: Path) -> pd.DataFrame:
    """Calls that were served or queued; seconds are since the first day."""
    table = pd.read_csv(
        data / "technion_1999_calls" / "calls_dev_1999_01_02.csv.gz",
        parse_dates=["arrival", "service_start"],
    )
    is_answered = table["outcome"] == "AGENT"
    menu_s = table["vru_s"].clip(lower=0)
    begin_s = (table["service_start"] - FIRST).dt.total_seconds()
    calls = pd.DataFrame(
        {
            "queued_s": (table["arrival"] - FIRST).dt.total_seconds() + menu_s,
            "wait_s": table["wait_s"].astype(float),
            "is_answered": is_answered,
            "begin_s": begin_s.where(is_answered),
            "end_s": (begin_s + table["service_s"].clip(upper=LONGEST_S)).where(is_answered),
            "agent": table["agent"].where(is_answered),
        }
    )
    is_offered = is_answered | (table["joined_queue"] == 1)
    is_sound = calls["wait_s"].between(0, LONGEST_S) & (table["outcome"] != "PHANTOM")
    return calls[is_offered & is_sound].reset_index(drop=True)


def on_queue(calls: pd.DataFrame, silence_s: float = SILENCE_S) -> pd.DataFrame:
    """Spells of people on queue: agent, from_s, to_s."""
    served = calls.dropna(subset=["agent"]).sort_values(["agent", "begin_s"])
    spells = []
    for agent, own in served.groupby("agent"):
        begin, end = own["begin_s"].to_numpy(), np.maximum.accumulate(own["end_s"].to_numpy())
        first = np.append(True, begin[1:] - end[:-1] > silence_s)
        last = np.append(first[1:], True)
        spells.append(pd.DataFrame({"agent": agent, "from_s": begin[first], "to_s": end[last]}))
    found = pd.concat(spells, ignore_index=True)
    return found[found["to_s"] > found["from_s"]]


def half_hours(calls: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """What happened, by half-hour from the first day on: counts, mean wait, mean staff."""
    count = DAYS * SLOTS_A_DAY
    slot = (calls["queued_s"] // SLOT_S).astype(int)
    in_time = calls["is_answered"] & (calls["wait_s"] <= WITHIN_S)
    table = pd.DataFrame(
        {
            "calls": np.bincount(slot, minlength=count)[:count],
            "abandoned": np.bincount(slot, ~calls["is_answered"], count)[:count],
            "wait_s": np.bincount(slot, calls["wait_s"], count)[:count],
            "in_time": np.bincount(slot, in_time, count)[:count],
        }
    ).astype(float)
    some = table["calls"].where(table["calls"] > 0)
    for measure in MEASURES:
        table[measure] = table[measure] / some
    starts = np.arange(count)[:, None] * float(SLOT_S)
    staff = np.zeros(count)
    for part in np.array_split(spells[["from_s", "to_s"]].to_numpy(), 20):
        overlap = np.minimum(part[:, 1], starts + SLOT_S) - np.maximum(part[:, 0], starts)
        staff += np.clip(overlap, 0, None).sum(axis=1) / SLOT_S
    table["staff"] = staff
    table["day"] = table.index // SLOTS_A_DAY
    return table


def learn(calls: pd.DataFrame) -> Habits:
    """Handle times, pause and patience of the calls before the judged days."""
    past = calls[calls["queued_s"] < JUDGED_FROM * 86_400]
    served = past[past["is_answered"] & (past["end_s"] > past["begin_s"])]
    spent = served["end_s"] - served["begin_s"]
    by_slot = spent.groupby((served["queued_s"] % 86_400 // SLOT_S).astype(int)).mean()
    pause_s = _pause_s(past)
    gone = ~past["is_answered"].to_numpy()
    return Habits(
        handle_s=by_slot.reindex(range(SLOTS_A_DAY)).fillna(spent.mean()).to_numpy() + pause_s,
        handle_cv=float(spent.std() / spent.mean()),
        pause_s=pause_s,
        patience_s=patience.mean_patience_s(past["wait_s"], gone),
        law=patience.kaplan_meier(past["wait_s"], gone).coarser(PERCENTILES),
    )


def _pause_s(calls: pd.DataFrame) -> float:
    """Median time between two services of a person while the next caller was waiting already."""
    served = calls.dropna(subset=["agent"]).sort_values(["agent", "begin_s"])
    ended = served.groupby("agent")["end_s"].shift(1)
    between = served["begin_s"] - ended
    return float(between[(between >= 0) & (served["wait_s"] > between)].median())


def judged(table: pd.DataFrame) -> NDArray[np.bool_]:
    """Half-hours with enough calls and staff, of the days that nothing was learnt from."""
    busy = (table["calls"] >= CALLS_MIN) & (table["staff"] >= STAFF_MIN)
    return (busy & (table["day"] >= JUDGED_FROM)).to_numpy()


def predictions(
    table: pd.DataFrame, spells: pd.DataFrame, habits: Habits, *, replications: int = 20
) -> dict[str, pd.DataFrame]:
    """Abandonment, wait and share in time by predictor; a frame like the table for each."""
    at = table.index.to_numpy() % SLOTS_A_DAY
    queue = (table["staff"].to_numpy(), 2 * table["calls"].to_numpy(), habits.handle_s[at])
    found = {
        "Erlang C": erlang_c.steady_state(*queue, answer_within_s=WITHIN_S),
        "Erlang A": erlang_a.steady_state(*queue, habits.patience_s, answer_within_s=WITHIN_S),
        "M/M/n+G": general_patience.steady_state(*queue, habits.law, answer_within_s=WITHIN_S),
    }
    said = {
        name: pd.DataFrame(
            {
                "abandoned": queue.p_abandon,
                "wait_s": np.minimum(queue.mean_wait_all_s, SLOT_S),
                "in_time": queue.sl_offered,
            }
        )
        for name, queue in found.items()
    }
    said["transient"] = _transient(queue, habits)
    said["simulation"] = simulated(table, spells, habits, replications)
    said["last month"] = _last_month(table)
    return said


def _transient(queue: tuple[FloatArray, FloatArray, FloatArray], habits: Habits) -> pd.DataFrame:
    """The queue followed through all half-hours, each beginning with what was left behind."""
    staff, per_h, handle_s = queue
    found = transient.evolve(
        per_h, staff, handle_s, habits.patience_s, SLOT_S, answer_within_s=WITHIN_S
    )
    return pd.DataFrame(
        {
            "abandoned": found.p_abandon,
            "wait_s": found.mean_wait_all_s,
            "in_time": found.service_level,
        }
    )


def _last_month(table: pd.DataFrame) -> pd.DataFrame:
    """No model at all: what the same half-hour of the week was like in January."""
    place = (table["day"] + FIRST.weekday()) % 7 * SLOTS_A_DAY + table.index % SLOTS_A_DAY
    is_past = (table["day"] < JUDGED_FROM) & ~table["day"].isin(ABSENT)
    past, calls = table[is_past], table["calls"][is_past]
    found = {}
    for measure in MEASURES:
        sums = (past[measure] * calls).groupby(place[is_past]).sum()
        counts = calls.groupby(place[is_past]).sum()
        overall = sums.sum() / counts.sum()
        means = sums / counts.where(counts > 0)
        found[measure] = means.reindex(place).fillna(overall).to_numpy()
    return pd.DataFrame(found)


def simulated(
    table: pd.DataFrame, spells: pd.DataFrame, habits: Habits, replications: int, seed: int = 1999
) -> pd.DataFrame:
    """The people that were there, spell by spell, and the calls that came, many times over."""
    from wfplan.simulation import simulate

    days = range(JUDGED_FROM, DAYS)
    span = Horizon("UTC", (FIRST + timedelta(days=JUDGED_FROM)).date(), len(days), SLOT_S // 60)
    came = table["calls"].to_numpy()[JUDGED_FROM * SLOTS_A_DAY :]
    channel = Channel(
        name="voice",
        open=["daily 00:00-24:00"],
        answer_within_s=WITHIN_S,
        handle_cv=habits.handle_cv,
    )
    problem = PlanningProblem(
        name="Technion",
        timezone="UTC",
        channels=(channel,),
        agents=[_person(agent) for agent in spells["agent"].unique()],
        shrinkage=Shrinkage(absence_share=0, unplanned_share=0, late_share=0),
    )
    lived = simulate(
        problem,
        _demand(span, came, habits),
        _roster(span, spells, float(habits.handle_s.mean())),
        actual=came[None, :],
        replications=replications,
        seed=seed,
    )
    rows = lived.measures.dropna(subset=["interval_start"])
    rows = rows[rows["channel"] == "voice"]
    starts = pd.DatetimeIndex(span.interval_starts, tz="UTC")
    names = {"abandon_rate": "abandoned", "wait_mean_s": "wait_s", "service_level": "in_time"}
    found = pd.DataFrame(np.nan, index=table.index, columns=list(MEASURES))
    for measure, name in names.items():
        own = rows[rows["measure"] == measure].set_index("interval_start")["value"]
        found.loc[JUDGED_FROM * SLOTS_A_DAY :, name] = own.reindex(starts).to_numpy()
    return found


def _person(agent_id: str) -> Agent:
    return Agent(
        agent_id=agent_id,
        timezone="UTC",
        contract_type="full_time",
        contract_hours_week=40,
        min_hours_week=0,
        max_hours_week=60,
        skills=(Skill(skill="voice"),),
    )


def _demand(span: Horizon, came: FloatArray, habits: Habits) -> DemandForecast:
    """What the simulation is told of calls."""
    row = came[None, :]
    at = np.arange(len(came)) % SLOTS_A_DAY
    return DemandForecast(
        horizon=span,
        channels=("voice",),
        is_open=np.ones(row.shape, dtype=np.bool_),
        offered_mean=row.copy(),
        offered_q10=row.copy(),
        offered_q50=row.copy(),
        offered_q90=row.copy(),
        aht_s=habits.handle_s[at][None, :].copy(),
        rate_cv=np.zeros(row.shape),
        day_share=np.zeros(1),
        patience_s=np.array([habits.patience_s]),
    )


def _roster(span: Horizon, spells: pd.DataFrame, last_s: float) -> Schedule:
    """Every spell on queue as a shift that ends ``last_s`` seconds earlier, a minute at least."""
    shifts = []
    for number, spell in enumerate(spells.itertuples()):
        start = span.start + timedelta(seconds=float(spell.from_s) - JUDGED_FROM * 86_400)
        length_s = float(spell.to_s) - float(spell.from_s) - last_s
        end = start + timedelta(seconds=max(length_s, SHIFT_LEAST_S))
        if end <= span.start or start >= span.end:
            continue
        work = Activity(
            code="ON_QUEUE", category=ActivityCategory.WORK, is_paid=True, start=start, end=end
        )
        shifts.append(
            Shift(
                shift_id=f"S{number}",
                agent_id=str(spell.agent),
                shift_date=start.date(),
                activities=(work,),
            )
        )
    return Schedule(
        schedule_id="technion",
        timezone="UTC",
        first_day=date(1999, 2, 1),
        days=DAYS - JUDGED_FROM,
        shifts=tuple(shifts),
    )


def errors(table: pd.DataFrame, said: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Errors per predictor and measure over the judged half-hours, weighted by calls.

    Columns: mean absolute error, bias (predicted less lived), correlation (NaN
    for a predictor that never varies).
    """
    at = judged(table)
    calls = table["calls"].to_numpy()[at]
    rows = []
    for name, found in said.items():
        for measure in MEASURES:
            x, y = found[measure].to_numpy()[at], table[measure].to_numpy()[at]
            off = x - y
            rows.append(
                {
                    "predictor": name,
                    "measure": measure,
                    "error": np.average(np.abs(off), weights=calls),
                    "bias": np.average(off, weights=calls),
                    "correlation": np.corrcoef(x, y)[0, 1] if np.ptp(x) > 0 else np.nan,
                }
            )
    return pd.DataFrame(rows).set_index(["predictor", "measure"])


def luck(
    table: pd.DataFrame, spells: pd.DataFrame, habits: Habits, said: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Errors of the simulation's mean against one more simulated February: what luck alone does."""
    world = table.copy()
    world[list(MEASURES)] = simulated(table, spells, habits, 1, seed=2)
    return errors(world, {"luck alone": said["simulation"]})


def main(out: Path) -> None:
    """Write the figure."""
    from tests.real import technion_figure

    root = Path(__file__).parents[2]
    data = Path(os.environ.get("WFPLAN_REAL_DATA", root.parent / "shared" / "data"))
    calls = read_calls(data)
    spells, habits = on_queue(calls), learn(calls)
    table = half_hours(calls, spells)
    said = predictions(table, spells, habits)
    found = pd.concat([errors(table, said), luck(table, spells, habits, said)])
    page = technion_figure.page(table, said, found, judged(table))
    out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
