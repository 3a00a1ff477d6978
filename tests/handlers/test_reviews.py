"""Monthly and quarterly reviews in the channel and on request, against figures by hand."""

from datetime import UTC, datetime

from domain.delivery import State
from domain.periods import Period
from domain.spans import Span
from storage import agenda
from tests.handlers.past_team import past_team, posted
from tests.stage import Stage, words

#: Four people, thirteen weeks, W14 to W26: operational 50 % in the first four weeks and 30 %
#: from then on; strategy 20 % and then 30 %.
BEFORE = {"tools": 50, "strategy": 20, "delivery": 30}
SINCE = {"tools": 30, "strategy": 30, "delivery": 40}
QUARTER = [[BEFORE] * 4] * 4 + [[SINCE] * 4] * 9
NOON = "2026-07-01T14:00"


async def month_and_quarter(stage: Stage, team_id: str) -> list[str]:
    """What stands on the agenda, as spans."""
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        found = [await agenda.get(tx, kind, team_id) for kind in ("month", "quarter")]
    assert found[0] is not None
    assert found[1] is not None
    return [
        str(Span.of_week("month", found[0].period)),
        str(Span.of_week("quarter", found[1].period)),
    ]


async def test_the_quarter_is_posted_once_on_its_first_working_day(sqlite_url: str) -> None:
    async with past_team(sqlite_url, QUARTER) as (stage, made):
        await stage.world.move_to_local("2026-07-01T13:59")
        assert posted(stage, stage.channel, "growth · ") == []
        await stage.world.move_to_local(NOON)
        # In place of June's own review.
        [quarter] = posted(stage, stage.channel, "growth · ")
        said = words(quarter)
        assert "growth · Q2 2026" in said
        assert "*Operational 50% → 30%*" in said
        assert "Customers and strategy 20% → 30% · half of the freed time went there" in said
        assert "*ROI* n/a - enter cost" in said
        assert "(c) Set a target for operational time (`/prodops goals`), now 30%" in said
        assert "Participation 100% · 13 of 13 weeks with numbers" in said
        assert "baseline 4 weeks, 30 Mar – 26 Apr" in said
        kinds = [block["type"] for block in quarter.blocks]
        assert kinds.count("data_visualization") == 2
        [details] = quarter.replies
        # 20 % of 40 h, 4 people, 9 weeks.
        assert "288.0 h of operational work removed" in words(details)
        assert await month_and_quarter(stage, made.team_id) == ["2026-07", "2026-Q3"]
        why = await stage.typed(stage.lead, "why")
        assert "*Quarterly review for Q2 2026 (growth)*\nsent" in why
        assert "*Next monthly review (growth), for July 2026*\nplanned" in why
        await stage.world.tick()
        assert len(posted(stage, stage.channel, "growth · ")) == 1


async def test_a_month_on_the_first_working_day_with_its_next_step(sqlite_url: str) -> None:
    """May 2026 has four weeks, W19 to W22; 1 June is a Monday, and the week before is over."""
    now = datetime(2026, 5, 31, 10, 0, tzinfo=UTC)
    weeks, last = QUARTER[:9], Period(2026, 22)
    async with past_team(sqlite_url, weeks, last=last, now=now) as (stage, _):
        await stage.world.move_to_local("2026-06-01T14:00")
        [month] = posted(stage, stage.channel, "growth · May 2026")
        assert "*Operational 50% → 30%*" in words(month)
        assert "*Do next:*" in words(month)
        assert "Decisions wanted" not in words(month)
        assert "4 of 4 weeks with numbers" in words(month)
        # Someone changes a week of May: the one message says so, and so does its thread.
        ben = stage.people[1]
        await stage.type(ben, "log last 90% jira 10% strategy")
        assert "updated with late answers" in words(month)
        # (30 + 30 + 30 + 45) / 4 = 33.75
        assert "*Operational 50% → 34%*" in words(month)
        assert "W22 45" in words(month.replies[0])
        assert len(posted(stage, stage.channel, "growth · May 2026")) == 1


async def test_where_the_first_is_a_friday_the_last_week_joins_when_it_is_over(
    sqlite_url: str,
) -> None:
    """1 May 2026 is a Friday, in London a working day, and W18 is April's: it still runs."""
    now = datetime(2026, 4, 30, 10, 0, tzinfo=UTC)
    async with past_team(sqlite_url, QUARTER[:4], last=Period(2026, 17), now=now) as (stage, made):
        async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
            await agenda.put(
                tx, "month", made.team_id, Period(2026, 18), datetime(2026, 5, 1, 12, tzinfo=UTC)
            )
        await stage.world.move_to_local("2026-05-01T14:00")
        [april] = posted(stage, stage.channel, "growth · April 2026")
        assert "its last week is not over yet and not counted" in words(april)
        assert "4 of 4 weeks with numbers" in words(april)
        for user in stage.people:
            await stage.type(user, "log 100% jira")
        assert "4 of 4 weeks with numbers" in words(april)
        await stage.world.move_to_local("2026-05-04T14:00")
        # W14 to W17 are the baseline; W18 alone is compared with it.
        assert "*Operational 50% → 100%*" in words(april)
        assert "5 of 5 weeks with numbers" in words(april)


