"""Opens modals within the three seconds that a trigger lives, however long their data takes."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from handlers.call import Call
from handlers.errors import tell
from handlers.views.blocks import View
from handlers.views.timesplit import loading_modal, problem_modal

#: Seconds that data may take before a modal opens as "loading".
OPEN_AT_ONCE = 0.5


async def open_modal(call: Call, build: Coroutine[Any, Any, View]) -> None:
    """Open the modal that `build` makes, at once or in place of one that says "loading".

    What goes wrong before anything is open is raised; what goes wrong later is shown in it.
    """
    if call.trigger_id is None:
        build.close()
        raise ValueError("this call carries no trigger_id")
    building = asyncio.ensure_future(build)
    ready, _ = await asyncio.wait({building}, timeout=OPEN_AT_ONCE)
    if ready:
        await call.client.views_open(trigger_id=call.trigger_id, view=building.result())
        return
    try:
        opened = await call.client.views_open(trigger_id=call.trigger_id, view=loading_modal())
    except BaseException:
        building.cancel()
        raise
    try:
        view = await building
    except Exception as problem:
        view = problem_modal(tell(call, problem)["text"])
    await call.client.views_update(view_id=opened["view"]["id"], view=view)
