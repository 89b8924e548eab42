"""A forecast as it was said once, to be judged by what comes; and whether its data sufficed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd


@dataclass(frozen=True)
class Snapshot:
    """
    What a forecast said: ``said`` has the columns of the table ``snapshot``.

    ``origin`` is the instant up to which it knew what came, ``week`` the first date it is about.
    """

    name: str
    made_at: datetime
    origin: datetime
    week: str
    layers: tuple[str, ...]
    version: str
    said: pd.DataFrame


@dataclass(frozen=True)
class Sufficiency:
    """What a forecast of a channel needs to know, and what the plan has of it."""

    channel: str
    what: str
    have: str
    need: str
    verdict: str  # enough, with care or not enough
    help: str = ""  # what would help, where it is not enough
