"""The sample team has twelve weeks behind it, and its future begins now."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sample import seed
from domain.periods import Period
from handlers.teamreading import TeamReading
from handlers.teamsummary import summary_of
from sandbox.entities import Message
from storage import agenda, teams, timesplit
from tests.handlers.test_extremes import playbook
from tests.stage import team, words
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
            reading = TeamReading(w.bot.services, tx, team, NOW)
            found = await summary_of(reading, WEEK.shift(-1))
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
            assert len([m for m in dm if key_of(m).startswith("prompt:")]) == 1


def key_of(message: Message) -> str:
    return str(message.metadata["event_payload"]["key"]) if message.metadata else ""


@pytest.mark.parametrize("own", [False, True], ids=["packaged", "own"])
async def test_everything_has_something_to_show(sqlite_url: str, tmp_path: Path, own: bool) -> None:
    settings = {"PRODOPS_PLAYBOOK": str(playbook(tmp_path))} if own else {}
    async with team(sqlite_url, count=9, set_up=False, now=NOW, settings=settings) as stage:
        lead, *others = stage.people
        members = [user.id for user in others]
        await seed(
            stage.world.bot.services,
            stage.world.sandbox.workspace.team_id,
            channel_id=stage.channel.id,
            name="Product",
            tz="Europe/Berlin",
            lead=lead.id,
            members=members,
            newcomer=members[-1],
        )
        await stage.world.settle()
        # Who has answered is not asked, nor is the newcomer, who came later.
        asked = [bool(stage.dm(user)) for user in stage.people]
        assert asked == [True] * 5 + [False] * 4
        await stage.click(others[0], stage.last(others[0]), "Rate now")
        assert "Pick the highest line" in words(stage.modal(others[0]))
        await stage.act.close(others[0].id)
        said = {line: await stage.typed(lead, line) for line in SHOWN}
        missing = {line: part for line, part in SHOWN.items() if part not in said[line]}
        assert not missing, {line: said[line] for line in missing}
        if not own:
            # One of the 34 was dropped, and a milestone was added.
            assert "*8 of 34 done*" in said["checklist"]
            assert "Maturity 2 · check-in open, 3 of 8 answered" in said["summary"]


#: What is typed, and what there is to be seen.
SHOWN = {
    "maturity": "3 of 8 answered",
    "checklist": "done",
    "goals": "Operational share 42% → 25%",
    "decisions": "One tracker set-up for all product teams",
    "roi": "realised",
    "summary": "Maturity",
    "insights": "Hire rule",
}
