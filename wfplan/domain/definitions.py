"""What every measure means: printed with every result, never implicit."""

from __future__ import annotations

DEFINITIONS = {
    "service_level": "answered within the channel's target / offered; no demand: 1, no staff: 0",
    "service_level_day": (
        "service level of a local day; of the week, q10 and q90 are over all its days: nine days "
        "in ten are above q10"
    ),
    "promise_kept": (
        "share of simulated weeks in which the interval's (the week's) service level reached the "
        "channel's answer_share or due_share; all channels: in which each did"
    ),
    "abandon_rate": "abandoned / offered",
    "wait_mean_s": (
        "mean wait of all offered contacts that were not blocked, abandoned ones included, seconds"
    ),
    "wait_p95_s": "wait that 95 in 100 customers of endless patience would not exceed, seconds",
    "served_late_share": (
        "of the customers whose patience exceeds answer_most_s: share not answered within it"
    ),
    "blocked": "turned away because all places in the queue were taken",
    "called_back": "took the offer of a call-back; they wait in the queue's order, off the line",
    "fresh": "first attempts of customers",
    "redials": "came again after being lost or blocked",
    "recontacts": "came again with the same matter after being served",
    "chasers": "asked where their late deferred contact is",
    "failure_demand": "(redials + recontacts + chasers) / offered",
    "lost_customers": "fresh contacts whose last attempt was abandoned or blocked",
    "escalations": "passed on to an empowered person, by channel and time of the first contact",
    "escalation_wait_s": "mean wait for the empowered person, seconds",
    "occupancy": (
        "busy time / (busy time + available time); on a real-time channel, deferred work counts "
        "as available time, for it can wait"
    ),
    "weighted_occupancy": "occupancy with deferred work counted by its strain weight",
    "harm": "points: waiting minutes, lost and late contacts, strain, by the plan's weights",
    "aht_s": "talk + hold + wrap-up per contact, seconds",
    "shrinkage": "share of paid on-queue time that serves no contacts",
    "wape": "of a forecast: sum of absolute errors / contacts that came (every interval counts)",
    "noise_floor": (
        "WAPE that Poisson noise alone leaves at this volume, were the rate of every interval known"
    ),
    "bias": "(forecast - came) / came; above 0: more was forecast than came",
    "mase": "mean absolute error / mean absolute change of an interval from one week to the next",
    "pinball": (
        "loss of quantiles, mean over 10, 50 and 90 %, twice, / contacts: less is better, and "
        "nobody gains by stating ranges that are too narrow or too wide"
    ),
    "crps": "loss of the whole distribution of counts / contacts; a sure forecast's is its WAPE",
    "coverage80": "share of intervals (days, weeks) in which as many came as the 80 % range says",
    "coverage95": "the same of the 95 % range",
    "gain": "WAPE of a plain average of recent weeks less that of the forecast",
    "lead_weeks": "weeks ahead: 1 is the week that begins when the history ends",
    "overload_effects": (
        "effects of load on absence, handle time and leaving: all zero, unless the plan names a "
        "calibration of its own data that found one; then on simulated absences, and nothing else"
    ),
    "absence_spell": (
        "days missed unplanned with no day worked between; it counts once, on its first planned day"
    ),
    "odds_ratio": (
        "odds that an absence begins on a planned day, against the same person's days with 30 "
        "minutes a day less of the load (without the quick return)"
    ),
    "detectable": "the odds ratio that data like these would show 8 times in 10, of three tests",
    "average": "averages over intervals are weighted by contacts",
    "replications": "means over replications are ratios of sums; half-widths are of 95 % intervals",
}
