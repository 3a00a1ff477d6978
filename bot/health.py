"""Named checks that say whether the process can do its work, for `/readyz`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

#: Raises `NotReady` (or anything else) while the thing it looks at does not work.
Check = Callable[[], Awaitable[None]]

#: Seconds until a check that hangs counts as failed.
PATIENCE = 2.0


class NotReady(Exception):  # noqa: N818 - a state, said by checks, rather than an error
    """Why a check is red, in words for the operator; holds nothing secret."""


async def examine(checks: Mapping[str, Check], patience: float = PATIENCE) -> dict[str, str]:
    """Run all checks at once; the state of each by name, `ok` or why it is not."""
    states = await asyncio.gather(*(_state(check, patience) for check in checks.values()))
    return dict(zip(checks, states, strict=True))


async def _state(check: Check, patience: float) -> str:
    try:
        async with asyncio.timeout(patience):
            await check()
    except NotReady as reason:
        return str(reason)
    except TimeoutError:
        return f"no answer within {patience:g} s"
    except Exception as problem:
        # Only the type: a driver's message can hold an address or a password.
        return type(problem).__name__
    return "ok"
