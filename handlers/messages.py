"""What people write to the bot in its DM: read by the same grammar as `/prodops log`."""

from dataclasses import replace

from domain.periods import Period
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.profiles import SLACKBOT
from handlers.recording import WEEKS_BACK
from handlers.registry import Registry
from handlers.timesplit import understand
from handlers.views.help import help_message
from storage import prompts, timesplit, workspaces

_GREETINGS = {"hi", "hello", "hey", "help", "?", "prodops", "/prodops"}


#: Subcommands that people also type in the DM, with or without the slash.
_ALSO_HERE = ("away", "checklist", "maturity", "summary", "why")


def register(registry: Registry) -> None:
    async def listen(call: Call) -> Answer:
        return await message(call, registry)

    registry.events["message"] = listen


async def message(call: Call, registry: Registry) -> Answer:
    """A message in the DM; edits, joins and what bots write are not meant for us."""
    event = call.body["event"]
    if event.get("channel_type") != "im" or event.get("subtype") or event.get("bot_id"):
        return None
    if call.user_id == SLACKBOT:
        # It tells us, without a bot's mark, that we were taken out of a channel.
        return None
    event_id = str(call.body.get("event_id") or event.get("client_msg_id") or event.get("ts"))
    async with call.write() as tx:
        if not await workspaces.first_sight_of_event(tx, event_id, call.now):
            return None
    text = call.text.strip()
    if text.lower().strip(" !.") in _GREETINGS or not text:
        return Reply(help_message())
    word, _, rest = text.removeprefix("/prodops ").partition(" ")
    if word.lower() in _ALSO_HERE:
        return await registry.commands[word.lower()](replace(call, kind="command", text=rest))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    week = await _week_asked_about(call, member.person.tz)
    for prefix in ("/prodops log ", "prodops log ", "log "):
        text = text.removeprefix(prefix)
    return await understand(call, text, member.person.tz, week, "dm")


async def _week_asked_about(call: Call, tz: str | None) -> Period | None:
    """A typed answer is about the week last asked about, while that is not answered yet."""
    this = Period.containing(call.services.today(tz))
    async with call.read() as tx:
        asked = await prompts.last_prompt(tx, call.user_id)
        if asked is None or not this.shift(-WEEKS_BACK) <= asked.period <= this:
            return None
        answered = await timesplit.get(tx, call.user_id, asked.period)
    return None if answered else asked.period
