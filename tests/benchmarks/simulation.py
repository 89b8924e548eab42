"""The simulator: contacts per second of one core, beside Ciw and SimPy, and its memory.

The peers run the plain multi-skill week of 60,000 contacts, three skills and six
skill groups in an environment of their own (:mod:`tests.benchmarks.peers`).
Rates are contacts per second of processor time, so that others' work on the
machine does not count; ours are all in: draws, run, counts, table. Service
levels stand beside one another as a check that it is the same week.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.benchmarks.lines import Line

CONTACTS = 60_000
WEEK_S = 7 * 86_400
PEOPLE = 100
SKILLS = ["a", "b", "c"]
GROUPS = [["a"], ["b"], ["c"], ["a", "b"], ["b", "c"], ["a", "b", "c"]]
PLAIN = {
    "channels": SKILLS,
    "people": [GROUPS[i % len(GROUPS)] for i in range(PEOPLE)],
    "per_s": CONTACTS / len(SKILLS) / WEEK_S,
    "aht_s": 860.0,
    "patience_s": 180.0,
    "handle_cv": 1.2,
    "within_s": 20.0,
    "seconds": float(WEEK_S),
    "seed": 1,
}
PEERS = {
    "ciw": ("Ciw", "> 200"),
    "simpy": ("SimPy, its filter store", "> 35"),
    "simpy-by-hand": ("SimPy, queues by hand", ""),
}
PACKAGES = ["ciw", "simpy"]
LEVELS = "service level"


def lines(room: Path, repeats: int) -> Iterator[Line]:
    """The section's lines; peers are installed under ``room``."""
    plain = [ours("plain") for _ in range(repeats)]
    rate = values(plain, "contacts_per_s")
    yield Line("simulate plain multi-skill", rate, "/s", "> 3,000,000")
    full = [ours("full") for _ in range(repeats)]
    full_rate = values(full, "contacts_per_s")
    yield Line("  breaks, chat, redials, switching", full_rate, "/s", "> 500,000")
    level, spread = plain[0]["service_level"], plain[0]["spread"]
    yield Line(f"  {LEVELS}, weeks +- {spread:.3f}", values(plain, "service_level"), "")
    python = peers_python(room)
    for name, (label, goal) in PEERS.items():
        weeks = [peer(python, name, seed) for seed in range(1, repeats + 1)]
        of = f"{label} {weeks[0]['version']}"
        rates = tuple(week["contacts"] / week["seconds"] for week in weeks)
        yield Line(of, rates, "/s")
        yield Line("  wfplan is faster", tuple(max(rate) / r for r in rates), "x", goal)
        apart = tuple((week["service_level"] - level) / spread for week in weeks)
        yield Line(f"  {LEVELS}", tuple(week["service_level"] for week in weeks), "")
        yield Line("  from ours, standard deviations", apart, "sd", "-3 to 3")
    for replications in (100, 2_000):
        peak = ours("small", replications)["peak_mib"]
        yield Line(f"peak memory, {replications:,} small weeks", (peak,), "MiB")


def values(runs: list[dict[str, float]], name: str) -> tuple[float, ...]:
    """One figure of all runs."""
    return tuple(run[name] for run in runs)


def ours(kind: str, replications: int = 100) -> dict[str, float]:
    """Our figures for a kind of week, from a fresh process."""
    command = [sys.executable, "-m", "tests.benchmarks.simulation", kind, str(replications)]
    return dict(json.loads(output(command)))


def peers_python(room: Path) -> Path:
    """An interpreter that has the peers."""
    place = room / "peers"
    venv.create(place, with_pip=True, symlinks=sys.platform != "win32")
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    output([str(python), "-m", "pip", "install", "--quiet", *PACKAGES])
    return python


def peer(python: Path, name: str, seed: int) -> dict[str, Any]:
    """A peer's figures for the plain week."""
    script = Path(__file__).with_name("peers.py")
    return dict(json.loads(output([str(python), str(script), name, plain_week(seed)])))


def plain_week(seed: int) -> str:
    """The plain week as the peers read it."""
    return json.dumps({**PLAIN, "seed": seed})


