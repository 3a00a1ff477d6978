"""The weekly prompt and what it turns into: the words, the buttons, the week each one carries."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import load_catalog
from domain.grammar import LogSplit, parse_log
from domain.periods import Period
from handlers.views import notices, prompt
from handlers.views.blocks import Message, escape
from tests.handlers.views_samples import assert_sound, buttons, elements, hostile, shown

WEEK = Period(2026, 47)
INTRO = prompt.Introduction("U0LEAD", "Growth", "C0GROWTH")


def menu_of(message: Message) -> dict[str, str]:
    found = [e for e in elements(message["blocks"]) if e["type"] == "overflow"]
    return {o["text"]["text"]: o["value"] for menu in found for o in menu["options"]}


@pytest.mark.parametrize("asked", [prompt.prompt, prompt.reminder])
def test_prompt_and_reminder_offer_the_same_ways_to_answer(asked: object) -> None:
    message = asked(WEEK, team_names=["Growth"], can_repeat=True)  # type: ignore[operator]
    assert list(buttons(message["blocks"])) == [
        "Log my week",
        "Same as last week",
        "Skip this week",
        "Remind me later",
    ]
    assert list(menu_of(message)) == ["Pause", "Change my prompt time", "Why did I get this?"]
    assert_sound(message)


def test_every_button_of_a_prompt_knows_its_week() -> None:
    message = prompt.prompt(WEEK, team_names=["Growth"], can_repeat=True, intro=INTRO)
    assert {b["value"] for b in buttons(message["blocks"]).values()} == {"2026-W47"}
    for choice, kind in zip(menu_of(message).values(), ("pause", "time", "why"), strict=True):
        assert prompt.read_menu(choice) == (kind, WEEK)


def test_repeating_is_offered_only_where_there_is_something_to_repeat() -> None:
    message = prompt.prompt(WEEK, team_names=["Growth"], can_repeat=False)
    assert "Same as last week" not in buttons(message["blocks"])


def test_the_example_is_an_answer_that_the_grammar_takes() -> None:
    read = parse_log(prompt.EXAMPLE, load_catalog(), WEEK.monday)
    assert isinstance(read, LogSplit)
    message = prompt.prompt(WEEK, team_names=[], can_repeat=False)
    assert prompt.EXAMPLE in shown(message)
    assert prompt.EXAMPLE in message["text"]


def test_the_first_prompt_says_who_what_and_who_sees_it() -> None:
    message = prompt.prompt(WEEK, team_names=["Growth"], can_repeat=False, intro=INTRO)
    for told in ("<@U0LEAD> added you", "<#C0GROWTH>", "by category", "only you", "3 people"):
        assert told in shown(message)
        assert told in message["text"]
    assert "Not me, stop prompts" in buttons(message["blocks"])


def test_later_prompts_do_not_introduce_themselves() -> None:
    message = prompt.prompt(WEEK, team_names=["Growth"], can_repeat=False)
    assert "Not me, stop prompts" not in buttons(message["blocks"])


def test_an_introduction_without_a_known_lead_still_reads() -> None:
    intro = prompt.Introduction(None, "Growth", "C0GROWTH")
    message = prompt.prompt(WEEK, team_names=["Growth"], can_repeat=False, intro=intro)
    assert "You are in *Growth*" in shown(message)
    assert "None" not in shown(message)


def test_later_offers_two_times_and_a_way_back() -> None:
    choices = buttons(prompt.later_choices(WEEK)["blocks"])
    assert list(choices) == ["In 2 hours", "Tomorrow morning", "Back"]
    assert len({b["action_id"] for b in choices.values()}) == 3


def test_a_snoozed_prompt_names_the_time_on_the_persons_own_clock() -> None:
    at = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    message = prompt.snoozed(WEEK, at, ZoneInfo("Asia/Kolkata"))
    assert "Saturday 21 Nov, 09:30" in shown(message)
    assert "Saturday 21 Nov, 09:30" in message["text"]


def test_an_answered_prompt_has_nothing_stale_to_click() -> None:
    message = prompt.answered(WEEK, ["`████ 100%`  Strategy", "Your operational share 0%."])
    assert list(buttons(message["blocks"])) == ["Edit"]
    assert message["text"].endswith("Your operational share 0%.")
    assert_sound(message)


@pytest.mark.parametrize("message", [prompt.skipped(WEEK, "sick"), prompt.superseded(WEEK)])
def test_a_closed_prompt_can_still_be_logged(message: Message) -> None:
    (label, button), *others = buttons(message["blocks"]).items()
    assert (label, button["value"], others) == ("Log it after all", "2026-W47", [])


def test_a_pause_says_until_when_and_can_be_ended_or_changed() -> None:
    message = prompt.paused(date(2026, 12, 7))
    assert "until Monday 7 Dec" in message["text"]
    assert list(buttons(message["blocks"])) == [
        "Resume prompts",
        "Pause 1 week",
        "Pause 2 weeks",
        "Pause 4 weeks",
    ]
    assert "until you resume them" in prompt.paused(None)["text"]
    assert "9999" not in prompt.paused(date.max)["text"]


def test_stopping_is_confirmed_with_the_way_back() -> None:
    assert list(buttons(prompt.stopped("Growth")["blocks"])) == ["Start prompts again"]


def test_a_lead_hears_of_a_stop_without_reproach() -> None:
    message = notices.stopped_notice_for_lead("U0ANA", "Growth")
    assert "<@U0ANA>" in message["text"]
    assert buttons(message["blocks"]) == {}
    assert_sound(message)


@pytest.mark.parametrize(("recipient", "shown_as"), [("U0ANA", "<@U0ANA>"), ("C0X", "<#C0X>")])
def test_delivery_trouble_names_recipient_reason_and_remedy(recipient: str, shown_as: str) -> None:
    message = notices.delivery_trouble_notice_for_lead(recipient, "the channel <is> archived.", "x")
    assert shown_as in shown(message)
    assert "&lt;is&gt;" in shown(message)
    assert_sound(message)


def test_an_unclear_delivery_is_decided_with_two_buttons() -> None:
    message = notices.ask_lead_unknown("summary", "Growth", WEEK, recipient="C0X", delivery="42")
    choices = buttons(message["blocks"])
    assert list(choices) == ["It arrived", "Send it again"]
    assert {b["value"] for b in choices.values()} == {"42"}
    assert "The weekly summary of Growth" in message["text"]


@settings(max_examples=40)
@given(hostile, st.lists(hostile, max_size=12), st.booleans())
def test_no_name_breaks_a_message(name: str, teams: list[str], repeat: bool) -> None:
    intro = prompt.Introduction("U1", name, "C1")
    for message in (
        prompt.prompt(WEEK, team_names=teams, can_repeat=repeat, intro=intro),
        prompt.reminder(WEEK, team_names=teams, can_repeat=repeat),
        prompt.skipped(WEEK, name),
        prompt.answered(WEEK, [escape(name), *["x" * 400] * 30]),
        prompt.stopped(name),
        notices.stopped_notice_for_lead("U1", name),
        notices.delivery_trouble_notice_for_lead("U1", name, name),
        notices.ask_lead_unknown("prompt", name, WEEK),
    ):
        assert_sound(message)
