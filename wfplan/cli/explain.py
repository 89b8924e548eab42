"""``wfplan explain``: a reason for what a plan is, and for why there is none.

The topic chooses who answers: each is a module of this room with a function
``answer(talk, asked)``, imported when it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, Json, Quiet, Scenario, Week
from wfplan.cli.talk import talking
from wfplan.errors import UsageError, did_you_mean

EXAMPLE = "wfplan explain demo infeasible"

ANSWERS: Mapping[str, str] = {
    "infeasible": "wfplan.cli.explain_infeasible",
    "person": "wfplan.cli.explain_why",
    "shift": "wfplan.cli.explain_why",
    "interval": "wfplan.cli.explain_why",
}
"""The module that answers for each kind of topic; what follows a colon is the topic's detail."""

FORMS = ("infeasible", "person:ID", "person:ID@DATE", "shift:ID", "interval:TIME[@CHANNEL]")
"""How topics are written."""


@dataclass(frozen=True)
class Asked:
    """What the planner wants to have explained."""

    folder: Path  # a run folder, or a plan folder
    kind: str
    detail: str = ""  # what follows the colon: person:A017 has the detail A017
    week: date | None = None  # of a plan; a run has its own
    scenario: tuple[str, ...] = ()

    @property
    def is_run(self) -> bool:
        """Whether the folder is that of a run."""
        return (self.folder / "manifest.json").exists()


def explain(
    folder: Annotated[
        Path,
        typer.Argument(metavar="RUN|PLAN", help="A run folder, or a plan folder.", exists=True),
    ],
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help=f"One of {', '.join(FORMS)}.")],
    week: Week = None,
    scenario: Scenario = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Say why a plan is as it is, or why there is none.

    infeasible: the smallest set of rules in the way, and the least change that helps.
    person, shift, interval (of a run): what it is worth, which rules hold it, and what
    alternatives would cost, each solved again with others responding.
    """
    with talking("explain", json=json, quiet=quiet, debug=debug) as talk:
        kind, _, detail = topic.partition(":")
        if kind not in ANSWERS:
            hint = did_you_mean(kind, ANSWERS) or f"Use one of {', '.join(FORMS)}."
            raise UsageError(f"'{topic}' is not a topic of explain. {hint}")
        asked = Asked(folder, kind, detail, week, tuple(scenario or ()))
        import_module(ANSWERS[kind]).answer(talk, asked)
