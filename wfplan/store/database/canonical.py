"""One text for one content: what hashes are taken of."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

NOTHING = "0" * 64
"""What the first entry of a chain stands on."""


def canonical(content: Any) -> str:
    """JSON without spaces, keys in order, letters as they are; half a surrogate pair escaped."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode()


def storable(text: str, most: int) -> str:
    """A text that every database takes as a name: no NUL, no half letters, not too long."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:most]


def digest(*texts: str) -> str:
    """SHA-256 of texts one after another, each with its length before it."""
    found = hashlib.sha256()
    for text in texts:
        raw = text.encode() if isinstance(text, str) else repr(text).encode()  # damage is no text
        found.update(f"{len(raw)}:".encode() + raw)
    return found.hexdigest()


def instant_text(moment: datetime) -> str:
    """``2026-10-19T06:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
