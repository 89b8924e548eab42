"""Whether somebody can serve what comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from wfplan.domain.people import Agent
from wfplan.intake.book import FaultBook
from wfplan.intake.contacts import ContactRows
from wfplan.intake.models import note
from wfplan.intake.settings import Settings

_DEFERRED_ONLY = frozenset({"chase", "due_h", "due_share", "late_weight"})
_REALTIME_ONLY = frozenset({
    "answer_most_s", "answer_most_share", "answer_share", "answer_within_s",
    "callback_after_s", "callback_share", "patience_cv", "patience_law", "patience_s", "reserve",
})  # fmt: skip
"""Keys that say nothing of channels of the other kind."""


def demand_of(contacts: ContactRows | None, channels: Iterable[str]) -> dict[str, float]:
    """Contacts of the whole history per channel; nothing when it could not be read."""
    if contacts is None:
        return {}
    offered = contacts.frame["offered"].to_numpy()
    return {name: float(offered[contacts.of(name)].sum()) for name in channels}


def check_served(
    settings: Settings,
    held: Collection[str],
    demand: Mapping[str, float],
    file: str,
    book: FaultBook,
) -> None:
    """Somebody can serve every channel that has contacts, and somebody is empowered."""
    toml = settings.toml
    for name, offered in demand.items():
        if name in held:
            continue
        tell = book.error if offered > 0 else book.warn
        tell(
            f"nobody has the skill '{name}': its contacts cannot be served",
            file=toml.file,
            line=toml.line(("channels", name)),
            column=f"channels.{name}",
            hint=f"give somebody the skill in {file}",
            code="HR302",
        )
    empowered = settings.empowered
    is_asked = empowered.share_of_contacts > 0 or empowered.staff_min > 0
    if is_asked and empowered.skill not in held:
        note(
            toml,
            ("empowered",),
            f"the plan asks for empowered people, and nobody has the skill '{empowered.skill}'",
            book,
            hint=f"give it to somebody in {file}, or take [empowered] out",
            code="HR302",
        )


def check_presence(
    settings: Settings, agents: Collection[Agent], file: str, book: FaultBook
) -> None:
    """No more people are asked for at once than have the skill."""
    asked = {name: channel.staff_min for name, channel in settings.channels.items()}
    empowered = settings.empowered
    for skill, staff_min in {**asked, empowered.skill: empowered.staff_min}.items():
        able = sum(any(skill == held.skill for held in agent.skills) for agent in agents)
        if 0 < able < staff_min:
            table = ("empowered",) if skill == empowered.skill else ("channels", skill)
            note(
                settings.toml,
                (*table, "staff_min"),
                f"{staff_min} people are asked for at once, and {able} have the skill '{skill}'",
                book,
                value=staff_min,
                hint=f"lower staff_min, or give more people the skill in {file}",
                code="HR302",
            )


def check_skilled(agents: Iterable[Agent], file: str, book: FaultBook) -> None:
    """Everybody can do something."""
    for agent in agents:
        if not agent.skills:
            book.warn(
                f"{agent.agent_id} has no skill: nothing can be planned for them",
                file=file,
                column="agent_id",
                value=agent.agent_id,
            )


def check_effects(settings: Settings, agents: Iterable[Agent], book: FaultBook) -> None:
    """Keys of a channel do something: they are for its kind, and somebody has its level."""
    levels = [(held.skill, held.level) for agent in agents for held in agent.skills]
    for name, channel in settings.channels.items():
        others = _DEFERRED_ONLY if channel.is_realtime else _REALTIME_ONLY
        for key in sorted(others & channel.model_fields_set):
            _warn_of_key(
                settings, name, key, f"has no effect: {name} is {channel.kind}", book,
                hint="leave it out, or change the kind",
            )  # fmt: skip
        best = max((level for skill, level in levels if skill == name), default=5)
        if best < channel.preferred_level:
            _warn_of_key(
                settings, name, "preferred_level",
                f"nobody has level {channel.preferred_level} in '{name}', the best is {best}: "
                f"every contact waits {channel.overflow_after_s:g} s before anybody may take it",
                book, hint=f"write {best} at most",
            )  # fmt: skip


def _warn_of_key(
    settings: Settings, channel: str, key: str, reason: str, book: FaultBook, *, hint: str
) -> None:
    """A warning at a key of a channel."""
    path = ("channels", channel, key)
    line = settings.toml.line(path)
    book.warn(reason, file=settings.toml.file, line=line, column=".".join(path), hint=hint)
