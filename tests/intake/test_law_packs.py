"""The law packs say what the laws say: each value with its article, dated and versioned.

Numbers are those of Directive 2003/88/EC, SI 1998/1833, ArbZG, LN 402/2014 and the
overviews of fair-workweek laws, as FORMATS.md B.4 lists them.
"""

import tomllib

import pytest

from wfplan.intake import configs_folder
from wfplan.intake.packs import shipped_packs

H, MIN = "hours", "minutes"
LAWS = {
    "eu": {
        ("daily_rest", 11, H, "hard", "Art. 3"),
        ("weekly_rest", 35, H, "hard", "Art. 5"),  # 24 and the 11 of daily rest
        ("paid_time_period", 48, H, "hard", "Art. 6 and 16"),
        ("break_required", 6, H, "hard", "Art. 4"),
        ("night_work", 8, H, "hard", "Art. 8"),
    },
    "uk": {
        ("daily_rest", 11, H, "hard", "reg. 10(1)"),
        ("weekly_rest", 35, H, "hard", "reg. 11(1) and 11(7)"),
        ("paid_time_period", 48, H, "hard", "reg. 4(1) and 4(3)"),
        ("break_time", 20, MIN, "hard", "reg. 12(1) and 12(3)"),
        ("night_work", 8, H, "hard", "reg. 6(1)"),
    },
    "de": {
        ("daily_rest", 11, H, "hard", "s. 5(1)"),
        ("weekly_rest", 35, H, "hard", "s. 9, 11(3) and 11(4)"),
        ("paid_time_day", 10, H, "hard", "s. 3"),
        ("paid_time_period", 48, H, "hard", "s. 3"),
        ("break_time", 30, MIN, "hard", "s. 4"),
        ("break_time", 45, MIN, "hard", "s. 4"),
        ("contiguous_work", 6, H, "hard", "s. 4"),
        ("night_work", 8, H, "hard", "s. 6(2)"),
    },
    "tt": {
        ("paid_time_day", 8, H, "soft", "LN 402/2014"),
        ("paid_time_period", 40, H, "soft", "LN 402/2014"),
        ("meal", 45, MIN, "soft", "shop order of 1991, by analogy"),
        ("daily_rest", 11, H, "soft", "no article found: wellbeing"),
    },
    "us-voluntary": {
        (
            "promise_change_price", 14, "days", "soft",
            "advance notice (Oregon, Chicago, New York City and others)",
        ),
        ("daily_rest", 10, H, "soft", "right to rest (9 to 11 hours by place)"),
    },
}  # fmt: skip
THRESHOLDS = {  # weeks of the average, hours from which a break is due, its shortest part
    ("uk", "paid_time_period"): {"weeks": 17},
    ("de", "paid_time_period"): {"weeks": 24},
    ("tt", "paid_time_period"): {"weeks": 1},
    ("uk", "break_time"): {"over_h": 6.0, "part_min": 20},
    ("de", "contiguous_work"): {"part_min": 15},
}


def pack(name):
    return tomllib.loads((configs_folder() / "rules" / f"{name}.toml").read_text(encoding="utf-8"))


def test_every_pack_is_held_against_its_law():
    assert set(shipped_packs()) == set(LAWS)


@pytest.mark.parametrize("name", sorted(LAWS))
def test_a_pack_has_the_values_of_its_law_with_their_articles(name):
    content = pack(name)
    keys = ("rule", "value", "unit", "hardness", "article")
    assert {tuple(rule[key] for key in keys) for rule in content["rule"]} == LAWS[name]
    assert content["version"]
    assert content["valid_from"]
    assert "not legal advice" in content["advice"]
    assert all(rule["note"] for rule in content["rule"])


@pytest.mark.parametrize(("name", "rule"), sorted(THRESHOLDS))
def test_a_value_holds_from_the_threshold_of_its_law(name, rule):
    (found,) = [one for one in pack(name)["rule"] if one["rule"] == rule]
    wanted = THRESHOLDS[name, rule]
    assert {key: found[key] for key in wanted} == wanted


def test_the_breaks_of_the_arbzg_grow_after_six_and_nine_hours():
    breaks = [one for one in pack("de")["rule"] if one["rule"] == "break_time"]
    found = {(one["value"], one["over_h"], one["part_min"]) for one in breaks}
    assert found == {(30, 6.0, 15), (45, 9.0, 15)}
