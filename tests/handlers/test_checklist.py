"""`/prodops checklist`: the pages, what can be done with an item, and who may."""

from sandbox.entities import Message, User
from tests.stage import Stage, words


async def page(stage: Stage, user: User, what: str = "") -> Message:
    [shown] = await stage.type(user, f"checklist {what}")
    return shown


async def test_untouched_it_shows_five_steps_and_where_to_begin(stage: Stage) -> None:
    ben = stage.people[1]
    shown = await page(stage, ben)
    said = words(shown)
    assert "Checklist · growth" in said
    assert "*0 of 34 done*" in said
    assert "nobody has taken anything yet" in said
    assert "*A1*  Name an executive sponsor" in said
    for row in ("Assess ", "Define goals ", "Build plan ", "Execute ", "Iterate "):
        assert row in said
    await stage.click(ben, shown, "Execute")
    said = words(shown)
    assert "Execute · growth" in said
    assert said.count("_Done when:_") == 8
    assert "*E2*  Automate the most hated report" in said
    assert "Data · moves Dashboards &amp; reporting" in said
    await stage.click(ben, shown, "Overview")
    assert "Checklist · growth" in words(shown)


async def test_from_taking_it_to_done_with_evidence(stage: Stage) -> None:
    ben = stage.people[1]
    shown = await page(stage, ben, "E2")
    await stage.click(ben, shown, "Take it")
    assert f"*Open* · <@{ben.id}>" in words(shown)
    await stage.click(ben, shown, "Start")
    assert f"*In progress* since 3 Jun · <@{ben.id}>" in words(shown)
    await stage.click(ben, shown, "Set due date")
    assert await stage.submit(ben, {"Due date": "2026-06-01"})
    assert await stage.submit(ben, {"Due date": "2026-06-30"}) == {}
    assert "due Tuesday 30 Jun" in words(shown)
    await stage.click(ben, shown, "Mark done")
    errors = await stage.submit(ben, {"Evidence": "   "})
    assert list(errors.values()) == ["Give a link or a sentence that shows it done."]
    assert await stage.submit(ben, {"Evidence": "https://wiki/report <!channel>"}) == {}
    said = words(shown)
    assert f"*Done* 3 Jun by <@{ben.id}>: https://wiki/report &lt;!channel&gt;" in said
    for line in ("took it", "started", "set the due date: 2026-06-30", "marked it done"):
        assert f"3 Jun: <@{ben.id}> {line}" in said
    assert "*1 of 34 done*" in words(await page(stage, ben))
