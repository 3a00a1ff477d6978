"""The ground of all acts: who may do something where, and how the bot hears of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from sandbox.delivery import Ack
from sandbox.entities import Message, User, View
from sandbox.responses import ResponseUrls
from sandbox.screen import NotOnScreen
from sandbox.slack import Slack


class Forged(TypedDict, total=False):
    """Overrides for one delivery over HTTP: another signing secret, another time of signing."""

    signing_secret: str
    at: datetime


@dataclass
class Reply:
    """The bot's answer to an act.

    `status` is its HTTP status (0: none in time), `error` what the person reads when it failed.
    `messages` are those shown by the ack or through the response_url; the list goes on growing.
    """

    status: int
    ack_body: Any = None
    messages: list[Message] = field(default_factory=list)
    error: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the bot took it within 3 seconds."""
        return self.error is None


def reply_of(ack: Ack | None, messages: list[Message] | None = None) -> Reply:
    """The reply for an ack; None stands for something that the bot does not hear of."""
    shown = [] if messages is None else messages
    if ack is None:
        return Reply(0, messages=shown, error="not_heard")
    return Reply(ack.status, ack.body, shown, ack.error)


class Acts:
    """Checks that hold for every act, and the way to the bot."""

    def __init__(self, slack: Slack, responses: ResponseUrls) -> None:
        self._slack = slack
        self._responses = responses

    async def _interact(self, payload: dict[str, Any], forged: Forged) -> Ack:
        if not self._slack.manifest.interactive:
            raise NotOnScreen("interactivity is off in the manifest")
        return await self._slack.courier.deliver("interactive", payload, **forged)

    def _must_see(self, user_id: str, place: Message | View) -> None:
        self._member(user_id)
        if isinstance(place, View):
            stack = self._slack.workspace.views.get(user_id, [])
            shown = [*stack[-1:], self._slack.workspace.homes.get(user_id)]
            if place not in shown:
                raise NotOnScreen(f"{user_id} does not have that view in front of them")
            return
        self._must_be_in(user_id, place.channel)
        if place.ephemeral_for not in (None, user_id):
            raise NotOnScreen(f"only {place.ephemeral_for} sees that message")

    def _must_be_in(self, user_id: str, channel_id: str) -> None:
        if user_id not in self._slack.workspace.channels[channel_id].members:
            raise NotOnScreen(f"{user_id} is not in {channel_id}")

    def _member(self, user_id: str) -> User:
        user = self._slack.workspace.users[user_id]
        if user.deleted:
            raise NotOnScreen(f"{user_id} is deactivated")
        return user
