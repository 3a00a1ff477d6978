"""Setting up a team: the form's fields by their labels, what is read back, what comes next."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.views import setup, setup_notes
from handlers.views.setup import SetupForm
from tests.handlers.views_samples import (
    as_submitted,
    assert_sound,
    assert_sound_view,
    buttons,
    fields,
    hostile,
    shown,
)

GROUPS = [("S0PM", "product-managers"), ("S0ALL", "@everyone-here")]
FORM = SetupForm(
    channel_id="C0GROWTH",
    team_name="Growth & <Ops>",
    members="picked",
    people=("U0ANA", "U0BEN"),
    user_group="S0PM",
    leads=("U0LEAD",),
    prompt_weekday=3,
    prompt_time=time(15, 30),
    summary_weekday=1,
    summary_time=time(9, 15),
    time_zone="Asia/Kolkata",
    country="IN",
    industry="Healthcare",
    team_id="team-7",
)


def test_the_form_has_exactly_the_fields_people_are_told_of() -> None:
    view = setup.setup_modal(FORM, user_groups=GROUPS, editing=False)
    assert view["title"]["text"] == "Set up a team"
    assert list(fields(view)) == [
        "Team name",
        "Members",
        "People",
        "User group",
        "Leads",
        "Prompt day",
        "Prompt time",
        "Summary day",
        "Summary time",
        "Time zone",
        "Country for holidays",
        "Industry",
    ]
    assert_sound_view(view)


def test_an_existing_team_gets_its_settings() -> None:
    assert setup.setup_modal(FORM, editing=True)["title"]["text"] == "Team settings"


def test_what_was_filled_in_comes_back() -> None:
    view = setup.setup_modal(FORM, user_groups=GROUPS, editing=True)
    assert setup.read_setup(as_submitted(view), view["private_metadata"]) == FORM


def test_the_defaults_of_a_new_team_come_back_too() -> None:
    new = SetupForm(channel_id="C0NEW", team_name="New", leads=("U0LEAD",))
    view = setup.setup_modal(new)
    assert setup.read_setup(as_submitted(view), view["private_metadata"]) == new


def labels_of(view: dict[str, object], label: str) -> list[str]:
    element = fields(view)[label]["element"]
    groups = element.get("option_groups") or [{"options": element["options"]}]
    return [o["text"]["text"] for group in groups for o in group["options"]]


def test_members_can_be_everyone_picked_people_or_a_group() -> None:
    view = setup.setup_modal(FORM, user_groups=GROUPS)
    assert labels_of(view, "Members") == [
        "Everyone in this channel",
        "Picked people",
        "A user group",
    ]
    assert labels_of(view, "User group") == ["@product-managers", "@everyone-here"]
    assert fields(view)["People"]["optional"] is True


def test_without_user_groups_there_is_no_choice_of_one() -> None:
    view = setup.setup_modal(SetupForm("C1", "Growth"))
    assert "User group" not in fields(view)
    assert "A user group" not in labels_of(view, "Members")


def test_a_group_that_slack_does_not_list_any_more_is_kept_rather_than_lost() -> None:
    view = setup.setup_modal(FORM, user_groups=[("S0ALL", "everyone")])
    assert setup.read_setup(as_submitted(view), view["private_metadata"]).user_group == "S0PM"
    assert_sound_view(view)


def test_days_and_industries_are_complete() -> None:
    view = setup.setup_modal(FORM)
    assert labels_of(view, "Prompt day")[0] == "Monday"
    assert labels_of(view, "Summary day")[-1] == "Sunday"
    assert labels_of(view, "Industry") == [
        "Technology",
        "Financial Services",
        "Healthcare",
        "E-Commerce",
        "Other",
    ]


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "UTC"]
)
def test_any_zone_can_be_chosen_and_comes_preselected(zone: str) -> None:
    view = setup.setup_modal(SetupForm("C1", "Growth", time_zone=zone))
    element = fields(view)["Time zone"]["element"]
    assert element["initial_option"]["value"] == zone
    assert all(len(group["options"]) <= 100 for group in element["option_groups"])
    assert_sound_view(view)


def test_a_zone_by_its_old_name_is_kept_rather_than_lost() -> None:
    view = setup.setup_modal(SetupForm("C1", "Growth", time_zone="Asia/Calcutta"))
    assert fields(view)["Time zone"]["element"]["initial_option"]["value"] == "Asia/Calcutta"
    assert_sound_view(view)


def test_countries_begin_with_each_persons_own() -> None:
    view = setup.setup_modal(SetupForm("C1", "Growth"))
    choices = labels_of(view, "Country for holidays")
    assert choices[0] == "Each person's own (from their time zone)"
    assert "Germany" in choices
    assert len(choices) > 100
    element = fields(view)["Country for holidays"]["element"]
    assert element["initial_option"]["text"]["text"] == choices[0]


def test_an_empty_name_is_read_as_empty_not_as_a_placeholder() -> None:
    view = setup.setup_modal(SetupForm("C1", ""))
    assert setup.read_setup(as_submitted(view), view["private_metadata"]).team_name == ""


def test_the_preview_tells_each_event_on_its_own_clock() -> None:
    at = datetime(2026, 11, 27, 14, 0, tzinfo=ZoneInfo("America/New_York"))
    view = setup.preview("Growth", [(at, "prompt to Ana")], ["2 people are away."])
    assert "*Friday 27 Nov, 14:00 EST*  prompt to Ana" in shown(view)
    assert "2 people are away." in shown(view)
    assert "submit" not in view


def test_the_channel_is_told_what_will_happen_and_who_sees_what() -> None:
    message = setup_notes.setup_done_message(FORM, member_count=8)
    for told in ("8 members", "<@U0LEAD>", "Thursday 15:30", "Tuesday 09:15 (Asia/Kolkata)"):
        assert told in shown(message)
        assert told in message["text"]
    assert buttons(message["blocks"])["Team settings"]["value"] == "C0GROWTH"
    assert_sound(message)


def test_a_missing_bot_is_invited_with_the_exact_line() -> None:
    message = setup_notes.bot_missing("C0GROWTH")
    assert "`/invite @ProdOps`" in shown(message)
    assert "/invite @ProdOps" in message["text"]
    assert "<#C0GROWTH>" in shown(message)


def test_members_are_sent_to_the_leads() -> None:
    assert "<@U0LEAD> can change" in setup_notes.leads_only(["U0LEAD"])["text"]
    assert "a workspace admin can change" in setup_notes.leads_only([])["text"]


@settings(max_examples=15, deadline=None)
@given(hostile, st.integers(0, 250), st.integers(0, 200))
def test_the_form_holds_the_limits_with_200_people_and_250_groups(
    text: str, groups: int, people: int
) -> None:
    form = SetupForm(
        "C1",
        text,
        members="group",
        people=tuple(f"U{n:010d}" for n in range(people)),
        user_group="S200",
        leads=tuple(f"U{n:010d}" for n in range(people)),
    )
    handles = [(f"S{n}", f"{text}{n}") for n in range(groups)]
    assert_sound_view(setup.setup_modal(form, user_groups=handles, editing=True))
    kept = setup.read_setup(as_submitted(setup.setup_modal(form)), '{"channel":"C1","team":""}')
    assert (kept.people, kept.leads) == (form.people[:100], form.leads[:10])
    assert_sound(setup_notes.setup_done_message(form, member_count=people))
    events = [(datetime(2026, 11, 27, tzinfo=ZoneInfo("Asia/Kolkata")), text)] * people
    assert_sound_view(setup.preview(text, events, [text] * 12))
