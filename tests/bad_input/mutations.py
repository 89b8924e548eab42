"""Small changes to a good plan folder, each of which a planner or an attacker could make."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

Mutation = Callable[[Path], None]


def edit(file: str, old: str, new: str, count: int = 1) -> Mutation:
    """Put ``new`` where ``old`` stands (the first time)."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        (folder / file).write_text(text.replace(old, new, count), encoding="utf-8")

    return change


def append(file: str, *lines: str) -> Mutation:
    """Add lines at the end."""

    def change(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)

    return change


def put(file: str, content: str | bytes) -> Mutation:
    """Replace the whole file."""

    def change(folder: Path) -> None:
        raw = content.encode() if isinstance(content, str) else content
        (folder / file).write_bytes(raw)

    return change


def rows(file: str, *lines: str) -> Mutation:
    """Keep the header of a table and replace its rows."""

    def change(folder: Path) -> None:
        header = (folder / file).read_text(encoding="utf-8").splitlines()[0]
        (folder / file).write_text("\n".join([header, *lines, ""]), encoding="utf-8")

    return change


def encode(file: str, encoding: str) -> Mutation:
    """Store the text of a file in another encoding."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(text.encode(encoding))

    return change


def separate(file: str, delimiter: str) -> Mutation:
    """Separate the columns by something else."""
    return edit(file, ",", delimiter, -1)


def remove(file: str) -> Mutation:
    """Take a file away."""
    return lambda folder: (folder / file).unlink()


def make_folder(file: str) -> Mutation:
    """A folder where a file should be."""

    def change(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).mkdir()

    return change


def link_to_itself(file: str) -> Mutation:
    """A symbolic link that leads back to itself."""

    def change(folder: Path) -> None:
        (folder / file).unlink()
        (folder / file).symlink_to(file)

    return change


def pipe(file: str) -> Mutation:
    """A named pipe, from which a careless reader would wait for ever."""

    def change(folder: Path) -> None:
        (folder / file).unlink()
        os.mkfifo(folder / file)

    return change


def one_long_line(file: str, megabytes: int) -> Mutation:
    """A file that is one endless line."""

    def change(folder: Path) -> None:
        with (folder / file).open("wb") as out:
            for _ in range(megabytes):
                out.write(b"a" * 1024**2)

    return change


def sparse(file: str, megabytes: int) -> Mutation:
    """A file that is larger than the limit and takes no room on the disk."""

    def change(folder: Path) -> None:
        with (folder / file).open("r+b") as out:
            out.truncate(megabytes * 1024**2)

    return change


def gzip_bomb(file: str, megabytes: int) -> Mutation:
    """A small gzip file that unpacks to a large one."""

    def change(folder: Path) -> None:
        with gzip.open(folder / file, "wb", compresslevel=9) as out:
            for _ in range(megabytes):
                out.write(b"\n" * 1024**2)

    return change


def zip_of(file: str, entries: dict[str, bytes]) -> Mutation:
    """A zip archive in place of a table."""

    def change(folder: Path) -> None:
        with zipfile.ZipFile(folder / file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in entries.items():
                archive.writestr(name, content)

    return change


def both(*mutations: Mutation) -> Mutation:
    """Several changes."""

    def change(folder: Path) -> None:
        for mutation in mutations:
            mutation(folder)

    return change
