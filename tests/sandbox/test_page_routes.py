"""What the page shows of a served workspace, and how it hears of changes."""

import asyncio
import json
from datetime import datetime, timedelta

import aiohttp

from sandbox.clock import SandboxClock
from sandbox.entities import Channel, User
from sandbox.server import Sandbox
from tests.sandbox.conftest import (
    Api,
    Bot,
    section,
)
from tests.sandbox.page_reading import Page
from tests.sandbox.visiting import Visitor, region


async def test_an_empty_workspace_has_a_page(
    session: aiohttp.ClientSession, sandbox: Sandbox
) -> None:
    page = await Visitor(session, sandbox.base_url, "", "").show()
    assert "There is nobody in this workspace yet." in page.text
    assert page.balanced


async def test_the_page_shows_channels_people_and_messages(
    visitor: Visitor, sandbox: Sandbox, mira: User, channel: Channel
) -> None:
    sandbox.workspace.add_user("Gil <script>", tz="Asia/Kolkata", is_restricted=True)
    sandbox.workspace.add_user("Dana", deleted=True)
    await sandbox.people.say(mira.id, channel.id, "Hello *all* <b>")
    shown = await visitor.show()
    assert shown.balanced
    assert shown.one("h1").text == "#product"
    people = [tag.text for tag in shown.all("a") if "data-person" in tag.attrs]
    assert any("Gil <script>" in words for words in people)
    assert "Guest · Fri 18:30 Kolkata" in shown.text
    assert "Deactivated" in shown.text
    message = next(tag for tag in shown.all("article"))
    assert "Hello all <b>" in message.text
    assert [tag.attrs.get("src") for tag in shown.all("script")] == ["/page/page.js"]


async def test_unread_messages_are_counted_until_one_looks(
    visitor: Visitor, bot: Bot, api: Api, clock: SandboxClock, mira: User, channel: Channel
) -> None:
    await visitor.show()
    clock.advance(timedelta(minutes=1))
    await api("chat.postMessage", channel=mira.id, text="one")
    await api("chat.postMessage", channel=mira.id, text="two")
    await api("chat.postEphemeral", channel=channel.id, user=mira.id, text="three")
    counts = [tag.attrs["aria-label"] for tag in (await visitor.show()).all("span", class_="count")]
    assert counts == ["2 unread"]
    visitor.query["in"] = "dm"
    await visitor.show()
    assert (await visitor.show()).all("span", class_="count") == []


async def test_calls_and_deliveries_are_listed_with_what_slack_refused(
    visitor: Visitor, bot: Bot, api: Api, session: aiohttp.ClientSession, channel: Channel
) -> None:
    await visitor.do("say", text="/prodops help")
    await api("chat.postMessage", channel=channel.id, text="x", blocks=[section("y" * 3001)])
    shown = await visitor.show()
    refused = [t for t in shown.all("details") if (t.attrs["class"] or "") == "entry refused"]
    assert len(refused) == 1
    assert "invalid_blocks" in refused[0].text
    assert "/blocks/0/text/text" in refused[0].text
    assert "must be less than 3001 characters" in refused[0].text
    assert any("ack in" in tag.text for tag in shown.all("details"))
    kind = refused[0].attrs["data-details"]
    async with session.get(f"{visitor.base_url}/page/details/{kind}") as response:
        details = Page(await response.text())
    arguments = json.loads(details.all("pre")[0].text)
    assert arguments["channel"] == channel.id
    async with session.get(f"{visitor.base_url}/page/details/call/999") as response:
        assert response.status == 404


async def test_a_waiting_browser_hears_of_a_change_at_once(
    visitor: Visitor, sandbox: Sandbox, api: Api, channel: Channel
) -> None:
    version = sandbox.version
    waiting = asyncio.create_task(visitor.changes(version))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await api("chat.postMessage", channel=channel.id, text="news")
    answer = await asyncio.wait_for(waiting, 2)
    assert answer["version"] > version
    assert "news" in region(answer, "stream").text


