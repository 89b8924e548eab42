"""Good HR files and changes to them that nobody would think of: bytes, cells, parts, properties."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, time
from random import Random
from typing import Any

FileMade = tuple[str, bytes]
TABLES = {
    "agents": "agent_id,name,team,timezone,contract_type,contract_hours_week,hire_date\n"
    "A001,Ada,Blue,Europe/London,full_time,37.5,2023-04-03\nA002,Ben,Red,,part_time,20,\n",
    "skills": "agent_id,skill,level,aht_factor,valid_from,valid_to\n"
    "A001,voice,4,0.95,2025-01-01,\n",
    "availability": "agent_id,kind,weekday,date,start_time,end_time,weight,every_n_weeks\n"
    "A001,prefer,sat,,08:00,16:00,0.6,2\nA002,available,,2026-10-24,06:00,22:00,,\n",
    "time_off": "agent_id,start,end,all_day,type,paid,status\n"
    "A001,2026-10-21T14:00,2026-10-21T16:00,false,personal,true,approved\n",
    "constraints": "constraint_id,scope,scope_value,rule,value,unit,strength,weight,source,note\n"
    "C1,team,Blue,max_continuous_contact,120,minutes,hard,,works_agreement,\n",
    "survey_groups": "wave,group_type,group,parent,headcount,respondents,instrument,scale,score,"
    "scale_min,scale_max\n2026Q3,site,London,,47,37,cbi,work_burnout,46.2,0,100\n",
    "history": "agent_id,start,end\nA001,2026-10-12T08:00,2026-10-12T16:00\n",
}
TEXTS = [
    "", " ", "0", "-1", "1e309", "nan", "inf", "9" * 400, "2026-13-45", "0000-00-00", "9999-12-31",
    "0001-01-01", "2026-10-25T01:30", "24:00", "99:99", "\u0661\u0662", "\u00b2", "1_000", "0x10",
    "true", "=1+1", "'", '"', "\x00", "\ufffd", "a" * 70_000, "|", "||", "A001|x", "all", "agent",
    "law", "mon", "1/2/3", "../etc", "Europe/", "CON", "posixrules", "1,5", "1.000,5", "=-",
    "\u202e", "1E-400", "2026-10-25T01:30+99:00", "20261025", "31/12/2026", "99.99.9999",
    "Oct 32, 2026", "13 PM", "80 %", "30 / 40", "/",
]  # fmt: skip
CELLS: list[Any] = [
    None, True, 1.5, 1e308, date(2026, 10, 19), datetime(2026, 10, 19, 8, 30), time(8, 0),
    "=A1+1", "=1/0", "#REF!", 46_000, 46_000.5, 0, 60, 2_958_466, -1.0, 1e15,
]  # fmt: skip
PROPERTIES = [
    "DTSTART:20261025T013000", "DTSTART;TZID=Nowhere/Else:20261025T013000", "DTSTART:",
    "DTSTART;VALUE=DATE:20261025", "DTSTART:99991231T235900Z", "DTSTART:00010101T000000Z",
    "DTSTART;VALUE=DATE:99991231", "DTSTART:20261345T990000Z", "DTSTART", "DTSTART;=:20260101",
    "DTSTART;VALUE=PERIOD:20261001T000000Z/PT1H", "DTEND:20261024T030000Z", "DTEND:20261025T0300",
    "DTSTART;TZID=GMT Standard Time:20261025T013000", "DURATION:PT8H", "DURATION:-PT1H",
    "DURATION:P9999999D", "DURATION:bogus", "RRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=5",
    "RRULE:FREQ=WEEKLY;INTERVAL=0", "RRULE:FREQ=DAILY;COUNT=99999999", "RRULE:", "RRULE:COUNT=3",
    "RRULE:FREQ=DAILY;UNTIL=bogus", "RRULE:FREQ=MONTHLY;BYDAY=-1FR", "RRULE:FREQ=DAILY;BYMONTH=13",
    "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "RRULE:FREQ=YEARLY;BYWEEKNO=53",
    "RRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,30", "RRULE:FREQ=WEEKLY;BYDAY=XX",
    "RRULE:FREQ=WEEKLY;INTERVAL=99999999999", "RRULE:FREQ=WEEKLY;UNTIL=00010101",
    "RRULE:FREQ=DAILY;BYSETPOS=-9", "RRULE:FREQ=WEEKLY,DAILY", "RRULE:FREQ=WEEKLY;X-FOO=1",
    "RRULE:FREQ=WEEKLY;RSCALE=CHINESE", "EXDATE:20261101T013000", "EXDATE:bogus", "EXDATE:",
    "EXDATE;VALUE=DATE:20261101", "EXDATE;VALUE=PERIOD:20261101T000000Z/PT1H", "RDATE:bogus",
    "RDATE;VALUE=DATE:20261103,20261104", "RDATE;VALUE=PERIOD:20261101T000000Z/PT1H",
    "RDATE:99991231T235959Z", "RECURRENCE-ID:20261101T013000", "RECURRENCE-ID:bogus",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20261101T013000Z", "CATEGORIES:", "CATEGORIES:PREFER,AVOID",
    "STATUS:CANCELLED", "X-WFPLAN-AGENT:A 1", "EXRULE:FREQ=WEEKLY", "X", "=:", ":::::", "\x00:1",
]  # fmt: skip
EVENTS = [
    ["DTSTART;TZID=Europe/London:20260907T080000", "DTEND;TZID=Europe/London:20260907T160000",
     "RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "CATEGORIES:PREFER"],
    ["DTSTART:20261026T090000Z", "DTEND:20261026T130000Z", "CATEGORIES:UNAVAILABLE"],
    ["DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261030", "CATEGORIES:LEAVE"],
]  # fmt: skip
USER: dict[str, Any] = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
    "userName": "ada@example.com",
    "name": {"givenName": "Ada", "familyName": "Quinn"},
    "timezone": "Europe/London",
    "active": True,
    "emails": [{"value": "ada@example.com", "primary": True}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "A001"},
}
VALUES: list[Any] = [
    None,
    True,
    0,
    1e300,
    "",
    [],
    {},
    [1],
    {"a": 1},
    "x" * 70_000,
    "\ud800",
    10**30,
]


def scrambled(raw: bytes, rng: Random) -> bytes:
    """Some bytes changed, taken away, put in, or said twice."""
    content = bytearray(raw)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(content) + 1)
        much = rng.randint(1, 20)
        marks = [b'"', b",", b";", b"\n", b"\r", b"\t", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe"]
        new = rng.choice([b"", rng.randbytes(4), rng.choice(marks), bytes(content[at:][:60])])
        content[at : at + rng.choice([0, much])] = new
    return bytes(content) or b"x"


def csv_file(rng: Random) -> FileMade:
    """A text table."""
    table = rng.choice(list(TABLES))
    rows = [line.split(",") for line in TABLES[table].splitlines()]
    for _ in range(rng.randint(1, 4)):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = rng.choice(TEXTS)
        if rng.random() < 0.2:
            rows.append(list(row))
    raw = "\n".join(rng.choice([",", ",", ",", ";"]).join(row) for row in rows).encode()
    if rng.random() < 0.3:
        raw = scrambled(raw, rng)
    if rng.random() < 0.2:
        raw = raw.decode("utf-8", "replace").encode(rng.choice(["utf-16", "utf-32", "utf-8-sig"]))
    return f"{table}.csv", raw


def workbook(rng: Random) -> FileMade:
    """A workbook, some of whose parts are damaged."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for table in rng.sample(list(TABLES), 2):
        sheet = book.create_sheet(rng.choice([table, "Sheet"]))
        if rng.random() < 0.3:
            sheet.append(["A report of HR"])
        for line in TABLES[table].splitlines():
            sheet.append([rng.choice(CELLS) if rng.random() < 0.1 else c for c in line.split(",")])
        if rng.random() < 0.2:
            sheet.merge_cells("A1:C2")
    buffer, out = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            part = good.read(name)
            bad.writestr(name, scrambled(part, rng) if rng.random() < 0.1 else part)
    return "people.xlsx", scrambled(out.getvalue(), rng) if rng.random() < 0.2 else out.getvalue()


