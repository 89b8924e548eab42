"""A name as files of every kind write it."""

from __future__ import annotations

import html
import json

_NAMED = {"&quot;": "&#34;", "&#x27;": "&#39;"}  # as templates write what html.escape names


def spellings(word: str) -> set[str]:
    """A word as it is, and as CSV, JSON and HTML write it, also one in the other."""
    inner = {word, word.replace('"', '""')}
    inner |= {json.dumps(word, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False)}
    found = set(inner)
    for one in inner:
        escaped = html.escape(one)
        found |= {escaped, html.escape(one, quote=False)}
        for entity, number in _NAMED.items():
            escaped = escaped.replace(entity, number)
        found.add(escaped)
    return found - {""}
