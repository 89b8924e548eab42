"""Hostile and broken inputs: each ends in a message that names the place, or in a valid plan."""

from __future__ import annotations

import importlib.util
import os
import re
import resource
import sys
from pathlib import Path

import pandas as pd
import pytest

from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan

_SPEC = importlib.util.spec_from_file_location(
    "bad_input_mutations", Path(__file__).with_name("mutations.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
m = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(m)

DEEP = "x = " + "[" * 5000 + "]" * 5000 + "\n"
MANY_SHEETS = {f"xl/part{i}.xml": b"" for i in range(1200)} | {"xl/workbook.xml": b"<workbook/>"}
FAR_CELL = (
    b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
)
VOICE = "[channels.voice]"
OPEN = 'open = ["mon-fri 08:00-18:00"]'
AGENT = "A001,Ada Quinn,ada.quinn@example.com,Dublin,Blue,Europe/Dublin,full_time,37.5,35,40"

# id, change, file, line, column, what the message says
BROKEN = [
    # the plan file itself
    ("no plan", m.remove("plan.toml"), "plan.toml", None, "", "does not exist"),
    ("empty plan", m.put("plan.toml", b""), "plan.toml", None, "", "is empty"),
    ("plan of blanks", m.put("plan.toml", "\n\n"), "plan.toml", None, "name", "key is missing"),
    ("deep brackets", m.append("plan.toml", DEEP), "plan.toml", 72, "", "nested more than 50"),
    (
        "deep dotted key",
        m.append("plan.toml", ".".join("a" * 200) + " = 1"),
        "plan.toml",
        72,
        "",
        "nested more than 50",
    ),
    (
        "key given twice",
        m.edit("plan.toml", "interval_min = 15", "interval_min = 15\ninterval_min = 30"),
        "plan.toml",
        6,
        "interval_min",
        "given twice",
    ),
    ("table given twice", m.append("plan.toml", VOICE), "plan.toml", 72, "", "given twice"),
    (
        "text without quotes",
        m.edit("plan.toml", 'name = "Tiny Bank"', "name = Tiny Bank"),
        "plan.toml",
        1,
        "name",
        "put texts into quotes",
    ),
    ("huge number", m.append("plan.toml", "n = " + "9" * 9000), "plan.toml", None, "", "no plan"),
    ("plan in UTF-32", m.encode("plan.toml", "utf-32"), "plan.toml", None, "", "UTF-32"),
    ("plan of 2 MB", m.sparse("plan.toml", 2), "plan.toml", None, "", "larger than 1 MB"),
    (
        "misspelt key",
        m.edit("plan.toml", "week_start", "week_strat"),
        "plan.toml",
        6,
        "week_strat",
        "did you mean 'week_start'",
    ),
    (
        "misspelt table",
        m.edit("plan.toml", "[simulation]", "[simulaton]"),
        "plan.toml",
        None,
        "simulaton",
        "did you mean 'simulation'",
    ),
    (
        "misspelt channel key",
        m.edit("plan.toml", "answer_share", "anser_share"),
        "plan.toml",
        22,
        "channels.voice.anser_share",
        "did you mean 'answer_share'",
    ),
    (
        "no time zone",
        m.edit("plan.toml", 'timezone = "Europe/Dublin"\n', ""),
        "plan.toml",
        None,
        "timezone",
        "key is missing",
    ),
    (
        "unknown time zone",
        m.edit("plan.toml", "Europe/Dublin", "Europe/Dubln"),
        "plan.toml",
        2,
        "timezone",
        "did you mean 'Europe/Dublin'",
    ),
    (
        "time zone as a path",
        m.edit("plan.toml", "Europe/Dublin", "../../etc/passwd"),
        "plan.toml",
        2,
        "timezone",
        "not an IANA time zone",
    ),
    (
        "percent for a share",
        m.edit("plan.toml", "answer_share = 0.80", "answer_share = 80"),
        "plan.toml",
        22,
        "channels.voice.answer_share",
        "did you mean 0.8",
    ),
    (
        "promise of one",
        m.edit("plan.toml", "answer_share = 0.80", "promise = 1.0"),
        "plan.toml",
        22,
        "channels.voice.promise",
        "can never be kept",
    ),
    (
        "number in quotes",
        m.edit("plan.toml", "answer_within_s = 20", 'answer_within_s = "20"'),
        "plan.toml",
        21,
        "channels.voice.answer_within_s",
        "write 20 without quotes",
    ),
    (
        "truth for a number",
        m.edit("plan.toml", "answer_within_s = 20", "answer_within_s = true"),
        "plan.toml",
        21,
        "channels.voice.answer_within_s",
        "true is not a number",
    ),
    (
        "not a number",
        m.edit("plan.toml", "answer_within_s = 20", "answer_within_s = nan"),
        "plan.toml",
        21,
        "channels.voice.answer_within_s",
        "not a finite number",
    ),
    (
        "infinite",
        m.edit("plan.toml", "answer_within_s = 20", "patience_s = inf"),
        "plan.toml",
        21,
        "channels.voice.patience_s",
        "not a finite number",
    ),
    (
        "negative target",
        m.edit("plan.toml", "answer_within_s = 20", "answer_within_s = -20"),
        "plan.toml",
        21,
        "channels.voice.answer_within_s",
        "-20 is not above 0",
    ),
    (
        "unknown kind",
        m.edit("plan.toml", 'kind = "realtime"', 'kind = "realtme"'),
        "plan.toml",
        19,
        "channels.voice.kind",
        "did you mean 'realtime'",
    ),
    (
        "opening hours that are none",
        m.edit("plan.toml", OPEN, 'open = ["mo-fr 8-18"]'),
        "plan.toml",
        20,
        "channels.voice.open",
        "not a line of opening hours",
    ),
    (
        "opening hours as a text",
        m.edit("plan.toml", OPEN, 'open = "mon-fri 08:00-18:00"'),
        "plan.toml",
        20,
        "channels.voice.open",
        "not a list of opening hours",
    ),
    (
        "hour 25",
        m.edit("plan.toml", "08:00-18:00", "08:00-25:00"),
        "plan.toml",
        20,
        "channels.voice.open",
        "beyond 24:00",
    ),
    (
        "rates that speed up",
        m.edit("plan.toml", "answer_within_s = 20", "concurrency_rates = [1.0, 2.5]"),
        "plan.toml",
        None,
        "channels.voice",
        "never speed them up",
    ),
    (
        "channel that is no table",
        m.edit("plan.toml", "[inputs]", "[channels]\nsms = 3\n[inputs]"),
        "plan.toml",
        9,
        "channels.sms",
        "is not a table",
    ),
    (
        "channel with a bad name",
        m.edit("plan.toml", VOICE, '[channels."=cmd|calc"]'),
        "plan.toml",
        18,
        "channels.=cmd|calc",
        "letters, digits",
    ),
    (
        "interval of 7 minutes",
        m.edit("plan.toml", "interval_min = 15", "interval_min = 7"),
        "plan.toml",
        5,
        "interval_min",
        "not an interval length",
    ),
    (
        "slot that does not divide",
        m.edit("plan.toml", "interval_min = 15", "interval_min = 15\nslot_min = 4"),
        "plan.toml",
        6,
        "slot_min",
        "does not divide",
    ),
    (
        "clock change of half an hour",
        m.both(
            m.edit("plan.toml", "Europe/Dublin", "Australia/Lord_Howe"),
            m.edit("plan.toml", "interval_min = 15", "interval_min = 60"),
        ),
        "plan.toml",
        5,
        "interval_min",
        "not a whole number of intervals",
    ),
    (
        "unknown weekday",
        m.edit("plan.toml", 'week_start = "mon"', 'week_start = "Monday"'),
        "plan.toml",
        6,
        "week_start",
        "did you mean 'mon'",
    ),
    (
        "unknown country",
        m.edit("plan.toml", 'country = "IE"', 'country = "XX"'),
        "plan.toml",
        4,
        "country",
        "not a country",
    ),
    (
        "small country code",
        m.edit("plan.toml", 'country = "IE"', 'country = "ie"'),
        "plan.toml",
        4,
        "country",
        "did you mean 'IE'",
    ),
    (
        "unknown subdivision",
        m.edit("plan.toml", 'country = "IE"', 'country = "GB"\nsubdivision = "Wales"'),
        "plan.toml",
        5,
        "subdivision",
        "not a subdivision of GB",
    ),
    (
        "weight beyond all numbers",
        m.edit("plan.toml", "answer_within_s = 20", "wait_weight = 1e308"),
        "plan.toml",
        21,
        "channels.voice.wait_weight",
        "which no plan needs",
    ),
    (
        "date for a name",
        m.edit("plan.toml", 'name = "Tiny Bank"', "name = 2026-01-01"),
        "plan.toml",
        1,
        "name",
        "date or a time without quotes",
    ),
    (
        "name that cannot be seen",
        m.edit("plan.toml", 'name = "Tiny Bank"', r'name = "Tiny\u0007Bank"'),
        "plan.toml",
        1,
        "name",
        "control characters",
    ),
    (
        "name of dots",
        m.edit("plan.toml", 'name = "Tiny Bank"', 'name = "../.."'),
        "plan.toml",
        1,
        "name",
        "at least one letter or digit",
    ),
    (
        "more people than there are",
        m.edit("plan.toml", "answer_within_s = 20", "staff_min = 9"),
        "plan.toml",
        21,
        "channels.voice.staff_min",
        "9 people are asked for at once, and 8 have the skill",
    ),
    # contracts
    (
        "longest below shortest",
        m.edit("plan.toml", "longest_min = 570", "longest_min = 300"),
        "plan.toml",
        None,
        "contracts.full_time",
        "longest_min 300 is below shortest_min 360",
    ),
    (
        "shift of hours instead of minutes",
        m.edit("plan.toml", "shortest_min = 360", "shortest_min = 6.5"),
        "plan.toml",
        None,
        "contracts.full_time.shortest_min",
        "6.5 is not a whole number",
    ),
    (
        "shift of seconds",
        m.edit("plan.toml", "longest_min = 570", "longest_min = 34200"),
        "plan.toml",
        None,
        "contracts.full_time.longest_min",
        "did you give seconds",
    ),
    (
        "break off the slots",
        m.edit("plan.toml", "length_min = 15", "length_min = 20"),
        "plan.toml",
        None,
        "contracts.full_time.break_tiers[0].breaks[0].length_min",
        "not a multiple of 15",
    ),
    (
        "length step off the slots",
        m.edit("plan.toml", "length_step_min = 30", "length_step_min = 25"),
        "plan.toml",
        None,
        "contracts.full_time.length_step_min",
        "not a multiple of 15",
    ),
    (
        "breaks that do not fit the shortest shift",
        m.both(
            m.edit("plan.toml", "shortest_min = 240", "shortest_min = 60"),
            m.edit("plan.toml", "over_h = 3.0", "over_h = 0.5"),
        ),
        "plan.toml",
        None,
        "contracts.part_time.break_tiers[0].breaks[0]",
        "does not fit a shift of 60 min",
    ),
    (
        "break that begins after the shift",
        m.edit(
            "plan.toml",
            "earliest_min = 150, latest_min = 285",
            "earliest_min = 345, latest_min = 400",
        ),
        "plan.toml",
        None,
        "contracts.full_time.break_tiers[0].breaks[1]",
        "does not fit a shift of 360 min",
    ),
    (
        "breaks that run into each other",
        m.edit("plan.toml", "latest_min = 120", "latest_min = 200"),
        "plan.toml",
        None,
        "contracts.full_time.break_tiers[0]",
        "run into the meal",
    ),
    (
        "misspelt key of a break",
        m.edit("plan.toml", "is_paid = true", "is_payed = true"),
        "plan.toml",
        None,
        "contracts.full_time.break_tiers[0].breaks[0].is_payed",
        "did you mean 'is_paid'",
    ),
    (
        "tea is no break",
        m.edit("plan.toml", 'kind = "rest"', 'kind = "tea"'),
        "plan.toml",
        None,
        "contracts.full_time.break_tiers[0].breaks[0].kind",
        'write "rest" or "meal"',
    ),
    (
        "hours that cannot fit",
        m.edit("agents.csv", "part_time,20,16,24", "part_time,40,38,42"),
        "agents.csv",
        8,
        "min_hours_week",
        "no week of contract 'part_time' has 38 to 42 paid hours",
    ),
    # rules
    (
        "unknown pack",
        m.edit("plan.toml", 'packs = ["eu"]', 'packs = ["eu2"]'),
        "plan.toml",
        None,
        "rules.packs[0]",
        "did you mean 'eu'",
    ),
    (
        "pack file that is not there",
        m.edit("plan.toml", 'packs = ["eu"]', 'packs = ["own.toml"]'),
        "own.toml",
        None,
        "",
        "does not exist",
    ),
    (
        "unknown rule",
        m.edit("plan.toml", 'rule = "daily_rest"', 'rule = "dayly_rest"'),
        "plan.toml",
        None,
        "rules.set[0].rule",
        "did you mean 'daily_rest'",
    ),
    (
        "rest in days",
        m.edit("plan.toml", 'unit = "hours"', 'unit = "days"'),
        "plan.toml",
        None,
        "rules.set[0].unit",
        "not a unit of time",
    ),
    (
        "rest of a million hours",
        m.edit("plan.toml", "value = 12", "value = 1e6"),
        "plan.toml",
        None,
        "rules.set[0].value",
        "not at most 10000",
    ),
    (
        "negative rest",
        m.edit("plan.toml", "value = 12", "value = -12"),
        "plan.toml",
        None,
        "rules.set[0].value",
        "not above 0",
    ),
    (
        "empowered skill nobody has",
        m.edit("plan.toml", 'skill = "empowered"', 'skill = "experts"'),
        "plan.toml",
        None,
        "empowered",
        "nobody has the skill 'experts'",
    ),
    (
        "empowered skill that is a channel",
        m.edit("plan.toml", 'skill = "empowered"', 'skill = "voice"'),
        "plan.toml",
        None,
        "empowered.skill",
        "name of a channel",
    ),
    # inputs as files
    ("no contacts", m.remove("contacts.csv"), "contacts.csv", None, "", "does not exist"),
    (
        "misspelt file",
        m.edit("plan.toml", '"agents.csv"', '"agent.csv"'),
        "agent.csv",
        None,
        "",
        "did you mean 'agents.csv'",
    ),
    (
        "no skills named",
        m.edit("plan.toml", 'skills = "skills.csv"\n', ""),
        "plan.toml",
        None,
        "inputs.skills",
        "key is missing",
    ),
    (
        "file name with a NUL",
        m.edit("plan.toml", '"agents.csv"', r'"agents\u0000.csv"'),
        "agents\0.csv",
        None,
        "",
        "not a path",
    ),
    (
        "file name that is a number",
        m.edit("plan.toml", '"agents.csv"', "7"),
        "plan.toml",
        11,
        "inputs.agents",
        "not the name of a file",
    ),
    ("folder for a file", m.make_folder("agents.csv"), "agents.csv", None, "", "is a folder"),
    ("loop of links", m.link_to_itself("agents.csv"), "agents.csv", None, "", "back to itself"),
    ("pipe", m.pipe("agents.csv"), "agents.csv", None, "", "not a regular file"),
    ("empty file", m.put("agents.csv", b""), "agents.csv", None, "", "is empty"),
    ("blank lines only", m.put("agents.csv", "\n \n"), "agents.csv", None, "", "blank lines"),
    ("NUL bytes", m.append("agents.csv", "A009\0"), "agents.csv", 10, "", "NUL byte"),
    (
        "random bytes",
        m.put("agents.csv", bytes(range(128, 256)) * 9),
        "agents.csv",
        None,
        "",
        "not text",
    ),
    (
        "broken gzip",
        m.put("contacts.csv", b"\x1f\x8b\x08\x00garbage"),
        "contacts.csv",
        None,
        "",
        "gzip",
    ),
    (
        "file of 300 MB",
        m.sparse("contacts.csv", 300),
        "contacts.csv",
        None,
        "",
        "larger than 200 MB",
    ),
    (
        "old workbook",
        m.put("agents.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99),
        "agents.csv",
        None,
        "",
        "old .*workbook",
    ),
    (
        "archive that is no workbook",
        m.zip_of("agents.csv", {"a.txt": b"hello"}),
        "agents.csv",
        None,
        "",
        "no workbook",
    ),
    (
        "half a zip",
        m.put("agents.csv", b"PK\x03\x04" + b"\0" * 40),
        "agents.csv",
        None,
        "",
        "damaged or encrypted",
    ),
    (
        "workbook of a thousand parts",
        m.zip_of("agents.csv", MANY_SHEETS),
        "agents.csv",
        None,
        "",
        "1,201 parts",
    ),
    (
        "workbook bomb",
        m.zip_of(
            "agents.csv",
            {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 30 * 1024**2},
        ),
        "agents.csv",
        None,
        "",
        "more than 100 times smaller",
    ),
    (
        "workbook with a cell far away",
        m.zip_of(
            "agents.csv", {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": FAR_CELL}
        ),
        "agents.csv",
        None,
        "",
        "row 1,048,576",
    ),
    (
        "workbook of nonsense",
        m.zip_of("agents.csv", {"xl/workbook.xml": b"<workb"}),
        "agents.csv",
        None,
        "",
        "not a workbook that can be read",
    ),
    (
        "half a Parquet file",
        m.put("contacts.csv", b"PAR1" * 9),
        "contacts.csv",
        None,
        "",
        "Parquet",
    ),
    # tables as tables
    (
        "unknown column",
        m.edit("agents.csv", "team", "teem"),
        "agents.csv",
        1,
        "",
        "column 5 'teem' is not known; did you mean 'team'.*HR101",
    ),
    (
        "column given twice",
        m.edit("agents.csv", "team", "site"),
        "agents.csv",
        1,
        "site",
        "a second time",
    ),
    (
        "column without a name",
        m.edit("agents.csv", "team", ""),
        "agents.csv",
        1,
        "",
        "column 5 has no name",
    ),
    (
        "column missing",
        m.edit("skills.csv", "skill,", "skil,"),
        "skills.csv",
        1,
        "skill",
        "column is missing",
    ),
    (
        "health column",
        m.edit("agents.csv", "team", "Diagnosis"),
        "agents.csv",
        1,
        "",
        "special-category data.*HR201",
    ),
    (
        "German health column",
        m.edit("agents.csv", "team", "Krankheitstage"),
        "agents.csv",
        1,
        "",
        "HR201",
    ),
    (
        "row too long",
        m.append("locks.csv", "A001,2026-03-03,,,8"),
        "locks.csv",
        4,
        "",
        "5 fields, the header 4",
    ),
    ("row too short", m.append("locks.csv", "A001"), "locks.csv", 4, "", "1 of the 4 columns"),
    (
        "quote never closed",
        m.append("agents.csv", 'A009,"Zoe'),
        "agents.csv",
        10,
        "",
        "quote",
    ),
    (
        "field of 70 KB",
        m.append("agents.csv", f"A009,{'z' * 70_000},,,,,full_time,37.5,,,,,"),
        "agents.csv",
        10,
        "",
        "longer than 64 KB",
    ),
    (
        "control characters",
        m.edit("agents.csv", "Blue", "Bl\x1bue"),
        "agents.csv",
        2,
        "team",
        "control",
    ),
    (
        "writing turned around",
        m.edit("agents.csv", "Blue", "Bl\u202eue"),
        "agents.csv",
        2,
        "team",
        "writing direction",
    ),
    # people
    ("zero people", m.rows("agents.csv"), "agents.csv", 1, "", "nobody can be planned"),
    (
        "agent twice",
        m.append("agents.csv", f"{AGENT},,,"),
        "agents.csv",
        10,
        "agent_id",
        "already in line 2.*HR110",
    ),
    ("no id", m.edit("agents.csv", "A001,", ","), "agents.csv", 2, "agent_id", "missing.*HR102"),
    (
        "formula for an id",
        m.edit("agents.csv", "A001", "=HYPERLINK(1)"),
        "agents.csv",
        2,
        "agent_id",
        "not an id.*HR104",
    ),
    (
        "hours in minutes",
        m.edit("agents.csv", "37.5,35,40", "2250,35,40"),
        "agents.csv",
        2,
        "contract_hours_week",
        r"did you give minutes \(37\.5 h\).*HR107",
    ),
    (
        "decimal comma between commas",
        m.edit("agents.csv", "37.5,35,40", '"37,5",35,40'),
        "agents.csv",
        2,
        "contract_hours_week",
        r"decimal comma; write 37\.5.*HR105",
    ),
    (
        "thousands",
        m.edit("agents.csv", "37.5,35,40", '"1.234,5",35,40'),
        "agents.csv",
        2,
        "contract_hours_week",
        "two ways",
    ),
    (
        "hours as NaN",
        m.edit("agents.csv", "37.5", "NaN"),
        "agents.csv",
        2,
        "contract_hours_week",
        "HR105",
    ),
    (
        "negative hours",
        m.edit("agents.csv", "37.5,35", "37.5,-5"),
        "agents.csv",
        2,
        "min_hours_week",
        "below 0",
    ),
    (
        "hours that contradict",
        m.edit("agents.csv", "37.5,35,40", "37.5,39,40"),
        "agents.csv",
        2,
        "min_hours_week",
        "does not hold",
    ),
    (
        "ambiguous date",
        m.edit("agents.csv", "2023-04-03", "03/04/2023"),
        "agents.csv",
        2,
        "hire_date",
        "day and month are ambiguous.*HR108",
    ),
    (
        "German date",
        m.edit("agents.csv", "2023-04-03", "23.04.2023"),
        "agents.csv",
        2,
        "hire_date",
        "did you mean 2023-04-23",
    ),
    (
        "date that is none",
        m.edit("agents.csv", "2023-04-03", "2025-13-01"),
        "agents.csv",
        2,
        "hire_date",
        "no such day",
    ),
    (
        "date of a spreadsheet",
        m.edit("agents.csv", "2023-04-03", "45019"),
        "agents.csv",
        2,
        "hire_date",
        "spreadsheet's day number",
    ),
    (
        "end before hire",
        m.edit("agents.csv", "2023-04-03,", "2023-04-03,2022-01-01"),
        "agents.csv",
        2,
        "end_date",
        "lies before hire_date",
    ),
    (
        "unknown zone of a person",
        m.edit("agents.csv", "Europe/Dublin", "Europe/Londn"),
        "agents.csv",
        2,
        "timezone",
        "did you mean 'Europe/London'.*HR109",
    ),
    (
        "unknown contract",
        m.edit("agents.csv", "full_time", "full-tiem"),
        "agents.csv",
        2,
        "contract_type",
        "did you mean 'full_time'.*HR111",
    ),
    (
        "unknown pack of a person",
        m.edit("agents.csv", ",eu", ",atlantis"),
        "agents.csv",
        2,
        "rule_pack",
        "not a rule pack.*HR111",
    ),
    (
        "skill of nobody",
        m.append("skills.csv", "A0O1,voice,3,1.0"),
        "skills.csv",
        None,
        "agent_id",
        "did you mean 'A0",
    ),
    (
        "unknown skill",
        m.append("skills.csv", "A001,vioce,3,1.0"),
        "skills.csv",
        None,
        "skill",
        "did you mean 'voice'.*HR111",
    ),
    (
        "skill twice",
        m.append("skills.csv", "A001,voice,3,1.0"),
        "skills.csv",
        None,
        "skill",
        "twice at the same time.*HR110",
    ),
    (
        "factor in percent",
        m.append("skills.csv", "A002,email,3,110"),
        "skills.csv",
        None,
        "aht_factor",
        r"did you mean 1\.1",
    ),
    (
        "channel nobody can serve",
        m.edit("skills.csv", ",email,", ",voice,", -1),
        "plan.toml",
        24,
        "channels.email",
        "nobody has the skill 'email'",
    ),
    (
        "weekday and date",
        m.append("availability.csv", "A001,avoid,mon,2026-03-02,08:00,12:00,,,"),
        "availability.csv",
        5,
        "",
        "exactly one of weekday and date",
    ),
    (
        "time at 25:00",
        m.append("availability.csv", "A001,avoid,mon,,08:00,25:00,,,"),
        "availability.csv",
        5,
        "end_time",
        "not a time of day",
    ),
    (
        "time of the twelve-hour clock",
        m.append("availability.csv", "A001,avoid,mon,,8:00 PM,22:00,,,"),
        "availability.csv",
        5,
        "start_time",
        "24-hour clock",
    ),
    (
        "reason of time off",
        m.append("time_off.csv", "A001,2026-03-02,2026-03-03,true,migraine,true,approved"),
        "time_off.csv",
        4,
        "type",
        "never why.*HR106",
    ),
    (
        "time off twice",
        m.append("time_off.csv", "A004,2026-03-06,2026-03-07,true,leave,true,approved"),
        "time_off.csv",
        4,
        "start",
        "off twice at the same time",
    ),
    (
        "time off that ends first",
        m.append("time_off.csv", "A001,2026-03-06,2026-03-05,true,leave,true,approved"),
        "time_off.csv",
        4,
        "start",
        "before it starts",
    ),
    # contacts
    ("header without rows", m.rows("contacts.csv"), "contacts.csv", 1, "", "nothing to forecast"),
    (
        "unknown channel",
        m.append("contacts.csv", "vioce,2026-03-01T08:00,4,200"),
        "contacts.csv",
        1082,
        "channel",
        "did you mean 'voice'.*HR111",
    ),
    (
        "interval twice",
        m.append("contacts.csv", "voice,2026-02-09T08:00,4,200"),
        "contacts.csv",
        1082,
        "interval_start",
        "in line 2.*HR110",
    ),
    (
        "off the grid",
        m.edit("contacts.csv", "2026-02-09T08:15", "2026-02-09T08:17"),
        "contacts.csv",
        3,
        "interval_start",
        "08:17:00 is off the grid of 15 minutes",
    ),
    (
        "half-hours for a quarter-hour plan",
        m.edit("plan.toml", "interval_min = 15", "interval_min = 10"),
        "contacts.csv",
        2,
        "interval_start",
        "voice has a row every 15 minutes, the plan's interval is 10",
    ),
    (
        "negative contacts",
        m.append("contacts.csv", "voice,2026-03-01T08:00,-4,200"),
        "contacts.csv",
        1082,
        "offered",
        "below 0",
    ),
    (
        "infinite contacts",
        m.append("contacts.csv", "voice,2026-03-01T08:00,1e999,200"),
        "contacts.csv",
        1082,
        "offered",
        "beyond all numbers",
    ),
    (
        "handle time of a day and more",
        m.append("contacts.csv", "voice,2026-03-01T08:00,4,200000"),
        "contacts.csv",
        1082,
        "aht_s",
        "did you give milliseconds",
    ),
    (
        "handle time as a clock",
        m.append("contacts.csv", "voice,2026-03-01T08:00,4,00:03:20"),
        "contacts.csv",
        1082,
        "aht_s",
        "write seconds: 200",
    ),
    (
        "date without a time",
        m.append("contacts.csv", "voice,2026-03-01,4,200"),
        "contacts.csv",
        1082,
        "interval_start",
        "no time of day",
    ),
    (
        "the hour that spring skips",
        m.append("contacts.csv", "voice,2026-03-29T01:15,4,200"),
        "contacts.csv",
        1082,
        "interval_start",
        "does not exist in Europe/Dublin",
    ),
    (
        "year 1900",
        m.append("contacts.csv", "voice,1900-01-01T08:00,4,200"),
        "contacts.csv",
        1082,
        "interval_start",
        "years",
    ),
    (
        "no handle time anywhere",
        m.put("contacts.csv", "channel,interval_start,offered\nvoice,2026-02-09T08:00,4\n"),
        "plan.toml",
        18,
        "channels.voice.aht_s",
        "no handle time",
    ),
    # calendar, locks, history
    (
        "calendar row twice",
        m.append("calendar.csv", "2026-03-06,event,Staff day,,,"),
        "calendar.csv",
        4,
        "date",
        "already there as event, in line 3",
    ),
    (
        "closed and open",
        m.append("calendar.csv", "2026-03-07,closed,Stocktaking,,,08:00-10:00"),
        "calendar.csv",
        4,
        "open",
        "yet has opening hours",
    ),
    (
        "unknown channel in the calendar",
        m.append("calendar.csv", "2026-03-07,event,Fair,mail,,"),
        "calendar.csv",
        4,
        "channel",
        "did you mean 'email'",
    ),
    (
        "factor as a percentage",
        m.append("calendar.csv", "2026-03-07,event,Fair,,120%,"),
        "calendar.csv",
        4,
        "factor",
        r"write the share: 1\.2",
    ),
    (
        "lock of nobody",
        m.append("locks.csv", "A099,2026-03-03,08:00,16:00"),
        "locks.csv",
        4,
        "agent_id",
        "not in the agents table",
    ),
    (
        "lock on time off",
        m.append("locks.csv", "A004,2026-03-05,08:00,16:00"),
        "locks.csv",
        4,
        "start",
        "approved time off",
    ),
    (
        "lock twice",
        m.append("locks.csv", "A001,2026-03-02,,"),
        "locks.csv",
        4,
        "date",
        "already has a lock on 2026-03-02 in line 2",
    ),
    (
        "half a lock",
        m.append("locks.csv", "A002,2026-03-02,08:00,"),
        "locks.csv",
        4,
        "start",
        "only one",
    ),
    (
        "lock off the slots",
        m.append("locks.csv", "A002,2026-03-02,08:05,16:00"),
        "locks.csv",
        4,
        "start",
        "not a multiple of 15",
    ),
    (
        "locks that overlap",
        m.append("locks.csv", "A002,2026-03-02,20:00,10:00", "A002,2026-03-03,08:00,16:00"),
        "locks.csv",
        5,
        "start",
        "two shifts at once",
    ),
    (
        "history that overlaps",
        m.append("history.csv", "A001,2026-02-09T10:00,2026-02-09T12:00,120"),
        "history.csv",
        None,
        "start",
        "two shifts at once",
    ),
    (
        "history in the future",
        m.append("history.csv", "A001,2027-02-09T10:00,2027-02-09T12:00,120"),
        "history.csv",
        None,
        "start",
        "in the future",
    ),
    (
        "history that ends first",
        m.append("history.csv", "A001,2026-01-09T10:00,2026-01-09T08:00,120"),
        "history.csv",
        None,
        "",
        "ends before it starts",
    ),
    (
        "paid hours as minutes",
        m.append("history.csv", "A001,2026-01-09T08:00,2026-01-09T16:00,481"),
        "history.csv",
        None,
        "paid_min",
        "481 paid minutes are more than the shift's 480",
    ),
]


@pytest.mark.parametrize(
    ("change", "file", "line", "column", "says"),
    [pytest.param(*row[1:], id=row[0].replace(" ", "-")) for row in BROKEN],
)
def test_a_broken_input_is_named_with_its_place(plan_folder, change, file, line, column, says):
    folder = plan_folder()
    change(folder)
    before = {path: path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))}
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    faults = caught.value.faults
    assert any(
        fault.file == file
        and (line is None or fault.line == line)
        and column in fault.column
        and re.search(says, str(fault))
        for fault in faults
    ), str(caught.value)
    assert [f.file for f in faults] == sorted(f.file for f in faults)
    assert all("Quinn" not in str(fault) and "example.com" not in str(fault) for fault in faults)
    assert len(faults) < 60
    assert {path: path.lstat().st_mtime_ns for path in sorted(folder.rglob("*"))} == before


# id, change, what a warning says ("" for none of its own)
BEARABLE = [
    ("byte order mark", m.encode("agents.csv", "utf-8-sig"), ""),
    ("UTF-16", m.encode("agents.csv", "utf-16"), ""),
    ("UTF-16 without a mark", m.encode("agents.csv", "utf-16-le"), "UTF-16 without a byte order"),
    ("Windows-1252", m.encode("agents.csv", "cp1252"), r"line 4\): read as Windows-1252"),
    ("Windows line ends", m.edit("agents.csv", "\n", "\r\n", -1), ""),
    ("old Mac line ends", m.edit("agents.csv", "\n", "\r", -1), ""),
    ("semicolons", m.separate("agents.csv", ";"), "separated by a semicolon"),
    ("tabs", m.separate("contacts.csv", "\t"), "separated by a tab"),
    ("bars", m.separate("locks.csv", "|"), "separated by a bar"),
    (
        "decimal commas between semicolons",
        m.both(m.separate("agents.csv", ";"), m.edit("agents.csv", "37.5", "37,5", -1)),
        "decimal comma",
    ),
    ("other captions", m.edit("agents.csv", "agent_id,name", "Agent ID, NAME "), ""),
    ("spare columns of a spreadsheet", m.edit("locks.csv", "\n", ",,\n", -1), ""),
    ("blank lines", m.edit("locks.csv", "\n", "\n\n,,,\n", -1), ""),
    ("formula in a text", m.edit("agents.csv", "Blue", "=cmd|calc"), "begin like a formula"),
    ("health in a team", m.edit("agents.csv", "Blue", "Sick leave"), "health information"),
    ("no past", m.rows("history.csv"), "HR301"),
    ("no past named", m.edit("plan.toml", 'history = "history.csv"\n', ""), "HR301"),
    ("past of a leaver", m.append("history.csv", "L1,2026-02-09T08:00,2026-02-09T16:00,"), "HR111"),
    (
        "zero demand",
        m.put(
            "contacts.csv",
            "channel,interval_start,offered,aht_s\n"
            + "".join(
                f"{c},2026-02-{d:02}T09:00,0,200\n"
                for d in range(2, 28)
                for c in ("voice", "email")
            ),
        ),
        "planned as if nobody came",
    ),
    (
        "a day without rows",
        lambda folder: _drop_lines(folder / "contacts.csv", "voice,2026-02-11"),
        r"no rows on 1 days on which it is open \(first 2026-02-11\)",
    ),
    (
        "night calls of a day channel",
        m.append("contacts.csv", *(f"voice,2026-02-{d:02}T23:00,90,200" for d in range(9, 20))),
        "outside its opening hours",
    ),
    ("parts of contacts", m.append("contacts.csv", "voice,2026-02-28T09:00,1.5,200"), "part of a"),
    ("a country in parts", m.edit("plan.toml", '"IE"', '"GB"'), "add subdivision"),
    ("floors not asked for", m.edit("plan.toml", "answer_share = 0.80", "promise = false"), ""),
    ("time zone elsewhere", m.edit("agents.csv", "Europe/Dublin", "Pacific/Kiritimati"), ""),
]


def _drop_lines(path: Path, prefix: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith(prefix)), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "says"),
    [pytest.param(*row[1:], id=row[0].replace(" ", "-")) for row in BEARABLE],
)
def test_a_bearable_input_gives_the_plan_and_says_what_was_guessed(plan_folder, change, says):
    folder = plan_folder()
    change(folder)
    problem = load_plan(folder)
    assert len(problem.agents) == 8
    assert problem.agents[2].name == "Carla Díaz"
    assert problem.agents[0].contract_hours_week == 37.5
    told = "\n".join(str(warning) for warning in problem.warnings)
    assert re.search(says, told) if says else not told, told


