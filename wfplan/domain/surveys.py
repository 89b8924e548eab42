"""Survey scores of groups, what is shown of them, and what a policy makes of them."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field, model_validator

from wfplan.domain.base import Model


class Shown(StrEnum):
    """Whether a group's score may be looked at, or why not."""

    SHOWN = "shown"
    TOO_SMALL = "too small"  # fewer answers than the least
    WITH_OTHERS = "with others"  # hidden so that no smaller group can be subtracted


class SurveyGroup(Model):
    """The score of a group on a scale; never of a person."""

    wave: str
    group_type: str
    group: str
    parent: str = ""
    headcount: int = Field(ge=0)
    respondents: int = Field(ge=0)
    instrument: str
    scale: str
    score: float
    scale_min: float
    scale_max: float
    line: int = 0

    @model_validator(mode="after")
    def _check(self) -> SurveyGroup:
        if self.scale_max <= self.scale_min:
            raise ValueError(f"scale_max {self.scale_max:g} is not above scale_min")
        if not self.scale_min <= self.score <= self.scale_max:
            raise ValueError(
                f"score {self.score:g} is outside {self.scale_min:g} to {self.scale_max:g}"
            )
        if self.respondents > self.headcount:
            raise ValueError(
                f"respondents {self.respondents} are more than the headcount of {self.headcount}"
            )
        return self

    @property
    def full_scale(self) -> str:
        """``cbi.work_burnout``."""
        return f"{self.instrument}.{self.scale}"

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from the other groups of a wave and scale."""
        return self.group_type, self.group


class PolicyRule(Model):
    """
    What a policy makes of a score: from ``at_least`` (or up to ``at_most``) it changes a rule.

    ``change`` is ``at most 0.82``, ``at least 30``, ``+15`` or ``-0.03``.
    """

    scale: str
    at_least: float | None = None
    at_most: float | None = None
    group_type: str
    rule: str
    change: str

    def speaks_of(self, group: SurveyGroup) -> bool:
        """Whether a group's score is one that it changes something for."""
        if (group.full_scale, group.group_type) != (self.scale, self.group_type):
            return False
        is_high = self.at_least is None or group.score >= self.at_least
        return is_high and (self.at_most is None or group.score <= self.at_most)

    @property
    def when(self) -> str:
        """``cbi.work_burnout >= 55``."""
        low = "" if self.at_least is None else f" >= {self.at_least:g}"
        high = "" if self.at_most is None else f" <= {self.at_most:g}"
        return f"{self.scale}{low}{high}"


class Policy(Model):
    """A policy file: the customer's own choice, which reports name."""

    id: str
    version: str
    decided_by: str
    strength: str = Field(default="soft", pattern="^(hard|soft)$")
    weight: float = Field(default=5.0, ge=0, le=10)
    sensitive: tuple[str, ...] = ()
    rules: tuple[PolicyRule, ...] = ()
    file: str = ""

    @property
    def name(self) -> str:
        """How reports name it."""
        return f"policy {self.id} {self.version}"


class SurveyEffect(Model):
    """What a policy changed for a group."""

    group_type: str
    group: str
    when: str
    rule: str
    before: float | None
    after: float
    unit: str
    bound: str = ""  # said where a bound held it back
    policy: str
    channels: tuple[str, ...] = ()  # whose cap it is, which all who serve them share

    @property
    def said(self) -> str:
        """In words."""
        was = "none" if self.before is None else f"{self.before:g}"
        bound = f" ({self.bound})" if self.bound else ""
        bound += f" of {', '.join(self.channels)}" if self.channels else ""
        return (
            f"{self.group_type} {self.group}: {self.rule} {was} -> {self.after:g} {self.unit}"
            f"{bound}, because {self.when} ({self.policy})"
        )


class Survey(Model):
    """
    The latest wave: the groups that may be shown, and what a policy makes of them.

    ``hidden`` are only counted. ``effects`` are those of the planned week.
    """

    wave: str
    shown: tuple[SurveyGroup, ...] = ()
    hidden: int = 0
    policy: Policy | None = None
    effects: tuple[SurveyEffect, ...] = ()

    @property
    def said(self) -> str:
        """What becomes of the scores, in words."""
        hidden = f", {self.hidden} hidden" if self.hidden else ""
        head = f"Survey {self.wave}: {len(self.shown)} scores of groups{hidden}."
        if self.policy is None:
            return f"{head} Without a policy file they change nothing."
        count = len(self.effects)
        made = f"changes {count} limit{'s' if count != 1 else ''}" if count else "changes nothing"
        name = self.policy.name
        return f"{head} The {name} ({self.policy.decided_by}) {made}."
