"""Law packs outside a plan: those that come with wfplan, or one of a file."""

from __future__ import annotations

from pathlib import Path

from wfplan.domain.rule_values import RulePack
from wfplan.errors import InputError, InputFaultsError, did_you_mean
from wfplan.intake.book import FaultBook
from wfplan.intake.packs import configs_folder, pack_from, shipped_packs
from wfplan.intake.reading import Folder
from wfplan.intake.toml_text import read_toml


def shipped() -> tuple[RulePack, ...]:
    """All packs that come with wfplan."""
    return tuple(pack_of(name) for name in shipped_packs())


def pack_of(name: str) -> RulePack:
    """
    The pack of an id, or of a file.

    Raises
    ------
    InputError
        When there is no such pack.
    InputFaultsError
        With every fault of the file.
    """
    book = FaultBook()
    path = configs_folder() / "rules" / f"{name}.toml"
    if name not in shipped_packs():
        path = Path(name)
        if path.suffix != ".toml":
            hint = did_you_mean(name, shipped_packs()) or f"There are {', '.join(shipped_packs())}."
            raise InputError(f"There is no law pack '{name}': {hint}")
    text = read_toml(Folder(path.parent, book), path.name, book)
    pack = None if text is None else pack_from(text, book)
    if pack is None:
        raise InputFaultsError(book.sorted_faults())
    return pack
