"""HR's tables of many people into a store: files read, checked, stored, and read again."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import tinyplan
from tests.benchmarks.lines import Line

PEOPLE = 10_000
SKILLS = ("voice", "email", "empowered")
HR_OWN = ("agents", "skills", "availability", "time_off", "history", "locks")


def write_files(folder: Path, people: int, seed: int = 1) -> list[Path]:
    """Tables of people with three skills, availability and time off: six rows each."""
    rng = random.Random(seed)
    ids = [f"A{n:05}" for n in range(people)]
    tables: dict[str, list[str]] = {
        "agents": ["agent_id,name,site,team,timezone,contract_type,contract_hours_week,hire_date"],
        "skills": ["agent_id,skill,level,aht_factor"],
        "availability": ["agent_id,kind,weekday,start_time,end_time,weight"],
        "time_off": ["agent_id,start,end,type,status"],
    }
    for number, who in enumerate(ids):
        hired = date(2015, 1, 1) + timedelta(days=rng.randrange(4000))
        hours = rng.choice(("37.5", "30", "20"))
        tables["agents"].append(
            f"{who},Person {number},Dublin,T{number % 200},Europe/Dublin,full_time,{hours},{hired}"
        )
        tables["skills"] += [
            f"{who},{skill},{rng.randint(1, 5)},{rng.choice(('0.9', '1.0', '1.1'))}"
            for skill in SKILLS
        ]
        day = rng.choice(("mon", "tue", "wed", "thu", "fri"))
        tables["availability"].append(f"{who},prefer,{day},08:00,16:00,0.5")
        off = date(2026, 1, 5) + timedelta(days=rng.randrange(300))
        tables["time_off"].append(f"{who},{off},{off + timedelta(days=4)},leave,approved")
    paths = []
    for name, lines in tables.items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n")
        paths.append(path)
    return paths


def _plan(folder: Path) -> Path:
    """A plan that has contacts and settings, and its people from the store."""
    plan = tinyplan.write(folder / "plan")
    text = (plan / "plan.toml").read_text()
    for name in HR_OWN:
        text = text.replace(f'{name} = "{name}.csv"\n', "")
    (plan / "plan.toml").write_text(text)
    return plan


def lines(_: float | None = None, only: str | None = None) -> Iterator[Line]:
    """The lines of the benchmark's table."""
    people = int(only or PEOPLE)
    goals = dict.fromkeys(("import", "import beside a plan"), "5" if people == PEOPLE else "")
    for what, seconds in measure(people):
        yield Line(f"HR of {people:,} people: {what}", (seconds,), "s", goals.get(what, ""))


def measure(people: int = PEOPLE) -> Iterator[tuple[str, float]]:
    """What was done, and the processor time that it took, seconds."""
    from wfplan import hr
    from wfplan.intake.hr import asked_of

    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        files = [str(path) for path in write_files(folder, people)]
        store = str(folder / "wfplan.db")
        began = time.process_time()
        hr.take_over(asked_of(files), None, store)
        yield "import", time.process_time() - began
        began = time.process_time()
        hr.take_over(asked_of(files), None, store)
        yield "the same files again", time.process_time() - began
        plan = _plan(folder)
        began = time.process_time()
        hr.take_over(asked_of(files), plan, str(folder / "beside.db"))
        yield "import beside a plan", time.process_time() - began
        began = time.process_time()
        hr.take_over(asked_of(files), plan, str(folder / "beside.db"))
        yield "the same files again beside a plan", time.process_time() - began
        began = time.process_time()
        rows = sum(len(found) for found in hr.stored(store).values())
        yield f"{rows:,} rows read from the store", time.process_time() - began
