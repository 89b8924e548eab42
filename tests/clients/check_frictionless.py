"""
Whether Frictionless takes data packages as they are: ``check_frictionless.py PACKAGE ...``.

Runs where frictionless is installed, and nothing of wfplan. The description is checked, then the
tables against it: bytes and hash, header, types, constraints, keys. Exit code 3 when something
is wrong, each in a line with its type.
"""

from __future__ import annotations

import sys
from pathlib import Path

from frictionless import FrictionlessException, Package

SHOWN_MAX = 100


def main() -> int:
    """Check all packages that are named."""
    found = []
    for name in sys.argv[1:]:
        try:
            package = Package.from_descriptor(name, basepath=str(Path(name).parent))
        except FrictionlessException as error:
            found += [f"{name}: {one.type}: {one.note}" for one in (error.reasons or [error.error])]
            continue
        report = package.validate()
        found += [f"{name}: {kind}: {note}" for kind, note in report.flatten(["type", "message"])]
        print(f"{name}: {sum(task.stats.get('rows', 0) for task in report.tasks)} rows")
    for line in found[:SHOWN_MAX]:
        print(line)
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main())
