"""From demand and standards of care to what staff are worth and how many are required."""

from wfplan.staffing.corrections import AGREEMENT, corrected, disagreement
from wfplan.staffing.demand import demand_forecast
from wfplan.staffing.frames import forecast_frames
from wfplan.staffing.need import staff_need
from wfplan.staffing.scenario import in_scenario, with_scenario

__all__ = [
    "AGREEMENT",
    "corrected",
    "demand_forecast",
    "disagreement",
    "forecast_frames",
    "in_scenario",
    "staff_need",
    "with_scenario",
]
