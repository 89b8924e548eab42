"""
Whether Genesys' own client takes files as they are: ``check_genesys.py MODEL=FILE ...``.

Runs where PureCloudPlatformClientV2 is installed, and nothing of wfplan. Every file is read as
the client's model and written again; what is lost or changed on the way is a field or a value
that Genesys does not know, and is told by its path. Exit code 3 when there is any.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from PureCloudPlatformClientV2 import ApiClient
from PureCloudPlatformClientV2.rest import ApiException

SHOWN_MAX = 20


class Answer:
    """A document as the client gets it from the network."""

    def __init__(self, content: Any) -> None:
        self.data = json.dumps(content)

    def getheader(self, name: str) -> str:
        """Of all headers the client asks for one."""
        return {"Content-Type": "application/json"}[name]


def main() -> int:
    """Check all files that are named."""
    client, found = ApiClient(), []
    for word in sys.argv[1:]:
        model, _, name = word.partition("=")
        content = _content(Path(name))
        try:
            read = client.deserialize(Answer(content), model)
        except (ValueError, TypeError, ApiException) as error:
            found.append(f"{name}: is no {model} ({error})")
            continue
        again = json.loads(json.dumps(client.sanitize_for_serialization(read)))
        found += [f"{name}: {fault}" for fault in _faults(content, again)]
    for line in found[:SHOWN_MAX]:
        print(line)
    if len(found) > SHOWN_MAX:
        print(f"and {len(found) - SHOWN_MAX} more")
    return 3 if found else 0


def _content(path: Path) -> Any:
    """A file's content, which may be packed."""
    raw = path.read_bytes()
    return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)


def _faults(given: Any, read: Any, at: str = "$") -> Iterator[str]:
    """What the client lost or changed."""
    if isinstance(given, dict) and isinstance(read, dict):
        yield from (f"{at}.{name} is not known" for name in given.keys() - read.keys())
        yield from (f"{at}.{name} was added" for name in read.keys() - given.keys())
        for name in given.keys() & read.keys():
            yield from _faults(given[name], read[name], f"{at}.{name}")
    elif isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        for i, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from _faults(one, other, f"{at}[{i}]")
    elif not _is_same(given, read):
        yield f"{at} = {given!r} came back as {read!r}"


def _is_same(given: Any, read: Any) -> bool:
    """Whether a value came back: the same one of the same kind, or the same instant."""
    if isinstance(given, str) and isinstance(read, str) and "T" in given and given != read:
        try:
            return datetime.fromisoformat(given) == datetime.fromisoformat(read)
        except ValueError:
            return False
    is_number = isinstance(given, float) and type(read) in (int, float)
    return bool(given == read) and (is_number or type(given) is type(read))


if __name__ == "__main__":
    sys.exit(main())