def test_minutes_in_the_caption_become_seconds_and_it_is_said(plan_folder):
    folder = plan_folder(channels=1)
    m.put(
        "contacts.csv",
        "channel,interval_start,offered,aht_min\n"
        + "".join(f"voice,2026-02-{d:02}T08:00,3,3.5\n" for d in range(2, 28)),
    )(folder)
    problem = load_plan(folder)
    assert set(problem.contacts["aht_s"]) == {210.0}
    assert any("in minutes: converted" in str(warning) for warning in problem.warnings)


def test_handle_times_that_may_be_minutes_are_asked_about(plan_folder):
    folder = plan_folder(channels=1)
    m.put(
        "contacts.csv",
        "channel,interval_start,offered,aht_s\n"
        + "".join(f"voice,2026-02-{d:02}T08:00,3,3.5\n" for d in range(2, 28)),
    )(folder)
    told = "\n".join(str(warning) for warning in load_plan(folder).warnings)
    assert re.search(r"below 3\.5 seconds; if they are minutes \(210 s\)", told)


def test_all_faults_of_all_files_are_told_at_once_in_order(plan_folder):
    folder = plan_folder()
    m.edit("plan.toml", "answer_share = 0.80", "answer_share = 80")(folder)
    m.edit("agents.csv", "37.5,35,40", "2250,35,40")(folder)
    m.append("contacts.csv", "vioce,2026-03-01T08:00,-4,x")(folder)
    m.append("locks.csv", "A099,2026-03-03,08:00,16:00")(folder)
    m.remove("history.csv")(folder)
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    places = [(fault.file, fault.line or 0) for fault in caught.value.faults]
    assert places == sorted(places)
    assert {file for file, _ in places} == {
        "agents.csv",
        "contacts.csv",
        "history.csv",
        "locks.csv",
        "plan.toml",
    }
    assert sum(file == "contacts.csv" for file, _ in places) == 3
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("wrong", ["interval_min = 7", 'interval_min = "half an hour"'])
def test_an_interval_at_fault_blames_no_table(plan_folder, wrong):
    folder = plan_folder()
    m.edit("plan.toml", "interval_min = 15", wrong)(folder)
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    assert {fault.column for fault in caught.value.faults} == {"interval_min"}


