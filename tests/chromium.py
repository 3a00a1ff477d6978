"""Fixtures that open pages in a headless Chromium of this machine, driven by Playwright.

The browser is Debian's or the one that CHROMIUM names: Playwright's own would have to be fetched
from outside the package registries.
"""

import os
import shutil
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Request, Route, async_playwright

from tests.missing import missing

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# Nothing but what a test asks for may go over the network or survive it.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def find_chromium() -> str | None:
    """The path of a Chromium or Chrome, the one in CHROMIUM first; None when there is none."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser with a new, empty profile."""
    program = find_chromium()
    if program is None:
        missing("no Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What went wrong in the pages of this test; one that provokes an error clears its line."""
    return []


@pytest.fixture
async def page(browser: Browser, page_problems: list[str]) -> AsyncIterator[Page]:
    """An empty page of 1280 by 800; errors in its console, and requests to other machines, fail
    the test when it ends."""
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await watch(page, page_problems)
    yield page
    await page.close()
    assert not page_problems, "the page reported:\n" + "\n".join(page_problems)


async def watch(page: Page, problems: list[str]) -> None:
    """Add to `problems` each console error, uncaught exception and request to another machine."""

    async def hold_back(route: Route, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in LOCAL_HOSTS:
            problems.append(f"request to another machine: {request.url}")
            await route.abort()
        else:
            await route.continue_()

    page.on("pageerror", lambda error: problems.append(f"uncaught: {error}"))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    await page.route("**/*", hold_back)
