"""A bot on one of the databases, at an instant that stands still, with a Slack that is away."""

from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime

from bot.compose import Bot, build
from bot.settings import Settings

#: A Wednesday on which nothing is due.
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)


class StandingClock:
    def now(self) -> datetime:
        return NOW


def bot(url: str) -> AbstractAsyncContextManager[Bot]:
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": "bench",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "DATABASE_URL": url,
    }
    return build(Settings.load(environment), StandingClock())
