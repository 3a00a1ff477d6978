"""The sample team has twelve weeks behind it, and its future begins now."""

from datetime import UTC, datetime

from bot.sample import seed
from domain.categories import load_catalog
from domain.periods import Period
from handlers.teamsummary import summary_of
from storage import agenda, teams, timesplit
from tests.world import world

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WEEK = Period(2026, 47)


async def test_twelve_weeks_and_nothing_of_this_one(sqlite_url: str) -> None:
    async with world(sqlite_url, now=NOW) as w:
        users = [user.id for user in w.add_people(8)]
        newcomer = users[-1]
        channel = w.sandbox.workspace.add_channel("product", users)
        team_id = w.sandbox.workspace.team_id
        await seed(
            w.bot.services,
            team_id,
            channel_id=channel.id,
            name="Product",
            tz="Europe/Berlin",
            lead=users[0],
            members=users,
            newcomer=newcomer,
        )
        async with w.bot.database.read(team_id) as tx:
            logs = await timesplit.of_people(tx, users, WEEK.shift(-30), WEEK.shift(30))
            assert {log.period for log in logs} == {WEEK.shift(-n) for n in range(1, 13)}
            assert newcomer not in {log.user_id for log in logs}
            assert all(sum(log.split.shares.values()) == 10_000 for log in logs if log.split)
            (team,) = await teams.every(tx)
            found = await summary_of(
                w.bot.services, tx, team, WEEK.shift(-1), load_catalog(), now=NOW
            )
            assert found.week.shares is not None
            assert found.mean_weeks == 4
            assert len(found.history) == 12
            for user in users:
                due = await agenda.get(tx, "prompt", user)
                assert due is not None
                assert (due.period, due.due_at) == (WEEK, NOW.replace(hour=13))
        await w.move_to(NOW.replace(hour=14))
        for user in users:
            dm = w.messages(w.sandbox.workspace.dm(user))
            assert len([message for message in dm if message.metadata]) == 1
