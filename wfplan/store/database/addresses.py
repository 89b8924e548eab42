"""Addresses of planning stores: a path of a SQLite file, or a URL of PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from wfplan.errors import InputError

_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "afs", "9p", "ceph", "gluster", "ncpfs")


def file_of(address: str) -> Path | None:
    """The file of a store; None of one on a server."""
    if "://" not in address:
        return Path(address)
    url = url_of(address)
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def shown(address: str) -> str:
    """An address as people write it, without its password."""
    if "://" not in address:
        return address
    url = url_of(address)
    return url.set(drivername=url.get_backend_name()).render_as_string(hide_password=True)


def network_disk_of(file: Path) -> str:
    """The kind of network disk that a file lies on, empty of a local one or where nobody says."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    folders = {str(one) for one in file.absolute().parents}
    found = [line.split()[1:3] for line in mounts.splitlines()]
    kind = max((one for one in found if one[0] in folders), key=lambda one: len(one[0]), default=[])
    return kind[1] if kind and kind[1].startswith(_NETWORK) else ""


def url_of(address: str) -> URL:
    """The URL of an address."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):  # the latter of a port; neither says it without a password
        raise InputError(_not_an_address(f"{address.partition('://')[0]}://...")) from None
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    kind = url.get_backend_name()
    if kind not in ("sqlite", "postgresql") or (kind == "sqlite" and not url.database):
        raise InputError(_not_an_address(f"{url.drivername}://..."))
    return url


def _not_an_address(address: str) -> str:
    return (
        f"store '{address}' is not an address: give a file such as wfplan.db, or "
        "postgresql://USER@HOST/DATABASE."
    )
