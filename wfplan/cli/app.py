"""The application: its commands, and what happens to errors that no command foresaw.

Typer's pretty tracebacks are off: they print local variables, which here hold
the names of people.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from importlib import import_module
from inspect import cleandoc
from io import TextIOWrapper
from typing import Annotated

import typer

from wfplan import __version__
from wfplan.cli.crashes import print_where
from wfplan.cli.kernels import keep_kernels_by_source
from wfplan.cli.streams import silence, tell
from wfplan.cli.talk import Talk, print_object, printable
from wfplan.errors import ExitCode, Fault

COMMANDS = (
    "init",
    "check",
    "build",
    "export",
    "report",
    "compare",
    "explain",
    "forecast",
    "override",
    "judge",
    "staff",
    "shifts",
    "schedule",
    "simulate",
    "import-schedule",
    "refine",
    "audit",
    "offers",
    "publish",
    "published",
    "diff",
    "rollback",
    "quarter",
    "schema",
    "doctor",
)

GROUPS = {
    "store": (
        "backup",
        "restore",
        "log",
        "expire",
    ),
    "hr": (
        "import",
        "check",
        "show",
        "calibrate",
        "forget",
    ),
    "rules": (
        "list",
        "show",
        "of",
    ),
}
"""Commands of commands: ``hr import`` is the function ``hr_import`` of ``cli/hr_import.py``."""

_RARELY = (50_000, 20, 100)
"""What a plan is read into lives as long as the command: looking for circles in it as often as
Python does by default takes a third of the time of reading 1,000 people's four weeks."""

_GROUP_HELP = {
    "store": "The planning store itself: its log, copies of it, weeks that are over their time.",
    "hr": "What HR says of people: limits and wishes, never reasons, kept in the planning store.",
    "rules": "Law packs, HR's limits, and what holds for a person.",
}

app = typer.Typer(
    name="wfplan",
    help="Plan a contact centre's week: from contact history to a week for every named person, "
    "simulated, audited and reported.",
    epilog="Begin with: wfplan init demo && wfplan build demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an encoding without our letters is no fault
            stream.reconfigure(errors="backslashreplace")
    keep_kernels_by_source()
    gc.set_threshold(*_RARELY)
    sys.exit(run(list(sys.argv[1:] if argv is None else argv)))


def run(argv: Sequence[str]) -> int:
    """Run a command line; the exit code."""
    try:
        return int(app(args=list(argv), prog_name="wfplan", standalone_mode=False) or 0)
    except BrokenPipeError:
        return _stdout_is_gone()
    except typer.Abort:
        return _fail(argv, ExitCode.INTERRUPTED, "Interrupted; nothing was written.")
    except Exception as error:
        if hasattr(error, "format_message") and hasattr(error, "exit_code"):
            return _usage(argv, error)
        if "--debug" in argv:
            print_where(error)
        code = ExitCode.USAGE if isinstance(error, OSError) else ExitCode.BUG
        return _fail(argv, code, _unforeseen(error))


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print(f"wfplan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            is_eager=True,
            callback=_print_version,
            help="Print the version and leave.",
        ),
    ] = False,
) -> None:
    pass


def module_of(name: str, group: str = "") -> str:
    """The module and function of a command: ``import-schedule`` is ``import_schedule``."""
    return (f"{group}_{name}" if group else name).replace("-", "_")


def _register(name: str, group: str = "") -> None:
    """Add the command of a module: its function has the module's name, its help the example."""
    unit = module_of(name, group)
    module = import_module(f"wfplan.cli.{unit}")
    function = getattr(module, unit)
    meaning = cleandoc(function.__doc__)
    text = f"\b\nExample:\n  {module.EXAMPLE}\n\n{meaning}"
    parent = _groups[group] if group else app
    parent.command(name, help=text, short_help=meaning.partition("\n")[0])(function)


def _made_group(name: str) -> typer.Typer:
    """A command whose first word is another command."""
    made = typer.Typer(
        name=name,
        help=_GROUP_HELP[name],
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.add_typer(made)
    return made


for _name in COMMANDS:
    _register(_name)
_groups = {_name: _made_group(_name) for _name in GROUPS}
for _group, _names in GROUPS.items():
    for _name in _names:
        _register(_name, _group)


def _usage(argv: Sequence[str], error: Exception) -> int:
    """Say what was wrong with the command line."""
    text: str = error.format_message()  # type: ignore[attr-defined]
    if text and not text.startswith("Usage:"):
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "wfplan"
        text += f"{'' if text.endswith(('.', '?')) else '.'} See '{path} --help'."
    return _fail(argv, ExitCode.USAGE, text)


def _fail(argv: Sequence[str], code: ExitCode, text: str) -> int:
    """One line on stderr, and with ``--json`` the object that says the same."""
    if text:
        tell(printable(text))
    if "--json" in argv:
        command = next((word for word in argv if not word.startswith("-")), "")
        talk = Talk(command, is_json=True, is_quiet=True)
        print_object(talk, code, {}, [Fault(text).as_dict()])
    return int(code)


def _unforeseen(error: Exception) -> str:
    """One line without the error's own text, which may hold the names of people."""
    if isinstance(error, OSError):
        return (
            f"The system refused ({error.strerror or type(error).__name__}"
            f"{': ' + str(error.filename) if error.filename else ''}). Check the disk and the "
            "rights there, then run the command again; --debug shows where it happened."
        )
    if isinstance(error, MemoryError):
        return "The memory is used up. Plan fewer people or longer intervals, or find more memory."
    return (
        f"This is a bug in wfplan ({type(error).__name__}). Run the command again with --debug, "
        "and send its last lines and the output of 'wfplan doctor' to the maintainers."
    )


def _stdout_is_gone() -> int:
    """The reader of our output went away (``| head``): leave without a word."""
    silence()
    return int(ExitCode.BUG)
