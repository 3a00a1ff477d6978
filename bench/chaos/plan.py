"""What a chaos run does, all of it drawn from one seed: who is there, what fails, who is killed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

#: A Wednesday. Daylight saving time begins in Europe on the 29th and ends in Sydney on 5 April;
#: Good Friday is 3 April, and Easter Monday a holiday in Germany and Australia.
BEGIN = datetime(2026, 3, 25, 9, tzinfo=UTC)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney")
TEAM_SIZE = 8
#: What a person is due each week, where nobody answers: the prompt and its reminder.
EACH_WEEK = 2


@dataclass(frozen=True)
class Kill:
    """A replica that is ended once so many messages have arrived, and some moments later."""

    arrived: int
    after_seconds: float
    replica: int
    #: False: told to stop (SIGTERM), as each new version is brought out.
    hard: bool
    down_seconds: float


@dataclass(frozen=True)
class Plan:
    replicas: int
    deliveries: int
    kills: int
    restarts: int
    seconds: float
    seed: int

    @property
    def weeks(self) -> int:
        """So many that the holidays lie within."""
        return 4 if self.deliveries >= 1000 else 2

    @property
    def people(self) -> int:
        return max(2, self.deliveries // (self.weeks * EACH_WEEK))

    @property
    def zones(self) -> Sequence[str]:
        """Few where there are few people: each has due instants of its own."""
        return ZONES if self.people >= 100 else ZONES[:1] if self.people < 30 else ZONES[:2]

    @property
    def end(self) -> datetime:
        """After the reminders and summaries of the last week, before the prompts of the next."""
        return BEGIN + timedelta(weeks=self.weeks, hours=3)

    @cached_property
    def ends(self) -> list[Kill]:
        """Who is ended when, in order: the kills asked for, and some that are only told to stop."""
        draw = random.Random(f"ends {self.seed}")
        hard = [True] * self.kills + [False] * (self.kills // 5)
        moments = sorted(draw.randrange(int(self.deliveries * 0.9)) for _ in hard)
        draw.shuffle(hard)
        return [
            Kill(
                arrived,
                draw.uniform(0, 0.3),
                draw.randrange(self.replicas),
                is_hard,
                draw.choice((0.0, 0.0, draw.uniform(0, 2))),
            )
            for arrived, is_hard in zip(moments, hard, strict=True)
        ]

    @cached_property
    def outages(self) -> list[tuple[int, float]]:
        """(messages arrived, seconds away) for each restart of the database."""
        draw = random.Random(f"outages {self.seed}")
        moments = sorted(draw.randrange(int(self.deliveries * 0.9)) for _ in range(self.restarts))
        return [(arrived, draw.uniform(0, 2)) for arrived in moments]
