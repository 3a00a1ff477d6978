"""A database that is open for one test."""

from collections.abc import AsyncIterator

import pytest

from storage.database import Database, open_database
from tests import compiled

compiled.share()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    yield opened
    await opened.close()
