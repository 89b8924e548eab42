"""Headless Chromium, and reports written to files for it to open."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from wfplan.report import render

DESKTOP, PHONE = (1440, 900), (390, 844)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here opens a browser, which takes its time."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@dataclass
class Opened:
    """A page, and what happened while it was open."""

    page: Page
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; its absence fails under CI and skips elsewhere."""
    known = os.environ.get("WFPLAN_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if known is None:
        message = "no Chromium: install the package 'chromium' or set WFPLAN_CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=known, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def weeks() -> ModuleType:
    """The module that makes runs up, of the report's own tests."""
    path = Path(__file__).parent.parent / "report" / "synthetic_week.py"
    spec = importlib.util.spec_from_file_location("synthetic_week", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def reports(weeks: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports by name: an ordinary week, both clock changes, a large one, nothing at all."""
    runs = {
        "week": weeks.synthetic_run(),
        "spring": weeks.synthetic_run(60, first_day=date(2026, 3, 23), is_round_the_clock=True),
        "autumn": weeks.synthetic_run(300, first_day=date(2026, 10, 19), is_round_the_clock=True),
        "empty": weeks.empty_run(),
    }
    folder = tmp_path_factory.mktemp("reports")
    for name, run in runs.items():
        (folder / f"{name}.html").write_text(render(run), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in runs}


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., Opened]]:
    """A function that opens a report at a size, and closes it after the test."""
    contexts = []

    def visit(path: Path, size: tuple[int, int] = DESKTOP, **options: object) -> Opened:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        found = Opened(context.new_page())
        found.page.on("console", lambda m: found.messages.append(f"{m.type}: {m.text}"))
        found.page.on("pageerror", lambda error: found.messages.append(f"error: {error}"))
        found.page.on("dialog", lambda d: (found.messages.append("dialog"), d.dismiss()))
        found.page.on("request", lambda r: found.requests.append(r.url))
        found.page.goto(path.as_uri())
        return found

    yield visit
    for context in contexts:
        context.close()
