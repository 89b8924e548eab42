"""The goals of reliability that concern scheduling, and the tests that carry their names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
GOALS = {
    "R6": "agreement/test_random_problems.py",  # the independent checker
    "R7": "evaluation/test_audit.py",  # mutation of schedules
    "R8": "rules/test_work_rules.py",  # each constraint alone
    "R9": "agreement/test_small_optima.py",  # differential solving
    "R10": "scheduling/test_moves.py",  # incremental against scratch
    "R11": "agreement/test_relations.py",  # metamorphic relations
    "R12": "agreement/test_relations.py",  # determinism
    "R17": "cli/test_killed_build.py",  # Ctrl-C
    "R18": "scheduling/test_sat.py",  # a solver that crashes
}


@pytest.mark.parametrize("goal", GOALS)
def test_every_goal_has_a_test_that_says_its_name(goal):
    tree = ast.parse((TESTS / GOALS[goal]).read_text(encoding="utf-8"))
    tests = [f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and "test_" in f.name]
    of_module = ast.get_docstring(tree) or ""
    said = [f"{f.name} {ast.get_docstring(f) or ''}" for f in tests] + [of_module]
    pattern = re.compile(rf"(?<![A-Za-z0-9]){goal}(?![0-9])|_{goal.lower()}_")
    assert any(pattern.search(text) for text in said)
    assert tests
