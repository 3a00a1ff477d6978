"""Knows when the page has something new to show: workspace, calls, deliveries, clock."""

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sandbox.page.deliveries import Delivery, noted

if TYPE_CHECKING:
    from sandbox.server import Sandbox

#: How long one wait lasts, how often it looks at what does not announce itself, in seconds.
_HOLD, _LOOK = 20.0, 0.4
#: After a change: a moment for those that follow at once, so that they are drawn together.
_CALM = 0.03
#: A jump of the clock by more than this, in seconds, is news.
_JUMP = 1.5


class Live:
    """Watches a sandbox; `deliveries` is the log of what was handed to the bot."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self.deliveries: Sequence[Delivery] = noted(sandbox.courier, sandbox.clock)

    @property
    def version(self) -> int:
        """Grows with everything that the page shows, the clock apart."""
        sandbox = self._sandbox
        return sandbox.version + len(sandbox.calls) + len(self.deliveries)

    async def wait(self, since: int) -> bool:
        """Waits until there is more than at version `since`; False when nothing came for long."""
        until = time.monotonic() + _HOLD
        clock = self._clock()
        while self.version <= since and abs(self._clock() - clock) < _JUMP:
            if time.monotonic() >= until:
                return False
            await self._sandbox.changed(self._sandbox.version, _LOOK)
        await asyncio.sleep(_CALM)
        return True

    def _clock(self) -> float:
        """The workspace's time against the machine's, so that only jumps change it."""
        shown = self._sandbox.clock.now().timestamp()
        return shown if self._sandbox.clock.frozen else shown - time.monotonic()
