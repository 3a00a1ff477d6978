"""What the tests of the process share: its log, kept in memory as it would be written."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import structlog

from bot.logs import configure_logs
from sandbox.clock import SandboxClock


@pytest.fixture(autouse=True)
def stream() -> Iterator[io.StringIO]:
    """Everything that is logged, a JSON object on each line, at Friday 20 November, 13:00 UTC."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    start = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
    configure_logs(SandboxClock(start, frozen=True), stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)
