"""The form for a week: pre-filled, with a live total, and with nothing lost when it is wrong."""

import asyncio

from tests.stage import Stage, words

WEEK, BEFORE = "2026-W23", "2026-W22"


async def test_it_starts_with_the_last_split_and_follows_the_numbers(stage: Stage) -> None:
    ada = stage.lead
    await stage.typed(ada, "log W20 40% strategy 60% jira")
    await stage.typed(ada, "log")
    form = stage.modal(ada)
    assert "Total 100% — ready to save" in words(form)
    assert "already logged" not in words(form)
    await stage.fill(ada, {"Strategy & decisions": "25"})
    assert "Total 85% — 15 left" in words(stage.modal(ada))
    await stage.fill(ada, {"People & growth": "15.5"})
    assert "Total 100.5% — ready to save" in words(stage.modal(ada))
    await stage.fill(ada, {"Unit": "Hours"})
    assert "Total 100.5 h" in words(stage.modal(ada))
    assert await stage.submit(ada, {"People & growth": "15", "Unit": "Percent"}) == {}
    assert await stage.logged(ada, WEEK) == {"strategy": 2500, "tools": 6000, "people": 1500}
    assert not stage.has_modal(ada)


async def test_the_receipt_comes_back_to_where_the_form_was_opened(stage: Stage) -> None:
    ada = stage.lead
    reply = await stage.act.command(ada.id, stage.channel.id, "/prodops log")
    await stage.world.settle()
    await stage.submit(ada, {"Strategy & decisions": "100"})
    assert words(reply.messages[-1]).startswith("*Logged: 1–7 Jun*")
    # Edited from the receipt: the same message tells the new numbers.
    await stage.click(ada, reply.messages[-1], "Edit")
    assert "already logged; saving replaces it" in words(stage.modal(ada))
    await stage.submit(ada, {"Strategy & decisions": "70", "People & growth": "30"})
    assert "70%  Strategy" in words(reply.messages[-1])
    assert len(reply.messages) == 1


async def test_errors_keep_all_that_was_typed(stage: Stage) -> None:
    ada = stage.lead
    await stage.typed(ada, "log")
    errors = await stage.submit(ada, {"Strategy & decisions": "40", "People & growth": "50"})
    [(field, said)] = errors.items()
    assert field.endswith(":people")
    assert "90" in said
    form = stage.modal(ada)
    assert form.values["prodops_log_amount::strategy"]["prodops_log_amount"]["value"] == "40"
    assert await stage.logged(ada, WEEK) is None
    assert await stage.submit(ada, {"People & growth": "60"}) == {}
    assert await stage.logged(ada, WEEK) == {"strategy": 4000, "people": 6000}


async def test_an_empty_form_and_too_many_hours_are_told(stage: Stage) -> None:
    ada = stage.lead
    await stage.typed(ada, "log")
    assert "Fill in at least one category." in (await stage.submit(ada)).values()
    errors = await stage.submit(ada, {"Unit": "Hours", "People & growth": "113"})
    assert any("112" in text for text in errors.values())
    assert "a week holds at most 112" in words(stage.modal(ada))
    assert await stage.submit(ada, {"People & growth": "10", "Tools & tickets": "30"}) == {}
    log = await stage.log_of(ada, WEEK)
    assert log is not None
    assert log.split is not None
    assert log.split.minutes == {"people": 600, "tools": 1800}
    assert log.split.shares == {"people": 2500, "tools": 7500}
    # Hours come back as hours.
    await stage.typed(ada, "log")
    assert "Total 40 h" in words(stage.modal(ada))


async def test_choosing_another_week_shows_what_stands_there(stage: Stage) -> None:
    ada = stage.lead
    await stage.typed(ada, "log last 40% strategy 60% jira")
    await stage.typed(ada, "log W21")
    assert "Total 0%" in words(stage.modal(ada))
    await stage.fill(ada, {"People & growth": "100", "Week": "Last week, 25–31 May"})
    assert "25–31 May is already logged" in words(stage.modal(ada))
    assert "Total 100%" in words(stage.modal(ada))
    await stage.fill(ada, {"Strategy & decisions": "10"})
    assert "Total 70%" in words(stage.modal(ada))
    # To a week with nothing in it: the numbers on the screen stay.
    await stage.fill(ada, {"Week": "This week, 1–7 Jun"})
    assert "already logged" not in words(stage.modal(ada))
    assert await stage.submit(ada, {"People & growth": "30"}) == {}
    assert await stage.logged(ada, WEEK) == {"strategy": 1000, "tools": 6000, "people": 3000}
    assert await stage.logged(ada, BEFORE) == {"strategy": 4000, "tools": 6000}


async def test_the_total_keeps_up_with_fast_typing(stage: Stage) -> None:
    """Each keystroke is reported at once; Slack answers the first one late."""
    ada = stage.lead
    await stage.typed(ada, "log")
    stage.world.sandbox.faults.add("views.update", "latency", seconds=0.4)
    form = stage.modal(ada)
    typing = [
        asyncio.create_task(stage.act.fill(ada.id, {"Strategy & decisions": typed}, form))
        for typed in ("1", "10", "100")
    ]
    await asyncio.gather(*typing)
    await stage.world.settle()
    assert "Total 100% — ready to save" in words(stage.modal(ada))


async def test_the_shortcut_opens_it_anywhere_and_answers_in_the_dm(stage: Stage) -> None:
    ada = stage.lead
    await stage.act.shortcut(ada.id, "prodops_log_week")
    await stage.world.settle()
    await stage.submit(ada, {"People & growth": "100"})
    assert words(stage.last(ada)).startswith("*Logged: 1–7 Jun*")
    assert await stage.logged(ada, WEEK) == {"people": 10_000}


async def test_slow_data_opens_a_loading_form_first(stage: Stage) -> None:
    """Somebody unknown: their profile has to be asked for, and Slack takes its time."""
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    stage.channel.members.append(zoe.id)
    stage.world.sandbox.faults.add("users.info", "latency", seconds=0.7)
    await stage.act.shortcut(zoe.id, "prodops_log_week")
    await stage.world.settle()
    opened = [c.method for c in stage.world.sandbox.calls if c.method.startswith("views.")][-2:]
    assert opened == ["views.open", "views.update"]
    assert await stage.submit(zoe, {"People & growth": "100"}) == {}
    assert await stage.logged(zoe, WEEK) == {"people": 10_000}
