"""Tests for wfplan.scheduling.coupling.sat: the child that chooses, and what becomes of it."""

import sys
from itertools import product

import numpy as np
import pytest

from wfplan.scheduling.coupling.sat import Chosen, Curve, Model, Row, choose


def model_of(seed, groups=3, size=3):
    """A random choice of one literal per group, with rows and curves."""
    rng = np.random.default_rng(seed)
    model = Model()
    for _ in range(groups):
        model.groups.append(tuple(model.literal(int(rng.integers(0, 20))) for _ in range(size)))
    n = groups * size
    for _ in range(2):
        chosen = tuple(int(v) for v in rng.permutation(n)[:5])
        factors = tuple(int(v) for v in rng.choice([-1, 1, 2], 5))
        model.rows.append(Row(chosen, factors, int(rng.integers(-1, 2)), int(rng.integers(1, 50))))
    steps = np.sort(rng.integers(-30, 30, groups))
    cost = tuple(int(v) for v in np.concatenate([[0], np.cumsum(steps)]))
    model.curves.append(Curve(tuple(range(0, n, 2)), (1,) * len(range(0, n, 2)), cost))
    return model


def cost_of(model, chosen):
    total = sum(model.costs[n] for n in chosen)
    for row in model.rows:
        value = sum(f for n, f in zip(row.literals, row.factors, strict=True) if n in chosen)
        total += row.price * max(value - row.bound, 0)
    for curve in model.curves:
        total += curve.cost[sum(n in chosen for n in curve.literals)]
    return total


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_choice_is_the_cheapest_of_all(seed):
    model = model_of(seed)
    least = min(cost_of(model, some) for some in product(*model.groups))
    found = choose(model, budget=5.0, workers=2)
    assert found is not None
    assert found.is_best
    assert found.cost == least == cost_of(model, found.literals)


def child(tmp_path, text):
    path = tmp_path / "child.py"
    path.write_text("import json, sys\ntask = json.load(sys.stdin)\n" + text)
    return (sys.executable, str(path))


TOLD = 'print(json.dumps({"literals": [0], "cost": 3, "is_best": False}), flush=True)\n'


def test_what_a_child_told_before_it_died_counts(tmp_path):
    """R18: the last plan that it told is kept."""
    found = choose(Model(), budget=1.0, command=child(tmp_path, TOLD + "import os; os.abort()\n"))
    assert found == Chosen(frozenset([0]), 3, is_best=False)


def test_half_a_line_is_none(tmp_path):
    text = TOLD + 'sys.stdout.write(\'{"literals": [1], "co\')\n'
    found = choose(Model(), budget=1.0, command=child(tmp_path, text))
    assert found == Chosen(frozenset([0]), 3, is_best=False)


def test_a_child_that_dies_is_tried_again_with_one_worker(tmp_path):
    """R18."""
    text = 'if task["workers"] > 1: raise SystemExit(1)\n' + TOLD
    found = choose(Model(), budget=1.0, workers=8, command=child(tmp_path, text))
    assert found is not None
    assert choose(Model(), budget=1.0, command=child(tmp_path, "raise MemoryError\n")) is None


def test_a_child_that_hangs_is_ended_and_what_it_told_counts(tmp_path, monkeypatch):
    """R18."""
    monkeypatch.setattr("wfplan.scheduling.coupling.sat._WALL_LEAST_S", 0.5)
    monkeypatch.setattr("wfplan.scheduling.coupling.sat._GRACE_S", 0.1)
    text = TOLD + "import time; time.sleep(60)\n"
    found = choose(Model(), budget=0.01, command=child(tmp_path, text))
    assert found == Chosen(frozenset([0]), 3, is_best=False)
