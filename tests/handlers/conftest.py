"""A team that is set up, for tests that need no other."""

from collections.abc import AsyncIterator

import pytest

from tests.stage import Stage, team


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    """Four people in Berlin, set up as a team on a Wednesday; the first one leads it."""
    async with team(sqlite_url) as made:
        yield made
