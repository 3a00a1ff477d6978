"""Slack or the database in trouble at a click: the person is told, and nothing typed is lost."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import aiohttp
import pytest

from storage import database
from tests.postgres_server import PostgresServer
from tests.stage import Stage, team, words

WEEK = "2026-W23"
DOWN = "I can't reach my database right now, so nothing was saved."


async def readiness(stage: Stage) -> int:
    address = str(stage.world.sandbox.deliver_to).replace("/slack/events", "/readyz")
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status


async def all_ways_fail_kindly(stage: Stage) -> None:
    """A command, a form, a message, a click and Home, all while the database is away."""
    ada, ben = stage.people[:2]
    [reply] = await stage.type(ben, "log 40% strategy, 60% <jira>")
    assert DOWN in words(reply)
    assert "log 40% strategy, 60% &lt;jira&gt;" in words(reply)
    said = await stage.say(ben, "100% people `and` so on")
    assert DOWN in said
    assert "100% people 'and' so on" in said
    assert DOWN in await stage.click(ben, stage.dm(ben)[0], "Skip this week")
    errors = await stage.submit(ada, {"Strategy & decisions": "30", "People & growth": "70"})
    assert DOWN in "".join(errors.values()) + words(stage.modal(ada))
    await stage.act.open_home(ada.id)
    await stage.world.settle()
    assert await readiness(stage) == 503


async def and_all_is_well_again(stage: Stage) -> None:
    ada, ben = stage.people[:2]
    # The form still has what was filled in.
    assert await stage.submit(ada) == {}
    assert await stage.logged(ada, WEEK) == {"strategy": 3000, "people": 7000}
    assert "*Logged: 1–7 Jun*" in await stage.say(ben, "100% people")
    assert "My week" in await stage.home(ada)
    await stage.world.tick()
    assert await readiness(stage) == 200


@pytest.mark.postgres
async def test_postgresql_stopped(postgres_url: str, postgres_server: PostgresServer) -> None:
    async with team(postgres_url) as stage:
        await stage.world.move_to_local("2026-06-05T14:00")
        await stage.typed(stage.lead, "log")
        postgres_server.stop()
        await all_ways_fail_kindly(stage)
        postgres_server.start()
        await and_all_is_well_again(stage)


@pytest.mark.postgres
async def test_postgresql_frozen_while_a_form_is_saved(
    postgres_url: str, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No refusal, only silence: the form waits, and comes back as it was filled in."""
    monkeypatch.setattr(database, "STATEMENT_SECONDS", 2.0)
    async with team(postgres_url) as stage:
        ada = stage.lead
        await stage.typed(ada, "log")
        postgres_server.pause()
        try:
            await stage.act.submit(ada.id, {"Strategy & decisions": "30", "People & growth": "70"})
            # The driver may try for ten more seconds to tell the server that it gives up.
            for _ in range(300):
                if words(stage.modal(ada)) != "Saving…":
                    break
                await asyncio.sleep(0.1)
        finally:
            postgres_server.resume()
        assert DOWN in words(stage.modal(ada))
        assert await stage.submit(ada) == {}
        assert await stage.logged(ada, WEEK) == {"strategy": 3000, "people": 7000}


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Somebody else holds the SQLite file."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_sqlite_held_by_another_and_a_form_that_is_saved_late(sqlite_url: str) -> None:
    async with team(sqlite_url) as stage:
        ada = stage.lead
        await stage.typed(ada, "log")
        with locked(sqlite_url):
            await stage.act.submit(ada.id, {"People & growth": "100"})
            assert words(stage.modal(ada)) == "Saving…"
        await stage.world.settle()
        assert words(stage.modal(ada)) == "Saved."
        assert await stage.logged(ada, WEEK) == {"people": 10_000}


async def test_a_trigger_that_expired(stage: Stage) -> None:
    ada = stage.lead
    stage.provoked.add("expired_trigger_id")
    # Slack counts from the click: four seconds pass before the bot's call gets there.
    issue = stage.world.sandbox.triggers.issue

    def old(user_id: str, from_view: str | None = None) -> str:
        found = issue(user_id, from_view)
        stage.world.sandbox.triggers._issued[found].issued_at -= timedelta(seconds=4)
        return found

    stage.world.sandbox.triggers.issue = old  # type: ignore[method-assign]
    [reply] = await stage.type(ada, "log")
    assert "Slack closed the way to the form" in words(reply)
    # A text that was not understood is answered all the same.
    assert "You wrote:" in await stage.typed(ada, "log 40% strategy")
    stage.world.sandbox.triggers.issue = issue  # type: ignore[method-assign]
    await stage.click(ada, reply, "Log my week")
    assert stage.has_modal(ada)


@pytest.mark.parametrize("kind", ["500", "ratelimited", "drop_before", "fatal"])
async def test_slack_in_trouble_as_a_form_opens(stage: Stage, kind: str) -> None:
    ada = stage.lead
    stage.world.sandbox.faults.add("views.open", kind)  # type: ignore[arg-type]
    said = await stage.typed(ada, "log")
    assert "Slack refused a step of this" in said
    assert "Please try again" in said
    await stage.typed(ada, "log")
    assert stage.has_modal(ada)


@pytest.mark.parametrize("kind", ["500", "ratelimited", "drop_before", "drop_after"])
async def test_slack_in_trouble_as_a_prompt_is_answered(stage: Stage, kind: str) -> None:
    """The answer stands, and the prompt says so, by one way or the other, once."""
    ben = stage.people[1]
    await stage.world.move_to_local("2026-06-05T14:00")
    prompt = stage.last(ben)
    stage.world.sandbox.faults.add("response_url", kind)  # type: ignore[arg-type]
    await stage.click(ben, prompt, "Skip this week")
    await stage.world.tick()
    assert await stage.logged(ben, WEEK) == {}
    assert words(prompt).startswith("1–7 Jun is skipped.")
    assert stage.dm(ben) == [prompt]


async def test_a_receipt_finds_another_way_when_its_own_is_closed(stage: Stage) -> None:
    """The form stayed open for longer than Slack takes answers to the command."""
    ada = stage.lead
    await stage.typed(ada, "log")
    await stage.world.advance(minutes=31)
    stage.provoked.add("expired_url")
    assert await stage.submit(ada, {"People & growth": "100"}) == {}
    assert words(stage.last(ada)).startswith("*Logged: 1–7 Jun*")


async def test_home_that_cannot_be_published_stops_nothing(stage: Stage) -> None:
    ada = stage.lead
    await stage.home(ada)
    stage.world.sandbox.faults.add("views.publish", "500")
    assert "*Logged: 1–7 Jun*" in await stage.typed(ada, "log 100% people")
    await stage.type(ada, "log 100% delivery")
    assert "100%  Specs" in stage.home_now(ada)


async def test_an_event_of_no_known_kind_is_acknowledged(stage: Stage) -> None:
    await stage.world.sandbox.events.deliver(
        {"type": "event_callback", "team_id": "T0SANDBOX01", "event_id": "Ev1", "event": {}}
    )
    reply = await stage.act.command(stage.lead.id, stage.channel.id, "/prodops \u202ehelp")
    assert reply.ok