def calendar(rng: Random) -> FileMade:
    """A calendar with properties that do not go together."""
    events = []
    for _ in range(rng.randint(1, 3)):
        lines = list(rng.choice(EVENTS))
        for new in rng.sample(PROPERTIES, rng.randint(1, 3)):
            name = new.split(":")[0].split(";")[0]
            lines = [line for line in lines if line.split(":")[0].split(";")[0] != name] + [new]
        events.append("\r\n".join(["BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"]))
    text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""])
    raw = scrambled(text.encode(), rng) if rng.random() < 0.2 else text.encode()
    return rng.choice(["A001.ics", "time_off_A001.ics"]), raw


def directory(rng: Random) -> FileMade:
    """People of a directory, with values of wrong types, keys twice, and depth without end."""
    user = json.loads(json.dumps(USER))
    for _ in range(rng.randint(1, 3)):
        place = rng.choice([user, *(one for one in user.values() if isinstance(one, dict))])
        key = rng.choice([*place, "Resources", "diagnosis"])
        place[key] = deepcopy(rng.choice(VALUES))
    some = rng.choice([user, [user], {"Resources": [user, USER]}, {"Resources": user}])
    raw = json.dumps(some, indent=rng.choice([None, 1])).encode()
    deep = b'{"Resources": ' + b"[" * rng.choice([10, 990, 100_000])
    twice = raw.replace(b'"A001"', b'"A001", "employeeNumber": "A002"')
    return "users.json", rng.choice([raw, raw, twice, deep, scrambled(raw, rng)])


KINDS: dict[str, Callable[[Random], FileMade]] = {
    "csv": csv_file, "xlsx": workbook, "ics": calendar, "json": directory,
}  # fmt: skip
