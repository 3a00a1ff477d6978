"""Sets up the log: JSON or text lines on standard error, never with what a person has typed."""

import logging
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from secrets import token_hex
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.clock import Clock
from bot.redaction import redact, words_of

#: Libraries that tell much of what they do; only what goes wrong in them is of interest. Bolt's
#: warnings are advice about how it is set up.
QUIET = {
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.WARNING,
    "uvicorn": logging.WARNING,
    "apscheduler": logging.WARNING,
    "aiohttp": logging.WARNING,
    "asyncio": logging.WARNING,
}


def configure_logs(
    clock: Clock, form: str = "json", level: str = "info", stream: TextIO | None = None
) -> None:
    """Send structlog and the standard library's logging to `stream` (standard error)."""
    threshold = logging.getLevelNamesMapping()[level.upper()]
    renderer: Callable[[WrappedLogger, str, EventDict], str | bytes] = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=40, sort_keys=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _stamp(clock),
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(file=stream or sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_IntoStructlog()]
    root.setLevel(threshold)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(max(threshold, least))


def request_scope() -> AbstractContextManager[None]:
    """Gives every entry logged within it the id of the request that is being answered."""
    return structlog.contextvars.bound_contextvars(request_id=token_hex(6))


def delivery_scope(delivery_id: str | int) -> AbstractContextManager[None]:
    """Gives every entry logged within it the id of the delivery that is being worked on."""
    return structlog.contextvars.bound_contextvars(delivery_id=delivery_id)


def _stamp(clock: Clock) -> Callable[[WrappedLogger, str, EventDict], EventDict]:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = clock.now().isoformat(timespec="milliseconds")
        return event

    return stamp


class _IntoStructlog(logging.Handler):
    """Hands records of other people's libraries to structlog, without the values in them."""

    def emit(self, record: logging.LogRecord) -> None:
        details: dict[str, Any] = {
            "logger": record.name,
            "at": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1]:
            details["exc_info"] = record.exc_info[1]
        log = structlog.get_logger()
        log.log(record.levelno, words_of(record.msg), **details)
