"""Reasons in words: what ``wfplan explain`` prints of a person, a shift and an interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wfplan.domain.reasons import AlternativeKind

if TYPE_CHECKING:
    from wfplan.domain.reasons import (
        Alternative,
        DayReason,
        Effect,
        IntervalReason,
        Keeper,
        Move,
        OneMore,
        RuleReason,
        Span,
        WeekReason,
    )
    from wfplan.scheduling import Standing

_SHOWN_MOVES = 3
_LITTLE = 0.05  # of any number that is told with one place
_SHARE_LITTLE = 0.0005  # of a share that is told in points with one place


def of_day(standing: Standing, day: DayReason) -> str:
    """A person's date."""
    return "\n".join(_Day(standing, day).lines())


def of_week(standing: Standing, week: WeekReason) -> str:
    """A person's week."""
    zone = _zone_of(standing, week.agent_id)
    head = (
        f"{week.agent_id}: {week.paid_h:g} paid hours, of {week.paid_h_least:g} to "
        f"{week.paid_h_most:g} that her contract and rules leave"
    )
    lines = [head]
    for day in week.days:
        what = f"{_clock(day.shift, zone)}, saves {day.worth:.1f} points" if day.shift else "off"
        lines.append(f"  {_day(day.day)}: {what}{' (locked)' if day.is_locked else ''}")
        lines += [f"    {_name(one)}: {_cost(standing, one)}" for one in day.alternatives]
    lines += _rules(standing, week.rules, "Her best week would be another one")
    lines.append(_ASK_DAY.format(who=week.agent_id, day=week.days[0].day))
    return "\n".join(lines)


def of_interval(standing: Standing, found: IntervalReason) -> str:
    """An interval."""
    return "\n".join(_interval_lines(standing, found))


_ASK_DAY = "More of one date, with all alternatives: person:{who}@{day}"


class _Day:
    """The lines of a date."""

    def __init__(self, standing: Standing, day: DayReason) -> None:
        self.standing, self.day = standing, day
        self.zone = _zone_of(standing, day.agent_id)

    def lines(self) -> Iterator[str]:
        """What is told, line by line."""
        day = self.day
        locked = ", locked: it stays as it was" if day.is_locked else ""
        if day.shift is None:
            yield f"{day.agent_id}, {_day(day.day)}: day off{locked}"
        else:
            span = _clock(day.shift, self.zone)
            yield f"{day.agent_id}, {_day(day.day)}: {span}{locked} ({day.shift_id})"
            yield f"  saves customers {day.worth:.1f} points of harm, everybody else as they are"
            yield from self._hours()
            yield from self._breaks()
        yield from self._notes()
        yield from _rules(self.standing, day.rules, "This date would be another one")
        yield from self._alternatives()

    def _hours(self) -> Iterator[str]:
        """The hours in which she is worth most, and least."""
        hours = sorted(self.day.hours, key=lambda hour: -hour.points)
        for hour in hours[:3]:
            served = ", ".join(f"{name} {100 * part:.0f} %" for name, part in hour.channels)
            yield f"    {_clock(hour.span, self.zone)}: {hour.points:.1f} points ({served})"
        if len(hours) > 3:
            least = hours[-1]
            yield f"    least {_clock(least.span, self.zone)}: {least.points:.1f} points"

    def _breaks(self) -> Iterator[str]:
        """Where breaks are, and what they would cost elsewhere."""
        for one in self.day.breaks:
            others = ", ".join(
                f"{abs(by)} min {'earlier' if by < 0 else 'later'} {_signed(more)}"
                for by, more in one.others
            )
            elsewhere = f"; {others}" if others else "; no other place in its window"
            yield (
                f"  {one.code} {_clock(one.span, self.zone)}: {one.points:.1f} points of harm"
                f"{elsewhere}"
            )

    def _notes(self) -> Iterator[str]:
        """What has to be known beside the numbers."""
        for note in self.day.notes:
            word, _, number = note.partition(" ")
            if word == "stray":
                yield (
                    "  one of her shifts is none that her contract and rules know: alternatives "
                    "are weeks that keep them"
                )
            elif word == "slack":
                yield (
                    "  the plan is not settled around her: those near her could save "
                    f"{float(number):.1f} points without any of this; no price below counts it"
                )

    def _alternatives(self) -> Iterator[str]:
        """What else would cost, the legal ones first."""
        legal = [one for one in self.day.alternatives if one.effect is not None]
        barred = [one for one in self.day.alternatives if one.forbidden]
        if legal:
            yield "Instead, in the week and with others responding:"
        for one in legal:
            yield f"  {_name(one)}: {_cost(self.standing, one)}"
        if barred:
            yield "Not possible:"
        for one in barred:
            yield f"  {_name(one)}: {'; '.join(map(_forbidden, one.forbidden))}"


