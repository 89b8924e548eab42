"""Tests for wfplan.cli.progress."""

from __future__ import annotations

import pytest

from wfplan.cli import progress
from wfplan.cli.progress import Progress, figures_text, is_for_people


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ({}, ""),
        (
            {"pass": 3.0, "best": 812.4, "round": 9.0, "bound": 790.1},
            "pass 3, harm 812.4, bound 790.1, gap 2.7 %",
        ),
        ({"pass": 3.0, "best": 812.4, "bound": -20.0}, "pass 3, harm 812.4"),
        ({"done": 3.0, "of": 4.0, "convexity_gap": 8.6e-10}, "done 3 of 4"),
        ({"replications": 20.0, "of": 100.0}, "replications 20 of 100"),
        ({"best": 1234567.0}, "harm 1,234,567"),
    ],
)
def test_figures_are_read_aloud(figures, text):
    assert figures_text(figures) == text


def test_a_log_gets_a_line_per_stage_and_figures_now_and_then(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    shown = Progress(is_quiet=False)
    for second, stage in enumerate(["search", "bound"] * 4 + ["simulate"] * 2):
        now[0] = float(second)
        shown.show(stage, {"best" if stage == "search" else "bound": float(second + 1)})
    shown.close()
    assert capsys.readouterr().err.splitlines() == [
        "   0 s  scheduling: harm 1.0",
        "   5 s  scheduling: harm 5.0, bound 6.0, gap 0.0 %",
        "   8 s  simulating: bound 9.0",
    ]


def test_a_line_of_a_large_plan_fits_eighty_columns(capsys):
    shown = Progress(is_quiet=False)
    figures = {"pass": 128.0, "share": 0.54, "best": 123456.7, "bound": 103456.7}
    shown.show("search", figures)
    shown.close()
    (line,) = capsys.readouterr().err.splitlines()
    moving = line.partition("s  ")[2]
    assert len(line) <= 80
    assert len(f"x {moving} 0:12:34") <= 80


def test_quiet_is_quiet(capsys):
    shown = Progress(is_quiet=True)
    shown.show("search", {"best": 1.0})
    shown.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("is_terminal", "variables", "expected"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_only_a_terminal_that_likes_it_moves(monkeypatch, is_terminal, variables, expected):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(progress.sys.stderr, "isatty", lambda: is_terminal, raising=False)
    assert is_for_people() is expected


def test_the_moving_line_goes_away_and_what_was_said_stays(monkeypatch, capsys):
    monkeypatch.setattr(progress, "is_for_people", lambda: True)
    shown = Progress(is_quiet=False)
    shown.show("search", {"best": 1.0})
    shown.say("Stopping: [bold]now[/bold]")
    shown.show("search", {"best": 0.5})
    shown.close()
    shown.close()
    assert "Stopping: [bold]now[/bold]" in capsys.readouterr().err
