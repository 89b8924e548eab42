"""``wfplan rules list``: the law packs that there are, and what HR's limits may be about."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan rules list"


def rules_list(json: Json = False, quiet: Quiet = False, debug: Debug = False) -> None:
    """
    List the law packs with their dates, and the rules of HR's table constraints.

    Packs are dated planning defaults, not legal advice.
    """
    with talking("rules list", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import rules_end

        rules_end.show_all(talk)
