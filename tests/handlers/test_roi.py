"""The return on product operations from the outside: who sees what, and how it is worked out."""

import pytest

from sandbox.entities import Message
from tests.handlers.past_team import past_team, posted
from tests.stage import Stage, words

INPUTS = {
    "Currency": "EUR",
    "PM salary": "120k",
    "Product ops salary": "110,000",
    "Product ops FTE": "1",
    "Tools per quarter": "3.000",
}


def week(operational: int, strategic: int) -> dict[str, int]:
    rest = 100 - operational - strategic
    return {"reporting": operational, "strategy": strategic, "delivery": rest}


#: Four weeks at 36 %, twelve at 27 %; of the nine points four or five went to strategy.
BEFORE = [week(36, 27)] * 8
AFTER = [week(27, 31 + n % 2) for n in range(8)]
WORKED = [BEFORE] * 4 + [AFTER] * 12


async def enter(stage: Stage, **values: object) -> dict[str, str]:
    """The inputs through the form, as the lead; what is wrong, by field."""
    await stage.click(stage.lead, await shown(stage), "Edit inputs")
    return await stage.submit(stage.lead, dict(values))


async def shown(stage: Stage) -> Message:
    [message] = await stage.type(stage.lead, "roi")
    return message


def of_money(text: str) -> bool:
    return any(sign in text for sign in ("EUR", "120", "110", "97.5", "33.7k", "42.3k", "salary"))


async def test_the_worked_example_from_logs_to_the_channel(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WORKED) as (stage, _):
        first = words(await shown(stage))
        assert "n/a - enter cost" in first
        assert "Post the multiple" not in first
        assert await enter(stage, **INPUTS) == {}
        assert "0.4x" in words(stage.modal(stage.lead))
        await stage.act.close(stage.lead.id)
        message = await shown(stage)
        assert message.ephemeral_for == stage.lead.id
        said = words(message)
        for told in (
            "*0.4x* realised (gross 0.8x)",
            "hours removed × loaded rate of a PM × realisation ÷ cost",
            "*Hours removed:* 345.6 h, 8 PMs over 12 weeks since the baseline",
            "(4 weeks, 9 Mar – 5 Apr)",
            "*Realisation:* 0.5, measured: 172.8 h more for customers and strategy",
            "97.5 EUR an hour: 33.7k EUR gross, 16.8k EUR realised",
            "*Cost:* 42.3k EUR",
            "*Break-even:* 9.0 h per PM and week, 4.5 h if every freed hour is realised",
            "regression to the mean",
            "Compare like weeks",
            "rarely return more than 5x",
        ):
            assert told in said, told
        assert "preliminary" not in said
        await stage.click(stage.lead, message, "Post the multiple")
        [post] = posted(stage, stage.channel, "Return of product operations")
        assert "in growth: 0.4x* (gross 0.8x)" in words(post)
        assert "8 PMs over 12 weeks, baseline 4 weeks, 9 Mar – 5 Apr" in words(post)
        assert not of_money(words(post) + post.text)
        again = await stage.click(stage.lead, message, "Post the multiple")
        assert "It is in" in again
        assert len(posted(stage, stage.channel, "Return of product operations")) == 1
        assert "Return of product operations for 22–28 Jun" in await stage.typed(stage.lead, "why")


async def test_only_leads_see_money(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WORKED) as (stage, _):
        await enter(stage, **INPUTS)
        ben = stage.people[1]
        said = await stage.typed(ben, "roi")
        assert f"only leads of the team see it. Ask <@{stage.lead.id}>" in said
        # Not even an admin of the workspace.
        root = stage.world.sandbox.workspace.add_user("Root", is_admin=True)
        stage.channel.members.append(root.id)
        assert "only leads of the team see it" in await stage.typed(root, "roi")
        for user in (ben, root):
            assert not of_money(await stage.typed(user, "benchmark"))
            assert not of_money(await stage.typed(user, "summary"))


async def test_bad_inputs_are_told_at_the_field_and_stay(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WORKED) as (stage, _):
        wrong = {
            "PM salary": "a lot",
            "Product ops FTE": "-1",
            "Contracted hours per week": "200",
            "Baseline weeks": "last month",
            "Tools per quarter": "3k",
        }
        errors = await enter(stage, **wrong)
        assert sorted(errors.values()) == [
            "Write a number up to 112.",
            "Write a number, such as 120000, 120k or 12.5.",
            "Write a number, such as 120000, 120k or 12.5.",
            "Write two weeks such as 2026-W23 to 2026-W26.",
        ]
        future = {"Baseline weeks": "2026-W26 to 2026-W27", "Contracted hours per week": "0"}
        errors = await stage.submit(stage.lead, {**INPUTS, **future})
        assert sorted(errors.values()) == [
            "The baseline lies in the past: choose weeks that are over.",
            "Write the hours of a week, such as 40.",
        ]
        errors = await stage.submit(stage.lead, {"Baseline weeks": "W13 - W11"})
        assert "The last week lies before the first." in errors.values()
        last = {"Baseline weeks": "W11-W13", "Contracted hours per week": "38,5"}
        assert await stage.submit(stage.lead, last) == {}
        await stage.act.close(stage.lead.id)
        await stage.click(stage.lead, await shown(stage), "Edit inputs")
        fields = str(stage.modal(stage.lead).blocks)
        for kept in ("'2026-W11 to 2026-W13'", "'38.5'", "'120000'", "'3000'", "'EUR'"):
            assert f"'initial_value': {kept}" in fields


