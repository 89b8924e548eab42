"""Tests for wfplan.domain.base: what all domain objects share."""

from datetime import date

from wfplan.domain.schedule import LockedShift


def test_a_copy_forgets_what_was_computed_from_the_fields_that_change(synthetic):
    problem = synthetic.problem(locks=(LockedShift(agent_id="A", day=date(2026, 11, 2)),))
    assert list(problem.locks_of) == ["A"]
    assert problem.model_copy(update={"locks": ()}).locks_of == {}
    assert list(problem.locks_of) == ["A"]
