"""A company's own files in Slack: what they change is seen, and what they drop breaks nothing."""

from importlib import resources
from pathlib import Path

from storage import checklist, teams
from tests.handlers.assessed import assess
from tests.handlers.test_extremes import close_all, playbook, visit
from tests.stage import Stage, team, words


def own(folder: Path, name: str, *edits: tuple[str, str]) -> None:
    text = resources.files("domain").joinpath("data", name).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / name).write_text(text, encoding="utf-8")


async def test_a_name_an_item_and_a_question_of_ones_own(sqlite_url: str, tmp_path: Path) -> None:
    own(tmp_path, "maturity.yaml", ("name: Toolstack", "name: Our tools"))
    item = "- [A8, Read ten support tickets, Ten read together, PM, [tools]]\ngoals:"
    own(tmp_path, "checklist.yaml", ("goals:", item))
    question = "quiz:\n- [Who owns the roadmap here?, [We, They], 0, We do.]"
    (tmp_path / "quiz.yaml").write_text(question, encoding="utf-8")
    settings = {"PRODOPS_PLAYBOOK": str(tmp_path)}
    async with team(sqlite_url, settings=settings) as stage:
        lead, ben = stage.people[:2]
        assert "0 of 35 done" in await stage.typed(ben, "checklist")
        said = await stage.typed(ben, "checklist A8")
        assert "Read ten support tickets" in said
        assert "moves Our tools" in said
        assert "Who owns the roadmap here?" in await stage.typed(ben, "quiz")
        assert "Our tools" in await stage.typed(ben, "learn our tools")
        await stage.typed(lead, "maturity")
        assert "Our tools" in words(stage.modal(lead))
        assert "Toolstack" not in words(stage.modal(lead))


async def test_what_a_new_file_drops_stays_stored_and_breaks_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with team(sqlite_url) as stage:
        await use(stage)
        before = len(await items(stage))
    settings = {"PRODOPS_PLAYBOOK": str(playbook(tmp_path))}
    async with team(sqlite_url, set_up=False, settings=settings) as stage:
        assert len(await visit(stage, stage.lead)) > 60
        assert len(await items(stage)) >= before


async def use(stage: Stage) -> None:
    """An assessment, a goal about a dimension and items, all by ids of the packaged files."""
    lead = stage.lead
    model = stage.world.bot.services.playbook.maturity
    await assess(stage, {d.id: 1 + n % 4 for n, d in enumerate(model)}, stage.world.clock.now())
    for ref, button in (("E2", "Mark done"), ("E4", "Block")):
        [shown] = await stage.type(lead, f"checklist {ref}")
        await stage.click(lead, shown, button)
        field = "Evidence" if button == "Mark done" else "Reason"
        assert await stage.submit(lead, {field: "as it is"}) == {}
    [shown] = await stage.type(lead, "goals")
    await stage.click(lead, shown, "Set a goal")
    await stage.choose(lead, stage.modal(lead), "Metric", "Level of Toolstack")
    values = {"Baseline": "2", "Target": "4", "Date": "2026-09-30"}
    assert await stage.submit(lead, values) == {}
    close_all(stage, lead)


async def items(stage: Stage) -> list[str]:
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        (found,) = await teams.every(tx)
        return [item.key for item in await checklist.of_team(tx, found.team_id)]
