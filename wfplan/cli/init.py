"""``wfplan init``: an example plan folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfplan.cli.options import Debug, DryRun, Json, Quiet
from wfplan.cli.talk import talking

EXAMPLE = "wfplan init demo --example omnichannel"
_FOLDER = typer.Argument(metavar="DIR", help="The folder to make.", file_okay=False)
_KIND = typer.Option(
    "--example",
    metavar="bank|omnichannel|night",
    help="bank: one voice channel, 60 people. omnichannel: four channels, 140 people. "
    "night: round the clock, with a clock change.",
)


def init(
    folder: Annotated[Path, _FOLDER],
    example: Annotated[str, _KIND] = "omnichannel",
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same files.")] = 2026,
    dry_run: DryRun = False,
    json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """
    Write an example plan folder that can be planned at once.

    Its people and contacts are invented. Change plan.toml and the tables until
    they are yours; 'wfplan check' tells what does not fit.
    """
    with talking("init", json=json, quiet=quiet, debug=debug) as talk:
        from wfplan.cli import line

        files = line.write_example(example, folder, seed=seed, is_dry=dry_run)
        names = [str(path) for path in files]
        what = "Would write" if dry_run else "Wrote"
        text = "\n".join([*(f"{what} {name}" for name in names), f"Next: wfplan build {folder}"])
        talk.finish({"files": names, "seed": seed, "dry_run": dry_run}, text)
