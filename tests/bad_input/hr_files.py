"""Made-up HR files with one fault each, of many kinds, and where the fault must be found."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

CANARY = "Zebulon Quixwattle"  # a name that no message may hold
AGENTS = ["agent_id", "name", "email", "site", "team", "timezone", "contract_type",
          "contract_hours_week", "min_hours_week", "max_hours_week", "hire_date",
          "end_date"]  # fmt: skip
SKILLS = ["agent_id", "skill", "level", "aht_factor", "valid_from", "valid_to"]
AVAILABILITY = ["agent_id", "kind", "weekday", "date", "start_time", "end_time", "weight",
                "valid_from", "valid_to", "every_n_weeks"]  # fmt: skip
TIME_OFF = ["agent_id", "start", "end", "all_day", "type", "paid", "status"]

LIMITS = ["constraint_id", "scope", "scope_value", "rule", "value", "unit", "strength", "weight",
          "valid_from", "valid_to", "source", "note"]  # fmt: skip
GROUPS = ["wave", "group_type", "group", "parent", "headcount", "respondents", "instrument",
          "scale", "score", "scale_min", "scale_max"]  # fmt: skip


@dataclass(frozen=True)
class BadFile:
    """A file, and what its message must have: line, column and code (empty: any)."""

    name: str
    content: bytes
    line: int | None
    column: str = ""
    code: str = ""


Rows = list[list[str]]


def agents(rng: Random) -> Rows:
    """Good rows of people."""
    count = rng.randint(3, 9)
    return [
        [f"A{n:03}", CANARY, f"zebulon{n}@example.com", "Dublin", "Blue", "Europe/Dublin",
         "full_time", "37.5", "35", "40", "2023-04-03", ""]
        for n in range(1, count + 1)
    ]  # fmt: skip


def skills(rng: Random) -> Rows:
    """Good rows of skills."""
    return [
        [f"A{n:03}", "voice", "3", "1.1", "2025-01-01", ""] for n in range(1, rng.randint(4, 9))
    ]


def availability(rng: Random) -> Rows:
    """Good rows of availability."""
    days = ("mon", "tue", "wed", "thu")
    return [
        [f"A{n:03}", "prefer", rng.choice(days), "", "08:00", "16:00", "0.5", "", "", ""]
        for n in range(1, rng.randint(4, 9))
    ]


def time_off(rng: Random) -> Rows:
    """Good rows of time off."""
    return [
        [f"A{n:03}", "2026-03-05", "2026-03-06", "true", "leave", "true", "approved"]
        for n in range(1, rng.randint(4, 9))
    ]


def limits(rng: Random) -> Rows:
    """Good rows of limits."""
    return [
        [f"C{n}", "agent", f"A{n:03}", "max_occupancy", "0.85", "ratio", "soft", "5", "", "",
         "wellbeing", ""]
        for n in range(1, rng.randint(4, 9))
    ]  # fmt: skip


def groups(rng: Random) -> Rows:
    """Good rows of survey scores."""
    teams = [
        ["2026Q3", "team", f"T{n}", "Dublin", "15", "12", "cbi", "work", "41.5", "0", "100"]
        for n in range(1, rng.randint(2, 5))
    ]
    whole = ["2026Q3", "site", "Dublin", "", "90", "60", "cbi", "work", "46", "0", "100"]
    return [whole, *teams]


TABLES: dict[str, tuple[list[str], Callable[[Random], Rows]]] = {
    "agents": (AGENTS, agents),
    "skills": (SKILLS, skills),
    "availability": (AVAILABILITY, availability),
    "time_off": (TIME_OFF, time_off),
    "constraints": (LIMITS, limits),
    "survey_groups": (GROUPS, groups),
}
OF_PEOPLE = ("agents", "skills", "availability", "time_off")


def text_of(header: list[str], rows: Rows) -> bytes:
    """A CSV in which fields with commas are quoted."""
    lines = [header, *rows]
    quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in lines]
    return ("\n".join(quoted) + "\n").encode()


def cell(table: str, column: str, *values: str, code: str) -> Callable[[Random], BadFile]:
    """A class of files in which one cell holds one of some bad values."""

    def make(rng: Random) -> BadFile:
        header, good = TABLES[table]
        rows = good(rng)
        at = rng.randrange(len(rows))
        rows[at][header.index(column)] = rng.choice(values)
        return BadFile(f"{table}.csv", text_of(header, rows), at + 2, column, code)

    return make


def caption(code: str, *values: str) -> Callable[[Random], BadFile]:
    """A class of files with one more column."""

    def make(rng: Random) -> BadFile:
        table = rng.choice(OF_PEOPLE)
        header, good = TABLES[table]
        rows = [[*row, CANARY] for row in good(rng)]
        return BadFile(f"{table}.csv", text_of([*header, rng.choice(values)], rows), 1, "", code)

    return make


def lacking_column(rng: Random) -> BadFile:
    """A required column is not there."""
    table, column = rng.choice([
        ("agents", "contract_type"), ("agents", "contract_hours_week"), ("skills", "skill"),
        ("availability", "kind"), ("availability", "end_time"), ("time_off", "end"),
        ("time_off", "start"), ("agents", "agent_id"), ("skills", "agent_id"),
    ])  # fmt: skip
    header, good = TABLES[table]
    at = header.index(column)
    rows = [row[:at] + row[at + 1 :] for row in good(rng)]
    return BadFile(
        f"{table}.csv", text_of(header[:at] + header[at + 1 :], rows), 1, column, "HR102"
    )


def double_caption(rng: Random) -> BadFile:
    """A column is there twice."""
    table = rng.choice(OF_PEOPLE)
    header, good = TABLES[table]
    at = rng.randrange(len(header))
    rows = [[*row, row[at]] for row in good(rng)]
    return BadFile(f"{table}.csv", text_of([*header, header[at]], rows), 1, header[at], "HR110")


def double_person(rng: Random) -> BadFile:
    """A person is there twice."""
    rows = agents(rng)
    rows.append(list(rng.choice(rows)))
    return BadFile("agents.csv", text_of(AGENTS, rows), len(rows) + 1, "agent_id", "HR110")


def overlapping(rng: Random) -> BadFile:
    """Somebody is off twice, or has a skill twice."""
    if rng.random() < 0.5:
        rows = time_off(rng)
        rows.append(["A001", "2026-03-06", "2026-03-09", "true", "leave", "true", "approved"])
        return BadFile("time_off.csv", text_of(TIME_OFF, rows), len(rows) + 1, "start", "HR110")
    rows = skills(rng)
    rows.append(["A001", "voice", "4", "1.0", "2025-06-01", ""])
    return BadFile("skills.csv", text_of(SKILLS, rows), len(rows) + 1, "skill", "HR110")


def unknown_person(rng: Random) -> BadFile:
    """A row is about nobody."""
    table = rng.choice(["skills", "availability", "time_off"])
    header, good = TABLES[table]
    rows = good(rng)
    at = rng.randrange(len(rows))
    rows[at][0] = rng.choice(["A999", "B001", "A01", "X"])
    return BadFile(f"{table}.csv", text_of(header, rows), at + 2, "agent_id", "HR111")


def ragged(rng: Random) -> BadFile:
    """A row has too few or too many fields."""
    table = rng.choice(OF_PEOPLE)
    header, good = TABLES[table]
    rows = good(rng)
    at = rng.randrange(len(rows))
    rows[at] = rows[at][: rng.randint(1, len(header) - 1)] if rng.random() < 0.5 else [
        *rows[at], "more", "and more"
    ]  # fmt: skip
    return BadFile(f"{table}.csv", text_of(header, rows), at + 2)


def open_quote(rng: Random) -> BadFile:
    """A quote is never closed."""
    rows = agents(rng)
    at = rng.randrange(len(rows))
    rows[at][3] = '"Dublin' + rng.choice(["", " 2", " (old)"])
    return BadFile("agents.csv", text_of(AGENTS, rows), at + 2)


def no_text(rng: Random) -> BadFile:
    """Bytes that are no table."""
    kinds = [
        (b"agent_id,skill\nA001,vo\x00ice\n", 2),
        (b"", None),
        (b"\n\n  \n", None),
        (b"\xd0\xcf\x11\xe0" + rng.randbytes(2000), None),
        (b"\xff\xfe\x00\x00" + "agent_id,skill".encode("utf-32-le"), None),
        (b"agent_id,skill\n" + b"x" * (2 * 1024**2) + b"\n", 2),
        (b"\x1f\x8b" + rng.randbytes(50), None),
        (b"%PDF-1.7\n" + rng.randbytes(300).replace(b"\x00", b" "), None),
    ]
    content, line = rng.choice(kinds)
    return BadFile("skills.csv", content, line if b"%PDF" not in content[:4] else None)


def no_workbook(rng: Random) -> BadFile:
    """A workbook that is damaged, or a zip that is none."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(rng.choice(["readme.txt", "xl/workbook.xml"]), "<nothing/>")
    content = buffer.getvalue()
    if rng.random() < 0.5:
        content = content[: rng.randint(10, len(content) - 5)]
    return BadFile("people.xlsx", content, None)


