"""What ``wfplan doctor`` looks at; every check says what it saw and how to go on."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_PYTHON = ((3, 11), (3, 14))
_GIB = 2**30
_MEMORY_MIN = 2 * _GIB
_DISK_MIN = _GIB // 2
_RELEASED = datetime(2026, 1, 1, tzinfo=UTC)
_CLOCK_CHANGE = datetime(2026, 10, 25, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``verdict`` is ok, warn or fail."""

    name: str
    verdict: str
    seen: str
    hint: str = ""

    def as_line(self) -> str:
        """``ok    python           3.11.9``."""
        hint = f". {self.hint}" if self.hint else ""
        return f"{self.verdict:<5} {self.name:<16} {self.seen}{hint}"


def examine(folder: Path) -> list[Check]:
    """All checks, the most basic first."""
    return [
        _python(),
        *_libraries(),
        _highspy(),
        _zones(),
        _numba_cache(),
        _writable(folder),
        _disk(folder),
        _cores(),
        _memory(),
        _clock(),
    ]


def _python() -> Check:
    low, beyond = _PYTHON
    is_ok = low <= sys.version_info[:2] < beyond
    hint = "" if is_ok else "wfplan is made for Python 3.11 to 3.13"
    return Check("python", "ok" if is_ok else "fail", platform.python_version(), hint)


def _libraries() -> Iterator[Check]:
    """Every required library: its version, and that it can be imported."""
    imported = {"python-calamine": "python_calamine", "python-dateutil": "dateutil"}
    for requirement in metadata.requires("wfplan") or ():
        name = _name_of(requirement)
        if "extra ==" in requirement:
            continue
        try:
            version = metadata.version(name)
            import_module(imported.get(name, name))
        except metadata.PackageNotFoundError:
            yield Check(name, "fail", "not installed", f"python -m pip install '{requirement}'")
        except ImportError as error:
            hint = f"python -m pip install --force-reinstall '{requirement}'"
            yield Check(name, "fail", f"cannot be imported ({error})", hint)
        else:
            yield Check(name, "ok", version)


def _name_of(requirement: str) -> str:
    """``numpy`` of ``numpy<3,>=2.0``."""
    end = next((i for i, c in enumerate(requirement) if c in " <>=!~;["), len(requirement))
    return requirement[:end]


def _highspy() -> Check:
    """OR-Tools and highspy from 1.15 on cannot be loaded in one process."""
    found = {}
    for name in ("highspy", "ortools"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    if len(found) < 2:
        return Check("highspy clash", "ok", "no highspy beside ortools")
    seen = f"highspy {found['highspy']} beside ortools {found['ortools']}"
    hint = "they disturb each other in one process: python -m pip uninstall highspy"
    return Check("highspy clash", "warn", seen, hint)


def _zones() -> Check:
    """The clock change of a zone must be known."""
    hint = "python -m pip install --upgrade tzdata"
    try:
        offset = _CLOCK_CHANGE.astimezone(ZoneInfo("Europe/Dublin")).utcoffset()
    except ZoneInfoNotFoundError:
        return Check("time zones", "fail", "no time zone data", hint)
    if offset is None or offset.total_seconds() != 0:
        return Check("time zones", "fail", "clock changes are not known", hint)
    return Check("time zones", "ok", f"tzdata {metadata.version('tzdata')}")


def _numba_cache() -> Check:
    """Compiled kernels are kept, or each run begins with compiling them."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    kept = Path(given) if given else Path(__file__).parents[1] / "queueing"
    if _can_write(kept):
        return Check("numba cache", "ok", str(kept))
    hint = "set NUMBA_CACHE_DIR to a folder that can be written, or every build compiles anew"
    return Check("numba cache", "warn", f"{kept} cannot be written", hint)


def _writable(folder: Path) -> Check:
    if _can_write(folder):
        return Check("plan folder", "ok", str(folder.absolute()))
    return Check(
        "plan folder", "fail", f"{folder.absolute()} cannot be written", "go to one that can"
    )


def _can_write(folder: Path) -> bool:
    """Whether a file can be made in a folder, or in the first parent that exists."""
    existing = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    try:
        with tempfile.TemporaryFile(dir=existing):
            return True
    except OSError:
        return False


def _disk(folder: Path) -> Check:
    existing = next(
        path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()
    )
    free = shutil.disk_usage(existing).free
    hint = "" if free >= _DISK_MIN else "make room: a run takes some 10 MB, compiled kernels 50"
    return Check("disk", "warn" if hint else "ok", f"{free / _GIB:.1f} GB free", hint)


def _cores() -> Check:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Check("cores", "ok", str(cores))


def _memory() -> Check:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return Check("memory", "ok", "not known on this system")
    hint = "" if size >= _MEMORY_MIN else "a week of 140 people takes about 1 GB"
    return Check("memory", "warn" if hint else "ok", f"{size / _GIB:.1f} GB", hint)


def _clock() -> Check:
    now = datetime.now(UTC)
    hint = "" if now >= _RELEASED else "the clock lies before this version was made: set it"
    return Check("clock", "warn" if hint else "ok", f"{now:%Y-%m-%dT%H:%M:%SZ}", hint)
