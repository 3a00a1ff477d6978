"""Trigger ids: the short permission to open a modal after a person did something."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.clock import SandboxClock
from sandbox.refusal import Refused

LIFETIME = timedelta(seconds=3)


@dataclass
class _Trigger:
    user_id: str
    issued_at: datetime
    from_view: str | None
    used: bool = False


class Triggers:
    """Issues trigger ids and takes each back once, within 3 seconds of the workspace's clock."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._issued: dict[str, _Trigger] = {}
        self._numbers = itertools.count(1)

    def issue(self, user_id: str, from_view: str | None = None) -> str:
        """A fresh id for what this person just did, possibly inside an open view."""
        number = next(self._numbers)
        trigger_id = f"{number}.{int(self._clock.now().timestamp())}.sandbox{number:024x}"
        self._issued[trigger_id] = _Trigger(user_id, self._clock.now(), from_view)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The person behind the id; Refused as Slack does when invalid, used or expired."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self._clock.now() - trigger.issued_at > LIFETIME:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger.user_id

    def came_from_view(self, trigger_id: str) -> str | None:
        """The view in which the person acted, if any."""
        trigger = self._issued.get(trigger_id)
        return trigger.from_view if trigger else None
