"""What weeks planned one after another give people and ask of them, and how evenly.

A burden of the weeks so far is compared with a fair share of it: in every week the burdens of
people of one contract type are shared by contract hours and days there among those who could
bear them (:meth:`wfplan.engagement.BurdenBook.fair`), and the shares are added up. Nothing fades
here: a quarter is looked at as a whole, whatever the optimiser's memory was.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import nan

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wfplan.domain.quarters import BURDENS, PEOPLE, SERVICE, SPREADS
from wfplan.domain.results import Audit, Run
from wfplan.domain.strain import HARD_STRAIN
from wfplan.engagement import burden_book, gini
from wfplan.engagement.fairness import HARD, RESCUE
from wfplan.evaluation.burdens import SHIFT_BURDENS, PeopleFacts
from wfplan.evaluation.series import Series

FloatArray = NDArray[np.float64]
_LOADS = ("acute_min", "chronic_min")
_OF_CHANNELS = ("service_level", "abandon_rate", "wait_mean_s", "occupancy")
_TENTH = 0.10


def quarter_people(run: Run, memory: str) -> pd.DataFrame:
    """The rows of a week, one per person who is employed on some date of it."""
    facts = PeopleFacts(run)
    dates = run.horizon.dates
    fair = _fair(run, facts)
    wishes, last = facts.granted_wishes(), _last_chronic(run)
    overload, acute = facts.ledger("overload_min", "sum"), facts.ledger("acute_min", "max")
    rows = []
    for i, agent in enumerate(facts.agents):
        if not any(agent.is_employed(day) for day in dates):
            continue
        who = agent.agent_id
        granted = wishes.get(who)
        rows.append(
            (
                memory,
                run.horizon.first_day,
                who,
                agent.contract_type,
                *facts.planned[i].tolist(),
                *fair[i].tolist(),
                overload.get(who, 0.0),
                acute.get(who, 0.0),
                last.get(who, 0.0),
                granted.asked if granted else 0,
                granted.granted if granted else 0,
                float(sum(shift.paid_min for shift in facts.shifts[i])),
            )
        )
    return pd.DataFrame(rows, columns=list(PEOPLE.names))


def quarter_service(run: Run, audit: Audit, memory: str) -> pd.DataFrame:
    """
    The rows of a week: service of every channel and of all, harm as lived, rules broken.

    ``audit`` is one that knows the weeks before, whether or not the plan did.
    """
    series, first = Series(run.outcome), run.horizon.first_day
    found = [
        (channel, measure, series.week(measure, channel))
        for channel in (*run.demand.channels, "")
        for measure in _OF_CHANNELS
    ]
    lived = next((look.lived for look in run.rounds if look.is_kept), run.solution.objective)
    hard = len(audit.hard_breaches)
    found += [
        ("", "harm", float(lived)),
        ("", "hard_breaches", float(hard)),
        ("", "soft_breaches", float(len(audit.breaches) - hard)),
    ]
    rows = [(memory, first, *one) for one in found if one[-1] == one[-1]]
    return pd.DataFrame(rows, columns=list(SERVICE.names))


def quarter_spreads(people: pd.DataFrame) -> pd.DataFrame:
    """How evenly the weeks so far are carried, week by week; rows of :data:`SPREADS`."""
    rows: list[tuple[object, ...]] = []
    for memory, own in people.groupby("memory", sort=True):
        for week in sorted(set(own["week"].tolist())):
            now = own[own["week"] == week]
            for measure, values in _measures(own[own["week"] <= week], now):
                rows += [(memory, week, measure, *row) for row in _spread(values)]
    return pd.DataFrame(rows, columns=list(SPREADS.names))


def beyond_fair(people: pd.DataFrame) -> pd.DataFrame:
    """What each has above her fair share over all weeks, by person (index) and burden, or NaN."""
    found = {}
    for name in BURDENS:
        can = people[f"{name}_fair"].notna()
        more = (people[name] - people[f"{name}_fair"]).where(can)
        found[name] = more.groupby(people["agent_id"]).sum(min_count=1)
    return pd.DataFrame(found)


def _fair(run: Run, facts: PeopleFacts) -> FloatArray:
    """Fair shares of the week's burdens, (person, burden); NaN where she could bear none."""
    alone = run.problem.model_copy(
        update={"past_shifts": (), "past_loads": (), "past_promises": ()}
    )
    book = burden_book(alone, run.horizon, run.problem.objective.fairness_weeks)
    can = facts.could.copy()
    can[:, SHIFT_BURDENS:] = facts.planned[:, SHIFT_BURDENS:] > 0
    hard = [c.name for c in run.problem.channels if c.strain_weight >= HARD_STRAIN]
    first = run.horizon.first_day
    for i, agent in enumerate(facts.agents):
        is_there = book.exposure[i] > 0
        can[i, HARD] |= is_there and any(agent.skill(name, first) for name in hard)
        can[i, RESCUE] |= bool(is_there and facts.could[i, RESCUE])
    return np.where(can, book.fair(facts.planned, can), nan)


def _last_chronic(run: Run) -> dict[str, float]:
    """Chronic overload at the end of the week."""
    last = run.ledger.sort_values("date").groupby("agent_id")["chronic_min"].last()
    return {str(who): float(value) for who, value in last.items()}


def _measures(past: pd.DataFrame, now: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every measure of a week: columns contract_type and value, by person who is there."""
    kind = now.set_index("agent_id")["contract_type"]
    beyond = beyond_fair(past)
    for name in BURDENS:
        can = beyond[name].dropna().index.intersection(kind.index)
        total = past.groupby("agent_id")[name].sum().loc[can]
        for measure, values in ((name, total), (f"{name}_beyond", beyond[name].loc[can])):
            yield measure, pd.DataFrame({"contract_type": kind.loc[can], "value": values})
    for name in _LOADS:
        values = now.set_index("agent_id")[name]
        yield name, pd.DataFrame({"contract_type": kind, "value": values})


def _spread(values: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """The spread within every contract type, and of everybody: its Gini is the types' mean."""
    types = list(values.groupby("contract_type", sort=True)["value"])
    ginis = []
    for kind, own in types:
        ginis.append((_gini(own), len(own)))
        yield (kind, len(own), ginis[-1][0], *_quantiles(own.to_numpy(np.float64)))
    if types:
        mean = sum(g * n for g, n in ginis) / sum(n for _, n in ginis)
        yield ("", len(values), mean, *_quantiles(values["value"].to_numpy(np.float64)))


def _gini(values: pd.Series) -> float:
    """Gini; NaN of what may be negative."""
    return gini(values.to_numpy(np.float64)) if (values >= 0).all() else nan


def _quantiles(values: FloatArray) -> tuple[float, ...]:
    """Least, 10 %, half, 90 %, most, and the mean of the tenth that has most."""
    ordered = np.sort(values)
    top = ordered[-max(1, round(_TENTH * len(ordered))) :]
    cuts = np.quantile(ordered, (0.0, 0.1, 0.5, 0.9, 1.0)).tolist()
    return (*cuts, float(top.mean()))
