"""The requests that bring a schedule into Microsoft Teams, in batches that can be sent as they are.

Graph takes 20 requests in a batch [1]_. The id of a request is the notes of its shift, so that
the answers are told apart by shift; an address whose id only Graph knows has the notes in its
place. A schedule that was sent before is found by its notes, so that sending it once more, or
after an interruption, makes nothing twice: the file says how, in :data:`HOW`.

References
----------
.. [1] Combine multiple HTTP requests using JSON batching.
       https://learn.microsoft.com/graph/json-batching
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from wfplan.domain.cells import instant_cell
from wfplan.export.order import Order, fit_id

REQUESTS_SCHEMA = "wfplan-teams-requests/1"
BASE = "https://graph.microsoft.com/v1.0"
BATCH_MAX = 20
NO_TEAM = "{teamId}"
HEADERS = {"Content-Type": "application/json"}
Request = tuple[str, bytes]  # its id, and its text
_DAY = timedelta(days=1)
HOW = (
    (
        f"1. Where an address has {NO_TEAM}, put the id of the team. Get each of 'lookups', "
        "all of its pages (@odata.nextLink): the id of a shift or open shift belongs to its "
        "notes, which stand in its sharedShift or draftShift (sharedOpenShift, draftOpenShift) "
        "and end before the first space."
    ),
    (
        "2. Send each of 'batches' as it is (POST {base}/$batch). The id of a request is the "
        "notes of what it is about; {wfplan:...} in an address stands for the id that belongs "
        "to these notes."
    ),
    (
        "3. Before that: leave out a DELETE or stageForDeletion whose notes were not found, for "
        "it is gone. Send a POST whose notes were found as PUT to what was found, its body with "
        '"isStagedForDeletion": false and, beside a shared copy, the draft one null. Send a PUT '
        "whose notes were not found as POST, without isStagedForDeletion and what is null."
    ),
    (
        "4. Time off has no notes: leave out a POST to timesOff where one of the same person "
        "and the same instants was found."
    ),
    (
        "5. Open shifts whose notes begin with 'open_shifts' and are not requested here are "
        "not offered any more: delete them (in a draft: stageForDeletion)."
    ),
    (
        "6. A batch is answered request by request: send again what has the status 429 or 503, "
        "after its Retry-After. After an interruption begin at 1: nothing is made twice."
    ),
    (
        "7. Drafts are for managers only: 'share' are the requests that show them to people. "
        "They share all drafts of these days, those of others, too."
    ),
)


@dataclass
class Asked:
    """
    The requests of an export in the order in which they are sent: what goes first.

    ``start`` to ``end`` is everything that is, or was told; it is looked up from a day before
    it and before the schedule, to a day after. ``is_shared`` says which copy is written,
    ``is_sharing`` that the drafts are shared at the end.
    """

    start: datetime
    end: datetime
    looked_from: datetime
    looked_until: datetime
    prefix_of_open: str
    is_shared: bool
    is_sharing: bool
    home: str = ""  # the team of open shifts, if any are exported
    requests: dict[str, list[Request]] = field(
        default_factory=lambda: {"gone": [], "replaced": [], "made": []}
    )
    kinds: dict[str, set[str]] = field(default_factory=dict)  # what is looked up in each team

    @classmethod
    def of(cls, order: Order, *, is_shared: bool) -> Asked:
        """No requests so far, for an order."""
        told = (*order.all_shifts, *order.told, *(order.since or ()))
        off = [one for agent in order.agents.values() for one in order.time_off(agent)]
        spans = [(one.shift.start, one.shift.end) for one in told]
        spans += [(one.start, one.end) for one in off]
        spans += [(one.start, one.end) for one in order.open_shifts]
        horizon = order.problem.horizon(order.schedule.first_day, order.schedule.days)
        start = min((start for start, _ in spans), default=horizon.start)
        end = max((end for _, end in spans), default=horizon.end)
        return cls(
            start,
            end,
            min(start, horizon.start) - _DAY,
            max(end, horizon.end) + _DAY,
            f"wfplan:open-{fit_id(order.schedule.schedule_id)}.",
            is_shared,
            order.is_publishing and not is_shared,
        )

    def offer_in(self, team: str) -> None:
        """Open shifts are in a team: what was offered there before is looked up."""
        self.home = team
        self.kinds.setdefault(team, set())

    def post(self, team: str, kind: str, notes: str, body: bytes) -> None:
        """Make something that was not there."""
        self.kinds.setdefault(team, set()).add(kind)
        self.requests["made"].append(_request(notes, "POST", _url(team, kind), body))

    def put(self, team: str, kind: str, notes: str, body: bytes) -> None:
        """Replace something that was there."""
        self.kinds.setdefault(team, set()).add(kind)
        url = _url(team, f"{kind}/{{{notes}}}")
        self.requests["replaced"].append(_request(notes, "PUT", url, body))

    def remove(self, team: str, kind: str, notes: str) -> None:
        """Delete something: at once where copies are shared, else once the drafts are."""
        self.kinds.setdefault(team, set()).add(kind)
        url = _url(team, f"{kind}/{{{notes}}}")
        made = (
            _request(notes, "DELETE", url)
            if self.is_shared
            else _request(notes, "POST", f"{url}/stageForDeletion", b"{}")
        )
        self.requests["gone"].append(made)

    def batches(self) -> Iterator[list[bytes]]:
        """Batches of all requests; drafts are shared after everything else."""
        yield from _batches(one for step in self.requests.values() for one in step)
        if self.is_sharing:
            yield from _batches(
                _request(f"share-{n}", one["method"], one["url"], text_of(one["body"]))
                for n, one in enumerate(self.share(), start=1)
            )

    def share(self) -> list[dict[str, Any]]:
        """What shows the drafts of these days to people, who are told of their own shifts only."""
        body = {
            "notifyTeam": False,
            "startDateTime": instant_cell(self.start),
            "endDateTime": instant_cell(self.end),
        }
        return [
            {
                "method": "POST",
                "url": _url(team, "share"),
                "headers": HEADERS,
                "body": body,
            }
            for team, kinds in sorted(self.kinds.items())
            if kinds
        ]

    def lookups(self) -> list[str]:
        """What is to be read first, to find what was sent before: of each team."""
        found = []
        for team, kinds in sorted(self.kinds.items()):
            for kind, copy in (("shifts", "Shift"), ("timesOff", "TimeOff")):
                if kind in kinds:
                    found += [f"{_url(team, kind)}?$filter={one}"
                              for one in self._filters(copy)]  # fmt: skip
            if team == self.home:
                found.append(_url(team, "openShifts"))
        return found

    def _filters(self, copy: str) -> Iterator[str]:
        """Within these days, by either copy."""
        start, end = instant_cell(self.looked_from), instant_cell(self.looked_until)
        for which in ("shared", "draft"):
            at = f"{which}{copy}"
            yield f"{at}/startDateTime ge {start} and {at}/endDateTime le {end}".replace(" ", "%20")


def text_of(content: Any) -> bytes:
    """JSON on one line."""
    return json.dumps(content, ensure_ascii=False).encode()


def requests_text(asked: Asked) -> bytes:
    """``teams_requests.json``: a batch a line."""
    head = {
        "schema": REQUESTS_SCHEMA,
        "base": BASE,
        "how": HOW,
        "open_shifts": asked.prefix_of_open,
        "lookups": asked.lookups(),
        "share": [] if asked.is_shared else asked.share(),
    }
    batches = (b'\n{"requests": [' + b", ".join(batch) + b"]}" for batch in asked.batches())
    text = json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}").encode()
    return text + b',\n "batches": [' + b",".join(batches) + b"\n ]\n}\n"


def _url(team: str, where: str) -> str:
    return f"/teams/{team}/schedule/{where}"


def _request(key: str, method: str, url: str, body: bytes | None = None) -> Request:
    """A request of a batch; one with a body says what the body is."""
    head = text_of({"id": key, "method": method, "url": url})
    if body is not None:
        head = head[:-1] + b', "headers": ' + text_of(HEADERS) + b', "body": ' + body + b"}"
    return key, head


def _batches(requests: Iterable[Request]) -> Iterator[list[bytes]]:
    """At most twenty requests each, whose ids differ in more than small and large letters."""
    batch: list[bytes] = []
    ids: set[str] = set()
    for key, text in requests:
        if len(batch) == BATCH_MAX or key.casefold() in ids:
            yield batch
            batch, ids = [], set()
        batch.append(text)
        ids.add(key.casefold())
    if batch:
        yield batch
