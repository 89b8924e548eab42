"""
People of a directory: SCIM 2.0 users (RFC 7643), one, a list, or a list response (RFC 7644).

A directory knows who somebody is, not what she has agreed to: hours, contract and skills come from
elsewhere. So its rows change only the columns that it has. Who somebody is comes from
``employeeNumber`` alone, never from a name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from wfplan.intake.book import FaultBook
from wfplan.intake.files import BadFileError
from wfplan.intake.hr.pieces import Piece, Reach
from wfplan.intake.hr.rows import rows_of

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_ABSENT = (
    "a directory has no hours, no contract and no skills: contract_type and contract_hours_week "
    "must come from an agents table, in this import or before"
)


def read_users(text: str, file: str, sha256: str, book: FaultBook) -> Piece:
    """
    The people of a SCIM file as partial rows of the agents table.

    Raises
    ------
    BadFileError
        When the file is not JSON, or holds no users.
    """
    found, lines, inactive = [], [], 0
    for line, user in _users(text):
        if user.get("active") is False:
            inactive += 1
            continue
        cells = _cells(user)
        if not cells.get("agent_id"):
            book.error(
                "the user has no employeeNumber: nobody can say who it is",
                file=file, line=line, column="agent_id",
                hint=f"give the attribute employeeNumber of {ENTERPRISE}; names are not used",
                code="HR102",
            )  # fmt: skip
            continue
        found.append(cells)
        lines.append(line)
    said = [_ABSENT]
    if inactive:
        said.append(f"{inactive} users are not active: left out, and nobody is taken away")
    about = {"file": file, "table": "agents", "rows": len(found), "layout": "scim"}
    rows = rows_of("agents", found, file, lines)
    return Piece("agents", file, sha256, rows, Reach.CELLS, about=about, said=tuple(said))


def _cells(user: Mapping[str, Any]) -> dict[str, str]:
    """The columns of a user that a directory has."""
    enterprise = user.get(ENTERPRISE)
    more = enterprise if isinstance(enterprise, dict) else {}
    name = user.get("name")
    parts = name if isinstance(name, dict) else {}
    full = " ".join(filter(None, (_text(parts, "givenName"), _text(parts, "familyName"))))
    cells = {
        "agent_id": _text(more, "employeeNumber"),
        "name": _text(user, "displayName") or _text(parts, "formatted") or full,
        "email": _email(user.get("emails")),
        "team": _text(more, "department"),
        "timezone": _text(user, "timezone"),
    }
    return {column: text for column, text in cells.items() if text}


def _text(source: Mapping[str, Any], key: str) -> str:
    """A text of a user, empty where it is none."""
    value = source.get(key)
    return str(value).strip() if isinstance(value, str | int) else ""


def _email(values: object) -> str:
    """The primary address, else the first one."""
    found = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
    found.sort(key=lambda one: one.get("primary") is not True)
    return _text(found[0], "value") if found else ""


def _users(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Line and content of every user."""
    try:
        content = json.loads(text)
    except RecursionError:
        raise BadFileError("is JSON that is nested too deeply", "export the users again") from None
    except json.JSONDecodeError as error:
        raise BadFileError(
            f"is not JSON ({error.msg.lower()})", "export the users again", error.lineno
        ) from None
    except ValueError:
        raise BadFileError("holds a number that no JSON has", "export the users again") from None
    users, start = content, 0
    if isinstance(content, dict) and "Resources" in content:
        users, start = content["Resources"], text.find('"Resources"')
    elif isinstance(content, dict):
        users = [content]
    if not isinstance(users, list) or not all(_is_user(user) for user in users):
        raise BadFileError(
            "holds no users of SCIM 2.0", "write one user, a list, or a ListResponse of them"
        )
    is_list = text.lstrip()[:1] == "[" or start > 0
    lines = _lines(text, start, len(users)) if is_list else []
    for number, user in enumerate(users):
        yield (lines[number] if number < len(lines) else 1), user


def _is_user(user: object) -> bool:
    """Whether something may be a user."""
    return isinstance(user, dict) and ("userName" in user or ENTERPRISE in user)


def _lines(text: str, start: int, count: int) -> list[int]:
    """The line on which each object of the first list behind a place begins."""
    decoder = json.JSONDecoder()
    lines: list[int] = []
    at, line, counted = text.find("[", start) + 1, 1, 0
    while at and len(lines) < count:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        line, counted = line + text.count("\n", counted, at), at
        lines.append(line)
        try:
            _, at = decoder.raw_decode(text, at)
        except ValueError:
            break
    return lines
