"""A summary and App Home, as the product makes them, read no large table from end to end, and
nothing twice."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bench.scale.plain import twice
from bot.compose import build
from bot.settings import Settings
from domain.spans import Span
from handlers import home
from handlers.reviews import review_of
from handlers.rollup import rollup_of
from handlers.services import Services
from handlers.summaries import weekly_of
from handlers.teamreading import TeamReading
from storage import teams
from storage.database import Database, Tx
from tests.storage.tenants import NOW, PERSON, TEAM, WEEK
from tests.storage.test_indexes import full, scans, statements

__all__ = ["full"]


class Standing:
    def now(self) -> Any:
        return NOW


class Nobody:
    async def views_publish(self, **given: Any) -> None:
        assert given["view"]["blocks"]


@pytest.fixture
async def services(full: Database) -> AsyncIterator[Services]:
    environment = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"}
    async with build(Settings.load(environment), Standing()) as bot:
        nobody: Any = Nobody()
        yield replace(bot.services, database=full, slack=lambda _workspace: nobody)


async def test_a_summary(full: Database, services: Services) -> None:
    async def use(tx: Tx) -> None:
        team = await teams.get(tx, TEAM)
        assert team is not None
        await weekly_of(TeamReading(services, tx, team, NOW), WEEK)

    assert await scans(full, use) == []


async def test_app_home(full: Database, services: Services) -> None:
    async def use(_tx: Tx) -> None:
        await home.refresh(services, "T1", PERSON)

    assert await scans(full, use) == []


async def test_each_thing_is_read_once_and_for_all_teams_at_once(
    full: Database, services: Services
) -> None:
    async with full.read("T1") as tx:
        team = await teams.get(tx, TEAM)
        assert team is not None
        quarter = Span.of_week("quarter", WEEK)
        with statements(full) as seen:
            await weekly_of(TeamReading(services, tx, team, NOW), WEEK)
        assert twice(seen) == []
        with statements(full) as seen:
            await review_of(TeamReading(services, tx, team, NOW), quarter)
        assert twice(seen) == []
        with statements(full) as seen:
            await rollup_of(services, tx, quarter, NOW, "UTC")
        assert len(seen) < 10
