"""HR's tables: from files into the planning store, and from there into a plan."""

from wfplan.hr.importing import Imported, check, take_over
from wfplan.hr.loading import load_plan, stored
from wfplan.hr.showing import Shown, show

__all__ = ["Imported", "Shown", "check", "load_plan", "show", "stored", "take_over"]
