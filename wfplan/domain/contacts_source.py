"""How the files of contacts are written: ``[contacts]`` of a plan."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from wfplan.domain.base import Model

LEFT_OUT = "-"
"""In place of a channel: the queue is none of the plan's."""


class ContactsSource(Model):
    """
    The layout of the contacts, and what only the customer knows about them.

    ``layout`` is empty for wfplan's own columns, else the id of a layout that comes with wfplan or
    the path of a TOML file. ``queues`` names the channel of each queue (``-``: of none);
    ``Billing / chat`` is the chat of a queue, ``*`` every queue that is not named. ``timezone`` is
    that of time stamps without an offset, empty for what the layout says. ``units`` are those of
    columns of durations by caption, ``dates`` is ``day-month`` or ``month-day`` where 3/4/2026
    stands.
    """

    layout: str = ""
    queues: Mapping[str, str] = {}
    timezone: str = ""
    units: Mapping[str, str] = {}
    dates: str = Field(default="", pattern="^(day-month|month-day)?$")
