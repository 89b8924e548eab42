"""From demand and standards of care to what staff are worth and how many are required."""

from wfplan.staffing.corrections import AGREEMENT, corrected, disagreement
from wfplan.staffing.demand import demand_forecast
from wfplan.staffing.expected import ExpectedService
from wfplan.staffing.external import past_rows, rows_for, with_external
from wfplan.staffing.frames import forecast_frames, profile_frame
from wfplan.staffing.fresh import (
    FreshDemand,
    Repeated,
    Volume,
    first_contacts,
    fresh_demand,
    with_repeats,
)
from wfplan.staffing.fresh_history import FreshHistory, comes_back, fresh_history
from wfplan.staffing.habits import Beside, HabitComparison, compare_habits, habit_staff
from wfplan.staffing.hand import (
    HAND_EDIT,
    active_in,
    day_totals,
    scenario_layer,
    with_overrides,
)
from wfplan.staffing.need import staff_need
from wfplan.staffing.past import backtest_result, past_frames
from wfplan.staffing.pools import PoolShortfall, pool_shortfalls
from wfplan.staffing.reserve import planned_reserve
from wfplan.staffing.scenario import faults_of, in_order, in_scenario, with_scenario
from wfplan.staffing.scenarios import (
    Scenario,
    all_changes,
    columns_of,
    read_scenarios,
    slugs,
    together,
)
from wfplan.staffing.so_far import SoFar, contacts_so_far, with_so_far
from wfplan.staffing.totals import (
    channel_groups,
    current_totals,
    totals_of,
    with_tails,
    with_totals,
)

__all__ = [
    "AGREEMENT",
    "HAND_EDIT",
    "Beside",
    "ExpectedService",
    "FreshDemand",
    "FreshHistory",
    "HabitComparison",
    "PoolShortfall",
    "Repeated",
    "Scenario",
    "SoFar",
    "Volume",
    "active_in",
    "all_changes",
    "backtest_result",
    "channel_groups",
    "columns_of",
    "comes_back",
    "compare_habits",
    "contacts_so_far",
    "corrected",
    "current_totals",
    "day_totals",
    "demand_forecast",
    "disagreement",
    "faults_of",
    "first_contacts",
    "forecast_frames",
    "fresh_demand",
    "fresh_history",
    "habit_staff",
    "in_order",
    "in_scenario",
    "past_frames",
    "past_rows",
    "planned_reserve",
    "pool_shortfalls",
    "profile_frame",
    "read_scenarios",
    "rows_for",
    "scenario_layer",
    "slugs",
    "staff_need",
    "together",
    "totals_of",
    "with_external",
    "with_overrides",
    "with_repeats",
    "with_scenario",
    "with_so_far",
    "with_tails",
    "with_totals",
]
