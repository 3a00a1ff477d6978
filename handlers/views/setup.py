"""Setting up a team: the form, its preview of what comes next, and what the channel is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from domain.cleaning import printable
from handlers.views.blocks import (
    Block,
    View,
    context,
    escape,
    fit,
    modal,
    name,
    one_line,
    option,
    section,
    sections,
)
from handlers.views.inputs import (
    StateValues,
    field,
    filled,
    filled_text,
    grouped_select,
    people_select,
    radio_buttons,
    static_select,
    text_input,
    time_input,
)
from handlers.views.places import OWN_COUNTRY, country_groups, zone_groups
from handlers.views.prompt_time import weekday_select
from handlers.views.words import day_words

SETUP_MODAL = "prodops_setup"
PREVIEW_MODAL = "prodops_setup_preview"
SETTINGS = "prodops_setup_edit"

# One id serves as block id and action id: errors are shown under the block of that name.
TEAM_NAME = "prodops_setup_name"
MEMBERS = "prodops_setup_members"
PEOPLE = "prodops_setup_people"
USER_GROUP = "prodops_setup_group"
LEADS = "prodops_setup_leads"
PROMPT_DAY = "prodops_setup_prompt_day"
PROMPT_TIME = "prodops_setup_prompt_time"
SUMMARY_DAY = "prodops_setup_summary_day"
SUMMARY_TIME = "prodops_setup_summary_time"
TIME_ZONE = "prodops_setup_zone"
COUNTRY = "prodops_setup_country"
INDUSTRY = "prodops_setup_industry"

CHANNEL, PICKED, GROUP = "channel", "picked", "group"
MOST_PICKED, MOST_LEADS = 100, 10
INDUSTRIES = ("Technology", "Financial Services", "Healthcare", "E-Commerce", "Other")


@dataclass(frozen=True)
class SetupForm:
    """The form's values; weekdays from 0 (Monday), ids are Slack's, `members` one of three words.

    `country` None: each person's own. `team_id` is empty for a team that is not set up yet.
    """

    channel_id: str
    team_name: str
    members: str = CHANNEL
    people: tuple[str, ...] = ()
    user_group: str | None = None
    leads: tuple[str, ...] = ()
    prompt_weekday: int = 4
    prompt_time: time = time(14)
    summary_weekday: int = 0
    summary_time: time = time(14)
    time_zone: str = "UTC"
    country: str | None = None
    industry: str = INDUSTRIES[0]
    team_id: str = ""


def setup_modal(
    values: SetupForm, *, user_groups: Sequence[tuple[str, str]] = (), editing: bool = False
) -> View:
    """`user_groups` are (id, handle); without any, the choice of a group is not offered."""
    return modal(
        "Team settings" if editing else "Set up a team",
        [
            field("Team name", text_input(TEAM_NAME, values.team_name), block_id=TEAM_NAME),
            *_member_fields(values, user_groups),
            *_rhythm_fields(values),
            *_place_fields(values),
        ],
        callback_id=SETUP_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=json.dumps({"channel": values.channel_id, "team": values.team_id}),
    )


def _member_fields(values: SetupForm, user_groups: Sequence[tuple[str, str]]) -> list[Block]:
    offered = list(user_groups)
    if values.user_group and values.user_group not in [group_id for group_id, _ in offered]:
        offered.insert(0, (values.user_group, "the present group"))
    choices = [option("Everyone in this channel", CHANNEL), option("Picked people", PICKED)]
    if offered:
        choices.append(option("A user group", GROUP))
    fields = [
        field("Members", radio_buttons(MEMBERS, choices, values.members), block_id=MEMBERS),
        field(
            "People",
            people_select(PEOPLE, values.people, most=MOST_PICKED),
            block_id=PEOPLE,
            hint=f"For “Picked people”, up to {MOST_PICKED}. Larger teams: a channel or a group.",
            optional=True,
        ),
    ]
    if offered:
        handles = [option(f"@{handle.lstrip('@')}", group_id) for group_id, handle in offered]
        select = grouped_select(
            USER_GROUP,
            [("User groups", handles)],
            values.user_group or "",
            placeholder="Choose a group",
        )
        hint = "For “A user group”: its members, as they come and go."
        fields.append(field("User group", select, block_id=USER_GROUP, hint=hint, optional=True))
    leads = people_select(LEADS, values.leads, most=MOST_LEADS)
    hint = "They change these settings. They see the team's averages, nobody's own split."
    return [*fields, field("Leads", leads, block_id=LEADS, hint=hint)]


def _rhythm_fields(values: SetupForm) -> list[Block]:
    prompt_time = time_input(PROMPT_TIME, f"{values.prompt_time:%H:%M}")
    summary_time = time_input(SUMMARY_TIME, f"{values.summary_time:%H:%M}")
    prompt_day = weekday_select(PROMPT_DAY, values.prompt_weekday)
    summary_day = weekday_select(SUMMARY_DAY, values.summary_weekday)
    return [
        field("Prompt day", prompt_day, block_id=PROMPT_DAY),
        field(
            "Prompt time", prompt_time, block_id=PROMPT_TIME, hint="In each person's own time zone."
        ),
        field("Summary day", summary_day, block_id=SUMMARY_DAY, hint="About the week before."),
        field(
            "Summary time",
            summary_time,
            block_id=SUMMARY_TIME,
            hint="In the team's time zone, below.",
        ),
    ]


def _place_fields(values: SetupForm) -> list[Block]:
    zones = grouped_select(TIME_ZONE, zone_groups(values.time_zone), values.time_zone)
    country = grouped_select(COUNTRY, country_groups(), values.country or OWN_COUNTRY)
    industries = [option(industry, industry) for industry in INDUSTRIES]
    return [
        field("Time zone", zones, block_id=TIME_ZONE),
        field(
            "Country for holidays",
            country,
            block_id=COUNTRY,
            hint="A prompt never comes on a public holiday: it moves to the working day before.",
        ),
        field("Industry", static_select(INDUSTRY, industries, values.industry), block_id=INDUSTRY),
    ]


def read_setup(state_values: StateValues, private_metadata: str) -> SetupForm:
    """The form as sent; fields left empty keep their defaults."""

    def text(block: str) -> str:
        return filled_text(state_values, block, block)

    carried = json.loads(private_metadata)
    country = text(COUNTRY)
    return SetupForm(
        channel_id=carried["channel"],
        team_id=carried["team"],
        team_name=one_line(text(TEAM_NAME)) if printable(text(TEAM_NAME)).strip() else "",
        members=text(MEMBERS) or CHANNEL,
        people=tuple(filled(state_values, PEOPLE, PEOPLE) or ()),
        user_group=text(USER_GROUP) or None,
        leads=tuple(filled(state_values, LEADS, LEADS) or ()),
        prompt_weekday=int(text(PROMPT_DAY) or 4),
        prompt_time=time.fromisoformat(text(PROMPT_TIME) or "14:00"),
        summary_weekday=int(text(SUMMARY_DAY) or 0),
        summary_time=time.fromisoformat(text(SUMMARY_TIME) or "14:00"),
        time_zone=text(TIME_ZONE) or "UTC",
        country=country if country and country != OWN_COUNTRY else None,
        industry=text(INDUSTRY) or INDUSTRIES[-1],
    )


def preview(
    team_name: str, events: Sequence[tuple[datetime, str]], notes: Sequence[str] = ()
) -> View:
    """Closes set-up: what happens next and when, each instant on the clock of its own zone.

    Texts and notes are plain sentences.
    """
    lines = [f"*{_clock(at)}*  {fit(escape(text), 300)}" for at, text in events[:20]]
    blocks = [
        section(f"*{name(team_name)}* is set up. This comes next:"),
        *sections(lines or ["Nothing is due yet."]),
        *[context(fit(escape(note), 500)) for note in notes[:10]],
    ]
    return modal("What comes next", blocks, callback_id=PREVIEW_MODAL, close="Done")


def _clock(at: datetime) -> str:
    zone = at.tzname() or ""
    return f"{day_words(at.date())}, {at:%H:%M} {zone}".rstrip()
