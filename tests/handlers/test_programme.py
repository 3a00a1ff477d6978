"""Where the programme stands, in Home and in the summaries, as people really work on it."""

from datetime import UTC, date, datetime
from fractions import Fraction

from sandbox.entities import User
from storage import goals
from tests.handlers import checkin_acts
from tests.handlers.past_team import past_team, posted
from tests.stage import Stage, words

SINCE = {"tools": 30, "strategy": 30, "delivery": 40}
WEEKS = [[SINCE] * 4] * 4
FRIDAY = datetime(2026, 6, 26, 8, 0, tzinfo=UTC)


async def done(stage: Stage, user: User, item: str) -> None:
    [page] = await stage.type(user, f"checklist {item}")
    await stage.click(user, page, "Mark done")
    assert await stage.submit(user, {"Evidence": "https://wiki.test/page"}) == {}


async def test_home_and_summaries_tell_where_it_stands(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WEEKS, now=FRIDAY) as (stage, made):
        ada, ben, cem, dora = stage.people
        before = await stage.home(ada)
        assert "*Assess 0/7* → Define goals 0/6 → Build plan 0/6" in before
        assert "Checklist 0/34" in before
        assert "Start check-in" in before
        assert "Waiting for me" not in before
        await done(stage, ben, "A1")
        await stage.type(ben, "checklist E2")
        [page] = await stage.type(ben, "checklist E2")
        await stage.click(ben, page, "Take it")
        await stage.type(ben, f"decide Keep one tracker <@{ben.id}> by 2026-06-30")
        async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
            await goals.set_goal(
                tx,
                "g1",
                team_id=made.team_id,
                metric="operational_share",
                baseline=Fraction(1, 2),
                target=Fraction(1, 4),
                due_on=date(2026, 9, 30),
                owner=None,
                baseline_note="",
                by=ada.id,
                now=FRIDAY,
            )
        # A check-in waits for Ben, until he has answered.
        await stage.click(ada, stage.world.sandbox.workspace.homes[ada.id], "Start check-in")
        assert await checkin_acts.start(stage, Deadline="2026-06-30") == {}
        home = await stage.home(ben)
        assert "*Maturity check-in* of growth, until Tuesday 30 Jun" in home
        assert "*E2* Automate the most hated report\nopen" in home
        assert "*#1* Keep one tracker\ndecision, due Tuesday 30 Jun" in home
        assert "target 25% by 30 Sep" in home
        assert "Goals" not in home
        await stage.click(ben, stage.world.sandbox.workspace.homes[ben.id], "Rate now")
        await stage.submit(ben, checkin_acts.answers((3, 3, 3, 1, 3, 3, 3)))
        await stage.act.close(ben.id, everything=True)
        assert "Rate now" not in await stage.home(ben)
        assert "Start check-in" not in await stage.home(ada)
        for user in (ada, cem, dora):
            assert await checkin_acts.rate(stage, user, (3, 3, 3, 1, 3, 3, 3)) == {}
        # Everything is in the weekly summary, in one line each.
        await stage.world.move_to_local("2026-06-29T14:00")
        [summary] = posted(stage, stage.channel, "growth · 22–28 Jun")
        said = words(summary)
        assert "target 25% by 30 Sep" in said
        assert "Checklist 1/34 · Assess 1/7" in said
        assert "Maturity 2, held back by Toolstack · reassess in 87 days" in said
        assert "Open and due: #1 Keep one tracker (Ben, by 30 Jun)" in said
        assert "Decided" not in said
        assert "Maturity 2, held back by Toolstack" in summary.text
        # And what a month tells of it.
        await stage.world.move_to_local("2026-07-01T09:00")
        month = await stage.typed(ben, "summary month")
        assert "*Maturity 2*, held back by Toolstack" in month
        assert "*Programme:* *Assess 1/7* → Define goals 0/6" in month
        assert "Now at Assess: 1 of 7 done, 6 items to finish it." in month
        assert "• A2 Log PM time for 2-4 weeks (Product lead) · _looks done: 4 of 4" in month
        assert (
            "• A3 Run the first maturity assessment (Product ops) · _looks done: 4 people" in month
        )
        quarter = await stage.typed(ben, "summary quarter")
        assert "growth · Q2 2026" in quarter
        assert "*What worked* 1 item done: A1 Name an executive sponsor" in quarter
        assert "the lowest: Toolstack (level 1)" in quarter
        assert "(c) Keep the target of 25% by 30 Sep, or change it, now 30%" in quarter
        assert "4 raters" in quarter


async def test_every_button_of_home_does_what_it_says(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WEEKS, admin=True) as (stage, _):
        ada = stage.lead
        await stage.home(ada)
        home = stage.world.sandbox.workspace.homes[ada.id]
        for button, said in {
            "Summary": "growth · 22–28 Jun",
            "Checklist": "Checklist · growth",
            "Insights": "growth",
            "Decisions": "Decisions of growth",
            "All commands": "*Workspace admins*",
        }.items():
            await stage.click(ada, home, button)
            assert said in words(stage.last(ada)), button
        for button, title in {
            "Start check-in": "Maturity check-in",
            "Share the summary": "Share the summary",
            "Leadership roll-up": "Leadership roll-up",
            "Team settings": "Team settings",
        }.items():
            await stage.click(ada, home, button)
            assert stage.modal(ada).source["title"]["text"] == title
            await stage.act.close(ada.id, everything=True)