def _interval_lines(standing: Standing, found: IntervalReason) -> Iterator[str]:
    from wfplan.report.why import FLOORS

    zone = ZoneInfo(standing.need.horizon.timezone)
    local = found.span.start.astimezone(zone)
    of = f" on {found.channel}" if found.channel else ""
    yield (
        f"{_day(local.date())} {_clock(found.span, zone)}{of}: {len(found.on_queue)} people on "
        f"queue, {len(found.on_break)} on break"
    )
    for one in found.channels:
        floor = next((text for name, text in FLOORS.items() if name == one.binding), one.binding)
        asked = f"{one.required:.1f} wanted ({floor})" if one.required > 0 else "no floor"
        level = "" if one.service_level is None else f"; {100 * one.service_level:.1f} % in time"
        yield (
            f"  {one.channel}: {one.staff:.1f} effective staff for {one.volume:.1f} contacts, "
            f"{asked}{level}, {one.lost_contacts:.2f} lost or late; "
            f"one more is worth {one.price:.1f} points"
        )
    if found.empowered_min > 0:
        yield f"  empowered people: {found.empowered:g} of {found.empowered_min:g} wanted"
    for change in found.changes:
        yield f"  {_one_more(standing, change)}"
    if found.on_queue:
        names = [who for who, _ in found.on_queue]
        yield f"  on queue: {_some(names, 12)}"
    yield from _moves_there(standing, found.moves)
    if found.keepers:
        yield "What keeps the others away:"
    for keeper in found.keepers:
        yield f"  {_keeper(keeper)}"


def _one_more(standing: Standing, change: OneMore) -> str:
    """One more or one fewer person."""
    who = "one more person" if change.heads > 0 else "one fewer"
    return f"{who} ({', '.join(change.channels)}): {_effect(standing, change.effect)}"


def _moves_there(standing: Standing, moves: Sequence[Alternative]) -> Iterator[str]:
    """The cheapest moves."""
    if moves:
        yield "Cheapest to bring there:"
    for one in moves:
        yield f"  {one.agent_id}: {_cost(standing, one)}"


_KEPT = {
    "break": "on a break or in an activity then",
    "locked": "locked on that date",
    "time_off": "away",
    "away": "not employed, without a valid skill or away on that date",
    "unavailable": "not available then",
    "hours": "no shift of their contracts holds that time",
    "elsewhere": "with a schedule that their contracts do not know",
    "other_hours": "at work at other hours that day, where they are worth more",
    "free_day": "free that day: their hours are worth more on other dates",
    "other_days": "kept away by their other shifts: rest, working days or hours of the week",
}


def _keeper(keeper: Keeper) -> str:
    """What keeps so many people away."""
    who = "1 person" if keeper.people == 1 else f"{keeper.people} people"
    some = ", ".join(keeper.some)
    more = ", ..." if keeper.people > len(keeper.some) else ""
    return f"{who}: {_KEPT.get(keeper.reason, keeper.reason)} ({some}{more})"


def _rules(standing: Standing, rules: Sequence[RuleReason], then: str) -> Iterator[str]:
    """Which rules bind."""
    if rules:
        yield f"{then} without:"
    for rule in rules:
        worth = f", worth {rule.points:.1f} points" if rule.points is not None else ""
        moves = f"; {_moves(standing, rule.moves)}" if rule.moves else ""
        yield f"  {_rule_words(rule)}{worth}{moves}"


def _rule_words(rule: RuleReason) -> str:
    """A rule with what her week would be without it, in the auditor's words."""
    said = rule.why.partition(": ")[2] or rule.why
    soft = " (soft)" if rule.hardness == "soft" else ""
    return f"{rule.rule}{soft}: she then {_without_name(said)}" if said else rule.rule + soft


def _without_name(text: str) -> str:
    """``agent A017 starts ...`` without its first two words and the stop."""
    parts = text.split(" ", 2)
    return (parts[2] if len(parts) == 3 and parts[0] == "agent" else text).rstrip(".")


def _forbidden(rule: RuleReason) -> str:
    """A rule that forbids an alternative."""
    said = rule.why.partition(": ")[2] or rule.why
    return f"{rule.rule} (she {_without_name(said)})" if said else rule.rule


_NAMES = {
    AlternativeKind.PLAN: "as it is",
    AlternativeKind.DAY_OFF: "a day off",
    AlternativeKind.WORK: "a shift",
    AlternativeKind.WISH: "her wish",
    AlternativeKind.THERE: "there",
}


