"""Payloads of what people do: commands, clicks, forms, shortcuts, menus that load."""

from typing import Any

from sandbox.entities import Channel, Message, View
from sandbox.payloads import message_object, view_object
from sandbox.responses import ResponseUrls
from sandbox.screen import Spot
from sandbox.slack import Slack

Payload = dict[str, Any]


def _base(slack: Slack, kind: str, user_id: str) -> Payload:
    ws, user = slack.workspace, slack.workspace.users[user_id]
    return {
        "type": kind,
        "token": "verification-token",
        "api_app_id": ws.app_id,
        "team": {"id": ws.team_id, "domain": ws.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": user.team_id,
        },
    }


def channel_name(channel: Channel) -> str:
    """The name under which commands and clicks speak of a channel."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name


def command(slack: Slack, user_id: str, channel: Channel, name: str, text: str) -> Payload:
    """Form fields of a slash command; the response_url is added by the caller."""
    ws = slack.workspace
    return {
        "token": "verification-token",
        "team_id": ws.team_id,
        "team_domain": ws.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user_id,
        "user_name": ws.users[user_id].name,
        "command": name,
        "text": text,
        "api_app_id": ws.app_id,
        "is_enterprise_install": "false",
        "trigger_id": slack.triggers.issue(user_id),
    }


def action_of(slack: Slack, spot: Spot, held: dict[str, Any]) -> Payload:
    """The entry of `actions` for one element; `held` is its new value, if it has any."""
    element = spot.element
    told = ("text", "value", "style", "placeholder")
    kept: Payload = {key: element[key] for key in told if key in element}
    return {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": spot.block["block_id"],
        **kept,
        **held,
        "action_ts": slack.workspace.new_ts(),
    }


def block_actions_in_message(
    slack: Slack, user_id: str, message: Message, action: Payload
) -> Payload:
    """A click in a message as that person sees it; an ephemeral message is not sent along."""
    ws, channel = slack.workspace, slack.workspace.channels[message.channel]
    container: Payload = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.ephemeral_for),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = _base(slack, "block_actions", user_id) | {
        "container": container,
        "trigger_id": slack.triggers.issue(user_id),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": message.states.get(user_id, {})},
        "actions": [action],
    }
    if not message.ephemeral_for:
        payload["message"] = message_object(message, ws)
    return payload


def block_actions_in_view(slack: Slack, user_id: str, view: View, action: Payload) -> Payload:
    """A click in a modal or on the Home tab."""
    return _base(slack, "block_actions", user_id) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": slack.triggers.issue(user_id, from_view=view.id),
        "view": view_object(view, slack.workspace),
        "actions": [action],
    }


def view_submission(slack: Slack, responses: ResponseUrls, view: View) -> Payload:
    """A form sent off."""
    return _base(slack, "view_submission", view.user_id) | {
        "trigger_id": slack.triggers.issue(view.user_id, from_view=view.id),
        "view": view_object(view, slack.workspace),
        "response_urls": _response_urls(responses, view),
    }


def _response_urls(responses: ResponseUrls, view: View) -> list[Payload]:
    urls = []
    for block in view.blocks:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        held = view.values[block["block_id"]][element["action_id"]]
        channel_id = held.get("selected_conversation") or held.get("selected_channel")
        if channel_id:
            issued = responses.issue(view.user_id, channel_id)
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel_id,
                    "response_url": responses.address(issued),
                }
            )
    return urls


def view_closed(slack: Slack, view: View, is_cleared: bool) -> Payload:
    """A form dismissed."""
    return _base(slack, "view_closed", view.user_id) | {
        "view": view_object(view, slack.workspace),
        "is_cleared": is_cleared,
    }


def shortcut(slack: Slack, user_id: str, callback_id: str) -> Payload:
    """A global shortcut."""
    return _base(slack, "shortcut", user_id) | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user_id),
        "action_ts": slack.workspace.new_ts(),
    }


def message_action(slack: Slack, user_id: str, message: Message, callback_id: str) -> Payload:
    """A shortcut from a message's own menu."""
    channel = slack.workspace.channels[message.channel]
    return _base(slack, "message_action", user_id) | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user_id),
        "action_ts": slack.workspace.new_ts(),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message_ts": message.ts,
        "message": message_object(message, slack.workspace),
    }


def block_suggestion(
    slack: Slack, user_id: str, place: Message | View, spot: Spot, typed: str
) -> Payload:
    """A menu that asks the bot for its options."""
    payload = _base(slack, "block_suggestion", user_id) | {
        "action_id": spot.element["action_id"],
        "block_id": spot.block["block_id"],
        "value": typed,
    }
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return payload | {"container": container, "view": view_object(place, slack.workspace)}
    return payload | {
        "container": {
            "type": "message",
            "message_ts": place.ts,
            "channel_id": place.channel,
            "is_ephemeral": bool(place.ephemeral_for),
        },
        "channel": {
            "id": place.channel,
            "name": channel_name(slack.workspace.channels[place.channel]),
        },
        "message": message_object(place, slack.workspace),
    }
