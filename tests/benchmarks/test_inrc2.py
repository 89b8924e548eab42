"""The bridge to INRC-II says what its evaluator says."""

import numpy as np
import pytest

from tests.benchmarks.bridge import module_of
from tests.benchmarks.inrc2 import MISSING, WEEK_DAYS, Inrc2, Nurses

SCENARIO = """SCENARIO = tiny
WEEKS = 2
SKILLS = 2
Head
Nurse
SHIFT_TYPES = 2
Early (2,3)
Late (1,2)
FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Early 0
Late 1 Early
CONTRACTS = 2
Full (6,9) (2,4) (2,3) 1 1
Half (2,5) (1,3) (1,4) 1 0
NURSES = 4
ann Full 2 Head Nurse
bob Full 1 Nurse
cat Half 1 Nurse
dan Half 2 Head Nurse
"""
HISTORY = """HISTORY
0 tiny
NURSE_HISTORY
ann 0 0 Late 3 5 0
bob 2 1 Early 1 2 0
cat 0 0 None 0 0 1
dan 1 0 None 0 0 4
"""
WEEK = """WEEK_DATA
tiny
REQUIREMENTS
Early Head (0,1) (0,0) (1,1) (0,1) (0,0) (0,1) (0,0)
Early Nurse (1,2) (1,1) (1,2) (1,1) (0,2) (0,1) (1,1)
Late Head (0,0) (0,1) (0,0) (0,0) (0,1) (0,0) (0,0)
Late Nurse (0,1) (1,1) (0,1) (1,2) (0,1) (0,1) (0,1)
SHIFT_OFF_REQUESTS = 3
ann Any Mon
bob Early Tue
dan Late Sun
"""


@pytest.fixture(scope="module")
def judge(shared):
    return module_of(shared / "bench" / "tools" / "inrc2_eval.py")


@pytest.fixture
def tiny(tmp_path, judge):
    texts = {"Sc.txt": SCENARIO, "H0.txt": HISTORY, "WD.txt": WEEK}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    week = tmp_path / "WD.txt"
    return Inrc2(tmp_path / "Sc.txt", tmp_path / "H0.txt", [week, week], judge)


def random_rows(roster, rng, tries=200):
    """Rows that keep successions and skills and nothing else."""
    rows = np.zeros((len(roster.people), roster.days), dtype=np.int64)
    for _ in range(tries):
        i, d = int(rng.integers(len(rows))), int(rng.integers(roster.days))
        before = rows[i, d]
        rows[i, d] = rng.integers(roster.cells + 1)
        if roster.row_cost(i, rows[i]) == np.inf:
            rows[i, d] = before
    return rows


def own_and_evaluators(instance, rows):
    nurses = instance.static()
    solutions = [nurses.lines(rows, w) for w in range(len(instance.weeks))]
    hard, cost, _ = instance.judge.evaluate(
        instance.scenario, instance.history, instance.weeks, solutions
    )
    assert sum(hard.values()) == hard["min_cover"]
    return nurses.roster.cost(rows), sum(cost.values()) + MISSING * hard["min_cover"]


def test_own_cost_is_the_evaluators_history_included(tiny):
    rng = np.random.default_rng(1)
    for _ in range(100):
        own, evaluators = own_and_evaluators(tiny, random_rows(tiny.static().roster, rng))
        assert own == evaluators


@pytest.mark.slow
def test_own_cost_is_the_evaluators_on_a_real_instance(shared):
    instance = Inrc2.named("n030w4_1_6-2-9-1", shared)
    rng = np.random.default_rng(2)
    for _ in range(3):
        rows = random_rows(instance.static().roster, rng, tries=1500)
        own, evaluators = own_and_evaluators(instance, rows)
        assert own == evaluators


def test_a_week_hands_on_the_history_that_the_next_one_begins_with(tiny):
    """Weekends that were too many before are paid for before: the evaluator counts them again."""
    rng = np.random.default_rng(3)
    for _ in range(20):
        rows = random_rows(tiny.static().roster, rng)
        first = Nurses(tiny.scenario, tiny.pasts(), tiny.weeks[:1], known=1, done=0)
        pasts = first.after(rows[:, :WEEK_DAYS])
        second = Nurses(tiny.scenario, pasts, tiny.weeks, known=1, done=1)
        history = {name: vars(past) for name, past in pasts.items()}
        lines = second.lines(rows[:, WEEK_DAYS:], 0)
        hard, cost, _ = tiny.judge.evaluate(tiny.scenario, history, tiny.weeks[1:], [lines])
        expected = sum(cost.values()) + MISSING * hard["min_cover"]
        expected -= 30 * sum(max(0, past.wkd - 1) for past in pasts.values())
        assert second.roster.cost(rows[:, WEEK_DAYS:]) == expected


def test_weeks_one_by_one_are_legal_and_see_nothing_of_those_to_come(tiny):
    solutions = tiny.by_weeks(0.5)
    assert len(solutions) == 2
    assert tiny.verdict(solutions)[0] == 0
    nurses = Nurses(tiny.scenario, tiny.pasts(), tiny.weeks[:1], known=1, done=0)
    assert nurses.days == 2 * WEEK_DAYS
    later = nurses.roster.cover_cost[WEEK_DAYS:]
    assert later.max() < MISSING
