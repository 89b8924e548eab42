"""Tests for wfplan.export.order."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.domain.schedule_rows import told_shifts
from wfplan.export.order import Change, Order, file_names, fit_id


@given(st.text(max_size=90))
def test_whatever_the_text_an_id_is_an_id(text):
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", fit_id(text))


def test_an_id_stays_as_it_is():
    assert fit_id("dublin-A001-20261019-1") == "dublin-A001-20261019-1"


@given(st.sets(st.text(max_size=70), max_size=8))
def test_file_names_are_told_apart_even_where_case_is_not(keys):
    names = list(file_names("agent_", sorted(keys), ".ics").values())
    assert len({name.casefold() for name in names}) == len(keys)
    assert not any("/" in name or "\\" in name for name in names)


@pytest.mark.parametrize("key", ["..", "../../etc/passwd", "C:\\x", "a/b", "con", ""])
def test_no_key_leads_out_of_its_folder(key):
    (name,) = file_names("agent_", [key], ".ics").values()
    assert re.fullmatch(r"agent_[A-Za-z0-9._-]+\.ics", name)


def test_the_instant_of_writing_is_the_last_contact_known(synthetic):
    order = Order(synthetic.problem(), synthetic.schedule())
    assert order.as_of.isoformat() == "2026-10-16T19:00:00+00:00"


def test_the_contacts_are_searched_once_however_many_shifts_are_written(synthetic):
    order = Order(synthetic.problem(), synthetic.schedule())
    assert order.as_of is order.as_of


def test_without_a_history_it_is_the_beginning_of_the_week(synthetic):
    problem = synthetic.problem()
    bare = problem.model_copy(update={"contacts": problem.contacts.iloc[:0]})
    assert Order(bare, synthetic.schedule()).as_of.isoformat() == "2026-10-18T23:00:00+00:00"


def test_a_draft_that_becomes_a_promise_is_a_change(synthetic):
    told = told_shifts([synthetic.schedule(revision=1)])
    order = synthetic.order(schedule=synthetic.schedule(status="published"), told=told, since=told)
    assert order.counts[Change.CHANGED] == len(order.shifts) == 2
    again = synthetic.order(schedule=synthetic.schedule(), told=told, since=told)
    assert (again.counts[Change.UNCHANGED], again.shifts) == (2, [])
