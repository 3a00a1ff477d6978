"""`/prodops log` as typed: recorded at once, answered with a receipt, never with input lost."""

import pytest

from tests.stage import Stage, words

#: The Wednesday on which every test here starts lies in this week.
WEEK, BEFORE = "2026-W23", "2026-W22"


@pytest.mark.parametrize(
    ("typed", "week", "shares"),
    [
        ("40% strategy 60% jira", WEEK, {"strategy": 4000, "tools": 6000}),
        ("customer 20, 30 reports; 50 delivery", WEEK, None),
        ("1h30m interviews, 30m jira", WEEK, {"customer": 7500, "tools": 2500}),
        ("last 100% people", BEFORE, {"people": 10000}),
        ("W21 50 specs 50 fires", "2026-W21", {"delivery": 5000, "interrupts": 5000}),
        ("2026-W19 100 discovery", "2026-W19", {"discovery": 10000}),
        ("33.3 jira, 33,3 strategy, 33.4 people", WEEK, None),
    ],
)
async def test_a_typed_split_is_recorded_at_once(
    stage: Stage, typed: str, week: str, shares: dict[str, int] | None
) -> None:
    said = await stage.typed(stage.lead, f"log {typed}")
    stored = await stage.logged(stage.lead, week)
    assert stored is not None
    assert sum(stored.values()) == 10_000
    assert shares is None or stored == shares
    assert said.startswith("*Logged: ")
    assert "Edit" in said
    assert "Undo" in said


async def test_the_receipt_compares_with_ones_own_mean(stage: Stage) -> None:
    """Operational 50, 20 and 40 % before this week: the mean of what was logged is 36.7 %."""
    ada = stage.lead
    first = await stage.typed(ada, "log W20 50 jira 50 strategy")
    assert "Your operational share 50%, strategic 50%." in first
    assert "Your first week." in first
    second = await stage.typed(ada, "log W21 20 jira 30 customer 50 delivery")
    assert "operational share 20% (the week before 50%), strategic 30% (50%)." in second
    await stage.typed(ada, "log last 40 meetings 60 people")
    said = await stage.typed(ada, "log 10 jira 20 reports 70 discovery")
    assert "operational share 30% (3-week mean 37%), strategic 70% (27%)." in said
    # Five weeks ago is out of the mean, and of what can be logged.
    assert "far" in await stage.typed(ada, "log W18 100 jira")


async def test_nobody_else_sees_a_receipt(stage: Stage) -> None:
    [receipt] = await stage.type(stage.lead, "log 40% strategy 60% jira")
    assert receipt.ephemeral_for == stage.lead.id
    seen = [words(m) for m in stage.world.messages(stage.channel) if m.ephemeral_for is None]
    assert not any("strategic 40%" in text for text in seen)


async def test_undo_once_and_twice(stage: Stage) -> None:
    ada = stage.lead
    await stage.typed(ada, "log 40% strategy 60% jira")
    [edited] = await stage.type(ada, "log 100% people")
    await stage.click(ada, edited, "Undo")
    assert await stage.logged(ada, WEEK) == {"strategy": 4000, "tools": 6000}
    assert "stands again: Tools &amp; tickets 60%, Strategy &amp; decisions 40%" in words(edited)
    [receipt] = await stage.type(ada, "log 100% delivery")
    old = receipt.snapshot()
    await stage.click(ada, receipt, "Undo")
    again = await stage.click(ada, old, "Undo")
    assert "nothing to undo" in again
    assert await stage.logged(ada, WEEK) == {"strategy": 4000, "tools": 6000}


async def test_undo_of_the_only_entry_leaves_nothing(stage: Stage) -> None:
    [receipt] = await stage.type(stage.lead, "log 100% people")
    await stage.click(stage.lead, receipt, "Undo")
    assert "Nothing is logged for 1–7 Jun now." in words(receipt)
    assert await stage.logged(stage.lead, WEEK) is None


async def test_what_is_long_ago_can_no_longer_be_undone(stage: Stage) -> None:
    [receipt] = await stage.type(stage.lead, "log 100% people")
    await stage.world.advance(days=40)
    assert "too long ago" in await stage.click(stage.lead, receipt, "Undo")
    assert await stage.logged(stage.lead, WEEK) == {"people": 10_000}


