"""Where compiled kernels are kept: a folder of their own for each state of the sources.

Numba recompiles a kernel when its own file changes, not when a kernel that it
calls does. An upgrade in place could therefore go on with yesterday's
machine code. The folder's name is a digest of the files that hold kernels, so
that any change begins afresh.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

ROOMS = ("queueing", "staffing", "scheduling", "simulation")
VARIABLE = "NUMBA_CACHE_DIR"


def keep_kernels_by_source() -> None:
    """Point numba's cache at the folder of these sources, unless the user has chosen one."""
    if VARIABLE in os.environ:
        return
    folder = kernel_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return  # numba then looks for a place itself
    if os.access(folder, os.W_OK):
        os.environ[VARIABLE] = str(folder)


def kernel_folder() -> Path:
    """The folder of these sources, in the user's cache."""
    return _user_cache() / "wfplan" / f"kernels-{_digest()}"


def _digest() -> str:
    """A short hash of what the rooms with kernels hold, and of the Python that runs them."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(sys.version.encode())
    for room in ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(str(path.relative_to(package)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _user_cache() -> Path:
    """The folder for caches on this system."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if os.environ.get(variable):
            return Path(os.environ[variable])
    return Path.home() / ".cache"
