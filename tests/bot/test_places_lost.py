"""Channels that are archived or closed to the bot, and tokens that Slack no longer takes."""

from datetime import timedelta
from urllib.parse import urlsplit

from domain.delivery import State
from tests.bot.due import readiness
from tests.bot.teamwork import FRIDAY, MONDAY, Team, team

WEEK = timedelta(days=7)


async def log_all(t: Team) -> None:
    for user in t.members:
        await t.world.log(user, t.channel, "40% strategy, 60% delivery")


async def slack_check(t: Team) -> str:
    _, checks = await readiness(urlsplit(t.world.sandbox.deliver_to or "").port or 0)
    return checks["slack"]


def notices(t: Team) -> list[str]:
    return [m.text for m in t.said(t.lead) if "I can't reach" in m.text]


async def test_the_lead_is_told_once_how_to_invite_the_bot(database_url: str) -> None:
    async with team(database_url) as t:
        bot = t.world.sandbox.workspace.bot_user_id
        await t.world.move_to(FRIDAY)
        await log_all(t)
        await t.world.sandbox.leave_channel(t.channel.id, bot)
        await t.world.move_to(MONDAY + WEEK + timedelta(hours=1))
        found = await t.ledger(t.channel, "summary")
        assert {(d.state, d.reason) for d in found} == {(State.FAILED, "bot_not_in_channel")}
        assert len(found) == 2
        assert len(notices(t)) == 1
        assert "/invite @ProdOps" in notices(t)[0]
        # Members are asked all the same.
        assert len([k for k in t.keys(t.members[0]) if k.startswith("prompt:")]) == 2

        await t.world.sandbox.join_channel(t.channel.id, bot)
        await t.world.settle()
        await t.world.move_to(MONDAY + 2 * WEEK)
        assert (await t.ledger(t.channel, "summary"))[-1].state is State.SENT
        await t.world.sandbox.leave_channel(t.channel.id, bot)
        await t.world.move_to(MONDAY + 3 * WEEK)
        assert len(notices(t)) == 2


async def test_a_summary_that_found_no_channel_is_posted_when_the_bot_is_back(
    sqlite_url: str,
) -> None:
    async with team(sqlite_url) as t:
        bot = t.world.sandbox.workspace.bot_user_id
        await t.world.move_to(FRIDAY)
        await log_all(t)
        await t.world.sandbox.leave_channel(t.channel.id, bot)
        await t.world.move_to(MONDAY + timedelta(hours=1))
        assert t.keys(t.channel) == []
        await t.world.sandbox.join_channel(t.channel.id, bot)
        await t.world.settle()
        await t.world.advance(minutes=1)
        assert len([key for key in t.keys(t.channel) if key.startswith("summary:")]) == 1


async def test_an_archived_channel_stops_only_its_own_summary(database_url: str) -> None:
    async with team(database_url) as t:
        other = t.world.sandbox.workspace.add_channel("other", [u.id for u in t.members])
        await t.world.set_up(t.members[0], other)
        await t.world.move_to(FRIDAY)
        await log_all(t)
        await t.world.sandbox.archive_channel(t.channel.id)
        await t.world.move_to(MONDAY)
        failed = await t.ledger(t.channel, "summary")
        assert [(d.state, d.reason) for d in failed] == [(State.FAILED, "channel_archived")]
        assert (await t.ledger(other, "summary"))[0].state is State.SENT
        assert len(notices(t)) == 1


async def test_a_revoked_token_pauses_the_workspace_until_slack_takes_it_again(
    database_url: str,
) -> None:
    async with team(database_url) as t:
        t.world.sandbox.installation = "token_revoked"
        await t.world.move_to(FRIDAY)
        refused = [c for c in t.calls() if c.response.get("error") == "token_revoked"]
        assert 0 < len(refused) <= len(t.members) + 1
        await t.world.move_to(FRIDAY + timedelta(hours=3))
        assert len([c for c in t.calls() if not c.ok]) == len(refused)
        assert await slack_check(t) == "Slack refuses the token: token_revoked"

        await t.world.bot.installation.resume()
        assert await t.world.bot.installation.refused() == "token_revoked"
        await t.world.sandbox.reinstall()
        await t.world.bot.installation.resume()
        assert await slack_check(t) == "ok"
        await t.world.tick()
        for user in t.members:
            assert len(t.keys(user)) == 1


async def test_an_uninstalled_workspace_hears_nothing(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        calls = len(t.calls())
        await t.world.sandbox.uninstall()
        await t.world.settle()
        await t.world.move_to(MONDAY)
        assert len(t.calls()) == calls


async def test_edits_wait_for_the_token_too(sqlite_url: str) -> None:
    async with team(sqlite_url) as t:
        user = t.members[0]
        await t.world.move_to(FRIDAY)
        t.world.sandbox.faults.add("chat.update", "error", error="token_revoked")
        await t.world.log(user, t.channel, "100% strategy")
        assert await t.world.bot.installation.refused() == "token_revoked"
        await t.world.bot.installation.resume()
        await t.world.tick()
        assert "Where did your week go" not in t.said(user)[0].text
