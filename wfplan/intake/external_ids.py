"""The external-id map: what people, teams and codes are called in other systems."""

from __future__ import annotations

from pathlib import Path

from wfplan.domain.external_ids import EXTERNAL_IDS, ExternalIds, ExternalKey, IdKind
from wfplan.intake.book import FaultBook
from wfplan.intake.reading import Folder, read_table


def read_external_ids(path: Path) -> ExternalIds:
    """
    The map of a file (CSV, XLSX or Parquet).

    Raises
    ------
    InputFaultsError
        With every fault of the file; a thing that has two ids in one system is one, and so
        is an id that two things of a kind have there.
    """
    book = FaultBook()
    sheet = read_table(Folder(Path(), book), str(path), EXTERNAL_IDS)
    known: dict[ExternalKey, tuple[int, str]] = {}
    things: dict[tuple[str, IdKind, str], tuple[int, str]] = {}
    for line, row in sheet.rows() if sheet is not None else ():
        key = ExternalKey(row["system"], IdKind(row["kind"]), row["id"])
        before = known.setdefault(key, (line, row["external_id"]))
        if before[0] != line:
            sheet.blame(  # type: ignore[union-attr]
                book, line, "id", f"{key.kind} {key.id} has an id in {key.system} already "
                f"(line {before[0]})", hint="keep one of the rows", code="HR110",
            )  # fmt: skip
            continue
        other = things.setdefault((key.system, key.kind, row["external_id"]), (line, key.id))
        if other[0] != line and key.kind is IdKind.AGENT:
            sheet.blame(  # type: ignore[union-attr]
                book, line, "external_id", f"{other[1]} (line {other[0]}) has the same id in "
                f"{key.system}", hint="people have ids of their own", code="HR110",
            )  # fmt: skip
    book.raise_if_any()
    return ExternalIds({key: external for key, (_, external) in known.items()})
