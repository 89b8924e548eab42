"""What ``wfplan override`` does, and the layers in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wfplan.cli import line
from wfplan.cli.summary import table

if TYPE_CHECKING:
    from wfplan.cli.talk import Talk
    from wfplan.domain.overrides import LayerDay, Override

_STATES = {True: "active", False: "taken back"}


def add(talk: Talk, plan: Path, row: Mapping[str, str]) -> None:
    """One more layer."""
    from wfplan import intake

    layer, _ = intake.add_override(plan, row, datetime.now(UTC).replace(microsecond=0))
    text = [
        f"Layer {layer.override_id}: {in_words(layer)}.",
        "It holds from the next forecast on. Take it back with:",
        f"wfplan override {plan} --undo {layer.override_id}",
    ]
    _finish(talk, plan, "\n".join(text), layer)


def switch(talk: Talk, plan: Path, override_id: str, *, is_active: bool) -> None:
    """A layer taken back, or put back."""
    from wfplan import intake

    layer = intake.set_active(plan, override_id, is_active=is_active)
    done, way = ("put back", "--undo") if is_active else ("taken back", "--redo")
    text = [
        f"Layer {layer.override_id} is {done}: {in_words(layer)}.",
        f"The other way: wfplan override {plan} {way} {layer.override_id}",
    ]
    _finish(talk, plan, "\n".join(text), layer)


def show(talk: Talk, plan: Path) -> None:
    """All layers, the lowest first."""
    _finish(talk, plan, None, None)


def in_words(layer: Override) -> str:
    """``+10% on voice, 2026-10-19 to 2026-10-25``."""
    when = f"{layer.first}" + (f" to {layer.last}" if layer.last > layer.first else "")
    times = f", {_times(layer)}" if layer.times else ""
    return f"{layer.change.text} on {layer.channel or 'all channels'}, {when}{times}"


def as_dict(layer: Override) -> dict[str, Any]:
    """A layer as plain values."""
    return {
        "id": layer.override_id,
        "channel": layer.channel or None,
        "from": layer.first.isoformat(),
        "until": layer.last.isoformat(),
        "times": _times(layer) or None,
        "change": layer.change.text,
        "author": layer.author,
        "reason": layer.reason,
        "made_at": layer.made_at.isoformat() if layer.made_at else None,
        "active": layer.is_active,
    }


def layer_lines(days: Sequence[LayerDay]) -> list[str]:
    """What each layer made of a week, a line per layer and channel; none of no layers."""
    found: dict[tuple[str, str], list[LayerDay]] = {}
    for day in days:
        found.setdefault((day.layer, day.channel), []).append(day)
    rows = [("Laid on the forecast", "channel", "before", "after", "change", "", "")]
    for (layer, channel), of_layer in found.items():
        before, after = (sum(getattr(d, name) for d in of_layer) for name in ("before", "after"))
        moved = f"{(after - before) / before:+.1%}" if before > 0 else "new"
        why = ", ".join(word for word in (of_layer[0].author, of_layer[0].reason) if word)
        rows.append((f"  {layer}", channel, f"{before:,.0f}", f"{after:,.0f}", moved,
                     of_layer[0].change, why))  # fmt: skip
    return table(rows, range(2, 5)) if found else []


def _finish(talk: Talk, plan: Path, text: str | None, layer: Override | None) -> None:
    """The plan's layers as the result; as the text, too, where there is no other."""
    problem = line.load(plan)
    talk.inputs = [file.model_dump() for file in problem.inputs]
    talk.warn([one for one in problem.warnings if _is_of_layers(one.column, one.reason)])
    result = {
        "layer": as_dict(layer) if layer else None,
        "layers": [as_dict(one) for one in problem.overrides],
    }
    if text is None:
        text = "\n".join(_listed(problem.overrides)) or (
            "The plan has no layers: its forecast is planned with as it is."
        )
    talk.finish(result, text)


def _is_of_layers(column: str, reason: str) -> bool:
    """Whether a warning is about layers."""
    return column == "change" and reason.startswith("nothing is left of")


def _listed(layers: Sequence[Override]) -> list[str]:
    """The layers as a table, the lowest first."""
    if not layers:
        return []
    rows = [("layer", "channel", "from", "until", "times", "change", "state", "author", "reason")]
    rows += [
        (
            one.override_id, one.channel or "all", f"{one.first}", f"{one.last}",
            _times(one) or "all day", one.change.text, _STATES[one.is_active], one.author,
            one.reason,
        )
        for one in layers
    ]  # fmt: skip
    return table(rows, range(0))


def _times(layer: Override) -> str:
    """``10:00-14:00, 16:00-18:00``; an end past midnight as the clock shows it."""

    def clock(minute: int) -> str:
        minute = minute if minute <= 1440 else minute - 1440
        return f"{minute // 60:02}:{minute % 60:02}"

    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in layer.times)
