"""Files of Oracle's HCM Data Loader: lines of values between bars, and the zip they travel in.

References
----------
Oracle Fusion Cloud Human Resources, *HCM Data Loader*: "How You Manage Reserved Characters",
"HCM Data Loader Data and .zip Files".
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from wfplan.domain.cells import single_line

_BEGINNING = (1980, 1, 1, 0, 0, 0)  # of the times that a zip can tell
_UNIX = 3


def escaped(text: str) -> str:
    """Text as an attribute's value: on one line, the reserved characters escaped."""
    return single_line(text).replace("\\", "\\\\").replace("|", "\\|")


def merge_line(component: str, *values: str) -> str:
    """A line that makes or changes something."""
    return "|".join(("MERGE", component, *map(escaped, values)))


def data_file(parts: Iterable[tuple[str, Sequence[str], Sequence[str]]]) -> bytes:
    """A file of components: their name, their attributes in order, their lines."""
    lines = (
        line
        for name, attributes, held in parts
        for line in ("|".join(("METADATA", name, *attributes)), *held)
    )
    return "".join(f"{line}\n" for line in lines).encode()


def zipped(name: str, raw: bytes) -> bytes:
    """The zip that is uploaded: the file without a folder, of no time and no machine."""
    entry = zipfile.ZipInfo(name, _BEGINNING)
    entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, _UNIX
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, raw)
    return buffer.getvalue()
