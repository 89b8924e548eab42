"""What the tests of the exports share."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from dataclasses import replace

import pytest

from wfplan.export import exported


@pytest.fixture
def files(synthetic):
    """A function that exports the made-up schedule, all ids known: name of the target -> files."""

    def export(name, schedule=None, problem=None, *, settings=None, key=None, **more):
        given = {"schedule": schedule, "problem": problem}
        order = synthetic.order(**{k: v for k, v in given.items() if v is not None}, **more)
        if not order.ids.known:
            order = replace(order, ids=synthetic.ids(order, name))
        return exported(name, order, settings=settings, key=key)[0]

    return export


@pytest.fixture
def in_libreoffice(tmp_path):
    """A function that opens a workbook's bytes in LibreOffice: name of the sheet -> its rows."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")

    def opened(raw):
        path, out = tmp_path / "book.xlsx", tmp_path / "out"
        path.write_bytes(raw)
        sheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", sheets,
             "--outdir", str(out), str(path)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        texts = {one.stem.partition("-")[2]: one.read_text(encoding="utf-8-sig")
                 for one in out.iterdir()}  # fmt: skip
        return {name: list(csv.reader(io.StringIO(text, newline="")))
                for name, text in texts.items()}  # fmt: skip

    return opened
