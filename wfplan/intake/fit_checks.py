"""Whether contracts fit their grid, their breaks and their people's hours.

What cannot hold by arithmetic alone is said here, before anybody waits for a
search: breaks that do not fit a shift, hours that no set of shifts adds up to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wfplan.domain.contracts import Contract
from wfplan.domain.people import Agent
from wfplan.domain.problem import RuleSetting
from wfplan.errors import InputError
from wfplan.intake.book import FaultBook
from wfplan.intake.models import note
from wfplan.intake.packs import note_setting
from wfplan.intake.settings import Settings
from wfplan.intake.toml_text import KeyPath, TomlText, dotted


def check_contract(contract: Contract, slot_min: int, toml: TomlText, book: FaultBook) -> bool:
    """Whether a contract's times lie on the slots and its breaks fit its shifts."""
    path = ("contracts", contract.name)
    before = len(book.faults)
    for inner, minutes in _times(contract):
        if minutes % slot_min:
            note(
                toml,
                (*path, *inner),
                f"{minutes} is not a multiple of {slot_min} minutes, the step in which shifts "
                "and breaks are placed",
                book,
                value=minutes,
                hint=f"write {_nearest(minutes, slot_min)}, or set slot_min",
            )
    if len(book.faults) == before:
        _check_breaks(contract, slot_min, toml, book)
    if (contract.longest_min - contract.shortest_min) % contract.length_step_min:
        book.warn(
            f"no shift of {contract.longest_min} minutes: from {contract.shortest_min} in steps "
            f"of {contract.length_step_min} the longest is {max(contract.whole_lengths_min)}",
            file=toml.file,
            line=toml.line((*path, "longest_min")),
            column=f"contracts.{contract.name}.longest_min",
        )
    return len(book.faults) == before


def _times(contract: Contract) -> Iterator[tuple[KeyPath, int]]:
    """Keys of a contract, with the minutes that must lie on the slots."""
    yield ("shortest_min",), contract.shortest_min
    if contract.longest_min != contract.shortest_min:
        yield ("length_step_min",), contract.length_step_min
    yield ("start_step_min",), contract.start_step_min
    yield ("start_window",), contract.start_window[0]
    for t, tier in enumerate(contract.break_tiers):
        for b, pause in enumerate(tier.breaks):
            yield ("break_tiers", t, "breaks", b, "length_min"), pause.length_min
    for n, split in enumerate(contract.splits):
        yield ("splits", n, "length_min"), split.length_min
        for b, pause in enumerate(split.breaks):
            yield ("splits", n, "breaks", b, "length_min"), pause.length_min


def _nearest(minutes: int, slot_min: int) -> int:
    """The nearest multiple of the slot that is not 0."""
    return max(slot_min, round(minutes / slot_min) * slot_min)


def _check_breaks(contract: Contract, slot_min: int, toml: TomlText, book: FaultBook) -> None:
    """Every break of a tier finds a place in every shift length that the tier has."""
    places = {id(tier.breaks): ("break_tiers", t) for t, tier in enumerate(contract.break_tiers)}
    places |= {id(split.breaks): ("splits", n) for n, split in enumerate(contract.splits)}
    told: set[tuple[str, int, int]] = set()
    for length in contract.lengths_min:
        breaks = contract.breaks_of(length)
        for b, pause in enumerate(breaks):
            latest = min(pause.latest_min, length - pause.before_end_min - pause.length_min)
            first = -(-pause.earliest_min // slot_min) * slot_min
            table, t = places.get(id(breaks), ("break_tiers", 0))
            if first <= latest or (table, t, b) in told:
                continue
            told.add((table, t, b))
            note(
                toml,
                ("contracts", contract.name, table, t, "breaks", b),
                f"the {pause.kind} of {pause.length_min} min from minute {pause.earliest_min} does "
                f"not fit a shift of {length} min: it must end {pause.before_end_min} min before "
                "the shift does",
                book,
                hint="let it begin earlier, shorten before_end_min, or raise over_h of the tier",
            )


def check_hours(
    agents: Iterable[Agent],
    contracts: Mapping[str, Contract],
    lines: Mapping[str, int],
    file: str,
    book: FaultBook,
) -> None:
    """Everybody's weekly hours can be reached by shifts of their contract."""
    totals = {name: _paid_totals(contract) for name, contract in contracts.items()}
    for agent in agents:
        contract = contracts.get(agent.contract_type)
        if contract is None:
            continue
        low, high = 60 * agent.min_hours_week, 60 * agent.max_hours_week
        if any(low - 0.5 <= total <= high + 0.5 for total in totals[contract.name]):
            continue
        paid = sorted(contract.paid_min(length) / 60 for length in contract.lengths_min)
        hours = f"{low / 60:g}" if low == high else f"{low / 60:g} to {high / 60:g}"
        book.error(
            f"no week of contract '{contract.name}' has {hours} paid hours: it has "
            f"{_days(contract)} shifts of {paid[0]:g} to {paid[-1]:g} paid hours",
            file=file,
            line=lines.get(agent.agent_id),
            column="min_hours_week",
            value=f"{agent.min_hours_week:g}",
            hint="widen min_hours_week and max_hours_week, or change the contract's lengths or "
            "work_days_max",
            code="HR302",
        )


def _paid_totals(contract: Contract) -> set[int]:
    """Paid minutes that a week of the contract can have."""
    paid = {contract.paid_min(length) for length in contract.lengths_min}
    totals: set[int] = set()
    reached = {0}
    for days in range(contract.work_days_max + 1):
        if days >= contract.work_days_min:
            totals |= reached
        reached = {total + minutes for total in reached for minutes in paid}
    return totals


def _days(contract: Contract) -> str:
    """How many shifts a week may have."""
    if contract.work_days_min in (0, contract.work_days_max):
        return f"at most {contract.work_days_max}"
    return f"{contract.work_days_min} to {contract.work_days_max}"


def check_rules(settings: Settings, agents: Sequence[Agent], book: FaultBook) -> None:
    """
    Rules of the plan speak of people, channels and kinds of shift that there are.

    Where somebody or something has a fault of its own its name may be missing,
    so that those are said first.
    """
    if book.faults:
        return
    from wfplan.rules.registry import check_setting, setting_names

    names = setting_names(agents, settings.channels.values(), settings.contracts)
    for index, setting in settings.plan_rules.items():
        path = ("rules", "set", index)
        try:
            check_setting(setting, names)
        except InputError as error:
            note_setting(error, setting, settings.toml, path, book)
        _check_effect(setting, agents, settings.toml, path, book)


def _check_effect(
    setting: RuleSetting, agents: Sequence[Agent], toml: TomlText, path: KeyPath, book: FaultBook
) -> None:
    """Budgets without a price of anybody's time, and soft rules that weigh nothing."""
    if setting.rule == "cost_budget" and not any(agent.cost_per_hour for agent in agents):
        reason = "nobody's cost_per_hour is known, so that any plan keeps the budget"
        hint = "fill in cost_per_hour in the table of agents"
        note(toml, (*path, "rule"), reason, book, value=setting.rule, hint=hint, code="HR109")
    if setting.hardness == "soft" and setting.weight == 0:
        book.warn(
            f"{setting.rule} is soft and weighs nothing: it changes no plan",
            file=toml.file,
            line=toml.line((*path, "weight")),
            column=dotted((*path, "weight")),
            hint="give it a weight, in harm points per hour or piece",
        )
