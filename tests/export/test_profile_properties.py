"""What holds of every profile: nothing is lost without a word, and no profile crashes."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from wfplan.domain.configs import configs_folder
from wfplan.domain.external_ids import ExternalIds
from wfplan.errors import WfplanError
from wfplan.export import Change, exported
from wfplan.export.profiles.exporting import export, shipped
from wfplan.export.profiles.field_reading import COMMON, FORMS_OF_FIELDS
from wfplan.export.profiles.forms import FORMS, ZONES
from wfplan.export.profiles.reading import _KEYS, CANNOT, ROWS, _Reader
from wfplan.export.profiles.sources import SOURCES

REFERENCE = (configs_folder() / "export" / "generic.toml").read_text("utf-8")
TEAMS = ("Billing", "Tech")


def numbered(synthetic, order, *systems):
    """Ids that are whole numbers, of everything in an order."""
    known = sorted(synthetic.ids(order, *systems).known)
    return ExternalIds({key: str(100 + at) for at, key in enumerate(known)})


def orders(data, strategies, synthetic, name, *, is_since):
    """An order of what changed, or of a whole week, with all ids."""
    case = data.draw(strategies.schedules(is_revised=True, teams=TEAMS))
    order = synthetic.order(problem=case.problem, schedule=case.schedule, previous=case.previous)
    if is_since:
        order = replace(order, since=order.told)
    return replace(order, ids=numbered(synthetic, order, name))


@pytest.mark.parametrize("name", ["oracle", *shipped()])
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), is_since=st.booleans())
def test_no_shift_and_no_cancellation_is_lost_without_a_word(
    data, strategies, synthetic, name, is_since
):
    order = orders(data, strategies, synthetic, name, is_since=is_since)
    files, notes = exported(name, order)
    manifest = json.loads(files.pop("manifest.json"))
    text = "\n".join(raw.decode("utf-8", "replace") for raw in files.values())
    said = {one for note in notes for one in note.shift_ids}
    assert manifest["written"] == len(order.shifts)
    for dated in order.shifts:
        is_told = dated.shift.shift_id in text or dated.shift.shift_id in said
        if name == "calabrio":
            is_told = any(
                day["Date"] == dated.shift.shift_date.isoformat()
                for call in json.loads(files["calabrio_setschedules.json"])
                for day in call["ScheduleDays"]
            )
        if name == "oracle" and not is_since and dated.is_cancelled:
            is_told = any("FULL" in note.text for note in notes)
        if name == "connecteam" and not dated.is_cancelled:  # it takes no note; times tell
            is_told = str(int(dated.shift.start.timestamp())) in text
        assert is_told, dated


@pytest.mark.parametrize("name", ["deputy", "wheniwork", "connecteam", "7shifts"])
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_changed_is_new_changed_or_gone_and_nothing_twice(data, strategies, synthetic, name):
    order = orders(data, strategies, synthetic, name, is_since=True)
    files, _ = exported(name, order)
    counts = {
        kind: sum(len(json.loads(raw)) for file, raw in files.items() if words in file)
        for kind, words in (
            (Change.NEW, "_shifts" if name != "deputy" else "_supervise"),
            (Change.CHANGED, "_changed"),
            (Change.CANCELLED, "_discard" if name == "deputy" else "_deleted"),
        )
    }
    assert counts == {kind: order.counts[kind] for kind in counts}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_wall_times_tell_every_shift_that_is_not_named_as_unclear(data, strategies, synthetic):
    case = data.draw(strategies.schedules())
    order = synthetic.order(problem=case.problem, schedule=case.schedule)
    notes = exported("google-calendar", order)[1]
    named = {one for note in notes if "clocks change" in note.text for one in note.shift_ids}
    for shift in case.schedule.shifts:
        zone = ZoneInfo(order.agents[shift.agent_id].timezone)
        walls = [at.astimezone(zone).replace(tzinfo=None) for at in (shift.start, shift.end)]
        comes_back = [wall.replace(tzinfo=zone).astimezone(UTC) for wall in walls] == [
            shift.start, shift.end]  # fmt: skip
        if shift.shift_id not in named:
            assert comes_back
            assert walls[1] - walls[0] == shift.end - shift.start


JUNK = st.one_of(
    st.none().map(lambda _: []), st.booleans(), st.integers(-3, 10**6), st.text(max_size=5),
    st.lists(st.text(max_size=3), max_size=2), st.just({}), st.just({"from": []}),
    st.dictionaries(st.sampled_from([*FORMS_OF_FIELDS, *COMMON, "as", "zone", "map", "only"]),
                    st.text(max_size=6) | st.booleans() | st.just([]) | st.just({}), max_size=3),
    st.sampled_from(["start", "minutes", "agent_id", "%d", "unix", "days", "breaks", "person"]),
)  # fmt: skip


@st.composite
def spoilt(draw):
    """A profile that comes with wfplan, some of its values something else."""
    name = draw(st.sampled_from(shipped()))
    content = tomllib.loads((configs_folder() / "export" / f"{name}.toml").read_text("utf-8"))
    for _ in range(draw(st.integers(1, 3))):
        table = content
        while True:
            key = draw(st.sampled_from(sorted(table)))
            if not isinstance(table[key], dict) or not table[key] or draw(st.booleans()):
                break
            table = table[key]
        if draw(st.booleans()):
            table[key] = deepcopy(draw(JUNK))
        else:
            table[draw(st.sampled_from([*_KEYS, "as", "x", key]))] = deepcopy(draw(JUNK))
    return name, content


@pytest.mark.slow
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(given=spoilt())
def test_a_spoilt_profile_is_refused_or_works(synthetic, given):
    name, content = given
    with suppress(WfplanError, ValidationError):  # a setting that must be said
        profile = _Reader(configs_folder() / "export" / f"{name}.toml", content).profile()
        order = synthetic.order()
        order = replace(
            order,
            settings=profile.settings.model_validate({}),
            ids=numbered(synthetic, order, profile.system),
        )
        made = export(profile, order)
        assert all(isinstance(raw, bytes) for raw in made.files.values())


def test_the_reference_names_the_whole_vocabulary():
    words = {
        *_KEYS,
        *CANNOT,
        *ROWS,
        *ZONES,
        *COMMON,
        *(key for form, keys in FORMS_OF_FIELDS.items() for key in (form, *keys)),
        *(how for hows in FORMS.values() for how in hows),
        *(name for sources in SOURCES.values() for name in sources),
    }
    missing = [word for word in sorted(words) if word not in REFERENCE]
    assert missing == []
