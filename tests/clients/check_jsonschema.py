"""
Whether documents keep a JSON Schema: ``check_jsonschema.py SCHEMA=FILE ...``.

Runs where jsonschema is installed, and nothing of wfplan: the schema is checked as Draft 2020-12,
then the documents against it. Exit code 3 when something is wrong, each in a line with its path.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator, SchemaError


def main() -> int:
    """Check all documents that are named."""
    found = []
    for word in sys.argv[1:]:
        schema, _, name = word.partition("=")
        rules = json.loads(Path(schema).read_text(encoding="utf-8"))
        try:
            Draft202012Validator.check_schema(rules)
        except SchemaError as error:
            found.append(f"{schema}: is no schema ({error.message})")
            continue
        document = json.loads(Path(name).read_text(encoding="utf-8"))
        faults = Draft202012Validator(rules).iter_errors(document)
        found += [f"{name}: {one.json_path}: {one.message}" for one in faults]
    print("\n".join(found))
    return 3 if found else 0


if __name__ == "__main__":
    sys.exit(main())
