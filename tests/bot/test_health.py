"""A check is green, red with a reason, or out of time; it never stops the others."""

import asyncio

from bot.health import NotReady, examine


async def fine() -> None:
    pass


async def waiting() -> None:
    raise NotReady("migrations are behind")


async def broken() -> None:
    raise ConnectionError("postgresql://ann:pw@db refused")


async def hanging() -> None:
    await asyncio.sleep(60)


async def test_each_check_has_its_own_state() -> None:
    checks = {"database": broken, "schema": waiting, "socket": fine, "scheduler": hanging}
    assert await examine(checks, patience=0.05) == {
        "database": "ConnectionError",
        "schema": "migrations are behind",
        "socket": "ok",
        "scheduler": "no answer within 0.05 s",
    }
