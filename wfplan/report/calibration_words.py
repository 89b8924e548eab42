"""What a calibration says, in sentences; the same on the terminal and on its page."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, isinf, sqrt

from wfplan.engagement.calibration import LEVEL, PEOPLE_MIN, Calibration, Effect, Verdict
from wfplan.report.numbers import decimal, whole

NAMES = {
    "acute": "acute load, 30 min a day more",
    "chronic": "chronic load, 30 min a day more",
    "quick_return": "a quick return (rest under 11 h)",
}
_NOT_USABLE = (
    "A plan that names this answer changes nothing: effects of load on absence, handle time and "
    "leaving are zero. Those on handle time and on leaving are not fitted at all."
)
_USABLE = (
    "No plan uses this answer by itself: effects of load on absence, handle time and leaving are "
    'zero until a plan file names it, [engagement] calibration = "FILE"; then what was found and '
    "is harmful acts on simulated absences, at most doubling or halving their odds. Effects on "
    "handle time and on leaving are not fitted at all."
)
CAVEAT = (
    "Each person is compared with herself on other days, load as planned on the day before. That "
    "rules out what people are like, not everything: it is no proof of a cause."
)
_SMALL = 5
_SHARED = 2.5  # of the variance: from there on exposures are said to go together


def headline(found: Calibration) -> tuple[str, str]:
    """The verdict in two or three words, and in a sentence."""
    said = {
        Verdict.NOT_ENOUGH: ("Not enough data.", _not_enough),
        Verdict.NONE: ("No effect found.", _none),
        Verdict.FOUND: ("Effect found.", _found),
        Verdict.DOUBTFUL: ("Doubtful.", _doubtful),
    }
    word, sentence = said[found.verdict]
    return word, sentence(found)


def use(found: Calibration) -> str:
    """What a plan makes of the answer."""
    return _USABLE if found.usable else _NOT_USABLE


def basis(found: Calibration) -> Iterator[str]:
    """What the answer rests on, and what was left out."""
    days = found.days
    silent = whole(days.people - found.people) if found.people >= _SMALL else "The other"
    yield (
        f"{_people(found.people, found.spells)} count: {whole(found.person_days)} planned days of "
        f"people with a spell and a day without. {silent} people had none in the time, and drop "
        "out of a comparison within people."
    )
    if found.people >= _SMALL:
        yield (
            f"A spell counts once, on its first planned day; {whole(days.in_spell_days)} further "
            "planned days of spells are not at risk of a new one."
        )
    if days.unknown_days:
        yield (
            f"{whole(days.unknown_days)} planned days, {whole(days.unknown_spells)} spells among "
            "them, have no ledger entry on the day before: left out, not guessed."
        )
    if days.unplanned_spells:
        yield f"{whole(days.unplanned_spells)} absences touch no planned day: left out."
    if days.away_days:
        yield f"{whole(days.away_days)} planned days of leave are not at risk."


def lines_of(effect: Effect) -> Iterator[str]:
    """What one effect means, or why there is none."""
    name = NAMES[effect.name]
    if not isfinite(effect.p):
        if effect.note:
            yield f"{name}: {effect.note}."
        elif isfinite(effect.detectable):
            yield f"{name}: a change {times(effect.detectable)} would be found 8 times in 10."
        return
    now, then, low, high = effect.per_week
    if isfinite(now):
        yield (
            f"{name}: of 100 people {decimal(now)} begin an absence in a week; with it "
            f"{decimal(then)} ({_span(low, high, 1)})."
        )
    if effect.note:
        yield f"{name}: {effect.note}."


def checks(found: Calibration) -> Iterator[str]:
    """The placebo, and what remains within months."""
    if isfinite(found.placebo_p):
        goes, so = (
            ("does not go", ", as it must not.")
            if found.placebo_p >= LEVEL
            else ("goes", ". It cannot be their cause: something else moves both.")
        )
        yield (
            f"Placebo: load planned for the second week after a day {goes} with absences that "
            f"begin on it (odds {times(found.placebo_ratio)}, p {_p(found.placebo_p)}){so}"
        )
    elif found.verdict is not Verdict.NOT_ENOUGH:
        yield "Placebo: too few days have a ledger of the weeks after to look at it."
    shared = [one for one in found.effects if one.inflation >= _SHARED]
    if shared:
        said = ", ".join(f"{_short(one)} × {decimal(one.inflation)}" for one in shared)
        yield (
            "Exposures go together within people, so that their effects are told apart badly "
            f"(variance {said}): an effect of one may be found for another."
        )
    within = [one for one in found.effects if isfinite(one.within_months[0])]
    if within:
        said = ", ".join(f"{_short(one)} {_within(one)}" for one in within)
        yield f"Within each person's calendar month, where nothing slow can drift: {said}."


def ratio(value: float) -> str:
    """An odds ratio: ``1.26``; open ends as words."""
    if isinf(value):
        return "no end"
    return decimal(value, 2) if value < 100 else "over 100"


def times(value: float) -> str:
    """``x 1.26``."""
    return f"× {ratio(value)}"


def cells(effect: Effect) -> tuple[str, str, str, str, str]:
    """Odds ratio, interval, p, p of the three together, and what could be found."""
    if not isfinite(effect.p):
        return "–", "–", "–", "–", ratio(effect.detectable) if isfinite(effect.detectable) else "–"
    return (
        ratio(effect.odds_ratio),
        _span(effect.low, effect.high, 2),
        _p(effect.p),
        _p(effect.p_holm),
        ratio(effect.detectable),
    )


def _not_enough(found: Calibration) -> str:
    if found.spells >= found.spells_needed:
        return (
            "Within people nothing varies that could be compared: "
            "plans that repeat each week cannot tell."
        )
    wait = (
        f"at the rate so far, in about {whole(max(found.weeks_to_wait, 1))} weeks more"
        if isfinite(found.weeks_to_wait) and found.people >= _SMALL
        else "no date can be given"
    )
    return (
        f"{_people(found.people, found.spells)} tell something; {found.spells_needed} absence "
        f"spells (and {PEOPLE_MIN} people) are the least: {wait}. Nothing was estimated."
        f"{_could_be_seen(found)}"
    )


def _could_be_seen(found: Calibration) -> str:
    """Which effects so few spells would show, and which the least number of them."""
    seen = [one for one in found.effects if isfinite(one.detectable)]
    if not seen or found.people < _SMALL:
        return ""
    more = sqrt(found.spells / found.spells_needed)
    now, then = (
        ", ".join(f"{_short(one)} {times(one.detectable**power)}" for one in seen)
        for power in (1.0, more)
    )
    return (
        f" With {whole(found.spells)} spells smaller effects than these would mostly not be seen: "
        f"{now}; with {found.spells_needed}, smaller ones than: {then}."
    )


def _none(found: Calibration) -> str:
    seen = [one for one in found.effects if isfinite(one.p)]
    tested = f"None of the {len(seen)} effects" if len(seen) > 1 else "The one effect"
    hidden = ", ".join(f"{_short(one)} {times(one.detectable)}" for one in seen)
    holds = "" if any(one.p < LEVEL for one in seen) else " Every 95 % interval holds 1."
    return (
        f"{tested} that could be fitted differs from 1 when all are tested together (Holm).{holds} "
        f"That is no proof of none: with {whole(found.spells)} spells these would be found 8 "
        f"times in 10, smaller ones less often: {hidden}."
    )


def _found(found: Calibration) -> str:
    said = "; ".join(
        f"{NAMES[one.name]}: odds of an absence {times(one.odds_ratio)} "
        f"(95 % {_span(one.low, one.high, 2)}, p {_p(one.p_holm)} of all tests together)"
        for one in found.found
    )
    return f"From {whole(found.spells)} spells: {said}."


def _doubtful(found: Calibration) -> str:
    return (
        f"{_found(found)} But load of the weeks after 'predicts' absences, too: something else "
        "moves both (a season, plans that answer to absence), and none of this counts as found."
    )


def _people(people: int, spells: int) -> str:
    if people < _SMALL:
        return f"Fewer than {_SMALL} people, with their spells,"
    return f"{whole(spells)} absence spells of {whole(people)} people"


def _within(effect: Effect) -> str:
    """``1.21 (0.95 to 1.54)``."""
    value, low, high = effect.within_months
    return f"{ratio(value)} ({_span(low, high, 2)})"


def _short(effect: Effect) -> str:
    """``quick return``."""
    return effect.name.replace("_", " ")


def _span(low: float, high: float, places: int) -> str:
    if isinf(high):
        return f"from {decimal(low, places)}"
    return f"{decimal(low, places)} to {decimal(high, places)}"


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else decimal(value, 3)