async def test_same_repeats_the_newest_split_before(stage: Stage) -> None:
    ada = stage.lead
    assert "no earlier week to repeat" in await stage.typed(ada, "log same")
    await stage.typed(ada, "log W20 40% strategy 60% jira")
    await stage.typed(ada, "log last skip conference")
    await stage.typed(ada, "log same")
    assert await stage.logged(ada, WEEK) == {"strategy": 4000, "tools": 6000}
    assert await stage.logged(ada, BEFORE) == {}


async def test_skip_keeps_its_reason_and_can_be_taken_back(stage: Stage) -> None:
    ada = stage.lead
    await stage.typed(ada, "log 100% people")
    [receipt] = await stage.type(ada, "log skip <!channel> all ill")
    assert "1–7 Jun is skipped (&lt;!channel&gt; all ill)" in words(receipt)
    assert await stage.logged(ada, WEEK) == {}
    await stage.click(ada, receipt, "Undo")
    assert await stage.logged(ada, WEEK) == {"people": 10_000}


async def test_a_problem_says_one_thing_and_loses_nothing(stage: Stage) -> None:
    ada = stage.lead
    [problem] = await stage.type(ada, "log 40% strategy 60% stratgy-ish thing")
    assert "stratgy-ish thing" in words(problem)
    assert await stage.logged(ada, WEEK) is None
    # The form opened beside it, with what was understood.
    form = stage.modal(ada)
    assert "Total 40%" in words(form)
    [strategy] = [b for b in form.blocks if b["block_id"].endswith(":strategy")]
    assert strategy["element"]["initial_value"] == "40"


async def test_a_candidate_button_reads_the_text_again(stage: Stage) -> None:
    ada = stage.lead
    [problem] = await stage.type(ada, "log last 40% strategy 60% customer meetings")
    asked = "Did you mean *Customer &amp; market* or *Meetings &amp; coordination*?"
    assert asked in words(problem)
    await stage.act.close(ada.id)
    await stage.click(ada, problem, "Customer & market")
    assert await stage.logged(ada, BEFORE) == {"strategy": 4000, "customer": 6000}
    assert words(problem).startswith("*Logged: 25–31 May*")


async def test_open_the_form_from_a_problem(stage: Stage) -> None:
    ada = stage.lead
    [problem] = await stage.type(ada, "log last 2h strategy, 3h jira, 1h gardening")
    await stage.act.close(ada.id)
    await stage.click(ada, problem, "Open the form")
    assert "Total 5 h" in words(stage.modal(ada))
    assert await stage.submit(ada) == {}
    assert await stage.logged(ada, BEFORE) == {"strategy": 4000, "tools": 6000}
    assert words(problem).startswith("*Logged: 25–31 May*")


@pytest.mark.parametrize(
    "typed",
    [
        "40% strategy 50% jira",
        "W40 100% jira",
        "2031-W01 100% jira",
        "113h jira",
        "x" * 2990,
        "10% " * 700,
        "\u202e%001 rofni",
        "40\u200b% \u202astrategy\u202c and \x07 nothing",
        "<!channel> 40% <@U0SBX000002> & <b>",
        "-5% jira 105% strategy",
        "same same",
        "1e9999 jira",
    ],
)
async def test_bad_input_is_answered_and_echoed(stage: Stage, typed: str) -> None:
    [reply] = await stage.type(stage.lead, f"log {typed}")
    said = words(reply)
    assert await stage.logged(stage.lead, WEEK) is None
    assert reply.broadcasts == ()
    assert len(said) < 3500
    assert "You wrote:" in said
    assert "Something went wrong" not in said
    if stage.has_modal(stage.lead):
        await stage.act.close(stage.lead.id)


async def test_somebody_without_a_team_can_log_too(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    elsewhere = stage.world.sandbox.workspace.add_channel("elsewhere", [zoe], bot_in=False)
    said = await stage.typed(zoe, "log 40% strategy 60% jira", elsewhere)
    assert "*Logged: 1–7 Jun*" in said
    assert await stage.logged(zoe, WEEK) == {"strategy": 4000, "tools": 6000}


async def test_words_are_told_apart_from_their_subcommand_by_any_blank(stage: Stage) -> None:
    await stage.typed(stage.lead, "LOG\n40% strategy\n60% jira")
    assert await stage.logged(stage.lead, WEEK) == {"strategy": 4000, "tools": 6000}
    assert "Did you mean `/prodops log`?" in await stage.typed(stage.lead, "lgo 40% strategy")
    assert "*ProdOps* asks once a week" in await stage.typed(stage.lead, "")
    assert "`/prodops help`?" in await stage.typed(stage.lead, "<!channel>" + "y" * 500)
