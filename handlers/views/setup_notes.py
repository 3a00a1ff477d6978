"""What set-up says outside its form: to the channel that became a team, or why it can't go on."""

from collections.abc import Sequence

from handlers.views.blocks import Message, actions, button, context, message, name, section
from handlers.views.setup import SETTINGS, SetupForm
from handlers.views.words import WEEKDAYS, counted, listed


def setup_done_message(form: SetupForm, *, member_count: int) -> Message:
    """Told to the channel once: what will happen, how often, and who sees what."""
    leads = listed([f"<@{lead}>" for lead in form.leads], limit=5)
    prompt = f"{WEEKDAYS[form.prompt_weekday]} {form.prompt_time:%H:%M}"
    summary = f"{WEEKDAYS[form.summary_weekday]} {form.summary_time:%H:%M}"
    what = (
        f"*{name(form.team_name)}* now measures where its weeks go: "
        f"{counted(member_count, 'member')}, led by {leads}."
    )
    rhythm = (
        f"Each member gets one short question a week, {prompt} in their own time zone. "
        f"This channel gets one summary, {summary} ({form.time_zone})."
    )
    promise = "Nobody sees anybody else's split. Averages appear only from 3 answers on."
    blocks = [
        section(f"{what}\n{rhythm}"),
        context(promise),
        actions(button("Team settings", SETTINGS, form.channel_id)),
    ]
    return message(f"{what} {rhythm} {promise}".replace("*", ""), blocks)


def bot_missing(channel_id: str) -> Message:
    text = (
        f"I am not in <#{channel_id}> yet, so I could not post the summary there. "
        "Send this line in the channel, then `/prodops setup` again:"
    )
    return message(f"{text} /invite @ProdOps", [section(f"{text}\n`/invite @ProdOps`")])


def not_a_team_channel() -> Message:
    text = "A team lives in a channel. Go to its channel and send `/prodops setup` there."
    return message(text, [section(text)])


def full_members_only() -> Message:
    text = "Guests cannot set up a team. Ask a full member of this workspace to do it."
    return message(text, [section(text)])


def leads_only(leads: Sequence[str]) -> Message:
    """Told to members who try to change a team; `leads` are user ids."""
    who = listed([f"<@{lead}>" for lead in leads], limit=5) or "a workspace admin"
    text = f"This channel already has a team. {who} can change its settings."
    return message(text, [section(text)])
