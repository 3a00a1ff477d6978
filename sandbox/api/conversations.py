"""conversations.*: channels, their members and their history."""

from typing import Any

from sandbox.api.call import Call, Method
from sandbox.entities import Channel, Message
from sandbox.payloads import channel_object, message_object
from sandbox.refusal import Refused

_READ = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")
_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def info(call: Call) -> dict[str, Any]:
    """conversations.info: one channel."""
    channel = call.channel()
    call.need(f"{channel.kind}:read")
    shown = channel_object(channel, call.ws)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    return {"channel": shown}


def members(call: Call) -> dict[str, Any]:
    """conversations.members: ids of everybody in it, bots and strangers included."""
    channel = call.channel()
    call.need(f"{channel.kind}:read")
    ids, cursor = call.page(channel.members, default=100, most=1000)
    return {"members": ids, "response_metadata": {"next_cursor": cursor}}


def list_(call: Call) -> dict[str, Any]:
    """conversations.list: what the bot can see, by kind, page by page."""
    kinds = [
        _KINDS.get(kind) for kind in str(call.args.get("types") or "public_channel").split(",")
    ]
    if None in kinds:
        raise Refused("invalid_types")
    for kind in kinds:
        call.need(f"{kind}:read")
    wanted = [
        channel
        for channel in call.ws.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channels" or call.ws.bot_user_id in channel.members)
        and not (call.flag("exclude_archived") and channel.is_archived)
    ]
    channels, cursor = call.page(wanted, default=100, most=1000)
    shown = [channel_object(channel, call.ws) for channel in channels]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


def open_(call: Call) -> dict[str, Any]:
    """conversations.open: the direct message with one person."""
    if channel_id := call.args.get("channel"):
        channel = call.ws.channels.get(str(channel_id))
        if channel is None or not channel.is_im:
            raise Refused("channel_not_found")
        return {"channel": {"id": channel.id}}
    ids = call.required("users").split(",")
    if len(ids) > 1:
        raise Refused("missing_scope", needed="mpim:write")
    user = call.ws.users.get(ids[0])
    if user is None:
        raise Refused("user_not_found")
    if user.is_bot:
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("user_disabled")
    if user.is_stranger and not call.ws.shares_channel(user.id, call.ws.bot_user_id):
        raise Refused("user_not_visible")
    known = call.ws.has_dm(user.id)
    channel = call.ws.dm(user.id)
    shown = channel_object(channel, call.ws) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown, "no_op": known, "already_open": known}


def join(call: Call) -> dict[str, Any]:
    """conversations.join: the bot enters a public channel."""
    channel = call.channel()
    if channel.is_archived:
        raise Refused("is_archived")
    if call.ws.bot_user_id not in channel.members:
        channel.members.append(call.ws.bot_user_id)
        call.ws.changed()
        call.slack.events.joined(channel, call.ws.bot_user_id)
    return {"channel": channel_object(channel, call.ws)}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need(f"{channel.kind}:history")
    if call.ws.bot_user_id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _within(call: Call, messages: list[Message]) -> list[Message]:
    """Those between `oldest` and `latest`; the bounds themselves only when `inclusive`."""
    least, most = _bound(call, "oldest", 0.0), _bound(call, "latest", float("inf"))
    inclusive = call.flag("inclusive")
    return [
        message
        for message in messages
        if least < float(message.ts) < most or (inclusive and float(message.ts) in (least, most))
    ]


def _bound(call: Call, name: str, otherwise: float) -> float:
    try:
        return float(str(call.args.get(name) or otherwise))
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _paged(call: Call, messages: list[Message]) -> dict[str, Any]:
    shown, cursor = call.page(messages, default=100, most=999)
    metadata = call.flag("include_all_metadata")
    answer: dict[str, Any] = {
        "messages": [message_object(message, call.ws, metadata) for message in shown],
        "has_more": bool(cursor),
    }
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def history(call: Call) -> dict[str, Any]:
    """conversations.history: messages newest first, without thread replies."""
    channel = _readable(call)
    lasting = [message for message in channel.timeline if not message.ephemeral_for]
    return _paged(call, _within(call, lasting[::-1]))


def replies(call: Call) -> dict[str, Any]:
    """conversations.replies: a thread, its parent first."""
    channel = _readable(call)
    message = channel.by_ts.get(call.required("ts"))
    if message is None or message.ephemeral_for:
        raise Refused("thread_not_found")
    parent = channel.by_ts.get(message.thread_ts or "", message)
    return _paged(call, [parent, *_within(call, parent.replies)])


METHODS = (
    Method("conversations.info", info, "tier3", _READ),
    Method("conversations.members", members, "tier4", _READ),
    Method("conversations.list", list_, "tier2", _READ),
    Method("conversations.open", open_, "tier3", ("im:write", "mpim:write")),
    Method("conversations.join", join, "tier3", ("channels:join",)),
    Method("conversations.history", history, "tier3", _HISTORY),
    Method("conversations.replies", replies, "tier3", _HISTORY),
)
