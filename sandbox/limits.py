"""Rate limits by tier and channel, on the workspace's own clock."""

import math
from dataclasses import dataclass
from datetime import datetime

from sandbox.clock import SandboxClock

PER_MINUTE = {"tier1": 1, "tier2": 20, "tier3": 50, "tier4": 100, "special": 300}
CHANNEL_BURST = 4
CHANNEL_PER_SECOND = 1.0


@dataclass
class _Bucket:
    size: float
    per_second: float
    level: float
    at: datetime

    def take(self, now: datetime) -> float:
        """Takes one token; 0 when there was one, else the seconds until the next."""
        passed = max(0.0, (now - self.at).total_seconds())
        self.level = min(self.size, self.level + passed * self.per_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0
        return (1 - self.level) / self.per_second


class RateLimits:
    """Token buckets per method, and per channel for chat.postMessage; off unless `enabled`."""

    def __init__(self, clock: SandboxClock, enabled: bool = False) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self.enabled = enabled

    def seconds_to_wait(self, method: str, tier: str, channel: str | None) -> int:
        """0 when the call may pass, else the whole seconds for `Retry-After`."""
        if not self.enabled:
            return 0
        waits = []
        if method == "chat.postMessage" and channel:
            waits.append(self._take(f"channel:{channel}", CHANNEL_BURST, CHANNEL_PER_SECOND))
        if tier in PER_MINUTE:
            waits.append(self._take(method, PER_MINUTE[tier], PER_MINUTE[tier] / 60))
        return max((math.ceil(wait) for wait in waits), default=0)

    def _take(self, key: str, size: float, per_second: float) -> float:
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(size, per_second, size, now))
        return bucket.take(now)
