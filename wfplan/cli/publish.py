"""``wfplan publish``: people are told of a week."""

from __future__ import annotations

from typing import Annotated

import typer

from wfplan.cli.options import Debug, DryRun, Json, Quiet, Reason, RunFolder, Store
from wfplan.cli.talk import talking

EXAMPLE = "wfplan publish runs/harbour-bank/2026-10-19"
_OVER = typer.Option(
    "--over",
    min=0,
    metavar="REVISION",
    help="Publish over this revision, 0 for none. Default: what the run was built on.",
)
_OVERRIDE = typer.Option(
    "--override", metavar="REASON", help="Publish although a side is out of its limits, and why."
)


def publish(
    run: RunFolder,
    store: Store = None,
    over: Annotated[int | None, _OVER] = None,
    override: Annotated[str, _OVERRIDE] = "",
    reason: Reason = "",
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Publish a week: the next weeks know it, and nobody overwrites it unseen.

    The schedule is audited again. A plan with a side out of its limits is
    refused (exit code 7), unless somebody signs for it with --override.
    """
    with talking("publish", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import publishing_end

        publishing_end.publish(
            talk, run, store, over=over, override=override, reason=reason, is_dry=dry_run
        )
