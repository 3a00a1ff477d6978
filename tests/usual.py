"""The team that most tests begin with: set up once in a process, then taken up as it was left."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.entities import Channel, User
from tests.world import World, world

COUNT = 4
CHANNEL = "growth"
#: A workspace's own state; what watches it, and its clock, belong to the world around it.
_AROUND = ("clock", "_watchers")


@dataclass(frozen=True)
class _Left:
    """What a set-up leaves behind: a database file's bytes, and a workspace's state."""

    rows: bytes
    state: Mapping[str, Any]

    def fill(self, file: Path) -> None:
        file.write_bytes(self.rows)


_left: list[_Left] = []


@asynccontextmanager
async def usual_team(database_url: str) -> AsyncIterator[tuple[World, list[User], Channel]]:
    """A world, its people (the first has set the team up), and their channel; on SQLite only."""
    file = Path(database_url.removeprefix("sqlite:///"))
    if not _left:
        first = shutil.copyfile(file, file.with_name("first.db"))
        _left.append(await _set_up(first))
    _left[0].fill(file)
    async with world(database_url) as made:
        workspace = made.sandbox.workspace
        vars(workspace).update(deepcopy(_left[0].state))
        (channel,) = (c for c in workspace.channels.values() if c.name == CHANNEL)
        members = [workspace.users[user_id] for user_id in channel.members]
        yield made, [user for user in members if not user.is_bot], channel


async def _set_up(file: Path) -> _Left:
    async with world(f"sqlite:///{file}") as made:
        people = made.add_people(COUNT)
        channel = made.sandbox.workspace.add_channel(CHANNEL, people)
        await made.set_up(people[0], channel)
        await made.act.close(people[0].id)
        await made.settle()
        with closing(sqlite3.connect(file)) as connection:
            rows = connection.serialize()
        workspace = made.sandbox.workspace
        state = {name: kept for name, kept in vars(workspace).items() if name not in _AROUND}
        return _Left(rows, deepcopy(state))
