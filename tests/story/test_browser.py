"""The whole story in a browser, as a stranger would click it; takes the README's pictures too."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.chromium import watch

pytestmark = pytest.mark.browser

#: A Wednesday without public holidays near it, so that the story is the same on any day.
START = "2026-06-03T07:00+00:00"
#: Set by `make pictures`: where the README's pictures lie.
PICTURES = os.environ.get("PRODOPS_PICTURES")
PATIENCE = 15_000


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """`prodops sandbox` as its own process; the address that it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", "--start", START),
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(60):
        line = (await process.stdout.readline()).decode()
    yield line.split()[-1]
    process.terminate()
    await process.wait()


@pytest.fixture
async def tab(browser: Browser, page_problems: list[str]) -> AsyncIterator[Page]:
    """A page large enough for pictures, whose clock is not the workspace's."""
    page = await browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    await watch(page, page_problems)
    yield page
    await page.close()
    assert not page_problems, "\n".join(page_problems)


async def picture(page: Page, name: str, tmp_path: Path) -> None:
    await expect(page.locator("#clock:not([aria-busy])")).to_be_visible(timeout=PATIENCE)
    folder = Path(PICTURES) if PICTURES else tmp_path
    await page.screenshot(path=folder / f"{name}.png")


def acting_as(address: str, number: int) -> str:
    """The page of the sample team's `number`-th product manager, from 0 (the printed one)."""
    found = re.search(r"as=(U\w*?)(\d+)&", address)
    assert found
    digits = len(found[2])
    user = f"{found[1]}{int(found[2]) + number:0{digits}d}"
    return re.sub(r"as=U\w+", f"as={user}", address)


async def test_from_the_friday_prompt_to_the_monday_summary(
    address: str, tab: Page, tmp_path: Path
) -> None:
    await tab.goto(address)
    await tab.get_by_role("button", name="Next Friday 14:00").click()

    # The prompt waits in the app's messages; the form comes filled with last week's split.
    await tab.get_by_role("link", name="Messages").click()
    await expect(tab.get_by_text("Where did your week go?").last).to_be_visible(timeout=PATIENCE)
    await picture(tab, "prompt", tmp_path)
    await tab.get_by_role("button", name="Log my week").last.click()
    form = tab.get_by_role("dialog")
    await expect(form.get_by_text("Total 100%")).to_be_visible(timeout=PATIENCE)

    # A sum that misses 100 is said at once, refused at the field, and keeps what was typed.
    number = form.get_by_label("Strategy & decisions")
    before = await number.input_value()
    await number.fill(f"{float(before or 0) + 15:g}")
    await expect(form.get_by_text("15 too many")).to_be_visible(timeout=PATIENCE)
    await form.get_by_text("15 too many").scroll_into_view_if_needed()
    await picture(tab, "form", tmp_path)
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("total 115", exact=False)).to_be_visible(timeout=PATIENCE)
    # The page puts the cursor where something is wrong once it is no longer busy.
    await expect(tab.locator("#modal dialog:not([aria-busy])")).to_be_visible(timeout=PATIENCE)
    await expect(number).to_have_value(re.compile(r"\d"))
    await number.fill(before)
    await expect(form.get_by_text("ready to save")).to_be_visible(timeout=PATIENCE)
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)
    await expect(tab.get_by_text("Thank you").last).to_be_visible(timeout=PATIENCE)

    # Two colleagues answer with one click each, another in words.
    for colleague in (1, 2):
        await tab.goto(acting_as(address, colleague))
        await tab.get_by_role("link", name="Messages").click()
        await tab.get_by_role("button", name="Same as last week").last.click()
        await expect(tab.get_by_text("Thank you").last).to_be_visible(timeout=PATIENCE)
    await tab.goto(acting_as(address, 5))
    await tab.get_by_role("textbox").fill("/prodops log 30% jira, 40% strategy, 30% delivery")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_text("Your operational share 30%").last).to_be_visible(timeout=PATIENCE)

    # On Monday the channel reads the summary, with trends, and nobody is named in it.
    await tab.goto(address)
    await tab.get_by_role("button", name="Next Monday 14:00").click()
    headline = tab.get_by_text(re.compile(r"Operational \d+%, (above|within) the 30% line")).last
    await expect(headline).to_be_visible(timeout=PATIENCE)
    await expect(tab.get_by_role("img", name=re.compile("Operational share")).last).to_be_visible()
    await expect(tab.get_by_text(re.compile(r"\d of 8 logged")).last).to_be_visible()
    await headline.scroll_into_view_if_needed()
    await picture(tab, "summary", tmp_path)

    # Home shows the person's own week; Slack would have refused nothing on the way.
    await tab.get_by_role("link", name="Home").click()
    await expect(tab.get_by_text("My last weeks")).to_be_visible(timeout=PATIENCE)
    await picture(tab, "home", tmp_path)
    await expect(tab.get_by_text(re.compile(r"\b0 refused"))).to_be_visible()


