"""Why: what a plan is made of, asked person by person and interval by interval.

- ``choice``: what a date is made to be, and a person's legal days with it.
- ``standing``: the plan as it stands, changed on trial and put back.
- ``effects``: what a change means to customers and staff.
- ``rules``: which rules bind, and which forbid.
- ``prices``: alternatives re-solved, others responding; ``swaps``: with whom.
- ``person`` and ``interval`` answer.
"""

from wfplan.scheduling.why.interval import why_interval
from wfplan.scheduling.why.person import why_day, why_person
from wfplan.scheduling.why.standing import Standing

__all__ = ["Standing", "why_day", "why_interval", "why_person"]
