"""How fast messages go out in one workspace, and when Slack asked us to wait."""

import asyncio
from datetime import datetime, timedelta


class Pace:
    """Evenly spaced sending slots per workspace, `per_second` of them."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second
        self._next: dict[str, float] = {}
        self._held: dict[tuple[str, str], datetime] = {}

    def within(self, seconds: float) -> int:
        """How many messages of one workspace go out in that time; at least one."""
        return max(1, int(seconds / self._gap))

    async def slot(self, workspace_id: str) -> None:
        """Wait for this workspace's turn; other workspaces are not held up."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._next.get(workspace_id, 0.0))
        self._next[workspace_id] = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)

    def hold(self, workspace_id: str, method: str, until: datetime) -> None:
        """Slack answered 429 with Retry-After: no call of this method here before `until`."""
        place = (workspace_id, method)
        self._held[place] = max(until, self._held.get(place, until))

    def held(self, workspace_id: str, method: str, now: datetime) -> timedelta | None:
        """How long the method is still on hold in this workspace, if it is."""
        until = self._held.get((workspace_id, method))
        return until - now if until is not None and until > now else None
