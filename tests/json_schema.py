"""The part of JSON Schema that our schemas use."""

from __future__ import annotations

import re


def faults(value, schema, root=None, at="$"):
    """Faults of a value by a schema, whose references are to definitions of ``root``."""
    root = root or schema
    if "$ref" in schema:
        return faults(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
             "number": (int, float)}  # fmt: skip
    kind = kinds.get(schema.get("type"))
    if kind and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
        return [f"{at} is no {schema['type']}"]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{at} is not {schema['const']}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at} is none of {schema['enum']}")
    if "pattern" in schema and not re.search(schema["pattern"], value):
        found.append(f"{at} = {value} does not match")
    if kind is int and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{at} is out of range")
    if kind is list:
        for i, item in enumerate(value):
            found += faults(item, schema["items"], root, f"{at}[{i}]")
    if kind is dict:
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        found += [
            f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value
        ]
        for name, item in value.items():
            if name in known or isinstance(others, dict):
                found += faults(item, known.get(name, others), root, f"{at}.{name}")
            elif others is False:
                found.append(f"{at}.{name} is unknown")
    return found
