"""Tests for wfplan.export.profiles.reading and profile_field_reading: profiles of one's own."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from wfplan.domain.external_ids import ExternalIds, ExternalKey, IdKind
from wfplan.errors import ExportRefusedError, InputFaultsError
from wfplan.export import exported

FIELDS = '[fields]\nid = "shift_id"\nstate = "state"\n'
OWN = """
meaning = "the rota service of a hospital group"
system = "rota"
format = "json"
row = "day"
file = "days-{agent_id}.json"
wrap = "days"

[settings]
unit = { meaning = "The code of the unit." }
is_night_paid = true

[fields]
key = { text = "{setting.unit}/{agent_id}/{date:%y%j}" }
on = { from = "date", as = "%-d.%-m.%Y" }
person = { id = ["agent", "site"], as = "number" }
hours = { from = "paid_minutes", as = "clock" }
off = { value = 1, when = "is_cancelled" }
worked = { from = "minutes", as = "seconds", unless = "is_cancelled" }
night = { from = "setting.is_night_paid", as = "number" }
tags = { list = ["site", { value = "wfplan" }, { from = "email" }] }

[fields.shifts]
each = "shifts"
[fields.shifts.fields]
ref = "shift_id"
state = { from = "state", map = { draft = "D", confirmed = "C", cancelled = "X" } }
from = { from = "start", as = "unix_ms" }
to = { from = "end", as = "%d/%m %H:%M %z", zone = "Asia/Tokyo" }

[fields.shifts.fields.rests]
each = "breaks"
only = ["meal"]
[fields.shifts.fields.rests.fields]
n = "number"
of = "shift.shift_id"
at = { from = "start", as = "local", zone = "utc" }
"""


@pytest.fixture
def mine(tmp_path):
    """A function that writes a profile of one's own: its path."""

    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def faults(mine, synthetic):
    """A function that reads a profile: its faults as texts."""

    def of(text):
        with pytest.raises(InputFaultsError) as refused:
            exported(mine(text), synthetic.order())
        return [str(fault).partition(": ")[2] for fault in refused.value.faults]

    return of


def test_a_profile_of_ones_own_does_what_no_other_does(mine, synthetic):
    order = synthetic.order()
    rows = {ExternalKey("rota", IdKind.AGENT, one): f"{at}" for at, one in
            enumerate(("A001", "A002"), start=7)}  # fmt: skip
    order = replace(order, ids=ExternalIds(rows))
    files, notes = exported(mine(OWN), order, settings={"unit": "EMEA"})
    assert sorted(files) == ["days-A001.json", "days-A002.json", "manifest.json"]
    assert json.loads(files["manifest.json"])["export"] == "mine"
    assert json.loads(files["days-A002.json"]) == {
        "days": [
            {
                "key": "EMEA/A002/26297",
                "on": "24.10.2026",
                "person": 8,
                "hours": "8:30",
                "worked": 32400,
                "night": 1,
                "tags": ["Dublin", "wfplan"],
                "shifts": [
                    {
                        "ref": "dublin-A002-20261024-1",
                        "state": "D",
                        "from": 1792875600000,
                        "to": "25/10 15:00 +0900",
                        "rests": [
                            {
                                "n": 1,
                                "of": "dublin-A002-20261024-1",
                                "at": "2026-10-25T01:00:00",
                            }
                        ],
                    }
                ],
            }
        ]
    }  # fmt: skip
    assert [note.text for note in notes] == ["time off is not sent: only shifts are"]


def test_a_day_without_shifts_says_so(mine, synthetic):
    before = synthetic.schedule()
    order = synthetic.order(
        schedule=synthetic.schedule(revision=2, shifts=before.shifts[:1]), previous=before
    )
    rows = {ExternalKey("rota", IdKind.AGENT, one): "7" for one in ("A001", "A002")}
    order = replace(order, since=order.told, ids=ExternalIds(rows))
    files = exported(mine(OWN), order, settings={"unit": "EMEA"})[0]
    assert "days-A001.json" not in files
    ((day,),) = (json.loads(files["days-A002.json"])["days"],)
    assert (day["off"], day["shifts"]) == (1, [])
    assert "worked" not in day


def test_a_setting_without_a_default_is_asked_for(mine, synthetic):
    with pytest.raises(InputFaultsError) as refused:
        exported(mine(OWN), synthetic.order())
    assert "mine.unit: is needed, and has no default; add it to [mine] of export.toml" in str(
        refused.value
    )