async def test_a_page_of_an_earlier_server_is_told_to_load_anew(
    visitor: Visitor, session: aiohttp.ClientSession
) -> None:
    params = {**visitor.query, "since": "99999", "run": "earlier"}
    async with session.get(f"{visitor.base_url}/page/changes", params=params) as response:
        assert await response.json() == {"reload": True}


class Controls:
    """Stands in for the product: notes the steps and tells a plan, or fails to."""

    def __init__(self, clock: SandboxClock) -> None:
        self.steps: list[str] = []
        self.clock = clock
        self.broken = False

    async def advance(self, hours: float) -> None:
        self.steps.append(f"advance {hours:g}")

    async def next_event(self) -> None:
        self.steps.append("next")

    async def to_friday(self) -> None:
        self.steps.append("friday")

    async def to_monday(self) -> None:
        self.steps.append("monday")

    async def upcoming(self) -> list[tuple[datetime, str]]:
        if self.broken:
            raise ConnectionError("the database is gone")
        at = self.clock.now() + timedelta(hours=2)
        return [(at, f"Prompt to {name}") for name in ("Ada", "Bo", "Cy")]


async def test_the_clock_moves_alone_or_with_the_product(
    visitor: Visitor, sandbox: Sandbox, clock: SandboxClock
) -> None:
    start = clock.now()
    await visitor.do("clock", step="hour")
    await visitor.do("clock", step="day")
    assert clock.now() - start == timedelta(hours=25)
    assert not (await visitor.do("clock", step="friday"))["ok"]

    controls = Controls(clock)
    sandbox.clock_controls = controls
    for step in ("hour", "day", "next", "friday", "monday"):
        answer = await visitor.do("clock", step=step)
    assert controls.steps == ["advance 1", "advance 24", "next", "friday", "monday"]
    assert "Prompt to Ada · Prompt to Bo and 1 more" in region(answer, "clock").text
    assert "in 2 hours" in region(answer, "clock").text


async def test_a_plan_that_can_not_be_read_does_not_take_the_page_down(
    visitor: Visitor, sandbox: Sandbox, clock: SandboxClock
) -> None:
    controls = Controls(clock)
    controls.broken = True
    sandbox.clock_controls = controls
    assert "The plan can't be read at the moment." in (await visitor.show()).text


async def test_long_names_and_long_messages_are_drawn_whole(
    visitor: Visitor, sandbox: Sandbox, mira: User, channel: Channel
) -> None:
    long = sandbox.workspace.add_user("محمد " * 12 + "<i>", tz="Nowhere/Land")
    channel.members.append(long.id)
    await sandbox.people.say(long.id, channel.id, "\n".join(f"line {n}" for n in range(200)))
    shown = await visitor.show()
    assert shown.balanced
    assert "Show all 200 lines" in shown.text
    assert "line 199" in shown.text


async def test_words_of_one_author_run_on_and_what_the_app_built_stands_alone(
    visitor: Visitor, sandbox: Sandbox, api: Api, mira: User, channel: Channel, clock: SandboxClock
) -> None:
    for words in ("one", "two"):
        await sandbox.people.say(mira.id, channel.id, words)
    clock.advance(timedelta(minutes=6))
    await sandbox.people.say(mira.id, channel.id, "three")
    for words in ("four", "five"):
        await api("chat.postEphemeral", channel=channel.id, user=mira.id, text=words)
    for words in ("six", "seven"):
        await api("chat.postMessage", channel=channel.id, text=words, blocks=[section(words)])
    looks = [tag.attrs["class"] or "" for tag in (await visitor.show()).all("article")]
    assert ["follows" in look for look in looks] == [False, True, *[False] * 5]
    assert ["ephemeral" in look for look in looks] == [*[False] * 3, True, True, False, False]