def output(command: list[str]) -> str:
    """What a command prints; the benchmark ends where it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def main() -> None:
    """Measure one kind of week in this process and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.simulation")
    parser.add_argument("kind", choices=["plain", "full", "small"])
    parser.add_argument("replications", type=int)
    options = parser.parse_args()
    print(json.dumps(measured(options.kind, options.replications)))


def measured(kind: str, replications: int) -> dict[str, float]:
    """Contacts per second of processor time, service level of realtime contacts, memory."""
    import resource

    from wfplan.simulation import Assumptions, simulate

    parts = {"plain": plain_parts, "full": full_parts, "small": small_parts}[kind]()
    law = {"assumptions": Assumptions(handle_cv=PLAIN["handle_cv"])} if kind == "plain" else {}
    simulate(*parts, replications=2, workers=1, **law)  # compiles
    began = time.process_time()
    outcome = simulate(*parts, replications=replications, workers=1, **law)
    seconds = time.process_time() - began
    rows = outcome.measures
    week = rows[rows["interval_start"].isna() & (rows["channel"] == "")].set_index("measure")
    level = week.loc["service_level"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "contacts_per_s": replications * week.loc["offered", "value"] / seconds,
        "service_level": level["value"],
        # The half-width is two standard errors of the mean of so many weeks.
        "spread": level["half_width"] / 2.0 * replications**0.5,
        "peak_mib": peak / (1024**2 if sys.platform == "darwin" else 1024),
    }


def plain_parts() -> tuple[Any, Any, Any]:
    """A hundred people round the clock, three skills in six groups."""
    from tests.simulation import small
    from wfplan.domain.channels import Channel

    span = small.horizon(7)
    channels = [
        Channel(name=name, open=small.ALWAYS, answer_within_s=PLAIN["within_s"]) for name in SKILLS
    ]
    agents = [small.agent(f"p{i:03d}", group) for i, group in enumerate(PLAIN["people"])]
    expected = small.demand(
        span, channels, [PLAIN["per_s"] * 3600] * 3, aht_s=PLAIN["aht_s"],
        patience_s=PLAIN["patience_s"],
    )  # fmt: skip
    return small.problem(channels, agents), expected, small.always_on(span, agents)


def full_parts(scale: float = 1.0) -> tuple[Any, Any, Any]:
    """Everything: shifts with breaks, chats, e-mail, redials, switching, absence."""
    from tests.simulation import small
    from wfplan.domain.channels import Channel
    from wfplan.domain.problem import Shrinkage

    hours = ["daily 07:00-21:00"]
    channels = [
        Channel(name="voice", open=hours, redial={"voice": 0.4, "chat": 0.1},
                recontact={"voice": 0.05, "email": 0.05}),
        Channel(name="chat", open=hours, concurrency_rates=(1.0, 1.6, 1.95),
                redial={"voice": 0.3}, recontact={"voice": 0.1}),
        Channel(name="email", kind="deferred", open=hours, due_h=8, chase={"voice": 0.2}),
    ]  # fmt: skip
    skills = [["voice"], ["chat"], ["voice", "chat"], ["voice", "email"], ["chat", "email"],
              ["voice", "chat", "email"]]  # fmt: skip
    span = small.horizon(7)
    people = round(PEOPLE * scale)
    agents = [small.agent(f"p{i:03d}", skills[i % 6]) for i in range(people)]
    shifts = [
        small.shift(one.agent_id, day + timedelta(hours=7 + (i * 6 // people)), small.FULL_DAY)
        for i, one in enumerate(agents)
        for d, day in enumerate(span.day_starts[:-1])
        if (i + d) % 7 < 5
    ]
    rate = [scale * CONTACTS * share / (7 * 14) for share in (0.5, 0.3, 0.2)]
    is_open = [span.open_intervals(channel.open) for channel in channels]
    per_hour = [[r * o for o in row] for r, row in zip(rate, is_open, strict=True)]
    expected = small.demand(
        span, channels, per_hour, aht_s=[140, 210, 120], patience_s=[150, 200, float("inf")],
        rate_cv=0.15, day_share=0.5,
    )  # fmt: skip
    return small.problem(channels, agents, Shrinkage()), expected, small.schedule(span, shifts)


def small_parts() -> tuple[Any, Any, Any]:
    """A tenth of that: its memory is that of the counts, not of the contacts."""
    return full_parts(0.1)


if __name__ == "__main__":
    main()
