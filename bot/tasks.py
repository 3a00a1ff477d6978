"""Work that goes on after the answer, tracked so that a shutdown can wait for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")

log = structlog.get_logger()


async def to_the_end(*works: Coroutine[Any, Any, T]) -> list[T]:
    """Run all beside each other, each to its end, and only then raise what the first one raised.

    What is in flight must be recorded even if something else fails.
    """
    found = await asyncio.gather(*works, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one for one in found if not isinstance(one, BaseException)]


class Tasks:
    """A set of running tasks; a task's failure is logged and stops nothing else."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        self.start(work)

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("background work failed", exc_info=problem)

    async def drain(self, seconds: float) -> int:
        """Wait for what runs, at most `seconds`; then cancel the rest and say how many."""
        running = {t for t in self._running if t is not asyncio.current_task()}
        if not running:
            return 0
        _, late = await asyncio.wait(running, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)
