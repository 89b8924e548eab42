"""Contact histories as other systems export them: reports by queue and interval, by layout.

A layout (``configs/contacts``, or a customer's file) says which caption means what and in which
unit its numbers are; ``[contacts]`` of the plan says which queue belongs to which channel. Handle
time is talk + hold + wrap-up of the answered; several queues of a channel are added up, handle
times by the contacts that had them.
"""

from __future__ import annotations

from wfplan.intake.queue_reports.likeness import has_own_columns, note_layout
from wfplan.intake.queue_reports.read import Site, learnt, read_reports

__all__ = ["Site", "has_own_columns", "learnt", "note_layout", "read_reports"]
