"""`/prodops checklist`: the pages, what can be done with an item, and who may."""

import asyncio

from domain.checklist import NewItem
from sandbox.entities import Message, User
from storage import checklist, teams
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


async def test_each_part_can_be_typed(stage: Stage) -> None:
    for typed, title in (
        ("execute", "Execute · growth"),
        ("Build plan", "Build plan · growth"),
        ("goals", "Define goals · growth"),
        ("iter", "Iterate · growth"),
        ("OPEN", "Open items · growth"),
        ("mine", "My items"),
        ("e2", "*E2*  Automate the most hated report"),
    ):
        assert title in await stage.typed(stage.people[1], f"checklist {typed}"), typed


async def test_an_unknown_part_is_named_and_the_overview_shown(stage: Stage) -> None:
    said = await stage.typed(stage.people[1], "checklist <!channel>")
    assert "I know no part of the checklist called “&lt;!channel&gt;”." in said
    assert "Checklist · growth" in said


async def test_blocked_goes_on_and_dropped_is_reopened(stage: Stage) -> None:
    ben = stage.people[1]
    shown = await page(stage, ben, "E2")
    await stage.click(ben, shown, "Block")
    errors = await stage.submit(ben, {"Reason": " "})
    assert list(errors.values()) == ["Say why in a sentence."]
    assert await stage.submit(ben, {"Reason": "Waiting for access"}) == {}
    assert "*Blocked* since 3 Jun: Waiting for access" in words(shown)
    await stage.click(ben, shown, "Start")
    assert f"*In progress* since 3 Jun · <@{ben.id}>" in words(shown)
    await stage.click(ben, shown, "Drop")
    assert await stage.submit(ben, {"Reason": "Another team does it"}) == {}
    assert "*Dropped* 3 Jun: Another team does it" in words(shown)
    assert "~Automate the most hated report~" in words(shown)
    assert "*0 of 33 done*" in words(await page(stage, ben))
    await stage.click(ben, shown, "Reopen")
    assert "*Open*" in words(shown)
    assert "*0 of 34 done*" in words(await page(stage, ben))


async def test_a_menu_on_a_page_does_what_buttons_do(stage: Stage) -> None:
    ben, cem = stage.people[1:3]
    shown = await page(stage, ben, "execute")
    await stage.act.choose(ben.id, shown, "prodops_item_more", "Assign", nth=1)
    await stage.world.settle()
    assert await stage.submit(ben, {"Owner": cem.id, "Due date": "2026-06-30"}) == {}
    assert f"*Open* · <@{cem.id}> · due Tuesday 30 Jun" in words(shown)
    assert "Execute · growth" in words(shown)
    await stage.act.choose(ben.id, shown, "prodops_item_more", "Details", nth=1)
    await stage.world.settle()
    assert f"gave it to <@{cem.id}>" in words(shown)
    await stage.click(ben, shown, "Execute")
    assert "*E8*" in words(shown)


async def test_two_people_take_the_same_item_at_once(stage: Stage) -> None:
    """One of them has it, and the other one sees who."""
    ben, cem = stage.people[1:3]
    pages = [await page(stage, user, "E2") for user in (ben, cem)]
    await asyncio.gather(
        *(
            stage.act.click(user.id, shown, "Take it")
            for user, shown in zip((ben, cem), pages, strict=True)
        )
    )
    await stage.world.settle()
    said = [words(shown) for shown in pages]
    owner = ben if f"*Open* · <@{ben.id}>" in said[0] else cem
    other = said[1] if owner is ben else said[0]
    assert all(f"*Open* · <@{owner.id}>" in text for text in said)
    assert f"*E2* is <@{owner.id}>'s already." in other


async def test_two_people_mark_it_done_and_neither_evidence_is_lost(stage: Stage) -> None:
    ben, cem = stage.people[1:3]
    pages = [await page(stage, user, "E2") for user in (ben, cem)]
    for user, shown in zip((ben, cem), pages, strict=True):
        await stage.click(user, shown, "Mark done")
    assert await stage.submit(ben, {"Evidence": "https://wiki/ben"}) == {}
    errors = await stage.submit(cem, {"Evidence": "https://wiki/cem"})
    assert list(errors.values()) == ["Not saved: this item is done already."]
    assert stage.modal(cem)
    assert "https://wiki/ben" in words(pages[0])


async def test_pressed_twice_it_is_as_wanted(stage: Stage) -> None:
    ben = stage.people[1]
    shown = await page(stage, ben, "E2")
    old = Message(**{**shown.__dict__, "blocks": list(shown.blocks)})
    await stage.click(ben, shown, "Take it")
    await stage.click(ben, old, "Take it")
    assert "already" not in words(shown)
    assert f"*Open* · <@{ben.id}>" in words(shown)