def test_a_row_can_be_an_activity(mine, synthetic):
    before = synthetic.schedule()
    order = synthetic.order(
        schedule=synthetic.schedule(revision=2, shifts=before.shifts[:1]), previous=before
    )
    text = """
    format = "csv"
    row = "activity"
    delimiter = ";"
    file = "rows.txt"
    [fields]
    id = "shift_id"
    n = "number"
    state = "state"
    code = "code"
    kind = { from = "category", map = { work = "W", break = "B" }, default = "?" }
    begins = { from = "start", as = "local", zone = "schedule" }
    shift_begins = { from = "shift.start", as = "unix" }
    paid = { from = "is_paid", map = { true = "Y", false = "N" } }
    """
    raw = exported(mine(text), order)[0]["rows.txt"].decode()
    assert "\r\n" in raw
    rows = list(csv.DictReader(io.StringIO(raw, newline=""), delimiter=";"))
    assert [(one["n"], one["code"], one["kind"], one["paid"]) for one in rows] == [
        ("1", "ON_QUEUE", "W", "Y"),
        ("2", "REST", "B", "Y"),
        ("3", "ON_QUEUE", "W", "Y"),
        ("0", "", "?", ""),
    ]
    assert rows[3]["state"] == "cancelled"
    assert rows[3]["begins"] == "2026-10-24T22:00:00"
    assert len({one["shift_begins"] for one in rows[:3]}) == 1


def test_parts_of_a_file_never_replace_another(mine, synthetic):
    text = 'file = "a.json"\nchunk = 1\n' + FIELDS
    side = '[cancelled]\nfile = "a-1.json"\nfields = { id = "shift_id" }\n'
    before = synthetic.schedule()
    more = synthetic.shift("A003", synthetic.WEEK, 600, (240, "ON_QUEUE"))
    after = synthetic.schedule(revision=2, shifts=(before.shifts[0], more))
    order = synthetic.order(schedule=after, previous=before)
    assert set(exported(mine(text), order)[0]) == {
        "a-1.json", "a-2.json", "a-3.json", "manifest.json"}  # fmt: skip
    with pytest.raises(ExportRefusedError, match=r"write the file a-1\.json: rename one"):
        exported(mine(text + side), order)


