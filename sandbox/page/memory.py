"""What the page itself remembers: how far everybody has read, and the errors of open forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.entities import Channel, Message, View


@dataclass
class Memory:
    """Lives as long as the server; `started` is the `ts` before which everything counts as read."""

    started: str
    _read: dict[tuple[str, str], str] = field(default_factory=dict)
    _errors: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)

    def mark_read(self, user_id: str, channel: Channel) -> None:
        if channel.timeline:
            newest = max(_newest(message) for message in channel.timeline)
            self._read[user_id, channel.id] = newest

    def unread(self, user_id: str, channel: Channel) -> int:
        """How many messages this person has not seen, edits and thread replies not counted."""
        mark = self._read.get((user_id, channel.id), self.started)
        return sum(
            message.ts > mark and message.user != user_id
            for message in channel.timeline
            if message.ephemeral_for in (None, user_id)
        )

    def errors(self, view: View) -> Mapping[str, str]:
        """The sentences under the fields of an open form, by block_id.

        They belong to the form as it was sent: a form that the bot has changed since shows none.
        """
        state, errors = self._errors.get(view.id, ("", {}))
        return errors if state == view.hash else {}

    def set_errors(self, view: View, errors: Mapping[str, str] | None) -> None:
        self._errors[view.id] = (view.hash, dict(errors or {}))


def _newest(message: Message) -> str:
    return max([message.ts, *(reply.ts for reply in message.replies)])
