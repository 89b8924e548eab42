"""Files as bytes and as text, inside limits, whatever lies at the path.

A file is opened only when it is a regular file of a bearable size. Gzip is
unpacked by the piece and stops at the limit; text is decoded by the piece and
stops at the first line that no table has. So a 100 MB line, a gzip bomb, a
pipe or a loop of links ends in a message after little work.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import hashlib
import io
import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path

from wfplan.errors import did_you_mean
from wfplan.intake.book import BadValueError

BYTES_MAX = 200 * 1024**2
LINE_MAX = 1024**2
FIELD_MAX = 64 * 1024
_PIECE = 1024**2
_HEAD = 4 * LINE_MAX

_OLE = b"\xd0\xcf\x11\xe0"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class BadFileError(BadValueError):
    """A file that cannot be read: reason, hint, and the line where one is known."""

    def __init__(self, reason: str, hint: str = "", line: int | None = None) -> None:
        self.line = line
        super().__init__(reason, hint)


@dataclass(frozen=True)
class RawFile:
    """The bytes of a file (unpacked where it was gzip) and the hash of what lay on the disk."""

    path: Path
    content: bytes
    sha256: str


@dataclass(frozen=True)
class DecodedText:
    """The text of a file, with what had to be guessed to read it."""

    text: str
    notes: tuple[str, ...] = ()


def read_file(path: Path, limit: int = BYTES_MAX, *, has_lines: bool = True) -> RawFile:
    """
    The bytes of a regular file of at most ``limit`` bytes.

    One that ``has_lines`` is refused at an endless first line; JSON may be one.

    Raises
    ------
    BadFileError
        When there is nothing, a folder or a device, no right to read, a loop
        of links, or too much.
    """
    try:
        status = path.stat()
        _check_status(path, status, limit)
        with path.open("rb") as file:
            head = file.read(_HEAD)
            if has_lines:
                _check_head(head)
            content = head + file.read(limit + 1 - len(head))
    except (OSError, ValueError) as error:
        raise _explained(path, error) from None
    if len(content) > limit:
        raise _too_large(limit)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(b"\x1f\x8b"):
        content = _unzipped(content, limit)
    return RawFile(path, content, digest)


def _check_status(path: Path, status: os.stat_result, limit: int) -> None:
    """Refuse what is no regular file, is empty, or is too large."""
    if stat.S_ISDIR(status.st_mode):
        raise BadFileError("is a folder, not a file", "name the file inside it")
    if not stat.S_ISREG(status.st_mode):
        raise BadFileError("is not a regular file", "copy its content into a file")
    if status.st_size > limit:
        raise _too_large(limit)
    if status.st_size == 0:
        raise BadFileError("is empty", "restore it, or export it again")


def _check_head(head: bytes) -> None:
    """Refuse an endless first line before the rest of the file is read."""
    is_packed = head.startswith((b"PK", b"PAR1", b"\x1f\x8b", _OLE))
    if len(head) == _HEAD and not is_packed and b"\n" not in head and b"\r" not in head:
        raise _endless_line(1)


def _endless_line(line: int) -> BadFileError:
    """The fault of a line that no table has."""
    return BadFileError(
        f"line {line} is longer than {LINE_MAX // 1024} KB: this is not a table",
        "export it again as CSV, one row a line",
        line,
    )


def _explained(path: Path, error: OSError | ValueError) -> BadFileError:
    """An operating system error in words."""
    code = getattr(error, "errno", None)
    if isinstance(error, FileNotFoundError):
        return BadFileError("does not exist", _neighbour(path))
    if isinstance(error, PermissionError):
        return BadFileError("may not be read", "give yourself the right to read it (chmod u+r)")
    if isinstance(error, NotADirectoryError):
        return BadFileError("does not exist: a part of its path is a file", "check the path")
    if code == errno.ELOOP or "Symlink loop" in str(error):
        return BadFileError("is a link that leads back to itself", "put the file itself there")
    if isinstance(error, ValueError):
        return BadFileError("is not a path that a file can have", "check [inputs]")
    return BadFileError(f"cannot be read ({(error.strerror or 'unknown reason').lower()})")


def _neighbour(path: Path) -> str:
    """A file of the same folder whose name is close."""
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return "its folder does not exist either" if not path.parent.exists() else ""
    if path.name == "plan.toml":
        return "give a plan folder, such as 'wfplan init' writes, or the path of its plan file"
    return did_you_mean(path.name, names) or "check [inputs] of the plan file"


def _too_large(limit: int) -> BadFileError:
    """The fault of a file beyond the limit."""
    return BadFileError(
        f"is larger than {limit // 1024**2} MB", "leave out the years that are not needed"
    )


def _unzipped(content: bytes, limit: int) -> bytes:
    """The unpacked bytes of gzip, all members of it, at most ``limit`` of them."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            unpacked = file.read(limit + 1)
    except EOFError:
        raise BadFileError("is a gzip file that ends too early", "copy it again") from None
    except (zlib.error, gzip.BadGzipFile):
        raise BadFileError("is a damaged gzip file", "export it again") from None
    if len(unpacked) > limit:
        raise BadFileError(
            f"unpacks to more than {limit // 1024**2} MB", "leave out the years that are not needed"
        )
    if not unpacked:
        raise BadFileError("is empty inside its gzip", "write the header line and the rows into it")
    return unpacked


