"""A real browser, and a server of our own that it looks at."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from own_server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
BUSY = "[aria-busy=true]"
PATIENCE_MS = 45_000  # the simulator is compiled when it is first used


@dataclass
class Looked:
    """A page in the browser, and what went wrong on it."""

    page: Page
    site: str
    said: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Go to a page, and wait until its parts have come."""
        self.page.goto(self.site + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        from playwright.sync_api import expect

        expect(self.page.locator(BUSY)).to_have_count(0, timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium; without it, or the library that drives it, the test is skipped.

    Of one file at a time: while Playwright is there, no other loop can be run in its thread.
    """
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no chromium on this machine: apt install chromium")
    with driver.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server whose store has what the package brings."""
    with serving(tmp_path_factory.mktemp("store")) as address:
        yield address


@pytest.fixture
def look(chromium: Browser, site: str) -> Iterator[Callable[..., Looked]]:
    """Open a page of one's own: how wide, how high, in which colours."""
    opened = []

    def open_page(width: int = 1600, height: int = 900, colours: str = "light") -> Looked:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=colours
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
        opened.append(context)
        seen = Looked(context.new_page(), site)
        seen.page.on("console", lambda told: seen.said.append(f"{told.type}: {told.text}"))
        seen.page.on("pageerror", lambda error: seen.said.append(f"error: {error}"))
        seen.page.on(
            "request",
            lambda asked: asked.url.startswith((site, "data:")) or seen.elsewhere.append(asked.url),
        )
        return seen

    yield open_page
    for context in opened:
        context.close()
