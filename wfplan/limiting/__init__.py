"""What limits amount to in the planned week: caps, policies, law in force, history known."""

from wfplan.limiting.history import weeks_known
from wfplan.limiting.notice import short_notice
from wfplan.limiting.week import in_force

__all__ = ["in_force", "short_notice", "weeks_known"]
