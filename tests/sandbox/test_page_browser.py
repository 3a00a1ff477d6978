"""The page in a real browser: typing, clicking and the keyboard, with a small bot behind it."""

import asyncio

import pytest
from playwright.async_api import Locator, Page, expect

from sandbox.entities import Channel, User
from sandbox.server import Sandbox
from tests.sandbox.conftest import Api, Bot, Received, actions, button, plain, section
from tests.sandbox.form_bot import FormBot

pytestmark = pytest.mark.browser


@pytest.fixture
def form_bot(bot: Bot, api: Api) -> FormBot:
    answers = FormBot(api)
    bot.answer = answers
    return answers


@pytest.fixture
async def shown(sandbox: Sandbox, mira: User, channel: Channel, page: Page) -> Page:
    # The workspace comes first, so that it outlives the page that listens to it.
    await page.goto(f"{sandbox.base_url}/?as={mira.id}&in={channel.id}")
    return page


async def test_a_command_then_a_form_with_errors_by_keyboard_alone(
    shown: Page, form_bot: FormBot
) -> None:
    box = shown.get_by_label("Message #product")
    await expect(box).to_be_focused()
    await box.fill("/pro")
    await shown.keyboard.press("ArrowDown")
    await shown.keyboard.press("Enter")
    await expect(box).to_have_value("/prodops ")
    await shown.keyboard.type("help")
    await shown.keyboard.press("Enter")
    await expect(box).to_have_value("")
    await shown.get_by_role("button", name="Log").click()

    dialog = shown.get_by_role("dialog", name="Form")
    strategy = dialog.get_by_label("Strategy")
    await expect(strategy).to_be_focused()
    await shown.keyboard.type("60", delay=20)
    await expect(dialog).to_contain_text("Total 60")
    await expect(strategy).to_be_focused()
    await expect(strategy).to_have_value("60")

    await shown.keyboard.press("Tab")
    await shown.keyboard.type("30", delay=20)
    await expect(dialog).to_contain_text("Total 90")
    await shown.keyboard.press("Enter")
    await expect(dialog.get_by_role("alert")).to_have_text("It must total 100.")
    await expect(strategy).to_be_focused()
    await expect(strategy).to_have_value("60")
    await expect(dialog.get_by_label("Delivery")).to_have_value("30")

    await dialog.get_by_label("Delivery").fill("40")
    await expect(dialog).to_contain_text("Total 100")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    assert form_bot.sent[0]["delivery"]["value"]["value"] == "40"

    await box.fill("/prodops log")
    await box.press("Enter")
    await expect(dialog).to_be_visible()
    await shown.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(box).to_be_focused()


async def _opened(page: Page) -> Locator:
    """The form of the bot, opened by command."""
    await page.get_by_label("Message #product").fill("/prodops log")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Form")
    await expect(dialog).to_be_visible()
    return dialog


async def test_save_is_not_lost_when_the_form_grows_while_it_is_pressed(
    shown: Page, form_bot: FormBot, bot: Bot
) -> None:
    dialog = await _opened(shown)
    form_bot.remark = ": that is all of your week, and ready to be saved." * 8
    form_bot.may_sum.clear()
    await dialog.get_by_label("Strategy").fill("100")
    await bot.heard(2)
    await dialog.get_by_role("button", name="Save").hover()
    await shown.mouse.down()
    async with shown.expect_response("**/page/act*"):
        form_bot.may_sum.set()
    # Far longer than it takes to draw what has arrived.
    await shown.wait_for_timeout(150)
    await shown.mouse.up()
    await expect(dialog).to_have_count(0)
    assert len(form_bot.sent) == 1


async def test_save_waits_for_the_sum_under_way_so_that_its_errors_stay(
    shown: Page, form_bot: FormBot, bot: Bot
) -> None:
    dialog = await _opened(shown)
    form_bot.may_sum.clear()
    await dialog.get_by_label("Strategy").fill("115")
    await bot.heard(2)
    await dialog.get_by_role("button", name="Save").click()
    await shown.wait_for_timeout(150)
    form_bot.may_sum.set()
    await expect(dialog).to_contain_text("Total 115")
    await expect(dialog.get_by_role("alert")).to_have_text("It must total 100.")


