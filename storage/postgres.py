"""PostgreSQL without a question before each use: whether the server is still there.

A server that ends closes its connections, and that news waits in the socket until someone looks.
To look takes a microsecond, to ask (`pool_pre_ping`) a round trip.
"""

import select
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine

#: Seconds after which a connection is opened anew: networks drop, and say nothing of it, what has
#: been idle for long.
RECYCLE_SECONDS = 300
#: Windows has no such call; there the server is asked.
CAN_LOOK = hasattr(select, "poll")


def look_before_use(engine: AsyncEngine) -> None:
    """Have connections whose server said goodbye replaced before anyone uses them."""

    @event.listens_for(engine.sync_engine, "checkout")
    def on_checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        looking = select.poll()
        looking.register(connection.driver_connection.fileno(), select.POLLIN)
        # Nothing is expected of an idle connection: whatever has come is its end.
        if looking.poll(0):
            raise InvalidatePoolError