async def test_strangers_see_and_change_nothing(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    stage.channel.members.append(zoe.id)
    assert "Only members of growth can ask for its checklist." in await stage.typed(
        zoe, "checklist"
    )
    assert "You are in no team yet." in await stage.typed_anywhere(zoe, "checklist")
    assert "You have nothing to do on any list." in await stage.typed_anywhere(
        zoe, "checklist mine"
    )


async def test_an_owner_from_outside_sees_their_items_and_not_the_list(stage: Stage) -> None:
    eng = stage.world.sandbox.workspace.add_user("Eng")
    shown = await page(stage, stage.people[1], "E6")
    await stage.click(stage.people[1], shown, "Assign")
    await stage.submit(stage.people[1], {"Owner": eng.id})
    own = stage.world.sandbox.workspace.add_channel("own", [eng], bot_in=False)
    [mine] = await stage.type(eng, "checklist", own)
    assert "My items" in words(mine)
    before = Message(**{**mine.__dict__, "blocks": list(mine.blocks)})
    await stage.click(eng, mine, "Start")
    assert "*In progress*" in words(mine)
    await stage.act.choose(eng.id, mine, "prodops_item_more", "Details")
    await stage.world.settle()
    await stage.click(eng, mine, "Overview")
    assert "My items" in words(mine)
    assert "*E2*" not in words(mine)
    # Once it is somebody else's, they can no longer change it.
    await stage.click(stage.people[1], shown, "Assign")
    await stage.submit(stage.people[1], {"Owner": stage.people[2].id})
    said = await stage.click(eng, before, "Start")
    assert said == "Only members of growth and the item's owner can change it."


async def test_typed_in_the_dm(stage: Stage) -> None:
    ben = stage.people[1]
    assert "Checklist · growth" in await stage.say(ben, "checklist")
    shown = stage.last(ben)
    await stage.click(ben, shown, "Execute")
    assert "Execute · growth" in words(shown)
    await stage.act.click(ben.id, shown, "Take it", nth=1)
    await stage.world.settle()
    assert f"*Open* · <@{ben.id}>" in words(shown)


async def test_opened_from_home(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.home(ben)
    await stage.click(ben, stage.world.sandbox.workspace.homes[ben.id], "Checklist")
    shown = stage.last(ben)
    assert "Checklist · growth" in words(shown)
    await stage.click(ben, shown, "Take it")
    assert "*A2*" in words(shown)
    assert "*A1*  Name an executive sponsor" not in words(shown)
    assert "A1" in await stage.home(ben)


async def test_an_item_of_ones_own(stage: Stage) -> None:
    ben, cem = stage.people[1:3]
    shown = await page(stage, ben, "plan")
    await stage.click(ben, shown, "Add an item")
    errors = await stage.submit(ben, {"Item": " \u200b "})
    assert list(errors.values()) == ["Say in a line what is to be done."]
    filled = {
        "Item": "Tidy the boards <!channel>",
        "Done when": "Each board has an owner",
        "Dimensions": ["Toolstack"],
        "Owner": cem.id,
        "Due date": "2026-06-30",
    }
    assert await stage.submit(ben, filled) == {}
    said = words(shown)
    assert "Build plan · growth" in said
    assert "*Own*  Tidy the boards &lt;!channel&gt;" in said
    assert "moves Toolstack" in said
    assert f"<@{cem.id}> · due Tuesday 30 Jun" in said
    assert "gave you an item" in words(stage.last(cem))
    assert "*0 of 35 done*" in words(await page(stage, ben))
    # Typed, the form comes with the text.
    await stage.type(ben, "checklist add Ask three partners")
    assert await stage.submit(ben) == {}
    assert "Ask three partners" in words(await page(stage, ben, "execute"))


async def test_a_message_becomes_an_item_with_its_link(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.act.say(
        stage.lead.id, stage.channel.id, "Sales &amp; we need *one* launch list\nsoon"
    )
    message = next(m for m in stage.world.messages(stage.channel) if m.user == stage.lead.id)
    await stage.act.message_action(ben.id, message, "prodops_add_to_checklist")
    await stage.world.settle()
    form = stage.modal(ben)
    assert form.source["title"]["text"] == "Add to the checklist"
    reply = await stage.submit(ben)
    assert reply == {}
    shown = [m for m in stage.world.messages(stage.channel) if m.ephemeral_for == ben.id][-1]
    said = words(shown)
    assert "On the checklist of *growth*:" in said
    assert "one* launch list soon" in said
    assert f"/archives/{stage.channel.id}/p{message.ts.replace('.', '')}|this message>" in said


async def test_a_form_sent_twice_adds_one_item(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.type(ben, "checklist add Ask three partners")
    sent = stage.modal(ben)
    await stage.submit(ben)
    stage.world.sandbox.workspace.views[ben.id] = [sent]
    await stage.submit(ben)
    said = words(await page(stage, ben, "execute"))
    assert said.count("Ask three partners") == 1


async def test_pages_turn(stage: Stage) -> None:
    ben = stage.people[1]
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        [team] = await teams.of_member(tx, ben.id)
        for n in range(86):
            await checklist.add(
                tx,
                team.team_id,
                NewItem(None, "execute", f"Own number {n}"),
                ben.id,
                stage.world.clock.now(),
            )
    shown = await page(stage, ben, "execute")
    assert "Page 1 of 10, 94 items in all." in words(shown)
    for _ in range(9):
        await stage.click(ben, shown, "Next")
    assert "Page 10 of 10" in words(shown)
    await stage.act.click(ben.id, shown, "Take it", nth=0)
    await stage.world.settle()
    assert "Page 10 of 10" in words(shown)
    assert f"*Open* · <@{ben.id}>" in words(shown)
    await stage.click(ben, shown, "Previous")
    assert "Page 9 of 10" in words(shown)