async def test_what_arrives_disturbs_nobody_who_types(
    shown: Page, api: Api, bot: Bot, channel: Channel
) -> None:
    box = shown.get_by_label("Message #product")
    await box.fill("half a sen")
    await api("chat.postMessage", channel=channel.id, text="Something new")
    await expect(shown.get_by_text("Something new")).to_be_visible()
    await shown.keyboard.type("tence")
    await expect(box).to_have_value("half a sentence")
    await shown.reload()
    await expect(box).to_have_value("half a sentence")
    width = await _narrow(shown)
    assert width <= 390


async def _narrow(shown: Page) -> int:
    """Makes the window as narrow as a phone's; the width that the page then needs."""
    await shown.set_viewport_size({"width": 390, "height": 780})
    sidebar = shown.get_by_role("navigation", name="Workspace")
    await expect(sidebar).to_be_hidden()
    await shown.get_by_role("button", name="Show channels and people").click()
    await expect(sidebar).to_be_visible()
    return int(await shown.evaluate("document.documentElement.scrollWidth"))


async def test_a_click_that_is_not_answered_says_so_and_a_confirmation_is_asked(
    shown: Page, api: Api, bot: Bot, sandbox: Sandbox, channel: Channel
) -> None:
    sandbox.courier.ack_seconds = 0.3

    async def dawdles(received: Received) -> None:
        await asyncio.sleep(0.6)

    bot.answer = dawdles
    sure = {"title": plain("Skip it?"), "text": plain("No prompt then."), "confirm": plain("Skip"),
            "deny": plain("Keep")}  # fmt: skip
    blocks = [actions(button("Skip this week", "skip", confirm=sure), block_id="b")]
    await api("chat.postMessage", channel=channel.id, text="x", blocks=blocks)
    skip = shown.get_by_role("button", name="Skip this week")
    await skip.click()
    await shown.get_by_role("button", name="Keep").click()
    assert "block_actions" not in [received.kind for received in bot.received]
    await skip.click()
    await shown.get_by_role("button", name="Skip", exact=True).click()
    await expect(skip).to_have_attribute("aria-busy", "true")
    await expect(shown.get_by_role("alert")).to_contain_text("operation_timeout")
    await expect(skip).not_to_have_attribute("aria-busy", "true")


async def test_acting_as_somebody_else_and_moving_the_clock(
    shown: Page, bot: Bot, sandbox: Sandbox, channel: Channel
) -> None:
    otto = sandbox.workspace.add_user("Otto Lang", tz="Asia/Kolkata")
    channel.members.append(otto.id)
    await shown.locator("summary", has_text="Acting as").click()
    await shown.get_by_role("link", name="Otto Lang").click()
    await expect(shown.locator("#sidebar")).to_contain_text("Fri 18:30 in Kolkata")
    await expect(shown.locator("#now")).to_have_text("18:30")
    await shown.get_by_role("button", name="+1 h").click()
    await expect(shown.locator("#now")).to_have_text("19:30")


async def test_calls_open_to_their_json_and_hostile_words_run_nothing(
    shown: Page, api: Api, sandbox: Sandbox, channel: Channel
) -> None:
    await api("chat.postMessage", channel=channel.id, text="fine")
    await api("chat.postMessage", channel="C404", text="lost")
    panel = shown.get_by_role("complementary", name="API calls")
    await expect(panel).to_contain_text("channel_not_found")
    await panel.get_by_label("Refused only").check()
    await expect(panel.locator(".entry:visible")).to_have_count(1)
    await panel.locator(".entry:visible summary").click()
    await expect(panel.locator("pre").first).to_contain_text('"channel": "C404"')

    bad = "<img src=x onerror=\"document.title='hit'\"><script>document.title='hit'</script>"
    sandbox.workspace.add_user(bad)
    blocks = [section(bad), actions(button(bad[:70], "a", value=bad), block_id="b")]
    await api("chat.postMessage", channel=channel.id, text=bad, blocks=blocks)
    await expect(shown.locator("#stream article").last).to_contain_text("onerror")
    assert await shown.title() == "#product · Sandbox"
    assert await shown.locator("#stream img, #stream script").count() == 0
