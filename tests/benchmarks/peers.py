"""The plain multi-skill week once more, in Ciw and in SimPy, each written as its users would.

Run by an interpreter that has them: ``python peers.py ciw '{...}'``. The rules
are those of wfplan's floor: a contact goes to the free person who serves its
channel with the fewest skills, of those to the one free for longest; who becomes
free takes the contact of hers that has waited longest; customers hang up when
their patience ends. Only the run is timed, not the imports.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import deque
from importlib.metadata import version
from math import log, sqrt
from typing import Any

Record = tuple[str, bool, float]
"""Channel, whether it was answered, and wait of a contact that came to an end."""


def ciw_week(week: dict[str, Any]) -> list[Record]:
    """Ciw, with a node whose servers have skills."""
    import ciw

    skills = [frozenset(group) for group in week["people"]]
    mean, sigma = lognormal(week)
    names = week["channels"]

    class SkilledNode(ciw.Node):
        """A queue whose servers serve some classes only."""

        candidate = None
        freed = None

        def create_starting_servers(self):
            servers = super().create_starting_servers()
            for server, able in zip(servers, skills, strict=True):
                server.skills, server.free_since = able, 0.0
            return servers

        def find_free_server(self, ind):
            free = [s for s in self.servers if not s.busy and ind.customer_class in s.skills]
            return min(free, key=lambda s: (len(s.skills), s.free_since), default=None)

        def detatch_server(self, server, individual):
            super().detatch_server(server, individual)
            server.free_since = self.now

        def begin_service_if_possible_accept(self, next_individual):
            self.candidate = next_individual
            super().begin_service_if_possible_accept(next_individual)
            self.candidate = None

        def begin_service_if_possible_release(self, next_individual, newly_free_server):
            self.freed = newly_free_server
            super().begin_service_if_possible_release(next_individual, newly_free_server)
            self.freed = None

        def choose_next_customer(self):
            if self.candidate is not None:
                return self.candidate
            for ind in self.individuals[0]:
                if not ind.server and ind.customer_class in self.freed.skills:
                    return ind
            return None

    network = ciw.create_network(
        arrival_distributions={n: [ciw.dists.Exponential(week["per_s"])] for n in names},
        service_distributions={n: [ciw.dists.Lognormal(mean, sigma)] for n in names},
        reneging_time_distributions={
            n: [ciw.dists.Exponential(1 / week["patience_s"])] for n in names
        },
        routing={n: [[0.0]] for n in names},
        number_of_servers=[len(skills)],
    )
    ciw.seed(week["seed"])
    simulation = ciw.Simulation(network, node_class=SkilledNode)
    simulation.simulate_until_max_time(week["seconds"])
    return [
        (r.customer_class, r.record_type == "service", r.waiting_time)
        for r in simulation.get_all_records()
    ]


def simpy_week(week: dict[str, Any]) -> list[Record]:
    """The same from SimPy's own resources: a process per customer, people in a filter store."""
    import simpy

    rng, records = random.Random(week["seed"]), []
    mean, sigma = lognormal(week)
    env = simpy.Environment()

    class Team(simpy.FilterStore):
        """People; of those who can serve, the one of the fewest skills comes first."""

        def _do_get(self, event):
            able = [person for person in self.items if event.filter(person)]
            if able:
                person = min(able, key=lambda p: len(p[0]))  # the first is free for longest
                self.items.remove(person)
                event.succeed(person)
            return True

    def customer(name):
        arrived = env.now
        call = team.get(lambda person: name in person[0])
        yield call | env.timeout(rng.expovariate(1 / week["patience_s"]))
        records.append((name, call.triggered, env.now - arrived))
        if not call.triggered:
            call.cancel()
            return
        yield env.timeout(rng.lognormvariate(mean, sigma))
        team.put(call.value)

    def source(name):
        while True:
            yield env.timeout(rng.expovariate(week["per_s"]))
            env.process(customer(name))

    team = Team(env)
    team.items.extend((frozenset(group), n) for n, group in enumerate(week["people"]))
    for name in week["channels"]:
        env.process(source(name))
    env.run(until=week["seconds"])
    return records


def simpy_by_hand_week(week: dict[str, Any]) -> list[Record]:
    """SimPy for time only: queues and lists of free people are our own."""
    import simpy

    rng, records = random.Random(week["seed"]), []
    mean, sigma = lognormal(week)
    groups = sorted({tuple(group) for group in week["people"]}, key=lambda g: (len(g), g))
    idle = {g: deque() for g in groups}
    for person, group in enumerate(week["people"]):
        idle[tuple(group)].append((0.0, person))
    routes = {n: [g for g in groups if n in g] for n in week["channels"]}
    queues = {n: deque() for n in week["channels"]}
    env = simpy.Environment()

    def customer(name):
        arrived = env.now
        group = free_group(name)
        if group is None:
            called = env.event()
            queues[name].append(waiting := [arrived, called, True])
            yield called | env.timeout(rng.expovariate(1 / week["patience_s"]))
            if not called.triggered:
                waiting[2] = False
                records.append((name, False, env.now - arrived))
                return
            group, person = called.value
        else:
            person = idle[group].popleft()[1]
        records.append((name, True, env.now - arrived))
        yield env.timeout(rng.lognormvariate(mean, sigma))
        release(group, person)

    def free_group(name):
        able = [group for group in routes[name] if idle[group]]
        return min(able, key=lambda group: (len(group), idle[group][0]), default=None)

    def release(group, person):
        longest = None
        for name in group:
            queue = queues[name]
            while queue and not queue[0][2]:
                queue.popleft()
            if queue and (longest is None or queue[0][0] < longest[0][0]):
                longest = queue
        if longest is None:
            idle[group].append((env.now, person))
        else:
            longest.popleft()[1].succeed((group, person))

    def source(name):
        while True:
            yield env.timeout(rng.expovariate(week["per_s"]))
            env.process(customer(name))

    for name in week["channels"]:
        env.process(source(name))
    env.run(until=week["seconds"])
    return records


def lognormal(week: dict[str, Any]) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of handle times."""
    variance = log(1 + week["handle_cv"] ** 2)
    return log(week["aht_s"]) - variance / 2, sqrt(variance)


def main() -> None:
    """Run one week and print what came of it and how long it took."""
    name, week = sys.argv[1], json.loads(sys.argv[2])
    run = {"ciw": ciw_week, "simpy": simpy_week, "simpy-by-hand": simpy_by_hand_week}[name]
    run({**week, "seconds": 600.0})  # what is imported or built once
    began = time.process_time()
    records = run(week)
    seconds = time.process_time() - began
    in_time = sum(answered and wait <= week["within_s"] for _, answered, wait in records)
    lost = sum(not answered for _, answered, _ in records)
    print(json.dumps({
        "version": version(name.partition("-")[0]), "contacts": len(records), "seconds": seconds,
        "service_level": in_time / len(records), "abandon_rate": lost / len(records),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
