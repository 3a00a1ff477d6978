"""Leads shape the categories: grammar, form and summary follow."""

from sandbox.entities import User
from tests.stage import Stage, words


async def open_categories(stage: Stage, user: User) -> None:
    await stage.home(user)
    await stage.click(user, stage.world.sandbox.workspace.homes[user.id], "Categories")


async def change(stage: Stage, user: User, nth: int, values: dict[str, object]) -> dict[str, str]:
    await stage.act.click(user.id, stage.modal(user), "Change", nth=nth)
    await stage.world.settle()
    return await stage.submit(user, dict(values))


async def test_rename_add_and_archive(stage: Stage) -> None:
    ada, ben = stage.people[:2]
    await stage.type(ben, "log last 50% jira 50% fires")
    await open_categories(stage, ada)
    assert await change(stage, ada, 0, {"Name": "Tool <care>"}) == {}
    assert "*Tool &lt;care&gt;*" in words(stage.modal(ada))
    assert await change(stage, ada, 3, {"Archive": ["archived"]}) == {}
    assert "*Firefighting*  (archived)" in words(stage.modal(ada))
    await stage.click(ada, stage.modal(ada), "Add a category")
    values = {"Name": "Pricing talks", "Other words for it": "haggling", "Group": "Strategic"}
    assert await stage.submit(ada, values) == {}
    assert "*Pricing talks*" in words(stage.modal(ada))
    await stage.act.close(ada.id, everything=True)
    # Grammar
    said = await stage.typed(ben, "log 40% haggling 60% tool care")
    assert await stage.logged(ben, "2026-W23") == {"pricing-talks": 4000, "tools": 6000}
    assert "60%  Tool &lt;care&gt;" in said
    assert "operational share 60% (the week before 50%), strategic 40%" in said
    await stage.typed(ben, "log 100% firefighting")
    assert await stage.logged(ben, "2026-W23") == {"pricing-talks": 4000, "tools": 6000}
    # Form
    labels = [b["label"]["text"] for b in stage.modal(ben).blocks if b["type"] == "input"]
    assert "Pricing talks" in labels
    assert "Tool <care>" in labels
    assert "Firefighting" not in labels
    await stage.act.close(ben.id)
    # Summary: the strategic share takes the new category in.
    for user in stage.people[2:]:
        await stage.type(user, "log 100% haggling")
    await stage.world.move_to_local("2026-06-08T14:00")
    [summary] = [
        m for m in stage.world.messages(stage.channel) if m.text.startswith("growth · 1–7 Jun")
    ]
    assert "Strategic 80%" in summary.text
    assert "Pricing talks" in str(summary.replies[0].blocks)


async def test_what_may_not_be_is_said_at_the_field(stage: Stage) -> None:
    ada = stage.lead
    await open_categories(stage, ada)
    errors = await change(stage, ada, 0, {"Name": "Reports & status"})
    [said] = errors.values()
    assert said == "Reports & status is a category already: choose another name."
    errors = await stage.submit(ada, {"Name": "   "})
    assert errors == {"prodops_category_name": "Give the category a name."}
    errors = await stage.submit(ada, {"Name": "W46"})
    assert "That cannot be used" in errors["prodops_category_name"]
    assert await stage.submit(ada, {"Name": "Toolbox"}) == {}


async def test_members_are_refused(stage: Stage) -> None:
    ben = stage.people[1]
    await open_categories(stage, stage.lead)
    assert "Categories" not in await stage.home(ben)


async def test_a_new_category_never_slips_into_the_place_of_an_old_one(stage: Stage) -> None:
    """Its id would be `strategy`, as that of Strategy & decisions."""
    await open_categories(stage, stage.lead)
    await stage.click(stage.lead, stage.modal(stage.lead), "Add a category")
    assert await stage.submit(stage.lead, {"Name": "Strategy", "Group": "People"}) == {}
    shown = words(stage.modal(stage.lead))
    assert "*Strategy &amp; decisions*" in shown
    assert "*Strategy*  People" in shown
