"""``wfplan published``: what people were told, and when."""

from __future__ import annotations

from wfplan.cli.options import Debug, Json, Plan, Quiet, Store, Week
from wfplan.cli.talk import talking

EXAMPLE = "wfplan published demo"


def published(
    plan: Plan,
    week: Week = None,
    store: Store = None,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """List the published weeks of a plan with their revisions: who, when, why."""
    with talking("published", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import publishing_end

        publishing_end.published(talk, plan, week, store)
