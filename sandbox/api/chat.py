"""chat.*: posting, editing and deleting messages."""

from typing import Any

from sandbox.api.call import Call, Method
from sandbox.api.posting import checked_content, destination, post_as_bot, rewrite
from sandbox.entities import Message
from sandbox.payloads import message_object
from sandbox.refusal import Refused

MOST_UPDATED_TEXT = 4_000


def post_message(call: Call) -> dict[str, Any]:
    """chat.postMessage: a new message in a channel, thread or DM."""
    channel = destination(call)
    if call.args.get("username") or call.args.get("icon_emoji") or call.args.get("icon_url"):
        call.need("chat:write.customize")
    content = checked_content(call)
    thread_ts = call.args.get("thread_ts") or None
    if thread_ts and thread_ts not in channel.by_ts:
        raise Refused("thread_not_found")
    message = post_as_bot(
        call,
        channel,
        content,
        thread_ts=thread_ts,
        username=call.args.get("username"),
        broadcast=call.flag("reply_broadcast"),
    )
    call.slack.events.posted(message)
    shown = message_object(message, call.ws, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def post_ephemeral(call: Call) -> dict[str, Any]:
    """chat.postEphemeral: a message that one member of the channel sees for a while."""
    channel = destination(call)
    user_id = call.required("user")
    if call.ws.bot_user_id not in channel.members:
        raise Refused("channel_not_found" if channel.is_private else "not_in_channel")
    if user_id not in channel.members or call.ws.users[user_id].deleted:
        raise Refused("user_not_in_channel")
    message = post_as_bot(call, channel, checked_content(call), ephemeral_for=user_id)
    return {"message_ts": message.ts}


def _own_message(call: Call, error: str) -> Message:
    channel = call.channel()
    message = channel.by_ts.get(call.required("ts"))
    if message is None or message.ephemeral_for:
        raise Refused("message_not_found")
    if message.bot_id != call.ws.bot_id:
        raise Refused(error)
    return message


def update(call: Call) -> dict[str, Any]:
    """chat.update: new content for the bot's own message."""
    message = _own_message(call, "cant_update_message")
    if call.ws.channels[message.channel].is_archived:
        raise Refused("is_archived")
    if len(str(call.args.get("text") or "")) > MOST_UPDATED_TEXT:
        raise Refused("msg_too_long")
    content = checked_content(call, may_be_empty="blocks" in call.args)
    before = message_object(message, call.ws)
    rewrite(call, message, content)
    call.slack.events.edited(message, before)
    shown = message_object(message, call.ws, metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> dict[str, Any]:
    """chat.delete: takes the bot's own message away."""
    message = _own_message(call, "cant_delete_message")
    call.ws.remove(message)
    call.slack.events.removed(message)
    return {"channel": message.channel, "ts": message.ts}


def permalink(call: Call) -> dict[str, Any]:
    """chat.getPermalink: the address of a message."""
    channel = call.channel()
    ts = call.required("message_ts")
    if ts not in channel.by_ts:
        raise Refused("message_not_found")
    address = f"{call.slack.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


_WRITE = ("chat:write",)
METHODS = (
    Method("chat.postMessage", post_message, "special", _WRITE, shows=True),
    Method("chat.postEphemeral", post_ephemeral, "tier4", _WRITE, shows=True),
    Method("chat.update", update, "tier3", _WRITE, shows=True),
    Method("chat.delete", delete, "tier3", _WRITE, shows=True),
    Method("chat.getPermalink", permalink, "special"),
)