async def test_too_few_answers_name_the_fix_and_nobody(sqlite_url: str) -> None:
    weeks = [[SINCE, SINCE, None, None]] * 4
    async with past_team(sqlite_url, weeks) as (stage, _):
        await stage.world.move_to_local(NOON)
        [quarter] = posted(stage, stage.channel, "growth · Q2 2026")
        assert "*8 of 16 logs came in this quarter.*" in words(quarter)
        assert "Shares need half of them, and a week with three." in words(quarter)
        assert "%" not in words(quarter)
        assert not any(user.id in words(quarter) for user in stage.people)
        assert quarter.replies == []
        # A third answer in one week brings the numbers and the thread.
        await stage.type(stage.people[2], "log last 100% strategy")
        await stage.world.tick()
        assert "Operational" in words(quarter)
        assert len(quarter.replies) == 1


async def test_on_request_and_posted_by_a_lead(sqlite_url: str) -> None:
    async with past_team(sqlite_url, QUARTER) as (stage, _):
        ben = stage.people[1]
        [shown] = await stage.type(ben, "summary month")
        # It is still June: the last complete month is May.
        assert shown.ephemeral_for == ben.id
        assert "growth · May 2026" in words(shown)
        assert "thread" not in words(shown)
        assert "growth · Q1 2026" in await stage.typed(ben, "Summary QUARTER")
        assert "Only a lead can post" in await stage.typed(ben, "summary month post")
        assert "Nobody was asked about Q1 2026: nothing to post. The first review comes" in (
            await stage.typed(stage.lead, "summary quarter post")
        )
        said = await stage.typed(stage.lead, "summary post month")
        assert f"Posting the summary of May 2026 to <#{stage.channel.id}>." in said
        assert len(posted(stage, stage.channel, "growth · May 2026")) == 1
        assert "It is in" in await stage.typed(stage.lead, "summary month post")
        assert "Use `/prodops summary`" in await stage.typed(ben, "summary month quarter")
        assert "Use `/prodops summary`" in await stage.typed(ben, "summary year")
        # What a lead posted the schedule does not post again.
        await stage.world.move_to_local("2026-07-01T09:00")
        await stage.typed(stage.lead, "summary quarter post")
        await stage.world.move_to_local("2026-07-01T18:00")
        assert len(posted(stage, stage.channel, "growth · Q2 2026")) == 1


async def test_no_review_of_the_time_before_and_one_of_an_older_version_heals(
    sqlite_url: str,
) -> None:
    async with past_team(sqlite_url, QUARTER) as (stage, made):
        assert await month_and_quarter(stage, made.team_id) == ["2026-07", "2026-Q2"]
        async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
            await agenda.drop(tx, "month", made.team_id)
            await agenda.drop(tx, "quarter", made.team_id)
        # The weekly summary finds them missing.
        await stage.world.move_to_local("2026-07-06T14:00")
        assert await month_and_quarter(stage, made.team_id) == ["2026-07", "2026-Q3"]
        assert posted(stage, stage.channel, "growth · Q2") == []


async def test_a_new_team_begins_with_the_month_of_its_first_week(stage: Stage) -> None:
    """Set up on Wednesday 3 June: the first week asked about is W23, which is June's."""
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        [team_id] = {delivery.subject for delivery in await agenda.soonest(tx, 50)} - {
            user.id for user in stage.people
        }
    assert await month_and_quarter(stage, team_id) == ["2026-07", "2026-Q2"]
    assert "Nobody was due to log in May 2026." in await stage.typed(stage.lead, "summary month")


async def test_after_a_downtime_it_comes_within_three_days(sqlite_url: str) -> None:
    async with past_team(sqlite_url, QUARTER) as (stage, made):
        stage.world.clock.move_to(datetime.fromisoformat("2026-07-04T13:00+02:00"))
        await stage.world.tick()
        # July's would be due on 3 August.
        stage.world.clock.move_to(datetime.fromisoformat("2026-08-06T14:01+02:00"))
        await stage.world.tick()
        found = [d for d in await stage.ledger(stage.channel.id) if d.kind in ("month", "quarter")]
        assert [(d.kind, d.state) for d in found] == [
            ("quarter", State.SENT),
            ("month", State.EXPIRED),
        ]
        assert await month_and_quarter(stage, made.team_id) == ["2026-08", "2026-Q3"]


async def test_another_time_of_day_moves_it_and_loses_none(sqlite_url: str) -> None:
    async with past_team(sqlite_url, QUARTER) as (stage, _):
        await stage.world.move_to_local("2026-07-01T10:00")
        await stage.type(stage.lead, "setup")
        await stage.submit(stage.lead, {"Summary time": "09:00"})
        await stage.act.close(stage.lead.id)
        # Nine o'clock has passed today: it goes out as it was planned.
        await stage.world.move_to_local(NOON)
        assert len(posted(stage, stage.channel, "growth · Q2 2026")) == 1


async def test_a_workspace_that_takes_no_charts_gets_tables(sqlite_url: str) -> None:
    async with past_team(sqlite_url, QUARTER, reject_charts=True) as (stage, _):
        stage.provoked.add("unsupported_type")
        await stage.world.move_to_local(NOON)
        [quarter] = posted(stage, stage.channel, "growth · Q2 2026")
        assert [block["type"] for block in quarter.blocks] == [
            "header",
            "section",
            "table",
            "section",
            "context",
        ]
