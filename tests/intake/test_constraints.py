"""HR's limits as the plan reads them: every fault with its line and code, precedence, conflicts."""

from __future__ import annotations

import pytest

from wfplan.domain.contracts import Contract
from wfplan.domain.limits import Constraint
from wfplan.domain.people import Agent
from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan
from wfplan.intake.book import FaultBook
from wfplan.intake.constraint_conflicts import check_together

HEAD = (
    "constraint_id,scope,scope_value,rule,value,unit,strength,weight,valid_from,valid_to,source,"
    "note\n"
)
GOOD = "C1,all,,max_late_shifts_per_week,2,count,soft,3,,,wellbeing,\n"


@pytest.fixture
def with_rows(plan_folder):
    """A function that writes a plan with rows of constraints and returns its folder."""

    def write(*rows, text=""):
        folder = plan_folder()
        plan = (folder / "plan.toml").read_text(encoding="utf-8")
        plan = plan.replace("[inputs]", '[inputs]\nconstraints = "constraints.csv"', 1)
        (folder / "plan.toml").write_text(plan, encoding="utf-8")
        body = text or HEAD + "".join(f"{row}\n" for row in rows)
        (folder / "constraints.csv").write_text(body, encoding="utf-8")
        return folder

    return write


def faults(folder):
    with pytest.raises(InputFaultsError) as caught:
        load_plan(folder)
    return [str(fault) for fault in caught.value.faults]


def test_the_example_is_read_row_by_row(with_rows, shared):
    text = (shared / "examples/hr/constraints.csv").read_text(encoding="utf-8")
    problem = load_plan(with_rows(text=text.replace("Billing-1", "Blue")))
    assert [row.constraint_id for row in problem.constraints] == [f"C00{n}" for n in range(1, 9)]
    rules = {setting.constraint: setting.rule for setting in problem.plan_rules}
    assert rules["C001"] == "daily_rest"
    assert "C002" not in rules  # of channels
    assert "C008" not in rules  # of publishing


def test_the_bad_example_has_the_messages_of_the_formats_page(with_rows, shared):
    text = (shared / "examples/hr/constraints_bad.csv").read_text(encoding="utf-8")
    found = faults(with_rows(text=text))
    assert found == [
        (
            "constraints.csv:2: rule: 'max_ocupancy' is not a rule of the list; "
            "did you mean 'max_occupancy'? [HR106]"
        ),
        (
            "constraints.csv:3: max_occupancy = 85 is outside 0.5..0.98 ratio; "
            "did you mean 0.85? [HR109]"
        ),
        (
            "constraints.csv:4: max_continuous_contact = 2 is outside 30..300 minutes; "
            "did you give hours (120 minutes)? [HR109]"
        ),
        (
            "constraints.csv:4: scope_value: nobody is in the team 'Biling-1'; "
            "there are Blue, Red [HR111]"
        ),
        (
            "constraints.csv:5: note looks like health information: say what the person needs, "
            "not why [HR109]"
        ),
        (
            "constraints.csv:6: valid_to: valid_to 2026-08-01 lies before valid_from 2026-09-01; "
            "swap the two dates [HR109]"
        ),
    ]
    assert not any("migraine" in one for one in found)


