"""Numbers of reports: thousands and decimal commas, certain or refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wfplan.intake.queue_reports.numbers import read_counts, read_shares

COUNTS = st.lists(st.integers(0, 5_000_000), min_size=1, max_size=12)


@pytest.mark.parametrize("sign", [",", ".", " ", "'", "\u00a0", "\u202f", ""])
@given(counts=COUNTS)
def test_counts_with_a_sign_between_thousands_are_right_or_refused(sign, counts):
    texts = [f"{count:,}".replace(",", sign) for count in counts]
    read = read_counts(texts, "Offered", has_free_comma=True)
    for code, count in enumerate(counts):
        assert code in read.refused or read.values[code] == count or sign == "."
    if sign in (" ", "'", "\u00a0", "\u202f", ""):
        assert not read.refused


@given(counts=COUNTS, small=st.integers(0, 999))
def test_beside_a_small_count_points_and_commas_part_thousands(counts, small):
    for sign in (",", "."):
        texts = [f"{count:,}".replace(",", sign) for count in (*counts, small)]
        read = read_counts(texts, "Offered", has_free_comma=True)
        assert not read.refused
        assert read.values.tolist() == [*counts, small]


@given(st.lists(st.integers(0, 999), min_size=1, max_size=9))
def test_decimals_of_a_database_are_no_thousands(counts):
    texts = [f"{count}.000" for count in counts]
    read = read_counts(texts, "Offered", has_free_comma=False)
    assert read.values.tolist() == counts


@pytest.mark.parametrize("texts", [["1,234"], ["1.234,5", "2"], ["1,234.5", "2"]])
def test_a_comma_is_read_only_where_it_is_certain(texts):
    read = read_counts(texts, "Offered", has_free_comma=True)
    certain = {"1.234,5": 1234.5, "1,234.5": 1234.5, "2": 2.0}
    for code, text in enumerate(texts):
        assert code in read.refused if text == "1,234" else read.values[code] == certain[text]


def test_two_ways_of_writing_decimals_in_one_column_are_refused():
    read = read_counts(["37,5", "212.5"], "Offered", has_free_comma=True)
    assert read.refused


def test_a_percentage_is_no_count():
    bad = read_counts(["85%"], "Answered", has_free_comma=False).refused[0]
    assert "is a percentage, and a count is asked for" in bad.reason


@pytest.mark.parametrize(
    ("texts", "shares"),
    [(["85%", "7.5 %"], [0.85, 0.075]), (["85", "0"], [0.85, 0]), (["0.85", "1"], [0.85, 1]),
     (["85,5", "1"], [0.855, 0.01]), (["", "-", "50%"], [np.nan, np.nan, 0.5])],
)  # fmt: skip
def test_shares_are_read_from_percentages_and_ratios(texts, shares):
    values = read_shares(texts, "Rate", has_free_comma=True).values
    assert values == pytest.approx(np.array(shares), nan_ok=True)


@pytest.mark.parametrize("text", ["-3", "150%", "many", "1e999"])
def test_what_is_no_share_is_refused(text):
    assert read_shares([text], "Rate", has_free_comma=False).refused
