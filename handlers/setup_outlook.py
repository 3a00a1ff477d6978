"""What set-up tells: the channel, once, and whoever set it up what comes next."""

from contextlib import suppress
from datetime import UTC, datetime

import structlog

from domain.eligibility import prompt_obstacle
from domain.localtime import zone_or_utc
from handlers.call import Call
from handlers.schedule import PROMPT, SUMMARY, zone_of
from handlers.slack import FAILURES, code_of
from handlers.views.blocks import Message
from handlers.views.setup import SetupForm
from handlers.views.setup_notes import bot_missing, setup_done_message
from handlers.views.words import people_counted
from storage import agenda, memberships, people, teams
from storage.database import Tx
from storage.teams import Team

log = structlog.get_logger()


async def announce(call: Call, form: SetupForm, team: Team, *, first: bool) -> list[str]:
    """Tell the channel once, which also shows whether the summary will be able to get there."""
    if not first and team.trouble is None:
        return []
    async with call.read() as tx:
        count = len(await memberships.members_of(tx, team.team_id))
    try:
        await _post(call, team.channel_id, setup_done_message(form, member_count=count))
    except FAILURES as problem:
        log.warning("the channel of a new team cannot be posted to")
        if code_of(problem) not in ("not_in_channel", "channel_not_found"):
            return ["Slack did not let me post in this channel; the summary would not arrive."]
        with suppress(*FAILURES):
            await _post(call, call.user_id, bot_missing(team.channel_id))
        return ["I am not in this channel yet: send /invite @ProdOps in it, else no summary."]
    async with call.write() as tx:
        await teams.set_trouble(tx, team.team_id, None)
    return []


async def _post(call: Call, channel: str, said: Message) -> None:
    await call.client.chat_postMessage(channel=channel, text=said["text"], blocks=said["blocks"])


async def coming(tx: Tx, team: Team) -> list[tuple[datetime, str]]:
    """The next prompts, by instant and zone, and the next summary, in order."""
    prompts: dict[tuple[datetime, str], int] = {}
    for member in await people.get_many(tx, await memberships.members_of(tx, team.team_id)):
        due = await agenda.get(tx, PROMPT, member.person.user_id)
        if due is None:
            continue
        zone = zone_of(member, team)
        if prompt_obstacle(member.person, due.due_at.astimezone(zone).date(), due.due_at) is None:
            slot = (due.due_at, str(zone))
            prompts[slot] = prompts.get(slot, 0) + 1
    events = [
        (at.astimezone(zone_or_utc(place)), f"Prompt to {people_counted(count)} ({place})")
        for (at, place), count in prompts.items()
    ]
    summary = await agenda.get(tx, SUMMARY, team.team_id)
    if summary is not None:
        text = f"Summary of {summary.period.label} in this channel"
        events.append((summary.due_at.astimezone(zone_or_utc(team.tz)), text))
    return sorted(events, key=lambda event: event[0].astimezone(UTC))
