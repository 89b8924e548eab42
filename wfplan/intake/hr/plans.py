"""What must be known of a plan before it can be read: its store, and where HR's tables are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from wfplan.domain.retention import Retention
from wfplan.domain.tables import TABLES
from wfplan.errors import MissingExtraError
from wfplan.intake.book import FaultBook
from wfplan.intake.reading import PLAN_FILE, Folder, read_table
from wfplan.intake.toml_text import read_toml


@dataclass(frozen=True)
class PlanOutline:
    """The zone of a plan, the files of its tables, and its people's own zones."""

    timezone: str = "UTC"
    inputs: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)


def inputs_of(plan: Path) -> Mapping[str, str]:
    """The tables that a plan file names, with their files; what is wrong with it is told later."""
    found = _content(plan).get("inputs", {})
    return found if isinstance(found, dict) else {}


def name_of(plan: Path) -> str:
    """What a plan file calls the plan, empty where it does not say."""
    named = _content(plan).get("name", "")
    return named if isinstance(named, str) else ""


def store_of(plan: Path) -> str:
    """Where a plan file says its planning store lies, empty where it does not; beside the plan."""
    named = _content(plan).get("store", "")
    if not isinstance(named, str) or not named or "://" in named:
        return named if isinstance(named, str) else ""
    return str(_file(plan).parent / named)


def retention_of(plan: Path) -> Retention:
    """How long a plan file says that its weeks are kept; as usual where it is wrong about it."""
    try:
        return Retention.model_validate(_content(plan).get("retention", {}))
    except ValidationError:
        return Retention()


def outline_of(plan: Path) -> PlanOutline:
    """The outline of a plan."""
    content, inputs = _content(plan), inputs_of(plan)
    zone = content.get("timezone", "UTC")
    file, zones = inputs.get("agents"), {}
    if isinstance(file, str):
        try:
            sheet = read_table(Folder(_file(plan).parent, FaultBook()), file, TABLES["agents"])
        except MissingExtraError:
            sheet = None
        zones = {
            row["agent_id"]: row["timezone"]
            for _, row in (sheet.rows() if sheet is not None else ())
            if row["timezone"]
        }
    return PlanOutline(zone if isinstance(zone, str) else "UTC", inputs, zones)


def _file(plan: Path) -> Path:
    """The plan file of a plan."""
    return plan / PLAN_FILE if plan.is_dir() else plan


def _content(plan: Path) -> Mapping[str, object]:
    """The content of a plan file, empty where it cannot be read."""
    file = _file(plan)
    toml = read_toml(Folder(file.parent, FaultBook()), file.name, FaultBook())
    return {} if toml is None else toml.content
