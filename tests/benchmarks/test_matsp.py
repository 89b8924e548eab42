"""The bridge to multi-activity tours says what their evaluator says."""

import numpy as np
import pytest

from tests.benchmarks.bridge import module_of
from tests.benchmarks.matsp import SHORT, Instance
from wfplan.domain.progress import Stop, no_watch


@pytest.fixture(scope="module")
def judge(shared):
    return module_of(shared / "bench" / "tools" / "matsp_eval.py")


def written(path, rng, days=2, tasks=2):
    """An instance made up: as many heads in every cell at least as at most, as in the real ones."""
    lines = ["SECTION_HORIZON", str(days), "SECTION_TASKS", str(tasks), "SECTION_STAFF"]
    lines += [f"{i},{360 * days - 120},{600 * days}" for i in range(1, 6)]
    lines.append("SECTION_COVER")
    for slot in range(days * 96):
        day, minute = divmod(slot * 15 + 360, 1440)
        ends = (minute + 15) % 1440
        clock = f"{minute // 60:02}:{minute % 60:02}-{ends // 60:02}:{ends % 60:02}"
        for task in range(1, tasks + 1):
            heads = int(rng.integers(0, 3)) if 24 <= slot % 96 < 60 else 0
            lines.append(f"{day + 1},{clock},{task},{heads},{heads}")
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def instance(judge, tmp_path):
    return Instance.at(written(tmp_path / "tiny.txt", np.random.default_rng(1)), judge)


def own_cost(instance, found):
    return found.objective - instance.offset


@pytest.mark.slow
def test_the_objective_is_the_penalty_and_the_price_of_missing_heads(instance):
    for passes in (0, 3, 20):
        search = instance.search(seed=passes)
        search.settle(Stop(passes=1), no_watch)
        found = search.refine(Stop(passes=1 + passes), no_watch)
        verdict = instance.verdict(found)
        assert instance.short(found) == verdict["under"]
        expected = verdict["penalty"] + SHORT * verdict["under"]
        assert own_cost(instance, found) == pytest.approx(expected, abs=1e-6)


@pytest.mark.slow
def test_only_missing_heads_are_ever_in_breach(instance):
    found = instance.solve(3, Stop(passes=20))
    rules = {breach[0] for breach in instance.verdict(found)["breaches"]}
    assert rules <= {"min_cover"}


@pytest.mark.slow
def test_a_seed_and_a_budget_of_passes_make_one_roster(instance):
    first, second = (instance.rows(instance.solve(7, Stop(passes=8))) for _ in range(2))
    assert first == second


def test_the_counting_bound_is_that_of_the_published_table(shared, judge):
    known = (shared / "bench" / "matsp" / "bounds.csv").read_text().splitlines()
    names, bounds = zip(*((line.split(",")[1], line.split(",")[9]) for line in known), strict=True)
    for name, bound in list(zip(names, bounds, strict=True))[1::9]:
        path = shared / "bench" / "matsp" / "week" / f"{name}.txt"
        assert Instance.at(path, judge).counting_bound == int(bound)


@pytest.mark.slow
def test_a_real_instance_is_legal_soon_and_costs_what_its_evaluator_says(shared):
    instance = Instance.read("5_7_10_2", shared)
    found = instance.solve(0, Stop(passes=30))
    verdict = instance.verdict(found)
    assert {breach[0] for breach in verdict["breaches"]} <= {"min_cover"}
    assert instance.short(found) == verdict["under"]


@pytest.mark.nightly
def test_the_first_instance_is_solved_to_its_published_optimum(shared):
    instance = Instance.read("1_7_10_1", shared)
    verdict = instance.verdict(instance.solve(0, Stop(passes=2000)))
    assert verdict["breaches"] == []
    assert verdict["penalty"] == 383
