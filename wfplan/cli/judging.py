"""What ``wfplan judge`` shows, and what a forecast says of its data and its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import line
from wfplan.cli.overriding import layer_lines
from wfplan.cli.summary import plain, table

if TYPE_CHECKING:
    import pandas as pd

    from wfplan.cli.talk import Talk
    from wfplan.domain.results import DemandForecast
    from wfplan.domain.snapshots import Sufficiency
    from wfplan.hindsight import Judgement

_HELPS_MOST = 2
_TABLES = ("all", "hand", "added", "external", "beside")
_RANK = ("enough", "with care", "not enough")


def run(talk: Talk, plan: Path) -> None:
    """Judge the plan's past forecasts."""
    from wfplan import hindsight

    problem = line.load(plan)
    talk.inputs = [file.model_dump() for file in problem.inputs]
    found = hindsight.judged(problem, plan)
    known = hindsight.sufficiency(problem)
    result = {
        "snapshots": found.snapshots,
        "judged": found.judged,
        **{name: _plain(getattr(found, name)) for name in _TABLES},
        "sufficiency": sufficiency_dict(known),
    }
    talk.finish(result, plain("\n".join(_text(found, known))))


def sufficiency_lines(known: Sequence[Sufficiency]) -> list[str]:
    """The verdict on channels, those alike in one line, what is short, and what would help most."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name in dict.fromkeys(one.channel for one in known):
        said = _verdict_lines([one for one in known if one.channel == name])
        alike.setdefault(tuple(said), []).append(name)
    lines = []
    for (verdict, *helps), names in alike.items():
        lines.append(f"  {', '.join(names)}: {verdict}")
        lines += [f"    {text}" for text in helps]
    return ["Does the history suffice?", *lines] if lines else []


def _verdict_lines(known: Sequence[Sufficiency]) -> list[str]:
    """One channel's verdict with what is short, and the two things that would help most."""
    worst = max(_RANK.index(one.verdict) for one in known)
    if not worst:
        return ["enough"]
    short = sorted((one for one in known if one.help), key=lambda one: -_RANK.index(one.verdict))
    what = "; ".join(f"{one.what} {one.have} (needs {one.need})" for one in short[:_HELPS_MOST])
    more = f"; {len(short) - _HELPS_MOST} more" if len(short) > _HELPS_MOST else ""
    return [f"{_RANK[worst]}: {what}{more}", *(one.help for one in short[:_HELPS_MOST])]


def sufficiency_dict(known: Sequence[Sufficiency]) -> list[dict[str, str]]:
    """What a forecast needs to know, as plain values."""
    return [dict(vars(one)) for one in known]


def demand_lines(demand: DemandForecast) -> list[str]:
    """What was laid on a forecast, and whether its history suffices."""
    sections = layer_lines(demand.layers), sufficiency_lines(demand.sufficiency)
    return [text for section in sections if section for text in (*section, "")]


def demand_dict(demand: DemandForecast) -> dict[str, Any]:
    """The same as plain values."""
    layers = [{**vars(day), "day": day.day.isoformat()} for day in demand.layers]
    return {"layers": layers, "sufficiency": sufficiency_dict(demand.sufficiency)}


def external_lines(scores: pd.DataFrame | None) -> list[str]:
    """A backtest's forecast from elsewhere beside ours; none where there is none."""
    if scores is None:
        return []
    told = scores.rename(columns={"lead_weeks": "lead", "noise_floor": "floor"})
    return ["", *table(_rows("The forecast from elsewhere beside ours", told), range(1, 7)), ""]


def scores_dict(scores: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Scores as plain values; none of none."""
    return [] if scores is None else _plain(scores)


def _text(found: Judgement, known: Sequence[Sufficiency]) -> list[str]:
    """The judgement as lines."""
    count = found.snapshots
    kept = "1 snapshot of a forecast" if count == 1 else f"{count} snapshots of forecasts"
    lines = [
        f"{kept}; {found.judged} judged by contacts that have come (of one week, from one state of",
        "the history, the last made counts).",
        "",
    ]
    if not count:
        lines[-1:] = ["Each 'wfplan forecast' or 'wfplan build' keeps one.", ""]
    sections = (
        ("Forecasts as they were planned with", found.all),
        ("Only what the planner's hand changed", found.hand),
        ("The forecast from elsewhere, all of its past", found.external),
        ("The forecast from elsewhere beside ours", found.beside),
    )
    for title, scores in sections:
        if len(scores):
            lines += [*table(_rows(title, scores), range(1, 7)), ""]
    lines += [_hand_in_words(one) for one in _plain(found.added)]
    return [*lines, *sufficiency_lines(known)]


def _rows(title: str, scores: pd.DataFrame) -> list[tuple[str, ...]]:
    """A heading, then a line per channel, lead and method."""
    rows: list[tuple[str, ...]] = [
        (title, "weeks ahead", "WAPE", "bias", "in 80 %", "floor", "contacts")
    ]
    for one in scores.itertuples():
        lead = str(one.lead) if one.lead else "all"
        rows.append(
            (
                f"  {one.channel}: {one.method}", lead, _share(one.wape), _share(one.bias, "+"),
                _share(one.coverage80), _share(one.floor), f"{one.contacts:,.0f}",
            )
        )  # fmt: skip
    return rows


def _share(value: Any, sign: str = "") -> str:
    """A share in percent, a dash where there is none."""
    return f"{float(value):{sign}.1%}" if isfinite(float(value)) else "-"


def _hand_in_words(one: Mapping[str, Any]) -> str:
    """Whether the hand helped on a channel, and whether that may be chance."""
    gain, width = one["gain"], one["half_width"]
    word = "helped" if gain > 0 else "did not help"
    if width is None or abs(gain) <= width:
        word = "made no difference that is more than chance"
    return (
        f"{one['channel']}: the planner's hand {word}: {one['without']:.1%} was missed without it, "
        f"{one['with']:.1%} with it ({one['cells']} intervals)."
    )


def _plain(scores: pd.DataFrame) -> list[dict[str, Any]]:
    """Scores as plain values; what does not exist is null."""
    return [
        {str(name): None if isinstance(value, float) and not isfinite(value) else value
         for name, value in row.items()}
        for row in scores.to_dict("records")
    ]  # fmt: skip
