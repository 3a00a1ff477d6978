"""The decision log: recorded as typed or by form, found again, and its owners reminded."""

from handlers.views.decisionform import DUE, WHAT
from handlers.views.decisions import MENU
from sandbox.entities import Message, User
from storage import agenda
from tests.stage import Stage, words

# The stage begins on Wednesday 3 June 2026.


def reminders(stage: Stage, user: User) -> list[Message]:
    return [m for m in stage.dm(user) if "Decision #" in words(m)]


async def test_recorded_with_owner_and_date_and_listed(stage: Stage) -> None:
    ben = stage.people[1]
    [shown] = await stage.type(stage.lead, f"decide Keep one roadmap tool <@{ben.id}> by Friday")
    assert shown.ephemeral_for == stage.lead.id
    said = words(shown)
    assert "Decision #1 recorded" in said
    assert ">Keep one roadmap tool" in said
    assert f"Owner: <@{ben.id}>" in said
    assert "due Friday 5 Jun" in said
    await stage.type(ben, "decide Drop the weekly deck")
    listed = await stage.typed(ben, "decisions")
    assert "Decisions of growth" in listed
    # What is due comes before what has no date.
    assert listed.index("#1") < listed.index("#2")
    assert "no owner · no date" in listed
    assert "1 to 2 of 2" in listed


