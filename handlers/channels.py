"""Whether a channel may be posted to, asked of Slack before somebody relies on it."""

import asyncio
from collections.abc import Sequence

from handlers.call import Call
from handlers.slack import FAILURES, code_of

_UNSEEN = (
    "I can't see that channel. Send /invite @ProdOps in it, or choose another, and save again."
)


async def fault_of(call: Call, channel_id: str) -> str | None:
    """What stands against posting there, as one plain sentence; None when nothing does."""
    try:
        answer = await call.client.conversations_info(channel=channel_id)
    except FAILURES as problem:
        if code_of(problem) in ("channel_not_found", "not_in_channel"):
            return _UNSEEN
        raise
    channel = answer["channel"]
    where = f"#{channel.get('name') or channel_id}"
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
        return f"{where} is shared with another organisation: your numbers would leave yours."
    if channel.get("is_archived"):
        return f"{where} is archived: unarchive it, or choose another channel."
    if not channel.get("is_member"):
        return f"I am not in {where}: send /invite @ProdOps there, then save again."
    return None


async def faults_of(call: Call, channel_ids: Sequence[str]) -> list[str]:
    """What stands against each of these channels that cannot be posted to."""
    found = await asyncio.gather(*(fault_of(call, channel) for channel in channel_ids))
    return [fault for fault in found if fault is not None]