def _name(one: Alternative) -> str:
    """An alternative by name."""
    if one.kind in _NAMES:
        return _NAMES[one.kind]
    if one.kind is AlternativeKind.SWAP:
        return f"swap with {one.partner}"
    if one.kind is AlternativeKind.LENGTH:
        return f"a shift of {one.by_min / 60:g} h"
    return f"{_long(one.by_min)} {one.kind}"


def _long(minutes: int) -> str:
    """``1 h``, ``30 min``."""
    return f"{minutes / 60:g} h" if minutes % 60 == 0 else f"{minutes} min"


def _cost(standing: Standing, one: Alternative) -> str:
    """What an alternative would cost, and who would move."""
    if one.effect is None:
        return "not possible"
    moves = _moves(standing, one.moves)
    if not moves and one.kind is AlternativeKind.THERE:
        moves = "her break moves"
    return _effect(standing, one.effect) + (f"; {moves}" if moves else "")


def _effect(standing: Standing, effect: Effect) -> str:
    """An effect in the terms of customers and staff, the price last."""
    parts = [*_of_customers(standing, effect), *_of_staff(effect)]
    parts.append(_points(effect.points))
    return ", ".join(parts)


def _of_customers(standing: Standing, effect: Effect) -> Iterator[str]:
    """Lost and late contacts, and service."""
    for value, noun in ((effect.lost_contacts, "lost"), (effect.late_contacts, "late")):
        if abs(value) >= _LITTLE:
            yield f"{abs(value):.1f} {'more' if value > 0 else 'fewer'} {noun} contacts"
    if abs(effect.worst_hour) >= _SHARE_LITTLE:
        yield f"worst hour of service {_signed(100 * effect.worst_hour)} percentage points"
    if abs(effect.service_level) >= _SHARE_LITTLE:
        yield f"service {_signed(100 * effect.service_level)} percentage points"
    if effect.hardest is not None and effect.hardest_change <= -10 * _SHARE_LITTLE:
        channel, at = effect.hardest
        local = standing.need.horizon.local(at)
        yield (
            f"hardest {local:%a %H:%M} on {channel} {_signed(100 * effect.hardest_change)} "
            "percentage points"
        )


def _of_staff(effect: Effect) -> Iterator[str]:
    """Wishes, hours, changes, and what people share."""
    if abs(effect.against_wishes_h) >= _LITTLE:
        yield f"{_signed(effect.against_wishes_h)} h against wishes"
    if abs(effect.broken_wishes) >= _LITTLE:
        yield f"{_signed(effect.broken_wishes, 0)} wishes broken"
    if abs(effect.paid_h) >= _LITTLE:
        yield f"{_signed(effect.paid_h)} paid hours"
    if abs(effect.overtime_h) >= _LITTLE:
        yield f"{_signed(effect.overtime_h)} h of overtime"
    if abs(effect.changed_days) >= _LITTLE:
        yield (
            f"{_signed(effect.changed_days, 0)} published dates changed "
            f"({_signed(effect.changes)} points)"
        )
    if abs(effect.people) >= _LITTLE:
        yield f"{_signed(effect.people)} points of strain and fairness"


def _points(points: float) -> str:
    """The price."""
    if abs(points) < _LITTLE:
        return "no harm more or less"
    return f"{abs(points):.1f} points of harm {'more' if points > 0 else 'less'}"


def _moves(standing: Standing, moves: Sequence[Move]) -> str:
    """Who would have what instead."""
    told = [_move(standing, move) for move in moves[:_SHOWN_MOVES]]
    if len(moves) > _SHOWN_MOVES:
        told.append(f"{len(moves) - _SHOWN_MOVES} more changes")
    return "; ".join(told)


def _move(standing: Standing, move: Move) -> str:
    """One changed date."""
    zone = _zone_of(standing, move.agent_id)
    before = _clock(move.before, zone) if move.before else "off"
    after = _clock(move.after, zone) if move.after else "off"
    return f"{move.agent_id} {move.day:%a} {after} (now {before})"


def _zone_of(standing: Standing, agent_id: str) -> ZoneInfo:
    """The zone of a person."""
    return ZoneInfo(standing.team.members[standing.place[agent_id]].agent.timezone)


def _day(day: date) -> str:
    return f"{day:%a} {day.isoformat()}"


def _clock(span: Span, zone: ZoneInfo) -> str:
    """``09:00-17:30`` of local times; an end on a later date says so."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    late = f" (+{(end.date() - start.date()).days})" if _passes_midnight(start, end) else ""
    return f"{start:%H:%M}-{end:%H:%M}{late}"


def _passes_midnight(start: datetime, end: datetime) -> bool:
    return end.date() > start.date()


def _signed(value: float, places: int = 1) -> str:
    text = f"{value:+.{places}f}"
    return text if float(text) else f"{0:.{places}f}"


def _some(names: Sequence[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
