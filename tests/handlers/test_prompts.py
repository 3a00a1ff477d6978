"""The Friday prompt: what it says, what each of its buttons does, what becomes of it."""

import pytest

from sandbox.entities import Message, User
from tests.stage import Stage, words

WEEK, NEXT = "2026-W23", "2026-W24"
FRIDAY = "2026-06-05T14:00"


@pytest.fixture
async def asked(stage: Stage) -> Stage:
    """The same team on Friday at two, when everybody was just asked."""
    await stage.world.move_to_local(FRIDAY)
    return stage


def ben(stage: Stage) -> tuple[User, Message]:
    return stage.people[1], stage.last(stage.people[1])


async def test_only_the_first_prompt_introduces_itself(asked: Stage) -> None:
    user, prompt = ben(asked)
    said = words(prompt)
    assert f"<@{asked.lead.id}> added you to *growth* (<#{asked.channel.id}>)" in said
    assert "What is stored" in said
    assert "Who sees it" in said
    assert "Same as last week" not in said
    assert "You are in *growth*" in words(asked.last(asked.lead))
    await asked.type(user, "log 100% people")
    await asked.world.move_to_local("2026-06-12T14:00")
    second = words(asked.last(user))
    assert "Hello" not in second
    assert "Not me" not in second
    assert "Where did your week go?*  8–14 Jun" in second
    assert "Same as last week" in second


