"""What every measure means: printed with every result, never implicit."""

from __future__ import annotations

DEFINITIONS = {
    "service_level": "answered within the channel's target / offered; no demand: 1, no staff: 0",
    "abandon_rate": "abandoned / offered",
    "wait_mean_s": "mean wait of all offered contacts, abandoned ones included, seconds",
    "wait_p95_s": "wait that 95 in 100 offered contacts do not exceed, seconds",
    "occupancy": (
        "busy time / (busy time + available time); on a real-time channel, deferred work counts "
        "as available time, for it can wait"
    ),
    "weighted_occupancy": "occupancy with deferred work counted by its strain weight",
    "harm": "points: waiting minutes, lost and late contacts, strain, by the plan's weights",
    "aht_s": "talk + hold + wrap-up per contact, seconds",
    "shrinkage": "share of paid on-queue time that serves no contacts",
    "average": "averages over intervals are weighted by contacts",
    "replications": "means over replications are ratios of sums; half-widths are of 95 % intervals",
}
