"""What all domain objects share: frozen, closed, checked on creation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from typing import Self


class Model(BaseModel):
    """A frozen pydantic model that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with some fields changed; what was computed from the old ones is forgotten."""
        copied = super().model_copy(update=update, deep=deep)
        for kind in type(self).__mro__:
            for name, one in vars(kind).items():
                if isinstance(one, cached_property):
                    copied.__dict__.pop(name, None)
        return copied
