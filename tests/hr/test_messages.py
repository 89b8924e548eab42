"""Every code of HR's messages, word by word; and that one fault of a row does not hide others."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfplan import hr
from wfplan.errors import InputFaultsError
from wfplan.hr import Imported
from wfplan.intake.hr import asked_of

AGENTS = (
    "agent_id,email,team,timezone,contract_type,contract_hours_week,min_hours_week,max_hours_week,"
    "hire_date\n"
)
ADA = "A001,ada@example.com,Blue,Europe/London,full_time,37.5,35,40,2023-04-03\n"
BEN = "A002,ben@example.com,Blue,Europe/London,part_time,20,16,24,2024-05-06\n"
LIMITS = (
    "constraint_id,scope,scope_value,rule,value,unit,strength,weight,valid_from,valid_to,source,"
    "note\n"
)
GROUPS = (
    "wave,group_type,group,parent,headcount,respondents,instrument,scale,score,scale_min,"
    "scale_max\n"
)
SCORE = "cbi,work_burnout,46.2,0,100\n"


def checked(folder: Path, **tables: str) -> Imported:
    """The tables of these texts, checked by themselves."""
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    asked = asked_of([str(folder / f"{name}.csv") for name in tables])
    return hr.check(asked, None, str(folder / "none.db"))


def messages(folder: Path, **tables: str) -> list[str]:
    """The faults of the tables, or what is only said of them."""
    try:
        made = checked(folder, **tables)
    except InputFaultsError as error:
        return [str(fault) for fault in error.faults]
    return [str(fault) for fault in made.warnings]


CASES = {
    "HR101": (
        {"agents": AGENTS.replace("team", "Grade") + ADA},
        "agents.csv:1: column 3 'Grade' is not known; the columns are agent_id, name, email,",
    ),
    "HR102": (
        {"agents": AGENTS + ADA.replace("full_time", "")},
        "agents.csv:2: contract_type: is missing; fill it in, like full_time [HR102]",
    ),
    "HR104": (
        {"agents": AGENTS + ADA.replace("A001", "A 1")},
        ("agents.csv:2: agent_id: 'A 1' is not an id; use up to 64 letters, digits, '.', '_' and "
         "'-', such as A001; names are not ids [HR104]"),
    ),
    "HR105": (
        {"agents": AGENTS + ADA.replace("37.5", '"37,5"')},
        ("agents.csv:2: contract_hours_week: '37,5' has a decimal comma; write 37.5 or pass "
         "--decimal-comma [HR105]"),
    ),
    "HR106": (
        {"agents": AGENTS + ADA, "constraints": LIMITS
         + "C1,all,,max_ocupancy,0.8,ratio,soft,,,,wellbeing,\n"},
        ("constraints.csv:2: rule: 'max_ocupancy' is not a rule of the list; did you mean "
         "'max_occupancy'? [HR106]"),
    ),
    "HR107": (
        {"agents": AGENTS + ADA.replace("37.5", "2250")},
        ("agents.csv:2: contract_hours_week: 2250 is outside 0.25 to 60 hours; did you give "
         "minutes (37.5 h)? [HR107]"),
    ),
    "HR108": (
        {"agents": AGENTS + ADA.replace("2023-04-03", "03/04/2023")},
        ("agents.csv:2: hire_date: '03/04/2023' is not a date like 2026-10-19 (day and month are "
         "ambiguous); write year-month-day, or pass --date-format dmy or mdy [HR108]"),
    ),
    "HR109": (
        {"agents": AGENTS + ADA, "constraints": LIMITS
         + "C1,all,,max_occupancy,85,ratio,soft,5,,,wellbeing,\n"},
        ("constraints.csv:2: max_occupancy = 85 is outside 0.5..0.98 ratio; did you mean 0.85? "
         "[HR109]"),
    ),
    "HR110": (
        {"agents": AGENTS + ADA + ADA},
        ("agents.csv:3: agent_id: 'A001' is already in line 2; an id belongs to one person: keep "
         "one of the rows [HR110]"),
    ),
    "HR111": (
        {"agents": AGENTS + ADA, "skills": "agent_id,skill\nA01,voice\n"},
        "skills.csv:2: agent_id: 'A01' is not in the agents table; did you mean 'A001'? [HR111]",
    ),
    "HR112": (
        {"agents": AGENTS + ADA, "constraints": LIMITS
         + "C1,all,,min_rest_between_shifts,11,hours,hard,,,,contract,\n"
         "C2,all,,min_rest_between_shifts,12,hours,hard,,,,works_agreement,\n"},
        ("constraints.csv:3: rule: C2 gives min_rest_between_shifts for everybody at the same time "
         "as C1 (line 2); keep one of them, or let the first end before the second begins [HR112]"),
    ),
    "HR113": (
        {"agents": AGENTS + ADA, "constraints": LIMITS
         + "C1,all,,min_rest_between_shifts,11,hours,hard,,,,law,\n"
         "C2,agent,A001,min_rest_between_shifts,9,hours,hard,,,,preference,\n"},
        ("constraints.csv:3: value: C2 (preference) asks for 9 hours of min_rest_between_shifts, "
         "less than the 11 of C1 (line 2, law); it can only tighten the law: ask for more, or take "
         "the row out [HR113]"),
    ),
    "HR201": (
        {"agents": AGENTS.replace("email", "Diagnosis") + ADA},
        ("agents.csv:1: column 2 'Diagnosis' may hold special-category data (GDPR Art. 9); it was "
         "not read; remove it [HR201]"),
    ),
    "HR202": (
        {"survey_groups": GROUPS.replace("parent", "agent_id")
         + f"2026Q3,team,Blue,,14,11,{SCORE}"},
        ("survey_groups.csv:1: column 4 'agent_id' tells single people apart; it was not read; "
         "hand over means of groups only, and remove it [HR202]"),
    ),
    "HR203": (
        {"survey_groups": GROUPS + f"2026Q3,site,London,,47,37,{SCORE}"
         f"2026Q3,team,Night-1,London,6,4,{SCORE}"},
        "survey_groups.csv:3: team 'Night-1' has 4 answers (minimum 10): hidden [HR203]",
    ),
    "HR204": (
        {"survey_groups": GROUPS + f"2026Q3,site,London,,20,16,{SCORE}"
         f"2026Q3,team,Night-1,London,6,4,{SCORE}2026Q3,team,Tech-1,London,14,12,{SCORE}"},
        ("survey_groups.csv:4: team 'Tech-1' hidden too: 'London' minus the shown groups would "
         "leave 4 people [HR204]"),
    ),
    "HR205": (
        {"survey_groups": GROUPS + f"2026Q3,site,London,,20,16,{SCORE}"
         f"2026Q3,team,Blue,London,24,12,{SCORE}"},
        ("survey_groups.csv:2: headcount: the teams of 'London' have 24 headcount together, and it "
         "has 20; correct the numbers, or the parents [HR205]"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", CASES)
def test_a_message_says_where_what_and_how_to_go_on(tmp_path, code):
    tables, message = CASES[code]
    said = messages(tmp_path, **tables)
    assert any(one.startswith(message) for one in said), said


def test_every_fault_of_a_row_is_told_at_once(tmp_path):
    bad = ADA.replace("37.5", "x").replace("35,40", "45,40").replace("ada@", "ada")
    said = messages(
        tmp_path,
        agents=AGENTS + bad + BEN,
        skills="agent_id,skill,level,valid_from,valid_to\nA09,voice,7,2026-02-01,2026-01-01\n",
        availability="agent_id,kind,weekday,date,start_time,end_time\nA09,free,,,8,9:00\n",
        constraints=LIMITS + "C1,team,Bleu,max_occupancy,85,ratio,firm,,2026-02-01,2026-01-01,"
        "law,\n",
    )
    places = {": ".join(one.split(": ")[:2]) for one in said}
    assert places >= {
        "agents.csv:2: contract_hours_week", "agents.csv:2: email",
        "skills.csv:2: agent_id", "skills.csv:2: level", "skills.csv:2: valid_to",
        "availability.csv:2: agent_id", "availability.csv:2: kind", "availability.csv:2: weekday",
        "availability.csv:2: start_time", "constraints.csv:2: strength",
        "constraints.csv:2: scope_value", "constraints.csv:2: valid_to",
    }  # fmt: skip
    assert any("max_occupancy = 85 is outside" in one for one in said)
    assert all("; " in one and one.endswith("]") for one in said), said


def test_lines_of_many_faults_of_a_kind_are_all_told(tmp_path):
    rows = "".join(f"A{n:03},full_time,x\n" for n in range(1, 61))
    said = messages(tmp_path, agents="agent_id,contract_type,contract_hours_week\n" + rows)
    assert "40 more rows have a fault of this kind: line 22 to line 61" in said[-1]


def test_the_examples_are_taken_over(tmp_path, shared):
    names = ("agents", "skills", "availability", "time_off", "constraints", "survey_groups")
    files = [str(shared / "examples" / "hr" / f"{name}.csv") for name in names]
    files.append(str(shared / "examples" / "hr" / "scim_user.json"))
    made = hr.take_over(asked_of(files), None, str(tmp_path / "wfplan.db"))
    assert made.is_written
    codes = {warning.code for warning in made.warnings if warning.code}
    assert codes == {"HR102", "HR111", "HR203", "HR204"}


def test_the_bad_example_of_limits_is_told_as_its_format_has_it(tmp_path, shared):
    folder = shared / "examples" / "hr"
    asked = asked_of([str(folder / "agents.csv"), f"constraints={folder / 'constraints_bad.csv'}"])
    with pytest.raises(InputFaultsError) as caught:
        hr.check(asked, None, str(tmp_path / "none.db"))
    said = [str(fault) for fault in caught.value.faults]
    assert said[1] == CASES["HR109"][1].replace("constraints.csv:2", "constraints_bad.csv:3")
    health = "note looks like health information: say what the person needs, not why [HR109]"
    assert f"constraints_bad.csv:5: {health}" in said
    assert {fault.line for fault in caught.value.faults} == {2, 3, 4, 5, 6}
    assert "migraine" not in str(caught.value)