def wrong_table(rng: Random) -> BadFile:
    """A file that is no table of HR."""
    names = rng.sample(["order", "price", "colour", "depot", "driver", "van"], 3)
    return BadFile("list.csv", text_of(names, [["1", "2", "3"]]), 1, "", "HR101")


_EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260101T000000Z\r\nSUMMARY:{name}\r\n{lines}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def bad_event(rng: Random) -> BadFile:
    """A calendar with an event that cannot be used."""
    good = "DTSTART:20260302T080000Z\r\nDTEND:20260302T100000Z"
    lines, code = rng.choice([
        (good, "HR102"),
        (good + "\r\nCATEGORIES:LUNCH", "HR106"),
        (good + "\r\nCATEGORIES:AVOID\r\nRRULE:FREQ=SECONDLY", "HR109"),
        (good + "\r\nCATEGORIES:AVOID\r\nRRULE:FREQ=NEVER", "HR108"),
        ("DTSTART:20260302T080000Z\r\nDTEND:20260301T100000Z\r\nCATEGORIES:AVOID", "HR109"),
        ("DTEND:20260302T100000Z\r\nCATEGORIES:PREFER", "HR102"),
        ("DTSTART:hello\r\nDTEND:20260302T100000Z\r\nCATEGORIES:PREFER", ""),
        ("DTSTART;VALUE=DATE:20260302\r\nDTEND:20260302T100000Z\r\nCATEGORIES:AVOID", "HR108"),
    ])  # fmt: skip
    content = _EVENT.format(name=CANARY, lines=lines).encode()
    return BadFile("A001.ics", content, 4 if code else None, "", code)


