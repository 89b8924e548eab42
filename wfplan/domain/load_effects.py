"""What a calibration found that load does to absence: all that a plan may know of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from wfplan.domain.base import Model

CALIBRATION_SCHEMA = "wfplan-calibration/2"
FOUND = "effect_found"
"""The only verdict whose effects a plan may use."""


class LoadEffect(Model):
    """An effect on the odds that an absence begins: per 30 min a day, or of a quick return."""

    name: str = Field(pattern="^(acute|chronic|quick_return)$")
    odds_ratio: float | None = Field(ge=0)  # None: not estimated, or without an end
    low95: float | None = Field(ge=0)
    high95: float | None = Field(ge=0)
    is_found: bool


class LoadEffects(Model):
    """
    A stored calibration as a plan names it; aggregates only.

    The means are those of the days it was fitted on: with a load as usual as then, absence is
    what the plan says it is.
    """

    file: str
    plan: str
    verdict: str
    first_day: date
    last_day: date
    spells: int | None
    strain_table: str
    is_fitting: bool = True  # whether its minutes are weighed by the strain table of this version
    mean_acute_min: float | None = Field(ge=0)
    mean_chronic_min: float | None = Field(ge=0)
    quick_return_share: float | None = Field(ge=0, le=1)
    effects: tuple[LoadEffect, ...]

    @property
    def used(self) -> tuple[LoadEffect, ...]:
        """
        Effects that act in a plan: found, of a sound verdict, and harmful.

        A load that seems to keep people from being absent is more likely one that is given to
        those who are well; a plan that relied on it would load them more.
        """
        if self.verdict != FOUND or not self.is_fitting:
            return ()
        return tuple(
            one
            for one in self.effects
            if one.is_found and one.odds_ratio is not None and one.odds_ratio > 1
        )


def seal(content: Mapping[str, Any]) -> str:
    """SHA-256 of a calibration's content without its seal: an edited file does not fit it."""
    bare = {key: value for key, value in content.items() if key != "sha256"}
    text = json.dumps(bare, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
