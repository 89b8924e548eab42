"""
Whether Microsoft's own client takes Graph objects as they are: ``check_msgraph.py FILE ...``.

Runs where msgraph-sdk is installed, and nothing of wfplan. A file is ``teams_graph.json`` or
``teams_requests.json``. Every object is read as the client's model and written again: what the
model does not know lands in its additional data, and what is lost or changed on the way is no
value that Graph takes; an address must be one of the client's. All is told by its path. Exit code
3 when there is any.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer_factory import (
    JsonSerializationWriterFactory,
)
from msgraph.generated.models.open_shift import OpenShift
from msgraph.generated.models.schedule import Schedule
from msgraph.generated.models.shift import Shift
from msgraph.generated.models.time_off import TimeOff
from msgraph.generated.teams.item.schedule.open_shifts import (
    open_shifts_request_builder as open_shifts,
)
from msgraph.generated.teams.item.schedule.open_shifts.item import (
    open_shift_item_request_builder as open_shift,
)
from msgraph.generated.teams.item.schedule.share import share_request_builder as share
from msgraph.generated.teams.item.schedule.share.share_post_request_body import (
    SharePostRequestBody,
)
from msgraph.generated.teams.item.schedule.shifts import shifts_request_builder as shifts
from msgraph.generated.teams.item.schedule.shifts.item import shift_item_request_builder as shift
from msgraph.generated.teams.item.schedule.times_off import times_off_request_builder as times_off

MODELS = {
    "shifts": Shift,
    "openShifts": OpenShift,
    "timesOff": TimeOff,
    "share": SharePostRequestBody,
}
COLLECTIONS = (
    shifts.ShiftsRequestBuilder,
    open_shifts.OpenShiftsRequestBuilder,
    times_off.TimesOffRequestBuilder,
)
ADDRESSES = {
    "POST": (*COLLECTIONS, share.ShareRequestBuilder),
    "GET": COLLECTIONS,
    "PUT": (shift.ShiftItemRequestBuilder,),  # the client sends it as PATCH
    "DELETE": (shift.ShiftItemRequestBuilder, open_shift.OpenShiftItemRequestBuilder),
}
"""The addresses that a method may have, by who knows them in the client."""
STAGING = "/stageForDeletion"  # documented for v1.0, and not in the client
SHOWN_MAX = 20
_JSON = "application/json"


def main() -> int:
    """Check all files that are named."""
    found = []
    for name in sys.argv[1:]:
        content = json.loads(Path(name).read_text(encoding="utf-8"))
        how = _requests if "batches" in content else _objects
        found += [f"{name}: {fault}" for fault in how(content)]
    for line in found[:SHOWN_MAX]:
        print(line)
    if len(found) > SHOWN_MAX:
        print(f"and {len(found) - SHOWN_MAX} more")
    return 3 if found else 0


def _objects(content: dict[str, Any]) -> Iterator[str]:
    """Faults of the objects, which a schedule of Graph has under the same names."""
    known = Schedule().get_field_deserializers()
    for kind, objects in content.items():
        if kind == "cancelled":
            continue
        if kind not in known:
            yield f"$.{kind} is not known"
            continue
        for n, one in enumerate(objects):
            yield from _faults(MODELS[kind], one, f"$.{kind}[{n}]")


def _requests(content: dict[str, Any]) -> Iterator[str]:
    """Faults of requests: of their addresses and bodies."""
    for n, address in enumerate(content["lookups"]):
        yield from _strange("GET", address, f"$.lookups[{n}]")
    sent = [
        (f"$.batches[{n}].requests[{m}]", request)
        for n, batch in enumerate(content["batches"])
        for m, request in enumerate(batch["requests"])
    ]
    sent += [(f"$.share[{n}]", request) for n, request in enumerate(content["share"])]
    for at, request in sent:
        method, address = request["method"], request["url"]
        if address.endswith(STAGING):
            method, address = "DELETE", address.removesuffix(STAGING)
        strange = list(_strange(method, address, f"{at}.url"))
        yield from strange
        if request.get("body") and not strange:
            kind = address.split("/")[4]
            yield from _faults(MODELS[kind], request["body"], f"{at}.body")


def _strange(method: str, address: str, at: str) -> Iterator[str]:
    """An address that the client would not call."""
    path, _, query = address.partition("?")
    for builder in ADDRESSES.get(method, ()):
        template, _, options = builder(object(), {"team%2Did": ""}).url_template.partition("{?")
        known = re.escape(template.removeprefix("{+baseurl}"))
        known = re.sub(r"\\\{.*?\\\}", "[^/]+", known)
        names = [one.partition("=")[0].replace("$", "%24") for one in query.split("&") if one]
        if re.fullmatch(known, path) and set(names) <= set(options.rstrip("}").split(",")):
            return
    yield f"{at} = {method} {address!r} is not known"


def _faults(model: Any, given: dict[str, Any], at: str) -> Iterator[str]:
    """What the client does not know of an object, or gives back otherwise."""
    raw = json.dumps(given).encode()
    try:
        read = JsonParseNodeFactory().get_root_parse_node(_JSON, raw).get_object_value(model)
        writer = JsonSerializationWriterFactory().get_serialization_writer(_JSON)
        writer.write_object_value(None, read)
        again = json.loads(writer.get_serialized_content())
    except (ValueError, TypeError, AttributeError) as error:
        yield f"{at} is no {model.__name__} ({error})"
        return
    yield from _unknown(read, at)
    yield from _changed(given, again, at)


def _unknown(read: Any, at: str) -> Iterator[str]:
    """What landed in the additional data of models."""
    if isinstance(read, list):
        for n, one in enumerate(read):
            yield from _unknown(one, f"{at}[{n}]")
    fields = getattr(read, "get_field_deserializers", None)
    if fields is None:
        return
    for name in read.additional_data or {}:
        yield f"{at}.{name} is not known"
    for name in fields():
        attribute = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
        yield from _unknown(getattr(read, attribute, None), f"{at}.{name}")


def _changed(given: Any, again: Any, at: str) -> Iterator[str]:
    """What came back otherwise; what is null may be left out, and @odata.type be added."""
    if isinstance(given, dict) and isinstance(again, dict):
        for name, value in given.items():
            if value is not None and name not in again:
                yield f"{at}.{name} = {value!r} was lost"
            elif value is not None:
                yield from _changed(value, again[name], f"{at}.{name}")
    elif isinstance(given, list) and isinstance(again, list) and len(given) == len(again):
        for n, (one, other) in enumerate(zip(given, again, strict=True)):
            yield from _changed(one, other, f"{at}[{n}]")
    elif not _is_same(given, again):
        yield f"{at} = {given!r} came back as {again!r}"


def _is_same(given: Any, again: Any) -> bool:
    """Whether a value came back: the same one of the same kind, or the same instant."""
    if isinstance(given, str) and isinstance(again, str) and given != again:
        try:
            return datetime.fromisoformat(given) == datetime.fromisoformat(again)
        except (ValueError, TypeError):
            return False
    return type(given) is type(again) and given == again


if __name__ == "__main__":
    sys.exit(main())