def cut_calendar(rng: Random) -> BadFile:
    """A calendar that ends too early."""
    whole = _EVENT.format(name=CANARY, lines="DTSTART:20260302T080000Z\r\nCATEGORIES:AVOID")
    return BadFile("A001.ics", whole[: rng.randint(20, 160)].encode(), None)


def bad_users(rng: Random) -> BadFile:
    """People of a directory without what is needed, or no people at all."""
    user = {"userName": "z@example.com", "displayName": CANARY, "active": True}
    listed = {"schemas": [], "totalResults": 1, "Resources": [user] * rng.randint(1, 3)}
    return rng.choice([
        BadFile("users.json", json.dumps(user).encode(), 1, "agent_id", "HR102"),
        BadFile("users.json", json.dumps(listed, indent=1).encode(), None, "agent_id", "HR102"),
        BadFile("users.json", json.dumps(listed)[: rng.randint(5, 90)].encode(), 1),
        BadFile("users.json", b'{"Resources": [1, 2]}', None),
        BadFile("users.json", b"[" * 20_000, None),
    ])  # fmt: skip


def contradicting(rng: Random) -> BadFile:
    """A row whose columns do not go together."""
    table, changes = rng.choice([
        ("agents", {"hire_date": "2024-05-01", "end_date": "2024-04-01"}),
        ("agents", {"min_hours_week": "39"}),
        ("agents", {"max_hours_week": "30"}),
        ("availability", {"date": "2026-03-04"}),
        ("availability", {"weekday": ""}),
        ("skills", {"valid_to": "2024-01-01"}),
        ("time_off", {"end": "2026-03-01"}),
        ("availability", {"valid_from": "2026-03-04", "valid_to": "2026-01-01"}),
    ])  # fmt: skip
    header, good = TABLES[table]
    rows = good(rng)
    at = rng.randrange(len(rows))
    for column, text in changes.items():
        rows[at][header.index(column)] = text
    return BadFile(f"{table}.csv", text_of(header, rows), at + 2, "", "HR109")


def limit_out_of_range(rng: Random) -> BadFile:
    """A limit has a value that its rule does not allow."""
    rows = limits(rng)
    at = rng.randrange(len(rows))
    rows[at][4] = rng.choice(["85", "0.2", "0", "-1", "1.5"])
    return BadFile("constraints.csv", text_of(LIMITS, rows), at + 2, "max_occupancy", "HR109")


def limits_at_odds(rng: Random) -> BadFile:
    """Two limits say the same twice, or wellbeing asks for less than law."""
    rest = ["min_rest_between_shifts", "11", "hours", "hard", "", "", "", "law", ""]
    rows = [*limits(rng), ["L1", "all", "", *rest]]
    if rng.random() < 0.5:
        rows.append(["L2", "all", "", *rest])
        code = "HR112"
    else:
        more = [rest[0], rng.choice(["8", "9", "10.5"]), *rest[2:7], "wellbeing", ""]
        rows.append(["L2", "agent", "A001", *more])
        code = "HR113"
    return BadFile("constraints.csv", text_of(LIMITS, rows), len(rows) + 1, "", code)


def single_answers(rng: Random) -> BadFile:
    """Survey scores of single people."""
    header = [rng.choice(["agent_id", "email", "employee"]) if n == "parent" else n for n in GROUPS]
    rows = [[*row[:3], CANARY, *row[4:]] for row in groups(rng)]
    return BadFile("survey_groups.csv", text_of(header, rows), 1, "", "HR202")