async def test_log_my_week_opens_the_form_and_the_prompt_becomes_the_receipt(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.click(user, prompt, "Log my week")
    await asked.submit(user, {"Strategy & decisions": "40", "People & growth": "60"})
    assert words(prompt).startswith("Logged for *1–7 Jun*. Thank you.")
    assert "Your operational share 0%, strategic 40%." in words(prompt)
    assert len(asked.dm(user)) == 1
    # Edit in it works too, and shows in it.
    await asked.click(user, prompt, "Edit")
    await asked.submit(user, {"Strategy & decisions": "10", "Tools & tickets": "30"})
    assert "Your operational share 30%, strategic 10%." in words(prompt)


async def test_same_as_last_week(asked: Stage) -> None:
    user, _ = ben(asked)
    await asked.typed(user, "log 40% strategy 60% jira")
    await asked.world.move_to_local("2026-06-12T14:00")
    prompt = asked.last(user)
    await asked.click(user, prompt, "Same as last week")
    assert await asked.logged(user, NEXT) == {"strategy": 4000, "tools": 6000}
    assert words(prompt).startswith("Logged for *8–14 Jun*")


async def test_skip_this_week_and_log_it_after_all(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.click(user, prompt, "Skip this week")
    assert words(prompt).startswith("1–7 Jun is skipped. It does not count as missing.")
    assert await asked.logged(user, WEEK) == {}
    await asked.click(user, prompt, "Log it after all")
    await asked.submit(user, {"People & growth": "100"})
    assert await asked.logged(user, WEEK) == {"people": 10_000}
    assert words(prompt).startswith("Logged for *1–7 Jun*")


@pytest.mark.parametrize("route", ["command", "dm", "home", "shortcut"])
async def test_the_prompt_is_edited_by_whatever_route_the_answer_comes(
    asked: Stage, route: str
) -> None:
    user, prompt = ben(asked)
    if route == "command":
        await asked.typed(user, "log 100% people")
    elif route == "dm":
        assert "*Logged: 1–7 Jun*" in await asked.say(user, "100% people")
    else:
        if route == "home":
            await asked.home(user)
            home = asked.world.sandbox.workspace.homes[user.id]
            await asked.click(user, home, "Log my week")
        else:
            await asked.act.shortcut(user.id, "prodops_log_week")
        await asked.submit(user, {"People & growth": "100"})
    assert words(prompt).startswith("Logged for *1–7 Jun*. Thank you.")
    assert "Skip this week" not in words(prompt)


async def test_undo_makes_the_prompt_a_question_again(asked: Stage) -> None:
    user, prompt = ben(asked)
    [receipt] = await asked.type(user, "log 100% people")
    await asked.click(user, receipt, "Undo")
    assert "Where did your week go?" in words(prompt)


async def test_a_typed_answer_is_about_the_week_that_was_asked_about(asked: Stage) -> None:
    user, _ = ben(asked)
    await asked.world.move_to_local("2026-06-08T11:00")
    assert "*Logged: 1–7 Jun*" in await asked.say(user, "40% strategy, 60% jira")
    assert await asked.logged(user, WEEK) == {"strategy": 4000, "tools": 6000}
    # That one is answered: what is typed now is about the running week.
    assert "*Logged: 8–14 Jun*" in await asked.say(user, "log 100% people")
    assert "Did you mean" in await asked.say(user, "60% people 40% customer meetings")
    assert "*ProdOps* asks once a week" in await asked.say(user, "Hi!")


async def test_other_words_are_understood_in_the_dm_too(asked: Stage) -> None:
    user, _ = ben(asked)
    assert "*Prompt for 1–7 Jun*" in await asked.say(user, "why")
    assert "0 of 4 logged" in await asked.say(user, "Summary")
    assert "away from Monday 8 Jun to Friday 12 Jun" in await asked.say(
        user, "away 8 Jun to 12 Jun"
    )


async def test_an_event_that_comes_twice_counts_once(asked: Stage) -> None:
    user, _ = ben(asked)
    await asked.say(user, "100% people")
    [message] = [e for e in asked.world.sandbox.events.sent if e["event"].get("user") == user.id]
    await asked.world.sandbox.resend(message)
    await asked.world.settle()
    assert [words(m).split("\n")[0] for m in asked.dm(user)][1:] == ["*Logged: 1–7 Jun*"]


async def test_remind_me_in_two_hours_or_not_at_all(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.click(user, prompt, "Remind me later")
    assert words(prompt).startswith("When shall I ask again about 1–7 Jun?")
    await asked.click(user, prompt, "Back")
    assert "Where did your week go?" in words(prompt)
    await asked.click(user, prompt, "Remind me later")
    await asked.click(user, prompt, "In 2 hours")
    assert words(prompt).startswith("I will ask again about 1–7 Jun on Friday 5 Jun, 16:00.")
    await asked.world.move_to_local("2026-06-05T16:00")
    assert words(asked.last(user)).startswith("No answer yet for *1–7 Jun*.")
    # The rule's own reminder on Monday is replaced by it.
    await asked.world.move_to_local("2026-06-08T12:00")
    assert len(asked.dm(user)) == 2
    assert "you had chosen your own time to be reminded" in await asked.typed(user, "why")


async def test_remind_me_tomorrow_morning(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.click(user, prompt, "Remind me later")
    await asked.click(user, prompt, "Tomorrow morning")
    assert "on Saturday 6 Jun, 09:30" in words(prompt)
    await asked.world.move_to_local("2026-06-06T09:30")
    assert words(asked.last(user)).startswith("No answer yet")
    assert len(asked.dm(user)) == 2


async def test_one_reminder_to_those_who_have_not_answered(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.typed(asked.people[2], "log 100% people")
    await asked.typed(asked.people[3], "log skip")
    await asked.world.move_to_local("2026-06-08T09:29")
    assert len(asked.dm(user)) == 1
    await asked.world.move_to_local("2026-06-08T09:30")
    reminder = asked.last(user)
    assert words(reminder).startswith("No answer yet for *1–7 Jun*.")
    assert len(asked.dm(asked.people[2])) == 1
    assert len(asked.dm(asked.people[3])) == 1
    # One answer settles both messages.
    await asked.click(user, reminder, "Skip this week")
    assert "is skipped" in words(prompt)
    assert "is skipped" in words(reminder)
    await asked.world.move_to_local("2026-06-11T12:00")
    assert len(asked.dm(user)) == 2


async def test_menu_pause_lengths_and_resume(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.choose(user, prompt, "prodops_prompt_menu", "Pause")
    assert words(prompt).startswith("Your prompts are paused until you resume them.")
    await asked.click(user, prompt, "Resume prompts")
    assert "Where did your week go?" in words(prompt)
    await asked.choose(user, prompt, "prodops_prompt_menu", "Pause")
    await asked.click(user, prompt, "Pause 2 weeks")
    assert "paused until Friday 19 Jun" in words(prompt)
    await asked.world.move_to_local("2026-06-25T12:00")
    assert len(asked.dm(user)) == 1
    said = await asked.typed(user, "why")
    assert said.count("you had paused your prompts") == 3
    await asked.world.move_to_local("2026-06-26T14:00")
    assert "Where did your week go?*  22–28 Jun" in words(asked.last(user))


async def test_menu_change_my_prompt_time(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.choose(user, prompt, "prodops_prompt_menu", "Change my prompt time")
    await asked.submit(
        user,
        {"Day": "Thursday", "Time": "16:30", "Or back to the default": []},
    )
    assert "The next one is due Thursday 11 Jun, 16:30." in words(asked.last(user))
    await asked.world.move_to_local("2026-06-11T16:29")
    before = len(asked.dm(user))
    await asked.world.move_to_local("2026-06-11T16:30")
    assert len(asked.dm(user)) == before + 1
    # The reminder keeps to the prompt: the next working day is Friday.
    await asked.world.move_to_local("2026-06-12T15:00")
    assert words(asked.last(user)).startswith("No answer yet for *8–14 Jun*.")
    assert len(asked.dm(user)) == before + 2
    assert "Where did your week go?*  8–14 Jun" in words(asked.last(asked.people[2]))


async def test_menu_why_did_i_get_this(asked: Stage) -> None:
    user, prompt = ben(asked)
    said = await asked.choose(user, prompt, "prodops_prompt_menu", "Why did I get this?")
    assert "*Prompt for 1–7 Jun*" in said
    assert "sent" in said
    assert "Reminder for 1–7 Jun" in said
    assert "Next prompt, for 8–14 Jun" in said
    assert "Europe/Berlin" in said
    assert "Where did your week go?" in words(prompt)


async def test_not_me_stops_prompts_and_leads_learn_it_once(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.click(user, prompt, "Not me, stop prompts")
    assert words(prompt).startswith("Done: no more prompts for growth.")
    told = words(asked.last(asked.lead))
    assert f"<@{user.id}> will get no more prompts for growth" in told
    assert "nothing is asked of you" in told
    await asked.click(user, prompt, "Start prompts again")
    assert "Where did your week go?" in words(prompt)
    old = prompt.snapshot()
    await asked.typed(user, "log 100% people")
    assert len(asked.dm(asked.lead)) == 2
    await asked.world.move_to_local("2026-06-12T14:00")
    assert "8–14 Jun" in words(asked.last(user))
    assert "Logged for" in words(prompt)
    # The very old button, on an outdated screen.
    await asked.click(user, old, "Skip this week")
    assert await asked.logged(user, WEEK) == {"people": 10_000}


async def test_stopped_means_no_prompt_and_not_missing(asked: Stage) -> None:
    user, prompt = ben(asked)
    await asked.click(user, prompt, "Not me, stop prompts")
    await asked.world.move_to_local("2026-06-13T12:00")
    assert len(asked.dm(user)) == 1
    assert "Prompts are stopped." in await asked.home(user)


async def test_old_buttons_get_a_sane_answer(asked: Stage) -> None:
    user, prompt = ben(asked)
    first = prompt.snapshot()
    await asked.world.move_to_local("2026-06-12T14:00")
    assert words(prompt).startswith("This question was about 1–7 Jun, which is over.")
    # On a screen that still shows the buttons.
    await asked.click(user, first, "Remind me later")
    assert words(prompt).startswith("This question was about 1–7 Jun")
    await asked.click(user, first, "Skip this week")
    assert await asked.logged(user, WEEK) == {}
    assert words(prompt).startswith("1–7 Jun is skipped")
    await asked.world.move_to_local("2026-07-20T12:00")
    said = await asked.click(user, first, "Skip this week")
    assert "too long ago to change" in said
    await asked.click(user, first, "Log my week")
    assert "This week, 20–26 Jul" in str(asked.modal(user).values["prodops_log_week"])


async def test_buttons_after_leaving_the_team(asked: Stage) -> None:
    user, prompt = ben(asked)
    first = prompt.snapshot()
    await asked.world.sandbox.leave_channel(asked.channel.id, user.id)
    await asked.world.settle()
    await asked.click(user, first, "Remind me later")
    assert words(prompt).startswith("You are in no team any more")
    await asked.world.move_to_local("2026-06-12T15:00")
    assert len(asked.dm(user)) == 1
    assert "you were no longer in the team" in await asked.typed_anywhere(user, "why")
