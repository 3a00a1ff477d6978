"""Slack's bad days: which call meets which fault, by seed, person and attempt, whoever makes it."""

import random
from collections import Counter
from collections.abc import Mapping

from sandbox.faults import Fault, FaultKind, Faults

POST = "chat.postMessage"
HISTORY = "conversations.history"

#: How likely each is, in one call. `error` is an error of Slack's that says nothing was done.
ON_POSTS: Mapping[FaultKind, float] = {
    "ratelimited": 0.02,
    "500": 0.02,
    "fatal": 0.01,
    "drop_before": 0.03,
    "drop_after": 0.04,
    "latency": 0.06,
}
ON_OTHERS: Mapping[FaultKind, float] = {
    "ratelimited": 0.03,
    "500": 0.03,
    "drop_before": 0.02,
    "drop_after": 0.02,
    "latency": 0.05,
}
#: In so many conversations the bot may not look for its messages: its leads are asked.
UNREADABLE = 0.05
#: Every so many posts a burst of 429 begins, which that many posts run into.
BURST_EVERY, BURST_LENGTH = 150, 8
LONGEST_LATENCY = 1.5


class Weather(Faults):
    """Faults that come by themselves; what is added by hand strikes first."""

    def __init__(self, seed: int, readable: frozenset[str] = frozenset()) -> None:
        super().__init__()
        # The sandbox looks for faults only while some are pending: this one never strikes.
        self.add("none", "error", times=None)
        self._seed = seed
        #: Where nobody else could be asked.
        self._readable = readable
        self._seen: Counter[tuple[str, str]] = Counter()
        self._posts = 0
        self.struck: Counter[str] = Counter()
        self.clear_sky = False

    def take(self, method: str, places: tuple[str, ...]) -> Fault | None:
        fault = super().take(method, places) or self._drawn(method, places[0] if places else "")
        if fault is not None:
            self.struck[fault.kind] += 1
        return fault

    def _drawn(self, method: str, place: str) -> Fault | None:
        if self.clear_sky:
            return None
        self._seen[method, place] += 1
        draw = random.Random(f"{self._seed} {method} {place} {self._seen[method, place]}")
        if method == HISTORY and self.is_unreadable(place):
            return Fault(method, "error", error="not_in_channel")
        if method == POST:
            self._posts += 1
            if self._posts % BURST_EVERY < BURST_LENGTH and self._posts > BURST_LENGTH:
                return Fault(method, "ratelimited", retry_after=draw.randint(1, 20))
        odds = ON_POSTS if method == POST else ON_OTHERS
        chance = draw.random()
        for kind, share in odds.items():
            chance -= share
            if chance < 0:
                seconds = draw.uniform(0, LONGEST_LATENCY)
                return Fault(method, kind, retry_after=draw.randint(1, 30), seconds=seconds)
        return None

    def is_unreadable(self, place: str) -> bool:
        """Whether the history of this conversation, by its person or channel, is closed to us."""
        drawn = random.Random(f"{self._seed} closed {place}").random()
        return drawn < UNREADABLE and place not in self._readable