def decoded(content: bytes) -> DecodedText:
    """
    Text of UTF-8 (with or without byte order mark), UTF-16, or Windows-1252 as a guess.

    Raises
    ------
    BadFileError
        With the line: a line longer than any table's, NUL bytes, broken text.
    """
    encoding, start, notes = _encoding(content)
    try:
        return DecodedText(_decoded_by_piece(content[start:], encoding), notes)
    except UnicodeDecodeError:
        if encoding != "utf-8" or start:
            raise BadFileError(
                f"is not the {encoding.upper()} text it says it is", "save it as 'CSV UTF-8'"
            ) from None
    try:
        text = _decoded_by_piece(content, "cp1252")
    except UnicodeDecodeError:
        raise BadFileError("is not text in UTF-8", "save it as 'CSV UTF-8'") from None
    line = _first_line_that_is_not_utf8(content)
    note = (
        f"is not UTF-8 (line {line}): read as Windows-1252, so check names with accents; "
        "save it as 'CSV UTF-8' to be sure"
    )
    return DecodedText(text, (note,))


def _encoding(content: bytes) -> tuple[str, int, tuple[str, ...]]:
    """The encoding that the first bytes show, where the text starts, and what was guessed."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) and content[4:5]:
        raise BadFileError("is UTF-32 text", "save it as 'CSV UTF-8'")
    for mark, name in _BOMS:
        if content.startswith(mark):
            start = len(mark) if name == "utf-8" else 0
            return name, start, ()
    head = content[:64]
    if len(head) >= 8 and not any(head[1:8:2]) and all(head[0:8:2]):
        return "utf-16-le", 0, ("read as UTF-16 without a byte order mark",)
    if len(head) >= 8 and not any(head[0:8:2]) and all(head[1:8:2]):
        return "utf-16-be", 0, ("read as UTF-16 without a byte order mark",)
    return "utf-8", 0, ()


def _decoded_by_piece(content: bytes, encoding: str) -> str:
    """Text, decoded by the piece and refused at the first NUL or endless line."""
    decoder = codecs.getincrementaldecoder(encoding)()
    pieces: list[str] = []
    line, length = 1, 0
    for at in range(0, len(content), _PIECE):
        piece = decoder.decode(content[at : at + _PIECE], final=at + _PIECE >= len(content))
        first = min((p for p in (piece.find("\n"), piece.find("\r")) if p >= 0), default=-1)
        length += len(piece) if first < 0 else first
        if length > LINE_MAX:
            raise _endless_line(line)
        if (nul := piece.find("\0")) >= 0:
            raise BadFileError(
                "holds a NUL byte: it is damaged, or no text file",
                "export it again as CSV",
                line + piece.count("\n", 0, nul),
            )
        if first >= 0:
            length = len(piece) - max(piece.rfind("\n"), piece.rfind("\r"))
        line += piece.count("\n")
        pieces.append(piece)
    return "".join(pieces)


def _first_line_that_is_not_utf8(content: bytes) -> int:
    """The line of the first byte that is not UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return 1


def is_old_workbook(content: bytes) -> bool:
    """Whether the bytes are an .xls or an encrypted workbook."""
    return content.startswith(_OLE)
