"""Statements that are compiled once in a process, where each test has an engine of its own."""

from collections.abc import Iterator, MutableMapping
from functools import cache, partial
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine

from storage import database


class Compiled(MutableMapping[Any, Any]):
    """What engines have compiled, by the statement and by the name of the dialect: an engine's own
    cache goes by its dialect object, which no other engine has."""

    def __init__(self) -> None:
        self._found: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        return self._found[_shared(key)]

    def __setitem__(self, key: Any, compiled: Any) -> None:
        self._found[_shared(key)] = compiled

    def __delitem__(self, key: Any) -> None:
        del self._found[_shared(key)]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _shared(key: Any) -> Any:
    dialect, *rest = key
    return (dialect.name, *rest)


@cache
def share() -> None:
    """From now on all databases that are opened compile into one place."""
    options = {"compiled_cache": Compiled()}
    made = partial(create_async_engine, execution_options=options)
    vars(database)["create_async_engine"] = made
