"""Survey scores: small groups hidden, nobody to be computed, and nothing changed by them alone."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfplan.domain.surveys import Shown, SurveyGroup
from wfplan.errors import InputFaultsError
from wfplan.intake import load_plan
from wfplan.intake.overlaps import leak_of
from wfplan.intake.suppression import hidden_groups, too_many
from wfplan.intake.surveys import answers_min, wave_order

HEAD = (
    "wave,group_type,group,parent,headcount,respondents,instrument,scale,score,scale_min,"
    "scale_max\n"
)


def group(name, respondents, parent="", kind="team"):
    return SurveyGroup(
        wave="2026Q3", group_type=kind, group=name, parent=parent, headcount=respondents,
        respondents=respondents, instrument="cbi", scale="work_burnout", score=50.0,
        scale_min=0.0, scale_max=100.0,
    )  # fmt: skip


@pytest.fixture
def with_survey(plan_folder):
    """A function that writes a plan with survey rows and returns its folder."""

    def write(text):
        folder = plan_folder()
        plan = (folder / "plan.toml").read_text(encoding="utf-8")
        plan = plan.replace("[inputs]", '[inputs]\nsurvey_groups = "survey_groups.csv"', 1)
        (folder / "plan.toml").write_text(plan, encoding="utf-8")
        (folder / "survey_groups.csv").write_text(text, encoding="utf-8")
        return folder

    return write


def test_the_example_hides_the_small_group_and_one_beside_it(with_survey, shared):
    text = (shared / "examples/hr/survey_groups.csv").read_text(encoding="utf-8")
    problem = load_plan(with_survey(text))
    said = [str(one) for one in problem.warnings if one.code in ("HR203", "HR204")]
    assert said == [
        (
            "survey_groups.csv:5: team 'Tech-1' hidden too: 'London' minus the shown groups would "
            "leave 4 people [HR204]"
        ),
        "survey_groups.csv:6: team 'Night-1' has 4 answers (minimum 10): hidden [HR203]",
    ]
    assert [one.group for one in problem.survey.shown] == ["London", "Billing-1", "Billing-2"]
    assert problem.survey.hidden == 2
    assert "change nothing" in problem.survey.said


BAD = {
    "a person's column": (
        HEAD.replace("wave,", "employee_id,wave,") + "7,Q3,team,Blue,,12,11,cbi,wb,5,0,9\n",
        "HR202",
    ),
    "a person as a group": (HEAD + "Q3,agent,A001,,12,11,cbi,wb,5,0,9\n", "HR202"),
    "a type there is not": (HEAD + "Q3,squad,Blue,,12,11,cbi,wb,5,0,9\n", "HR106"),
    "an unknown parent": (HEAD + "Q3,team,Blue,Cork,12,11,cbi,wb,5,0,9\n", "HR111"),
    "a ring of parents": (
        HEAD + "Q3,team,a,b,12,11,cbi,wb,5,0,9\nQ3,team,b,a,12,11,cbi,wb,5,0,9\n", "HR109",
    ),
    "a group twice": (HEAD + 2 * "Q3,team,Blue,,12,11,cbi,wb,5,0,9\n", "HR110"),
    "more answers than people": (HEAD + "Q3,team,Blue,,10,11,cbi,wb,5,0,9\n", "HR109"),
    "a score off its scale": (HEAD + "Q3,team,Blue,,12,11,cbi,wb,50,0,9\n", "HR109"),
    "parts above the whole": (
        HEAD + "Q3,site,X,,20,20,cbi,wb,5,0,9\nQ3,team,Blue,X,12,12,cbi,wb,5,0,9\n"
        "Q3,team,Red,X,12,11,cbi,wb,5,0,9\n", "HR205",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_survey_that_cannot_be_is_refused_with_its_code(with_survey, name):
    text, code = BAD[name]
    with pytest.raises(InputFaultsError) as caught:
        load_plan(with_survey(text))
    assert code in {fault.code for fault in caught.value.faults}, str(caught.value)


def test_sensitive_scales_need_twenty_answers():
    assert answers_min("cbi.work_burnout") == 10
    assert answers_min("copsoq.offensive_behaviour") == 20
    assert answers_min("own.scale", ("own.scale",)) == 20


def test_a_hidden_part_with_several_splits_gives_no_way_round():
    """A department of two splits: each of them alone would leave nine people of it."""
    groups = [
        group("site", 40, kind="site"),
        group("dept", 20, "site", "department"),
        group("other", 11, "site", "department"),
        group("a", 11, "dept"),
        group("full", 12, "dept", "contract_type"),
    ]
    away = hidden_groups(groups, 10)
    assert set(away) == {
        ("department", "other"), ("team", "a"), ("contract_type", "full")
    }  # fmt: skip
    assert all(one.why is Shown.WITH_OTHERS for one in away.values())


@st.composite
def trees(draw):
    """A site of departments of teams; some people of each are in no team."""
    groups, leaves = [], []
    site = 0
    for d in range(draw(st.integers(1, 3))):
        rest = draw(st.integers(0, 6))
        sizes = draw(st.lists(st.integers(1, 16), min_size=0, max_size=3))
        leaves.append(((f"d{d}", "site"), rest))
        leaves += [((f"d{d}t{t}", f"d{d}", "site"), n) for t, n in enumerate(sizes)]
        total = rest + sum(sizes)
        site += total
        groups.append(group(f"d{d}", total, "site", "department"))
        groups += [group(f"d{d}t{t}", n, f"d{d}") for t, n in enumerate(sizes)]
    loose = draw(st.integers(0, 6))
    leaves.append((("site",), loose))
    return [group("site", site + loose, kind="site"), *groups], leaves


@settings(max_examples=60, deadline=None)
@given(trees())
def test_no_few_people_can_be_computed_from_the_shown_groups(made):
    """No union of cells with fewer answers than the least is a combination of shown means."""
    groups, leaves = made
    away = hidden_groups(groups, 10)
    shown = [one for one in groups if one.key not in away]
    cells = [(names, n) for names, n in leaves if n > 0]
    if not shown or not cells:
        return
    known = np.array([[float(one.group in names) for names, _ in cells] for one in shown])
    rank = np.linalg.matrix_rank(known)
    small = [i for i, (_, n) in enumerate(cells) if n < 10]
    unions = chain.from_iterable(combinations(small, k) for k in range(1, len(small) + 1))
    for union in unions:
        if sum(cells[i][1] for i in union) < 10:
            wanted = np.zeros(len(cells))
            wanted[list(union)] = 1.0
            assert np.linalg.matrix_rank(np.vstack([known, wanted])) > rank, (union, shown)


@settings(max_examples=60, deadline=None)
@given(trees())
def test_what_is_large_enough_alone_is_hidden_only_beside_a_small_difference(made):
    groups, _ = made
    away = hidden_groups(groups, 10)
    for key, one in away.items():
        size = next(g.respondents for g in groups if g.key == key)
        assert (one.why is Shown.TOO_SMALL) == (size < 10)
        assert one.why is Shown.TOO_SMALL or 0 < one.left < 10


def test_all_is_the_parent_of_whoever_names_none():
    groups = [group("everybody", 40, kind="all"), group("a", 34)]
    assert set(hidden_groups(groups, 10)) == {("team", "a")}
    groups = [group("everybody", 40, kind="all"), group("a", 30)]
    assert not hidden_groups(groups, 10)


def test_people_of_two_skills_are_no_error_of_sums():
    groups = [group("site", 30, kind="site"), group("voice", 28, "site", "skill"),
              group("email", 18, "site", "skill")]  # fmt: skip
    assert not list(too_many(groups))
    assert set(hidden_groups(groups, 10)) == {("skill", "voice")}


def people(*spans):
    """Who is in a group: people by number."""
    return frozenset(str(n) for first, stop in spans for n in range(first, stop))


OVERLAPS = {
    "what two overlapping groups share": (
        # voice and email together are all: the 4 who do both are voice + email - all
        {("all", "x"): people((0, 40)), ("skill", "voice"): people((0, 24)),
         ("skill", "email"): people((20, 40))}, 4,
    ),
    "a team whose people are all of one contract": (
        {("contract_type", "part"): people((0, 16)), ("team", "a"): people((0, 12))}, 4,
    ),
    "a team and a contract that leave few of a site": (
        {("site", "x"): people((0, 40)), ("team", "a"): people((0, 15)),
         ("contract_type", "part"): people((15, 36))}, 4,
    ),
    "large overlaps": (
        {("all", "x"): people((0, 50)), ("skill", "voice"): people((0, 35)),
         ("skill", "email"): people((20, 50))}, 0,
    ),
    "groups that have nobody in common": (
        {("team", "a"): people((0, 12)), ("team", "b"): people((12, 30))}, 0,
    ),
    "overlaps that no sum shows": (
        {("team", "a"): people((0, 20)), ("contract_type", "part"): people((16, 40))}, 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OVERLAPS)
def test_groups_whose_people_are_known_are_held_against_each_other(name):
    members, left = OVERLAPS[name]
    groups = [group(who, len(ids), kind=kind) for (kind, who), ids in members.items()]
    leak = leak_of(groups, members, 10)
    assert (leak.left if leak else 0) == left
    away = hidden_groups(groups, 10, members)
    assert bool(away) is bool(left)
    assert all(one.why is Shown.WITH_OTHERS for one in away.values())


def test_answers_of_people_who_are_in_no_team_are_not_given_away():
    """By the plan the teams are the whole site; four of those who answered are in none."""
    members = {("site", "x"): people((0, 30)), ("team", "a"): people((0, 14)),
               ("team", "b"): people((14, 30))}  # fmt: skip
    groups = [group("x", 34, kind="site"), group("a", 14), group("b", 16)]
    assert leak_of(groups, members, 10).left == 4


@st.composite
def rosters(draw):
    """Sorts of people, each with its team, contract and skills."""
    sorts = draw(
        st.lists(
            st.tuples(
                st.sampled_from("abc"),
                st.sampled_from(["full", "part"]),
                st.sampled_from([("voice",), ("email",), ("voice", "email")]),
                st.integers(1, 12),
            ),
            min_size=2, max_size=7, unique_by=lambda one: one[:3],
        )
    )  # fmt: skip
    members, first = {("all", "x"): set()}, 0
    for team, contract, skills, count in sorts:
        ids = {str(n) for n in range(first, first + count)}
        first += count
        keys = [("all", "x"), ("team", team), ("contract_type", contract)]
        for key in keys + [("skill", one) for one in skills]:
            members.setdefault(key, set()).update(ids)
    return {key: frozenset(ids) for key, ids in members.items()}


@settings(max_examples=80, deadline=None)
@given(rosters())
def test_no_few_people_can_be_computed_across_teams_contracts_and_skills(members):
    """Every union of sorts with few people is tried, by ranks alone."""
    groups = [group(name, len(ids), kind=kind) for (kind, name), ids in members.items()]
    away = hidden_groups(groups, 10, members)
    shown = [one for one in groups if one.key not in away]
    everybody = sorted(members["all", "x"])
    sorts = {}
    for person in everybody:
        sorts.setdefault(tuple(person in ids for ids in members.values()), []).append(person)
    cells = list(sorts.values())
    if not shown:
        return
    known = np.array([[float(c[0] in members[one.key]) for c in cells] for one in shown])
    rank = np.linalg.matrix_rank(known)
    for count in range(1, len(cells) + 1):
        for union in combinations(range(len(cells)), count):
            if sum(len(cells[i]) for i in union) < 10:
                wanted = np.zeros(len(cells))
                wanted[list(union)] = 1.0
                assert np.linalg.matrix_rank(np.vstack([known, wanted])) > rank, (union, shown)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [("2026Q3", "2026Q4"), ("2026Q9", "2026Q10"), ("Q4 2026", "Q1 2027"), ("spring", "summer"),
     ("2026-09", "2026-10"), ("2026Q3", "2026Q3 corrected")],
)  # fmt: skip
def test_waves_are_in_the_order_of_their_years_and_numbers(earlier, later):
    assert max((later, earlier), key=wave_order) == later


def test_of_two_waves_that_differ_by_one_leaver_one_alone_is_shown(with_survey):
    rows = "2026Q3,team,Blue,,12,12,cbi,wb,50,0,100\n2026Q4,team,Blue,,11,11,cbi,wb,52,0,100\n"
    survey = load_plan(with_survey(HEAD + rows)).survey
    assert [(one.wave, one.respondents) for one in survey.shown] == [("2026Q4", 11)]
    assert survey.hidden == 0


def test_each_instrument_has_its_own_least_and_its_own_groups(with_survey):
    rows = (
        "2026Q4,team,Blue,,15,15,cbi,wb,50,0,100\n"
        "2026Q4,team,Blue,,15,15,copsoq,offensive_behaviour,50,0,100\n"
        "2026Q3,team,Blue,,15,15,uwes,vigor,4,0,6\n"
    )
    problem = load_plan(with_survey(HEAD + rows))
    assert [one.full_scale for one in problem.survey.shown] == ["cbi.wb"]
    assert problem.survey.hidden == 1
    said = [one.reason for one in problem.warnings]
    assert "uwes.vigor was last asked in 2026Q3: only the last wave, 2026Q4, is looked at" in said