@pytest.mark.parametrize(
    ("weeks", "said"),
    [
        ([BEFORE], "*not enough data: the baseline has 1 week with numbers, and it takes 2*"),
        ([BEFORE] * 4, "*not enough data: no week after the baseline has numbers yet*"),
        ([[*BEFORE[:3], *[None] * 5]] * 9, "*not enough data: 37% of the PMs logged"),
        ([BEFORE[:2]] * 9, "*not enough data: 2 PMs, and it takes 3*"),
        ([BEFORE] * 4 + [AFTER] * 5, "preliminary: 5 weeks after the baseline"),
        ([AFTER] * 4 + [BEFORE] * 9, "*−0.8x* realised (gross −0.8x): *load grew*"),
    ],
)
async def test_edge_cases_in_words(
    sqlite_url: str, weeks: list[list[dict[str, int]]], said: str
) -> None:
    async with past_team(sqlite_url, weeks) as (stage, _):
        assert await enter(stage, **INPUTS) == {}
        await stage.act.close(stage.lead.id)
        message = await shown(stage)
        assert said in words(message)
        assert ("Post the multiple" in words(message)) == ("x*" in words(message))


async def test_other_benefits_stand_apart(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WORKED) as (stage, _):
        mine = "Dropped <!channel> a tool: 20k a year"
        await enter(stage, **INPUTS, **{"Other benefits": mine})
        await stage.act.close(stage.lead.id)
        said = words(await shown(stage))
        assert "*0.4x* realised (gross 0.8x)" in said
        assert (
            "*Other benefits*, not part of the multiple:\nDropped &lt;!channel&gt; a tool" in said
        )


async def test_the_lead_chooses_the_baseline(sqlite_url: str) -> None:
    # 30 %, then a bad month of 40 %, then 30 % for good: nothing has really changed.
    weeks = [[week(share, 30)] * 4 for share in [30] * 4 + [40] * 4 + [30] * 8]
    async with past_team(sqlite_url, weeks) as (stage, _):
        await enter(stage, **INPUTS)
        await stage.act.close(stage.lead.id)
        said = words(await shown(stage))
        # By the first weeks the load grew: 4 h a week in four weeks of twelve.
        assert "*Hours removed:* −64.0 h" in said
        assert "load grew" in said
        assert await enter(stage, **{"Baseline weeks": "W15 to W18"}) == {}
        await stage.act.close(stage.lead.id)
        said = words(await shown(stage))
        assert "*Hours removed:* 128.0 h, 4 PMs over 8 weeks" in said
        assert "The baseline is the worst month on record" in said


async def test_product_ops_people_are_no_pms_from_now_on(sqlite_url: str) -> None:
    team = [week(30, 30)] * 4
    async with past_team(sqlite_url, [team] * 6) as (stage, _):
        eve = stage.people[3]
        await enter(stage, **{"Product ops people": [eve.id]})
        assert f"not counted as PMs: <@{eve.id}>" in words(stage.modal(stage.lead))
        await stage.act.close(stage.lead.id)
        # The week that is over stays as it was: without them, it would tell their split.
        assert "(4 of 4 logged)" in await stage.typed(stage.lead, "summary")
        for user in stage.people:
            await stage.type(user, "log 50% reports 50% strategy")
        await stage.world.move_to_local("2026-07-06T14:30")
        [summary] = posted(stage, stage.channel, "growth · 29 Jun – 5 Jul")
        assert "(3 of 3 logged)" in words(summary)
        # One who comes back counts again, from then on.
        assert await enter(stage, **{"Product ops people": []}) == {}
        assert f"Counted as PMs again from now on: <@{eve.id}>" in words(stage.modal(stage.lead))
        await stage.act.close(stage.lead.id)
        assert "(3 of 3 logged)" in await stage.typed(stage.lead, "summary")


async def test_two_leads_at_once_lose_nothing(sqlite_url: str) -> None:
    async with past_team(sqlite_url, WORKED) as (stage, _):
        ben = stage.people[1]
        await stage.world.set_up(
            stage.lead, stage.channel, {"Team name": "growth", "Leads": [stage.lead.id, ben.id]}
        )
        await stage.act.close(stage.lead.id)
        for lead in (stage.lead, ben):
            [message] = await stage.type(lead, "roi")
            await stage.click(lead, message, "Edit inputs")
        assert await stage.submit(stage.lead, INPUTS) == {}
        await stage.submit(ben, {**INPUTS, "PM salary": "100k"})
        told = words(stage.modal(ben))
        assert f"<@{stage.lead.id}> saved other inputs while you had this open" in told
        assert "PM salary 120000" in told
        assert "Save again to replace them" in told
        assert await stage.submit(ben) == {}
        assert "81.25 EUR an hour" in words(stage.modal(ben))