def test_a_value_without_a_word_is_refused(mine, synthetic):
    text = FIELDS + 'team = { from = "group", map = { Tech = 1 } }\n'
    with pytest.raises(ExportRefusedError, match=r"fields.team: 'Billing' is not in its map"):
        exported(mine(text), synthetic.order())
    plain = FIELDS + 'team = { from = "group", as = "number" }\n'
    with pytest.raises(ExportRefusedError, match=r"fields.team: 'Billing' is no whole number"):
        exported(mine(plain), synthetic.order())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("formt = 1\n" + FIELDS, "formt: is no key of a profile; did you mean 'format'?"),
        ('format = "xml"\n' + FIELDS, "format: is 'xml', which there is not; there are json, csv"),
        ('row = "shifts"\n' + FIELDS,
         "row: is 'shifts', which there is not; did you mean 'shift'?"),
        ('file = "a/b.json"\n' + FIELDS, "file: is 'a/b.json', no name of a file"),
        ('file = "manifest.json"\n' + FIELDS, "file: is 'manifest.json', no name of a file"),
        ('file = "Manifest.json"\n' + FIELDS, "file: is 'Manifest.json', no name of a file"),
        (FIELDS + "a = nan\n", "fields.a: is nan, no field"),
        (FIELDS + "a = { value = inf }\n", "fields.a.value: is inf"),
        ('file = ".."\n' + FIELDS, "file: is '..', no name of a file"),
        ("chunk = -1\n" + FIELDS, "chunk: is -1, no number of records"),
        ('delimiter = "x"\n' + FIELDS, "delimiter: is 'x', which parts no cells"),
        ('bom = "yes"\n' + FIELDS, "bom: is 'yes', neither true nor false"),
        ('system = ""\n' + FIELDS, "system: is '', no text"),
        ('notes = "x"\n' + FIELDS, "notes: is 'x', no list of texts"),
        ('cannot = ["break"]\n' + FIELDS, "cannot: has 'break', which there is not; did you mean"),
        ('cannot = "breaks"\n' + FIELDS, "cannot: is 'breaks', no list"),
        ("[settings]\nX = 1\n" + FIELDS, "settings.X: is no name of a setting"),
        ("[settings]\nx = []\n" + FIELDS, "settings.x: is []; a default is a text"),
        ("[settings]\nx = { defalt = 1 }\n" + FIELDS, "settings.x.defalt: is no key"),
        ("fields = 3\n", "fields: is 3, no table"),
        ('[fields]\na = "strat"\n' + "state = 'state'\nid = 'shift_id'",
         "fields.a: is 'strat', no source here; did you mean 'state'?"),
        (FIELDS + "a = []\n", "fields.a: is [], no field"),
        (FIELDS + 'a = { form = "start" }\n', "fields.a: does not say what it is made of; did you"),
        (FIELDS + 'a = { from = "start", has = "unix" }\n',
         "fields.a.has: does not go with 'from'"),
        (FIELDS + 'a = { from = "start", as = "unixx" }\n', "fields.a.as: is 'unixx', which is no"),
        (FIELDS + 'a = { from = "start", as = "%Q" }\n', "has %Q, which is no directive"),
        (FIELDS + 'a = { from = "date", as = "%H" }\n', "has %H, which is no directive"),
        (FIELDS + 'a = { from = "start", as = "%-p" }\n', "has %-p, which is no directive"),
        (FIELDS + 'a = { from = "start", as = "%" }\n', "has %, which is no directive"),
        (FIELDS + 'a = { from = "start", zone = "Europe/Dubln" }\n', "no zone"),
        (FIELDS + 'a = { from = "minutes", zone = "utc" }\n', "fields.a.zone: is for instants"),
        (FIELDS + 'a = { from = "state", map = { draft = 1 } }\n',
         "fields.a.map: has no 'confirmed'"),
        (FIELDS + 'a = { from = "state", map = { drft = 1 }, default = 2 }\n', "mean 'draft'?"),
        (FIELDS + 'a = { from = "state", map = 3 }\n', "fields.a.map: is 3"),
        (FIELDS + 'a = { from = "state", default = [] }\n', "fields.a.default: is []"),
        (FIELDS + 'a = { id = "agnt" }\n',
         "fields.a.id: is 'agnt', which has no ids; did you mean"),
        (FIELDS + 'a = { id = "activity" }\n',
         "fields.a.id: is 'activity', and there is none here"),
        (FIELDS + 'a = { id = "agent", as = "unix" }\n',
         "fields.a.as: is 'unix', no form of an id"),
        (FIELDS + 'a = { text = "{shft_id}" }\n',
         "fields.a.text: is 'shft_id', no source here; did"),
        (FIELDS + "a = { text = 3 }\n", "fields.a.text: is 3, no text"),
        (FIELDS + "a = { value = [] }\n", "fields.a.value: is []"),
        (FIELDS + "a = { null = false }\n", "fields.a.null: is False"),
        (FIELDS + 'a = { each = "break", fields = { a = "start" } }\n', "did you mean 'breaks'?"),
        (FIELDS + 'a = { each = "days", fields = { a = "start" } }\n', "of which there are none"),
        (FIELDS + 'a = { each = "breaks" }\n', "fields.a.fields: is no table of fields"),
        (FIELDS + 'a = { each = "breaks", only = ["meall"], fields = { a = 1 } }\n',
         "mean 'meal'?"),
        (FIELDS + "a = { list = 3 }\n", "fields.a.list: is 3, no list"),
        (FIELDS + 'a = { list = ["strt"] }\n', "fields.a.list[0]: is 'strt', no source here"),
        (FIELDS + "a = { record = true }\n", "fields.a.record: is for [changed] and [cancelled]"),
        (FIELDS + 'a = { value = 1, optional = "x" }\n', "fields.a.optional: is 'x'"),
        (FIELDS + 'a = { value = 1, when = "is_drft" }\n',
         "fields.a.when: is 'is_drft', no source"),
        ('format = "csv"\n' + FIELDS + "a = { list = [] }\n", "a cell of a CSV holds one value"),
        ('[fields]\nid = "shift_id"\n', "fields: makes cancelled shifts look like planned ones"),
        ('[fields]\na = "state"\n', "fields: makes changed shifts look like further ones"),
        ('cannot = ["cancellations"]\n' + FIELDS + '[cancelled]\nfile = "x.js"\nfields = { a = 1 }',
         'cancelled: is written, though cannot has "cancellations"'),
        ('row = "day"\n[fields]\na = "date"\n[changed]\nfile = "x.json"\nfields = { a = 1 }\n',
         'changed: is written, though row = "day" writes whole days'),
        (FIELDS + '[open]\nfile = "mine.json"\nfields = { a = 1 }\n',
         "file: 'mine.json' is written"),
        (FIELDS + '[open]\nfile = "o{agent_id}.json"\nfields = { a = 1 }\n',
         "open.file: is one for"),
        (FIELDS + '[open]\nfile = "o.json"\nfields = { a = "agent_id" }\n', "open.fields.a: is"),
        (FIELDS + '[cancelled]\nfields = { a = 1 }\n', "cancelled.file: is '', no name of a file"),
        (FIELDS + '[cancelled]\nfile = "x.json"\n', "cancelled.fields: has no field"),
        (FIELDS + '[cancelled]\nfile = "x.json"\nfeilds = 1\n', "cancelled.feilds: is no key"),
    ],
)  # fmt: skip
def test_every_fault_is_told_with_its_key(faults, text, told):
    assert any(told in fault for fault in faults(text)), faults(text)


def test_all_faults_are_told_together_with_the_file(mine, synthetic):
    text = 'format = "xml"\nchunk = "x"\n[fields]\na = "strat"\nb = { id = "agnt" }\n'
    with pytest.raises(InputFaultsError) as refused:
        exported(mine(text), synthetic.order())
    assert [fault.column for fault in refused.value.faults] == [
        "format", "fields.a", "fields.b.id", "fields", "fields", "chunk"]  # fmt: skip
    assert all(fault.file.endswith("mine.toml") for fault in refused.value.faults)
    assert all(fault.hint for fault in refused.value.faults)


@pytest.mark.parametrize("raw", [b"fields = ", b"\xff\xfe", b'a = "\xe9"'])
def test_a_file_that_is_no_toml_is_told(tmp_path, synthetic, raw):
    path = tmp_path / "mine.toml"
    path.write_bytes(raw)
    with pytest.raises(InputFaultsError, match="is not TOML in UTF-8"):
        exported(str(path), synthetic.order())