def test_an_interval_at_fault_does_not_blame_a_coarser_history(plan_folder):
    folder = plan_folder()
    m.edit("plan.toml", "interval_min = 15", "interval_min = 40")(folder)
    for minute in ("15", "30", "45"):
        text = (folder / "contacts.csv").read_text()
        kept = [row for row in text.splitlines(keepends=True) if f":{minute}," not in row]
        (folder / "contacts.csv").write_text("".join(kept))
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    assert {fault.column for fault in caught.value.faults} == {"interval_min"}


def test_a_column_in_the_wrong_format_does_not_bury_the_other_faults(plan_folder):
    folder = plan_folder()
    m.edit("contacts.csv", ",2026-02-", ",09/02/2026 ", -1)(folder)
    m.edit("agents.csv", "A001,", ",")(folder)
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    texts = [str(fault) for fault in caught.value.faults]
    assert sum("contacts.csv" in text for text in texts) == 21
    assert any("1060 more rows have a fault of this kind" in text for text in texts)
    assert any("agents.csv:2" in text for text in texts)


def test_a_hundred_megabytes_of_one_line_are_refused_before_they_are_read(plan_folder):
    folder = plan_folder()
    m.one_long_line("contacts.csv", 100)(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(InputFaultsError, match=r"contacts.csv:1: line 1 is longer than 1024 KB"):
        load_plan(folder)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb * (1 if sys.platform == "linux" else 1 / 1024) < 50_000


def test_an_endless_line_further_down_is_refused_with_its_line(plan_folder):
    folder = plan_folder()
    m.append("contacts.csv", "voice," + "a" * 3_000_000)(folder)
    with pytest.raises(InputFaultsError, match=r"contacts.csv:1082: line 1082 is longer"):
        load_plan(folder)


@pytest.mark.slow
def test_a_gzip_bomb_stops_at_the_limit(plan_folder):
    folder = plan_folder()
    m.gzip_bomb("contacts.csv", 201)(folder)
    assert (folder / "contacts.csv").stat().st_size < 400_000
    with pytest.raises(InputFaultsError, match="unpacks to more than 200 MB"):
        load_plan(folder)


def test_a_workbook_that_lies_about_its_size_is_found_out(plan_folder, monkeypatch):
    from wfplan.intake import workbook

    monkeypatch.setattr(workbook, "UNPACKED_MAX", 40_000)
    monkeypatch.setattr(workbook, "_check_directory", lambda parts: None)
    folder = plan_folder()
    sheet = {"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b" " * 80_000}
    m.zip_of("agents.csv", sheet)(folder)
    with pytest.raises(InputFaultsError, match="unpacks to more than"):
        load_plan(folder)


def test_a_file_that_may_not_be_read_is_named(plan_folder, monkeypatch):
    folder = plan_folder()
    (folder / "agents.csv").chmod(0)
    if os.access(folder / "agents.csv", os.R_OK):  # root may read everything
        real = Path.open

        def refuse(path, *args, **kwargs):
            if path.name == "agents.csv":
                raise PermissionError(13, "Permission denied")
            return real(path, *args, **kwargs)

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputFaultsError, match=r"agents.csv: may not be read; .*chmod"):
        load_plan(folder)


def test_names_addresses_and_reasons_are_never_repeated(plan_folder):
    folder = plan_folder()
    m.edit("agents.csv", "ada.quinn@example.com", "ada quinn (asthma)")(folder)
    m.edit("agents.csv", "Ben Okoro", "Ben\x07Okoro")(folder)
    m.append("time_off.csv", "A001,2026-03-02,2026-03-03,true,surgery,true,approved")(folder)
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    told = repr([fault.as_dict() for fault in caught.value.faults])
    assert len(caught.value.faults) == 3
    for word in ("quinn", "asthma", "Okoro", "surgery"):
        assert word not in told


def test_a_parquet_column_of_lists_is_refused(plan_folder):
    pytest.importorskip("pyarrow")
    folder = plan_folder()
    pd.DataFrame({"agent_id": ["A001"], "skill": [["voice", "email"]]}).to_parquet(
        folder / "skills.csv"
    )
    with pytest.raises(InputFaultsError, match=r"skills.csv: .*no plain values"):
        load_plan(folder)


@pytest.mark.parametrize("cut", [1, 9, 40, 300, 2000])
def test_a_workbook_that_was_cut_anywhere_is_refused(plan_folder, cut):
    folder = plan_folder()
    pd.read_csv(folder / "agents.csv").to_excel(folder / "a.xlsx", index=False, engine="openpyxl")
    whole = (folder / "a.xlsx").read_bytes()
    (folder / "agents.csv").write_bytes(whole[:-cut])
    with pytest.raises(InputFaultsError, match=r"agents.csv: is a damaged or encrypted workbook"):
        load_plan(folder)
    (folder / "agents.csv").write_bytes(whole[:100] + whole[100 + cut :])
    with pytest.raises(InputFaultsError, match=r"agents.csv: is (a damaged|not a workbook)"):
        load_plan(folder)