def too_many_answers(rng: Random) -> BadFile:
    """The parts of a group are more than it."""
    rows = groups(rng)
    rows[0][4:6] = rng.choice([["13", "12"], ["14", "13"]])
    return BadFile("survey_groups.csv", text_of(GROUPS, rows), 2, "headcount", "HR205")


CLASSES: dict[str, Callable[[Random], BadFile]] = {
    "unknown column": caption("HR101", "Shoe size", "Grade", "Nickname", "Fax", "Notes 2"),
    "special category": caption(
        "HR201", "Diagnosis", "Sick days", "Religion", "Trade union", "Disability", "Krankheit"
    ),
    "column missing": lacking_column,
    "value missing": cell("agents", "contract_hours_week", "", " ", code="HR102"),
    "skill missing": cell("skills", "skill", "", code="HR102"),
    "no id": cell("agents", "agent_id", "A 1", "Ä1", "a/b", "x" * 65, "A#1", code="HR104"),
    "no e-mail": cell("agents", "email", CANARY, "a@b", "a b@example.com", "@x.ie", code="HR104"),
    "control characters": cell("agents", "team", "Bl\u202eue", "Bl\x07ue", "x" * 501, code="HR104"),
    "decimal comma": cell("agents", "contract_hours_week", "37,5", "20,25", "8,0", code="HR105"),
    "no number": cell("skills", "aht_factor", "110%", "one", "1:10", "n/a", "1'000", code="HR105"),
    "not whole": cell("skills", "level", "2.5", "three", "3-4", code="HR105"),
    "no such kind": cell("availability", "kind", "free", "busy", "avial", "maybe", code="HR106"),
    "no such weekday": cell("availability", "weekday", "monn", "Lundi", "8", code="HR106"),
    "reason of absence": cell("time_off", "type", "asthma", "funeral", "flu", code="HR106"),
    "no such status": cell("time_off", "status", "maybe", "ok?", "tbc", code="HR106"),
    "neither true nor false": cell("time_off", "paid", "perhaps", "2", "t.b.d.", code="HR106"),
    "minutes for hours": cell("agents", "contract_hours_week", "2250", "1200", code="HR107"),
    "below nothing": cell("agents", "contract_hours_week", "-5", "0", "0.1", code="HR107"),
    "weight beyond one": cell("availability", "weight", "50", "-0.5", "1.2", code="HR107"),
    "which of them is the day": cell("agents", "hire_date", "03/04/2023", "1.2.2024", code="HR108"),
    "no such day": cell("agents", "hire_date", "2025-13-01", "2025-02-30", "soon", code="HR108"),
    "another century": cell("agents", "hire_date", "1066-10-14", "3023-01-01", code="HR108"),
    "no time of day": cell("availability", "start_time", "25:00", "8h", "noon", code="HR108"),
    "no such zone": cell("agents", "timezone", "Europe/Londn", "GMT+25", "Dublin", code="HR109"),
    "contradiction": contradicting,
    "column twice": double_caption,
    "person twice": double_person,
    "at the same time": overlapping,
    "nobody": unknown_person,
    "no such contract": cell("agents", "contract_type", "fulltme", "zero", "B2", code="HR111"),
    "no such skill": cell("skills", "skill", "voise", "billing", "fax", code="HR111"),
    "no such rule": cell("constraints", "rule", "max_ocupancy", "rest", "bonus", code="HR106"),
    "no such unit": cell("constraints", "unit", "percent", "hours", "ratios", code="HR106"),
    "neither hard nor soft": cell("constraints", "strength", "firm", "x", "must", code="HR106"),
    "no such source": cell("constraints", "source", "boss", "laws", "union", code="HR106"),
    "weight beyond ten": cell("constraints", "weight", "11", "-1", "100", code="HR107"),
    "reason of a limit": cell("constraints", "note", "migraine", "her asthma", code="HR109"),
    "limit of nobody": cell("constraints", "scope_value", "A999", "B1", code="HR111"),
    "limit out of range": limit_out_of_range,
    "limits at odds": limits_at_odds,
    "no such group": cell("survey_groups", "group_type", "squad", "tribe", code="HR106"),
    "no score": cell("survey_groups", "score", "high", "4/5", "n/a", code="HR105"),
    "single answers": single_answers,
    "too many answers": too_many_answers,
    "ragged row": ragged,
    "open quote": open_quote,
    "no text": no_text,
    "no workbook": no_workbook,
    "no table of HR": wrong_table,
    "bad event": bad_event,
    "cut calendar": cut_calendar,
    "bad users": bad_users,
}


def bad_file(kind: str, number: int) -> BadFile:
    """The file of that number of a class, always the same one."""
    return CLASSES[kind](Random(f"{kind} {number}"))