BAD = {
    "an id twice": ([GOOD.strip(), GOOD.strip()], "'C1' is already in line 2", "HR110"),
    "the wrong unit": (
        ["C1,all,,min_rest_between_shifts,660,minutes,hard,,,,law,"], "write 11 hours", "HR106",
    ),
    "a percent as unit": (
        ["C1,all,,max_occupancy,85,%,soft,1,,,wellbeing,"], "write 0.85 ratio", "HR106",
    ),
    "minutes for hours": (
        ["C1,all,,max_hours_per_week,2250,hours,hard,,,,law,"],
        "did you give minutes (37.5 hours)?", "HR109",
    ),
    "half a shift": (
        ["C1,all,,max_late_shifts_per_week,1.5,count,hard,,,,law,"], "not a whole number", "HR109",
    ),
    "a hard row with a weight": (
        ["C1,all,,max_late_shifts_per_week,1,count,hard,3,,,law,"], "has no weight", "HR109",
    ),
    "a name without a scope": (
        ["C1,all,Blue,max_late_shifts_per_week,1,count,hard,,,,law,"], "says whom", "HR109",
    ),
    "a scope without a name": (
        ["C1,team,,max_late_shifts_per_week,1,count,hard,,,,law,"], "scope_value: is missing",
        "HR102",
    ),
    "an unknown agent": (
        ["C1,agent,A099,max_late_shifts_per_week,1,count,hard,,,,law,"],
        "'A099' is not in the agents table", "HR111",
    ),
    "what cannot be kept yet": (
        ["C1,all,,max_fatigue_score,2,index,soft,1,,,wellbeing,"],
        "no fatigue score yet; say it with max_consecutive_nights", "HR109",
    ),
    "the same rule twice": (
        [GOOD.strip(), "C2,all,,max_late_shifts_per_week,3,count,hard,,,,law,"],
        "C2 gives max_late_shifts_per_week for everybody at the same time as C1 (line 2)", "HR112",
    ),
    "wellbeing below the pack": (
        ["C1,all,,min_rest_between_shifts,9,hours,hard,,,,wellbeing,"],
        "less than the 11 hours of EU, Directive 2003/88/EC, Art. 3", "HR113",
    ),
    "a preference below a row of law": (
        ["C1,all,,max_late_shifts_per_week,2,count,hard,,,,law,",
         "C2,agent,A002,max_late_shifts_per_week,3,count,soft,1,,,preference,"],
        "less than the 2 of C1 (line 2, law)", "HR113",
    ),
    "too few hours": (
        ["C1,all,,max_hours_per_week,30,hours,hard,,,,works_agreement,"],
        "C1 (line 2, max_hours_per_week = 30 hours (hard)) cannot hold for A001 and 5 more",
        "HR302",
    ),
    "days that add up to too little": (
        ["C1,all,,max_hours_per_day,7,hours,hard,,,,works_agreement,",
         "C2,contract_type,full_time,max_consecutive_days,1,count,hard,,,,works_agreement,"],
        "C1 (line 2, max_hours_per_day = 7 hours (hard)) and C2 (line 3,", "HR302",
    ),
    "short days beside rows that are harmless": (
        ["C1,all,,max_hours_per_day,6.5,hours,hard,,,,works_agreement,",
         "C2,all,,min_full_weekends_off_per_4_weeks,4,count,hard,,,,wellbeing,",
         "C3,all,,max_hours_per_week,39,hours,hard,,,,works_agreement,"],
        "they leave 32.5 hours a week at most, and the table of agents asks for 35",
        "HR302",
    ),
    "breaks that no shift has": (
        ["C1,all,,min_break_minutes,90,minutes,hard,,,,works_agreement,"],
        "no shift of the contract full_time keeps them", "HR302",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_row_that_cannot_be_is_refused_with_its_code(with_rows, name):
    rows, said, code = BAD[name]
    found = faults(with_rows(*rows))
    assert any(said in one and one.endswith(f"[{code}]") for one in found), found


def test_rows_that_follow_each_other_are_no_conflict(with_rows):
    first = "C1,all,,max_late_shifts_per_week,2,count,hard,,,2026-06-30,law,"
    later = "C2,all,,max_late_shifts_per_week,1,count,hard,,2026-07-01,,law,"
    assert len(load_plan(with_rows(first, later)).constraints) == 2


def test_a_row_that_tightens_the_law_is_welcome(with_rows):
    problem = load_plan(with_rows("C1,all,,min_rest_between_shifts,12.5,hours,hard,,,,wellbeing,"))
    from wfplan.rules import rules_of

    rests = [r for r in rules_of(problem, problem.agents[0]) if r.name == "daily_rest"]
    assert [(rest.rest_min, rest.source) for rest in rests] == [(750, "wellbeing, constraint C1")]


def test_a_note_is_never_repeated(with_rows):
    secret = "x" * 600
    found = faults(with_rows(f"{GOOD.strip()}{secret}"))
    assert not any(secret[:50] in one for one in found)


def test_without_any_one_of_the_rows_that_are_named_there_is_a_week(with_rows):
    """A smallest set: the third row alone would leave hours enough, and so would the second."""
    days = "C1,all,,max_consecutive_days,2,count,hard,,,,works_agreement,"
    hours = "C2,all,,max_hours_per_day,7.25,hours,hard,,,,works_agreement,"
    week = "C3,all,,max_hours_per_week,39,hours,hard,,,,works_agreement,"
    harmless = "C4,all,,min_full_weekends_off_per_4_weeks,2,count,hard,,,,wellbeing,"
    plan = with_rows
    assert len(load_plan(plan(hours, week, harmless)).constraints) == 3
    (found,) = faults(plan(days.replace(",2,count", ",1,count"), hours, week, harmless))
    assert "C1 (line 2" in found
    assert "C3" not in found
    assert "C4" not in found


def test_conflicts_of_ten_thousand_people_are_found_with_a_look_at_their_own_rows(monkeypatch):
    kinds = {"max_hours_per_day": (7, "hours"), "max_consecutive_days": (1, "count")}
    rows = [
        Constraint(
            constraint_id=f"C{n}-{team}", scope="team", scope_value=f"T{team}", rule=rule,
            value=value, unit=unit, strength="hard", source="contract", line=n,
        )
        for team in range(100)
        for n, (rule, (value, unit)) in enumerate(kinds.items())
    ]  # fmt: skip
    contract = Contract(
        name="any", shortest_min=360, longest_min=570, length_step_min=30,
        start_window=(420, 720), start_step_min=30, work_days_max=5,
    )  # fmt: skip
    agents = [
        Agent(agent_id=f"A{n}", team=f"T{n % 100}", timezone="UTC", contract_type="any",
              contract_hours_week=37.5, min_hours_week=35, max_hours_week=40)
        for n in range(10_000)
    ]  # fmt: skip
    book, looks, holds = FaultBook(), [], Constraint.holds

    def counted(row, *dates):
        looks.append(row)
        return holds(row, *dates)

    monkeypatch.setattr(Constraint, "holds", counted)
    check_together(rows, agents, {"any": contract}, book)
    assert len(looks) == 2 * len(agents)
    assert book.faults
    assert "and 99 more" in str(book.sorted_faults()[0])
