"""A headless Chromium for the tests that look at pages, and axe-core to put into them.

The browser is Debian's package `chromium` (`apt-get install chromium`), or any Chromium whose path
is in SUFFICIENCY_BROWSER. Where there is none, the tests are skipped and say so; `.ci/run` names
one whether or not it could be installed, so there they fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")

#: WCAG 2.0 to 2.2, levels A and AA, and what is good practice beside them.
AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

#: Width of the text on A4 with the margins of the style sheet, in pixels of 96 to the inch.
PAPER_PX = 657

def browser_path() -> str:
    """Where the browser is. Skips the test where there is none, fails it where one is named."""
    named = os.environ.get("SUFFICIENCY_BROWSER")
    if named:
        found = shutil.which(named)
        return found or pytest.fail(f"SUFFICIENCY_BROWSER is '{named}', which is no program")
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.skip("no Chromium here; on Debian or Ubuntu: apt-get install chromium")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser of its own, closed at the end."""
    path = browser_path()
    with sync_playwright() as playwright:
        # Chromium's sandbox cannot start for root, as in a container; the pages are our own.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Browser, path: Path, width: int = 1280, **emulated: Any) -> Iterator[Page]:
    """A page in a tab so many pixels wide; `emulated` is what a browser context may be told."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **emulated)
    try:
        page = context.new_page()
        page.goto(path.as_uri())
        yield page
    finally:
        context.close()


@cache
def axe_script() -> str:
    """The source of axe-core, from the package that carries it."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def open_details(page: Page) -> None:
    """Open everything that can be unfolded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def violations(
    page: Page, *, only: Sequence[str] = (), but: Sequence[str] = (), without: Sequence[str] = ()
) -> list[str]:
    """What axe-core finds wrong: a line for each element, with its rule.

    only     these rules, and not all those of AXE_TAGS
    but      rules that are left out
    without  selectors of elements that are left out
    """
    page.evaluate(axe_script())
    chosen = {"type": "rule", "values": only} if only else {"type": "tag", "values": AXE_TAGS}
    options = {
        "runOnly": chosen,
        "rules": {rule: {"enabled": False} for rule in but},
        "resultTypes": ["violations"],
    }
    context = {"include": [["html"]], "exclude": [[selector] for selector in without]}
    found = page.evaluate("([context, options]) => axe.run(context, options)", [context, options])
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
