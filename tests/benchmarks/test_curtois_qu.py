"""The bridge to Curtois and Qu's instances says what their evaluator says."""

import numpy as np
import pytest

from tests.benchmarks.bridge import module_of
from tests.benchmarks.curtois_qu import CurtoisQu
from tests.benchmarks.rosters import judged, known
from wfplan.domain.progress import Stop, no_watch
from wfplan.scheduling.rosters.roster_search import RosterSearch

TINY = """
SECTION_HORIZON
7
SECTION_SHIFTS
E,480,
L,480,E
N,720,E|L
SECTION_STAFF
ann,E=7|L=3|N=1,2880,960,4,2,2,1
bob,E=7|L=7|N=0,2400,480,3,1,1,0
cat,E=0|L=2|N=7,2880,720,5,2,2,1
SECTION_DAYS_OFF
ann,3
SECTION_SHIFT_ON_REQUESTS
bob,1,L,4
cat,2,N,3
SECTION_SHIFT_OFF_REQUESTS
ann,0,E,2
SECTION_COVER
0,E,1,100,1
1,L,2,100,1
2,E,1,100,1
2,N,1,100,1
5,L,1,100,1
6,N,2,50,2
"""


@pytest.fixture(scope="module")
def judge(shared):
    return module_of(shared / "bench" / "tools" / "nrp_eval.py")


@pytest.fixture
def tiny(tmp_path, judge):
    path = tmp_path / "tiny.txt"
    path.write_text(TINY, encoding="utf-8")
    return CurtoisQu(path, judge)


def random_rows(roster, rng):
    """Rows of days that are each possible; rules may be broken."""
    return np.array(
        [
            [rng.choice(np.flatnonzero(np.isfinite(person.wish[d]))) for d in range(roster.days)]
            for person in roster.people
        ]
    )


def legal_rows(roster, rng):
    """Rows that keep all rules, at random prices."""
    oracle = RosterSearch(roster).oracle
    price = rng.normal(0, 50, size=(len(roster.people), roster.days, roster.cells))
    return np.array([oracle.best(i, price[i])[1] for i in range(len(roster.people))])


def test_own_cost_is_the_evaluators_and_infinite_where_a_rule_is_broken(tiny):
    rng = np.random.default_rng(3)
    seen = set()
    for n in range(400):
        rows = random_rows(tiny.roster, rng) if n % 2 else legal_rows(tiny.roster, rng)
        violations, penalty = tiny.verdict(rows)
        own = tiny.roster.cost(rows)
        seen.add(violations > 0)
        assert own == (np.inf if violations else penalty)
    assert seen == {True, False}


def test_each_person_breaks_the_rules_that_the_evaluator_names(tiny):
    rng = np.random.default_rng(4)
    legal = legal_rows(tiny.roster, rng)
    for _ in range(300):
        rows = random_rows(tiny.roster, rng)
        for i in range(len(rows)):
            alone = legal.copy()
            alone[i] = rows[i]
            is_legal = tiny.verdict(alone)[0] == 0
            assert (tiny.roster.row_cost(i, rows[i]) < np.inf) == is_legal


@pytest.mark.slow
def test_the_cost_of_real_rosters_is_the_evaluators(shared):
    rng = np.random.default_rng(5)
    for name in ("Instance3", "Instance9", "Instance15"):
        instance = CurtoisQu.named(name, shared)
        for _ in range(3):
            rows = legal_rows(instance.roster, rng)
            assert instance.verdict(rows) == (0, instance.roster.cost(rows))


@pytest.mark.slow
def test_the_first_published_roster_is_found_again(shared):
    """607 is the proven optimum of the first instance."""
    instance = CurtoisQu.named("Instance1", shared)
    search = RosterSearch(instance.roster)
    stop = Stop(passes=300)
    search.settle(stop, no_watch)

    def watch(stage, figures):
        if figures["best"] <= 607:
            stop.interrupt.set()

    search.refine(stop, watch)
    assert instance.verdict(search.rows) == (0, 607)


def test_a_line_says_gap_and_legality(shared):
    best = float(known("curtois-qu", shared)["Instance1"]["ub"])
    line = judged("Instance1", (0, 607), best, bound=558.0, seconds=3.0)
    assert "best known 607: +0.0%, legal, bound 558.0" in line.goal
    assert "2 hard violations" in judged("x", (2, 700), best, bound=None, seconds=3.0).goal
