"""How fast messages go out in one workspace, and when Slack asked us to wait."""

import asyncio
from datetime import datetime, timedelta


class Pace:
    """Evenly spaced sending slots per workspace (`per_second`; 0: as fast as it goes)."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next: dict[str, float] = {}
        self._held: dict[str, datetime] = {}

    async def slot(self, workspace_id: str) -> None:
        """Wait for this workspace's turn; other workspaces are not held up."""
        if not self._gap:
            return
        now = asyncio.get_running_loop().time()
        at = max(now, self._next.get(workspace_id, 0.0))
        self._next[workspace_id] = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)

    def hold(self, workspace_id: str, until: datetime) -> None:
        """Slack answered 429 with Retry-After: no message here before `until`."""
        self._held[workspace_id] = max(until, self._held.get(workspace_id, until))

    def held(self, workspace_id: str, now: datetime) -> timedelta | None:
        """How long the workspace is still on hold, if it is."""
        until = self._held.get(workspace_id)
        return until - now if until is not None and until > now else None
