"""The load script in small: it fills both kinds of database, and every path finds what it needs."""

import asyncio
from pathlib import Path

import pytest

from bench.scale.__main__ import fill, measure
from bench.scale.filling import TEAM_SIZE, Size
from storage.database import open_database

SIZE = Size(workspaces=3, shares=3 * TEAM_SIZE * 4 * 2)


def test_a_size_is_in_whole_weeks() -> None:
    assert (SIZE.people, SIZE.weeks) == (150, 2)
    assert Size(1000, 5_000_000).weeks == 25


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_all_paths_are_compared(
    kind: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if kind == "sqlite":
        bare, full = (f"sqlite:///{tmp_path / name}.db" for name in ("bare", "full"))
    else:
        server = request.getfixturevalue("postgres_server")
        bare, full = (server.create_database(f"scale_{name}") for name in ("bare", "full"))
    fill(bare, SIZE, history=False)
    fill(full, SIZE, history=True)
    asyncio.run(measure(bare, full, 2))
    said = capsys.readouterr().out
    for path in ("tick, nothing due", "claim of 48", "a team's summary", "App Home"):
        assert said.count(path) >= 2
    asyncio.run(_counted(bare, shares=12 * TEAM_SIZE * 4))
    asyncio.run(_counted(full, shares=(12 + 2 * 2) * TEAM_SIZE * 4))


async def _counted(url: str, shares: int) -> None:
    database = open_database(url)
    try:
        async with database.read_across() as connection:
            for table, count in (("people", 150), ("split_shares", shares)):
                found = await connection.exec_driver_sql(f"SELECT count(*) FROM {table}")
                assert found.scalar_one() == count, table
    finally:
        await database.close()
