"""`/prodops insights`: what holds now, with its numbers, or what is watched for."""

from importlib import resources
from pathlib import Path

from domain.periods import Period
from storage import summaries, teams
from tests.stage import Stage, team, words

LOGS = ("40% jira 60% strategy", "100% fires", "60% reports 40% delivery", "100% people")


async def weeks_of_logs(stage: Stage, count: int) -> None:
    """Log this week and so many before it, then let it end."""
    for back in range(count):
        week = ["this", "last", "W21", "W20"][back]
        for user, text in zip(stage.people, LOGS, strict=False):
            await stage.type(user, f"log {week} {text}")
    await stage.world.move_to_local("2026-06-08T08:00")


async def test_short_of_data_says_what_is_missing(stage: Stage) -> None:
    said = await stage.typed(stage.people[1], "insights")
    assert "Insights for growth" in said
    assert "Hire rule: 4 PMs (5 or more); operational share not known yet (over 30%)" in said
    assert "Nothing stands out." in said
    assert "R01: operational share over 30%, 4-week mean, with 5 or more PMs" in said
    assert "Rules about shares need 4 weeks with numbers; now 0." in said
    assert "Rules about maturity need a check-in" in said


async def test_a_rule_that_holds_shows_its_numbers_and_goes_on_the_checklist(
    sqlite_url: str,
) -> None:
    async with team(sqlite_url) as stage:
        ben = stage.people[1]
        await weeks_of_logs(stage, 4)
        [shown] = await stage.type(ben, "insights")
        said = words(shown)
        # (40 + 0 + 60 + 0) / 4 = 25 % operational, 25 % firefighting, no customer time.
        assert "Hire rule: 4 PMs (5 or more), operational 25% (over 30%): *not met*." in said
        assert "*Medium · R07*\nFirefighting took 25% over 4 weeks." in said
        assert "*Medium · R06*\nCustomer time is 0% over 4 weeks" in said
        assert "Sources: our own proposal; Product Focus survey, 2024" in said
        assert "R01" not in said
        # Nobody's own week can be read from it.
        assert not any(f"<@{user.id}>" in said for user in stage.people)


async def test_the_companys_own_rules_hold_in_summary_and_insights(
    sqlite_url: str, tmp_path: Path
) -> None:
    packaged = resources.files("domain").joinpath("data", "rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(
        packaged.replace("share: 0.30, people: 5", "share: 0.20, people: 3"), encoding="utf-8"
    )
    async with team(sqlite_url, settings={"PRODOPS_PLAYBOOK": str(tmp_path)}) as stage:
        await weeks_of_logs(stage, 4)
        said = await stage.typed(stage.lead, "summary")
        assert "Operational 25%, above the 20% line" in said
        assert "Hire signal: operational work took 25% over 4 weeks for 4 PMs" in said
        said = await stage.typed(stage.lead, "insights")
        assert "Hire rule: 4 PMs (3 or more), operational 25% (over 20%): *met*." in said
        assert "rotation (P4); its break-even needs the costs" in said
        # What the summary has shown is marked.
        await stage.world.move_to_local("2026-06-08T15:00")
        assert "shown on 8 Jun" in await stage.typed(stage.lead, "insights")
        [shown] = await stage.type(stage.lead, "insights")
        first = next(b for b in shown.blocks if b.get("accessory"))
        assert first["accessory"]["value"].endswith("|R01")


async def test_what_the_short_form_left_out_counts_as_shown_once_it_is_there(stage: Stage) -> None:
    period = Period(2026, 24)

    async def shown() -> set[str]:
        async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
            [found] = await teams.every(tx)
            return set(await summaries.insights_shown(tx, found.team_id, period))

    for back in ("W22", "W21", "W20"):
        for user, text in zip(stage.people, LOGS, strict=True):
            await stage.type(user, f"log {back} {text}")
    await stage.type(stage.people[0], f"log {LOGS[0]}")
    await stage.world.move_to_local("2026-06-08T14:00")
    assert await shown() == set()
    for user, text in zip(stage.people[1:], LOGS[1:], strict=True):
        await stage.type(user, f"log last {text}")
    assert {"R06", "R07"} <= await shown()


async def test_only_for_the_team(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    stage.channel.members.append(zoe.id)
    assert "Only members of growth can ask for its insights" in await stage.typed(zoe, "insights")
