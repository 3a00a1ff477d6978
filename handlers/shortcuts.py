"""Buttons that stand for a subcommand: they do what it does, typed in the team's channel."""

from dataclasses import replace
from functools import partial

from handlers.call import Answer, Call
from handlers.registry import Registry
from handlers.views.shortcuts import COMMAND, read_command
from storage import teams


def register(registry: Registry) -> None:
    registry.actions[COMMAND] = partial(clicked, registry)


async def clicked(registry: Registry, call: Call) -> Answer:
    """Run the subcommand for the team that the button carries."""
    command = read_command(call.id)
    listener = registry.commands.get(command) or registry.commands["help"]
    channel_id = call.channel_id
    if call.value:
        async with call.read() as tx:
            team = await teams.get(tx, call.value)
        channel_id = team.channel_id if team else channel_id
    typed = replace(call, kind="command", id=command, text="", channel_id=channel_id, action={})
    return await listener(typed)
