"""Where the files are that come with wfplan: the reference plan, law packs, layouts, profiles."""

from __future__ import annotations

from pathlib import Path

import wfplan


def configs_folder() -> Path:
    """Their folder: inside a wheel, or beside the checkout."""
    inside = Path(wfplan.__file__).parent / "configs"
    return inside if inside.is_dir() else inside.parent.parent / "configs"
