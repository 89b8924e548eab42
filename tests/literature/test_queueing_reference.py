"""Public numbers of Erlang B, C and A, and exact ones beside them (bench/queueing)."""

import re
from fractions import Fraction
from math import ceil

import numpy as np
import pandas as pd
import pytest

from wfplan.queueing import erlang_a, erlang_b, erlang_c, required


def reference_values(row) -> dict[str, float]:
    """What we say to a row of ``reference.csv``; times there are in handle times."""
    n, load, aht = row.agents, row.offered_load, 300.0
    if row.model == "B":
        return {"p_block": float(erlang_b.blocking(n, load))}
    within = float(Fraction(row.t_over_aht)) * aht if isinstance(row.t_over_aht, str) else 20.0
    if row.model == "C":
        m = erlang_c.steady_state(n, load * 3600 / aht, aht, answer_within_s=within)
        return {
            "mean_wait_over_aht": float(m.mean_wait_all_s) / aht,
            "service_level": float(m.sl_offered),
        }
    patience = float(Fraction(row.patience_over_aht)) * aht
    m = erlang_a.steady_state(n, load * 3600 / aht, aht, patience, answer_within_s=within)
    late_lost = m.p_wait_beyond - (1 - m.p_abandon - m.sl_offered)  # hung up after the time
    early_lost = m.p_abandon - late_lost
    return {
        "p_wait": float(m.p_wait),
        "p_abandon": float(m.p_abandon),
        "mean_wait_all": float(m.mean_wait_all_s) / aht,
        "mean_queue": float(m.mean_queue),
        "occupancy": float(m.occupancy),
        "sl_answered_in_t_of_offered": float(m.sl_offered),
        "sl_answered_in_t_of_answered": float(m.sl_served),
        "sl_answered_in_t_of_offered_less_abandoned_in_t": float(m.sl_offered / (1 - early_lost)),
        "p_virtual_wait_le_t": float(1 - m.p_wait_beyond * np.exp(within / patience)),
    }


def test_every_exact_reference_value_is_reproduced(shared):
    rows = pd.read_csv(shared / "bench" / "queueing" / "reference.csv")
    assert len(rows) > 100
    for row in rows.itertuples():
        found = reference_values(row)[row.measure]
        assert found == pytest.approx(row.value, rel=2e-11), row


def in_words(text: str) -> dict[str, float]:
    """Numbers in a sentence like ``A=10 (100 calls/30 min, AHT 3 min), patience 5 min, N=14``."""

    def number(pattern: str, default: float) -> float:
        hit = re.search(pattern, text)
        return float(hit.group(1)) if hit else default

    calls, unit = number(r"([\d.]+) calls/min", np.nan), number(r"service ([\d.]+) min", 3.0)
    mu = number(r"mu ([\d.]+)/min", np.nan)
    aht = 60 * (1 / mu if mu == mu else unit)
    load = number(r"lambda ([\d.]+)/min", np.nan) * aht / 60 if mu == mu else calls * aht / 60
    return {
        "load": number(r"A=([\d.]+)", load),
        "aht": aht,
        "n": number(r"N=(\d+)", number(r"(\d+) agents", np.nan)),
        "patience": 60 * number(r"patience ([\d.]+) min", np.inf),
        "within": 60 * number(r"in ([\d.]+) min", number(r"t=(\d+) s", np.nan) / 60),
    }


def published_value(model: str, parameters: str, measure: str) -> float:
    """What we say to a row of ``published.csv``."""
    p = in_words(parameters)
    n, load, aht = p["n"], p["load"], p["aht"]
    if measure == "lines needed":
        return float(erlang_b.required_staff(load, blocking_max=0.02))
    if model == "B":
        return float(erlang_b.blocking(n, load))
    per_h, within = load * 3600 / aht, 0.0 if np.isnan(p["within"]) else p["within"]
    if measure == "agents needed":
        both = (
            required.for_service_level(0.8, per_h, aht, np.inf, answer_within_s=within),
            required.for_occupancy(0.85, per_h, aht, np.inf),
        )
        return float(ceil(max(map(float, both))))
    m = erlang_a.steady_state(n, per_h, aht, p["patience"], answer_within_s=within)
    after_one = erlang_c.steady_state(n, per_h, aht, answer_within_s=aht)
    late_lost = m.p_wait_beyond - (1 - m.p_abandon - m.sl_offered)
    return float(
        {
            "P(wait)": m.p_wait,
            "P(wait > t | wait)": after_one.p_wait_beyond / after_one.p_wait,
            "service level": m.sl_offered,
            "occupancy": m.occupancy,
            "P(abandon)": m.p_abandon,
            "answered in t / offered": m.sl_offered,
            "answered in t / answered": m.sl_served,
            "answered in t / (answered + abandoned after t)": m.sl_offered
            / (1 - m.p_abandon + late_lost),
            "abandoned per 2016 calls": 2016 * m.p_abandon,
            "mean wait, s": m.mean_wait_all_s,
            "mean wait, min": m.mean_wait_all_s / 60,
            "mean wait of all calls, min": m.mean_wait_all_s / 60,
            "mean queue": m.mean_queue,
            "90th percentile of wait, s": erlang_c.wait_quantile_s(0.9, n, per_h, aht),
        }[measure]
    )


def stated_range(text: str) -> tuple[float, float, float]:
    """Lowest and highest of ``0.975 (0.974-0.975)`` or ``0.031``, and its last digit."""
    stated = re.match(r"[\d.]+", text).group()
    interval = re.search(r"\((?:95% CI )?([\d.]+)-([\d.]+)\)", text)
    low, high = map(float, interval.groups()) if interval else (float(stated), float(stated))
    return low, high, 1.0001 * 10.0 ** -len(stated.partition(".")[2])


def test_published_numbers_agree_and_the_two_wrong_ones_do_not(shared):
    rows = pd.read_csv(shared / "bench" / "queueing" / "published.csv")
    assert set(rows["verdict"]) == {"agrees", "DISAGREES", "agrees up to the empty start"}
    for row in rows.itertuples():
        found = published_value(row.model, row.parameters, row.measure)
        assert found == pytest.approx(float(row.exact), rel=2e-9), row
        low, high, digit = stated_range(str(row.published))
        if row.verdict == "agrees":
            assert low - digit <= found <= high + digit, row
        elif row.verdict == "DISAGREES":
            assert not low - digit <= found <= high + digit, row