async def test_from_ratings_to_what_holds_the_team_back(
    address: str, tab: Page, tmp_path: Path
) -> None:
    """A check-in is under way: one more person answers, the lead closes it, milestones follow."""
    await tab.goto(address)
    await tab.get_by_role("link", name="Messages").click()
    await tab.get_by_role("button", name="Rate now").click()
    form = tab.get_by_role("dialog")
    await form.get_by_label("Toolstack").get_by_label("1 Ad-hoc").check()
    await expect(form.get_by_text("Pick the highest line")).to_be_visible(timeout=PATIENCE)
    # What was chosen is kept, though the form is closed before it is sent.
    await form.get_by_role("button", name="Close").last.click()
    await tab.get_by_role("button", name="Rate now").click()
    await expect(form.get_by_label("Toolstack").get_by_label("1 Ad-hoc")).to_be_checked()
    for group in await form.get_by_role("radiogroup").all():
        if not await group.get_by_role("radio", checked=True).count():
            await group.get_by_label("3 Standardized").check()
    await form.get_by_role("button", name="Send my answers").click()
    await expect(form.get_by_text("Thank you")).to_be_visible(timeout=PATIENCE)

    await tab.goto(acting_as(address, -1))
    await tab.get_by_role("textbox").fill("/prodops maturity")
    await tab.keyboard.press("Enter")
    await tab.get_by_role("button", name="Close now").click()
    await tab.locator("#confirm-yes").click()
    result = tab.get_by_text(re.compile(r"Level \d of 5")).last
    await expect(result).to_be_visible(timeout=PATIENCE)
    await tab.set_viewport_size({"width": 1280, "height": 1180})
    await result.scroll_into_view_if_needed()
    await picture(tab, "maturity", tmp_path)
    await tab.get_by_role("button", name="Add next milestones to the checklist").click()
    await form.get_by_role("button", name="Add").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)

    # A message becomes an item by the menu that each message has.
    await tab.get_by_role("textbox").fill("Customers ask for one status page")
    await tab.keyboard.press("Enter")
    said = tab.locator("article").filter(has_text="one status page")
    await said.hover()
    await said.get_by_label("More actions for this message").click()
    await said.get_by_role("button", name="Add to the checklist").click()
    await expect(form).to_be_visible(timeout=PATIENCE)
    await form.get_by_role("button", name="Add").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)

    await tab.get_by_role("textbox").fill("/prodops checklist")
    await tab.keyboard.press("Enter")
    await expect(tab.get_by_text(re.compile(r"\d of 3\d done"))).to_be_visible(timeout=PATIENCE)
    await tab.set_viewport_size({"width": 1280, "height": 900})
    await picture(tab, "checklist", tmp_path)
    await expect(tab.get_by_text(re.compile(r"\b0 refused"))).to_be_visible()
