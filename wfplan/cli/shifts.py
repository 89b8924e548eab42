"""``wfplan shifts``: which shift templates to offer for a demand, as a program to be read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wfplan.cli.options import Debug, Json, Quiet, Scenario, Week, folder_of
from wfplan.cli.talk import Talk, talking

if TYPE_CHECKING:
    from wfplan.scheduling.shifts import ShiftDesign

EXAMPLE = "wfplan shifts runs/harbour-bank/2026-10-19 --templates 8 --lp shifts.lp"


class Least(StrEnum):
    """What is to be least."""

    HOURS = "hours"
    PEOPLE = "people"
    MONEY = "money"


def _file(name: str, text: str) -> Any:
    return typer.Option(name, parser=folder_of, metavar="FILE", help=text)


def shifts(
    path: Annotated[
        Path,
        typer.Argument(metavar="PLAN|RUN", help="A plan folder or a run folder.", exists=True),
    ],
    templates: Annotated[
        int, typer.Option("--templates", min=1, max=200, help="Offer so many templates at most.")
    ] = 12,
    least: Annotated[
        Least, typer.Option("--least", help="What is to be least; money needs cost_per_hour.")
    ] = Least.HOURS,
    by_group: Annotated[
        bool, typer.Option("--by-group", help="Count people by skill group, not all in one.")
    ] = False,
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Take no more people than there are, and say the gaps.")
    ] = False,
    together: Annotated[
        bool, typer.Option("--together", help="A person's days off of a week follow each other.")
    ] = False,
    breaks: Annotated[
        int, typer.Option("--breaks", min=1, max=8, help="Places of breaks in their windows.")
    ] = 3,
    start_every: Annotated[
        int, typer.Option("--start-every", min=5, max=240, help="Minutes between starts.")
    ] = 30,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0.1, help="Search for so long at most.")
    ] = 20.0,
    lp: Annotated[Path | None, _file("--lp", "Write the program in CPLEX-LP format.")] = None,
    mps: Annotated[Path | None, _file("--mps", "Write the program in MPS format.")] = None,
    cover: Annotated[
        Path | None, _file("--cover", "Write the cover of every interval as CSV.")
    ] = None,
    week: Week = None,
    scenario: Scenario = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Show which shift templates to offer for a demand, and how many people work them.

    The requirement of a run (or of a plan's week) is covered by shifts that the contracts allow
    on a day, at least cost and with few templates. It is a small linear program in whole people,
    which --lp writes out with names in plain words. Rests between days, wishes and time off are
    not in it: 'wfplan schedule' plans the named people.
    """
    with talking("shifts", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import line, shifts_text
        from wfplan.scheduling.shifts import ShiftQuestion

        question = ShiftQuestion(
            templates_max=templates, least=str(least), by_group=by_group, is_as_is=as_is,
            is_together=together, breaks=breaks, start_every_min=start_every, seconds=seconds,
        )  # fmt: skip
        parts, design = line.design_shifts(path, week, scenario or (), question, talk.watch)
        _write(talk, design, lp, mps, cover)
        figures = shifts_text.figures(parts.problem, design)
        talk.finish(figures, shifts_text.text(parts.problem, parts.horizon, design))


def _write(
    talk: Talk, design: ShiftDesign, lp: Path | None, mps: Path | None, cover: Path | None
) -> None:
    """The files that were asked for."""
    from wfplan.cli import shifts_text
    from wfplan.domain.atomic import write_file

    contents = ((lp, design.lp_text), (mps, design.mps_text),
                (cover, lambda: shifts_text.cover_csv(design)))  # fmt: skip
    for path, content in contents:
        if path:
            write_file(path, content().encode())
            talk.say(f"Wrote {path}")
