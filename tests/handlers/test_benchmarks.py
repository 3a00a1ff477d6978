"""The reference ladders from the outside: the seed's wording, the team's place, what is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.checklist import NewItem, State
from domain.maturity import Assessment, DimensionScore
from storage import checklist, maturity
from storage.teams import Team
from tests.handlers.past_team import past_team
from tests.stage import Stage, words

WEEK = {"reporting": 30, "strategy": 30, "delivery": 40}
DIMENSIONS = ("data", "reporting", "process", "tools", "coordination", "insight", "outcomes")
NOW = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)


async def assess(stage: Stage, team: Team, overall: int, *, days_ago: int) -> None:
    """A check-in that came to this level in all dimensions, so many days ago."""
    at = NOW - timedelta(days=days_ago)
    scores = tuple(DimensionScore(dimension, overall, 4) for dimension in DIMENSIONS)
    found = Assessment("x", at, 4, 4, scores, overall)
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        started = await maturity.start(
            tx,
            team_id=team.team_id,
            by=stage.lead.id,
            at=at - timedelta(days=5),
            deadline_at=at,
            note="",
            dimensions=DIMENSIONS,
            min_raters=3,
            raters={stage.lead.id: True},
        )
        assert started is not None
        await maturity.close(tx, started.checkin_id, "all_answered", at, found.to_json())


async def ladders(stage: Stage, line: str = "benchmark") -> str:
    return await stage.typed(stage.people[1], line)


async def test_a_new_team_sees_the_ladders_and_what_is_missing_for_each(stage: Stage) -> None:
    said = await ladders(stage)
    assert "Reference ladder from the seed page; not survey data" in said
    for rung in (
        "*Technology · Product Operations Adoption*  ◀ your industry",
        "low Ad-hoc · median Standardized · elite Optimized",
        "*Financial Services · Product Operations Maturity*",
        "low Level 1-2 · median Level 3 · elite Level 4-5",
        "*Healthcare · Product Operations Compliance*",
        "low Reactive · median Proactive · elite Predictive",
        "*E-Commerce · Product Operations ROI*",
        "low &lt;1x · median 2-3x · elite &gt;5x",
        "It is not regulatory compliance",
        "You: not measurable yet: nobody has begun the checklist.",
        "You: not measurable yet: no maturity check-in has come to a result.",
        "You: not measurable yet: nothing with a date fell due in the last 90 days.",
        "You: not measurable yet: not enough data",
    ):
        assert rung in said, rung
    assert said.count("◀") == 1
    assert "*Strategic share*, no figure of yours yet" in said
    assert "27% actual; individual PMs want 51%, executives 60%" in said
    assert "(Pragmatic Institute, 2019, n 2,474)" in said


async def test_an_industry_is_named_or_offered(stage: Stage) -> None:
    for typed in ("benchmark e-commerce", "benchmark ecommerce", "benchmark E-Com"):
        said = await ladders(stage, typed)
        assert "*E-Commerce · Product Operations ROI*  ◀ your industry" in said
        assert said.count("◀") == 1
    [unknown] = await stage.type(stage.people[1], "benchmark <!channel> bakery")
    assert "There is no ladder for" in words(unknown)
    assert "Technology, Financial Services, Healthcare and E-Commerce" in words(unknown)
    said = await stage.click(stage.people[1], unknown, "Healthcare")
    assert "*Healthcare · Product Operations Compliance*  ◀ your industry" in said


async def test_a_team_of_another_industry_has_no_ladder_of_its_own(sqlite_url: str) -> None:
    async with past_team(sqlite_url, [[WEEK] * 4] * 5) as (stage, _):
        await stage.world.set_up(
            stage.lead, stage.channel, {"Team name": "growth", "Industry": "Other"}
        )
        await stage.act.close(stage.lead.id)
        said = await ladders(stage)
        assert "Other has no ladder of its own" in said
        assert "◀" not in said
        # (30 + 0) / 1 of customers and strategy, in each of the last four weeks.
        assert "*Strategic share*, you: 30%, mean of the last 4 weeks" in said


@pytest.mark.parametrize(
    ("level", "days", "said"),
    [
        (2, 10, "You: *Level 1-2* (low), level 2, Emerging (the last check-in)"),
        (3, 180, "You: *Level 3* (median), level 3, Standardized (the last check-in)"),
        (4, 10, "You: *Level 4-5* (elite), level 4, Managed (the last check-in)"),
        (3, 181, "You: not measurable yet: the last check-in is 181 days old, and counts for 180."),
    ],
)
async def test_maturity_until_it_is_stale(
    sqlite_url: str, level: int, days: int, said: str
) -> None:
    async with past_team(sqlite_url, [[WEEK] * 4] * 5) as (stage, team):
        await assess(stage, team, level, days_ago=days)
        assert said in await ladders(stage)


async def test_practices_and_commitments_are_counted(sqlite_url: str) -> None:
    async with past_team(sqlite_url, [[WEEK] * 4] * 5) as (stage, team):
        # The check-in was kept, and is one commitment; so are E1 and E2, of which one was late.
        await assess(stage, team, 4, days_ago=20)
        await _done(stage, team, "E1", days_ago=10, due_days_ago=9)
        await _done(stage, team, "E2", days_ago=10, due_days_ago=12)
        await _done(stage, team, "E3", days_ago=31)
        said = await ladders(stage)
        assert "*Ad-hoc* (low), 25%: 2 of 8 practices in use (done or confirmed" in said
        assert "*Proactive* (median), 67%: 2 of 3 commitments kept" in said
        # Somebody says that the third is still in use.
        for number in range(3, 8):
            await _done(stage, team, f"E{number}", days_ago=3)
        said = await ladders(stage)
        assert "*Optimized* (elite), 88%: 7 of 8 practices in use" in said


async def _done(
    stage: Stage, team: Team, ref: str, *, days_ago: int, due_days_ago: int | None = None
) -> None:
    at = NOW - timedelta(days=days_ago)
    due = (NOW - timedelta(days=due_days_ago)).date() if due_days_ago is not None else None
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        await checklist.add(tx, team.team_id, NewItem(ref, "execute", ref, due_on=due), "U1", at)
        item = await checklist.by_ref(tx, team.team_id, ref)
        assert item is not None
        assert item.item_id is not None
        values = {"state": "done", "done_at": at, "state_since": at}
        states: tuple[State, ...] = ("open", "done")
        assert await checklist.change(tx, item.item_id, states=states, values=values)