async def test_the_owner_is_reminded_in_their_zone_then_again_then_the_lead(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.type(stage.people[2], f"decide Keep one tool <@{ben.id}> by 5 June")
    await stage.world.move_to_local("2026-06-05T09:29")
    assert reminders(stage, ben) == []
    await stage.world.move_to_local("2026-06-05T09:30")
    [first] = reminders(stage, ben)
    assert "is due today" in words(first)
    await stage.world.move_to_local("2026-06-12T09:29")
    assert len(reminders(stage, ben)) == 1
    await stage.world.move_to_local("2026-06-12T09:31")
    assert "was due Friday 5 Jun and is still open" in words(reminders(stage, ben)[1])
    assert reminders(stage, stage.lead) == []
    await stage.world.move_to_local("2026-06-19T09:31")
    [told] = reminders(stage, stage.lead)
    assert "it is yours to settle now" in words(told)
    async with stage.world.bot.database.read(stage.world.sandbox.workspace.team_id) as tx:
        assert [o for o in await agenda.soonest(tx, 99) if o.kind == "decision"] == []
    # One click settles it for all of them.
    await stage.click(stage.lead, told, "Done")
    await stage.world.tick()
    for message in [*reminders(stage, ben), *reminders(stage, stage.lead)]:
        assert "is done" in words(message)
        assert [b for b in message.blocks if b["type"] == "actions"] == []
    assert "Reminder of a decision" in await stage.typed(ben, "why")


async def test_a_reminder_comes_on_a_working_day_and_moves_with_its_date(stage: Stage) -> None:
    ben = stage.people[1]
    # Saturday 6 June is free: the Friday before is not.
    await stage.type(stage.lead, f"decide Sign <@{ben.id}> by 6 Jun")
    await stage.world.move_to_local("2026-06-05T09:30")
    [reminder] = reminders(stage, ben)
    assert "is due Saturday 6 Jun" in words(reminder)
    await stage.click(ben, reminder, "Move the date")
    assert await stage.submit(ben, {"Due": "2026-06-08"}) == {}
    await stage.world.tick()
    assert "is due Monday 8 Jun" in words(reminder)
    await stage.world.move_to_local("2026-06-08T09:30")
    assert len(reminders(stage, ben)) == 2


async def test_somebody_outside_the_team_may_own_one(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe", tz="America/New_York")
    await stage.type(stage.lead, f"decide Share the launch plan <@{zoe.id}|zoe> by 5 Jun")
    await stage.world.move_to_local("2026-06-05T09:30", "America/New_York")
    [reminder] = reminders(stage, zoe)
    await stage.click(zoe, reminder, "Done")
    assert "is done" in words(reminder)
    assert "done" in await stage.typed(stage.lead, "decisions")


async def test_closed_once_reopened_and_withdrawn(stage: Stage) -> None:
    ben = stage.people[1]
    [mine] = await stage.type(stage.lead, "decide Keep one tool by 5 Jun")
    [listed] = await stage.type(ben, "decisions")
    await stage.click(stage.lead, mine, "Mark done")
    # Whoever comes second hears that it is done, and changes nothing.
    assert "#1 is done already" in await stage.choose(ben, listed, MENU, "Withdraw")
    await stage.click(stage.lead, mine, "Reopen")
    assert "is open again" in words(mine)
    await stage.click(stage.lead, mine, "Withdraw")
    assert "✗ Keep one tool" in await stage.typed(ben, "decisions")
    await stage.world.move_to_local("2026-06-05T10:00")
    assert reminders(stage, stage.lead) == []


async def test_empty_opens_the_form_and_its_errors_keep_the_text(stage: Stage) -> None:
    await stage.type(stage.lead, "decide")
    assert stage.modal(stage.lead).source["title"]["text"] == "Record a decision"
    errors = await stage.submit(stage.lead, {"What": "x" * 700})
    assert errors == {WHAT: "That is 700 characters: please put it into 500."}
    errors = await stage.submit(stage.lead, {"What": "Keep one tool", "Due": "2026-06-01"})
    assert errors == {
        DUE: "Monday 1 Jun is over: give a date from today on, with its year if that is not "
        "this one."
    }
    assert await stage.submit(stage.lead, {"What": "Keep one tool", "Due": "2026-06-30"}) == {}
    assert "#1* Keep one tool" in await stage.typed(stage.lead, "decisions")


async def test_a_past_date_keeps_the_text_in_the_form(stage: Stage) -> None:
    said = await stage.typed(stage.lead, "decide Keep one tool by 1 Jun")
    assert "1 jun is over" in said.lower()
    assert "Keep one tool by 1 Jun" in said
    assert "Keep one tool" in str(stage.modal(stage.lead).blocks)
    assert await stage.submit(stage.lead, {"Due": "2026-06-30"}) == {}
    assert "Keep one tool" in await stage.typed(stage.lead, "decisions")


async def test_whatever_is_typed_is_kept_and_harmless(stage: Stage) -> None:
    for number, typed in enumerate(
        (
            "<!channel> &lt;!here&gt; *all* `x`",
            "=HYPERLINK(&quot;http://evil&quot;)",
            "قررنا إيقاف التقرير الأسبوعي",
            "🚀👩‍👩‍👧‍👦 ship it",
            "word " * 99,
        ),
        start=1,
    ):
        said = await stage.typed(stage.lead, f"decide {typed}")
        assert f"Decision #{number} recorded" in said
        assert "<!" not in said
    assert "1 to 5 of 5" in await stage.typed(stage.lead, "decisions")


async def test_three_thousand_characters_go_into_the_form(stage: Stage) -> None:
    said = await stage.typed(stage.lead, f"decide {'long ' * 600}")
    assert "please put it into 500" in said
    assert str(stage.modal(stage.lead).blocks).count("long") >= 600


async def test_search_by_words_number_and_owner(stage: Stage) -> None:
    ben = stage.people[1]
    await stage.type(stage.lead, "decide Keep one ROADMAP tool")
    await stage.type(stage.lead, f"decide Drop the 50% deck <@{ben.id}>")
    await stage.type(stage.lead, "decide Über-Launch verschieben")
    assert "#1" in await stage.typed(ben, "decisions tool roadmap")
    assert "#2" not in await stage.typed(ben, "decisions tool roadmap")
    assert "#2" in await stage.typed(ben, "decisions 50%")
    assert "#3" in await stage.typed(ben, "decisions über")
    assert "Drop the 50% deck" in await stage.typed(ben, "decisions #2")
    mine = await stage.typed(ben, f"decisions <@{ben.id}>")
    assert "#2" in mine
    assert "#1" not in mine
    assert "No decision matches zebra" in await stage.typed(ben, "decisions zebra")
    assert "No decision matches %_" in await stage.typed(ben, "decisions %_")


async def test_pages(stage: Stage) -> None:
    for n in range(12):
        await stage.type(stage.lead, f"decide Number {n}")
    [shown] = await stage.type(stage.lead, "decisions number")
    assert "1 to 10 of 12" in words(shown)
    await stage.click(stage.lead, shown, "Next")
    [turned] = [m for m in stage.world.messages(stage.channel) if "11 to 12 of 12" in words(m)]
    await stage.click(stage.lead, turned, "Previous")
    assert "1 to 10 of 12" in words(turned)


async def test_a_typed_name_is_looked_up(stage: Stage) -> None:
    said = await stage.typed(stage.lead, "decide Keep one tool @ben by Friday")
    assert f"Owner: <@{stage.people[1].id}>" in said
    said = await stage.typed(stage.lead, "decide Keep one tool @nobody")
    assert "I do not know who @nobody is" in said
    assert "Approved by @acme" in await stage.typed(stage.lead, "decide Approved by @acme")


async def test_only_the_team_reads_and_writes(stage: Stage) -> None:
    zoe = stage.world.sandbox.workspace.add_user("Zoe")
    stage.channel.members.append(zoe.id)
    assert "Only members of growth" in await stage.typed(zoe, "decisions")
    said = await stage.typed(zoe, "decide Take over")
    assert "Only members of growth" in said
    assert "Take over" in said
    assert "No decision yet" in await stage.typed(stage.lead, "decisions")


async def test_two_who_edit_at_once_lose_nothing(stage: Stage) -> None:
    ben = stage.people[1]
    [mine] = await stage.type(stage.lead, "decide Keep one tool")
    [listed] = await stage.type(ben, "decisions")
    await stage.choose(ben, listed, MENU, "Edit")
    await stage.click(stage.lead, mine, "Edit")
    assert await stage.submit(stage.lead, {"What": "Keep two tools"}) == {}
    errors = await stage.submit(ben, {"What": "Keep three tools"})
    assert "Somebody changed this decision" in errors[WHAT]
    assert "Keep two tools" in await stage.typed(ben, "decisions")
