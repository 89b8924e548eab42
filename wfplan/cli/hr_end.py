"""How ``wfplan hr`` finds plan and store, and says what an import changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wfplan.cli.talk import Talk


def asked(
    files: Sequence[str],
    maps: Sequence[str] | None,
    layout: str | None,
    full_time_hours: float | None,
    is_comma: bool,
    date_format: str | None,
) -> Any:
    """What the command line says of the files."""
    raise NotImplementedError


def take_over(
    talk: Talk,
    asked: Any,
    plan: Path | None,
    store: str | None,
    *,
    is_part: bool,
    is_sure: bool,
    is_dry: bool,
) -> None:
    """Import files."""
    raise NotImplementedError


def look_at(talk: Talk, asked: Any, plan: Path | None, store: str | None) -> None:
    """Check files."""
    raise NotImplementedError


def show(talk: Talk, what: str, plan: Path | None, store: str | None) -> None:
    """Show what the store holds."""
    raise NotImplementedError
