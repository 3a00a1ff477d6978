"""Takes out of log entries all that a person may have typed, and every secret."""

import re
import traceback
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from structlog.typing import EventDict, WrappedLogger

#: Names under which text of people or secrets travel; what they hold is never shown.
HIDDEN = frozenset(
    {
        "answer",
        "authorization",
        "blocks",
        "body",
        "cookie",
        "headers",
        "message",
        "name",
        "password",
        "payload",
        "private_metadata",
        "real_name",
        "reason",
        "response_url",
        "secret",
        "signature",
        "status_text",
        "text",
        "title",
        "token",
        "trigger_id",
        "url",
        "value",
        "values",
        "view",
    }
)
#: What names, codes, ids and numbers are made of; a sentence has spaces, so it never fits.
CODE = re.compile(r"[\w.,:;/@#+=<>|*-]{0,80}\Z", re.ASCII)
SECRETS = re.compile(
    r"x(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]+"  # Slack's tokens
    r"|(?<=://)[^/@\s]+@"  # user and password in an address
    r"|(?<=hooks\.slack\.com/)\S+"  # response URLs
)
#: Where a value may begin in a message of a library: the words before it are its own.
VALUE_BEGINS = re.compile(r"[%:({\[\"'`\n]")
#: Deepest frames of a traceback that are shown.
FRAMES = 12


def redact(_logger: WrappedLogger | None, _method: str, event: EventDict) -> EventDict:
    """Structlog processor: our own words stay, values stay if they look like codes."""
    clean: EventDict = {
        "timestamp": event.pop("timestamp", None),
        "level": event.pop("level", None),
        "event": SECRETS.sub("…", str(event.pop("event", ""))),
    }
    problem = event.pop("exc_info", None)
    for name, value in event.items():
        clean[name] = _value(name, value)
    if isinstance(problem, BaseException):
        clean["problem"] = describe(problem)
    return clean


def describe(problem: BaseException) -> dict[str, Any]:
    """What went wrong and where, without the exception's message, which may quote a person."""
    frames = traceback.extract_tb(problem.__traceback__)[-FRAMES:]
    found: dict[str, Any] = {
        "type": type(problem).__name__,
        "at": [f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if code := _code(problem):
        found["code"] = code
    if isinstance(problem, BaseExceptionGroup):
        found["problems"] = [describe(inner) for inner in problem.exceptions]
    cause = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    if cause is not None:
        found["cause"] = describe(cause)
    return found


def words_of(message: object) -> str:
    """The constant words at the start of a library's message."""
    return VALUE_BEGINS.split(str(message), maxsplit=1)[0].strip() or "message of a library"


def _value(name: str, value: object) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if name.lower() in HIDDEN:
        return "…"
    if isinstance(value, dict):
        return {str(key): _value(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_value(name, inner) for inner in value]
    if isinstance(value, (date, time)):
        return value.isoformat()
    text = str(value)
    if SECRETS.search(text):
        return SECRETS.sub("…", text) if CODE.match(text) else "…"
    return text if CODE.match(text) else f"… ({len(text)} characters)"


def _code(problem: BaseException) -> str | None:
    """Slack's, PostgreSQL's or the system's own code for what went wrong."""
    response = getattr(problem, "response", None)
    data = getattr(response, "data", response)
    error = data.get("error") if isinstance(data, Mapping) else None
    code = error or getattr(problem, "sqlstate", None) or getattr(problem, "errno", None)
    return str(code) if code and CODE.match(str(code)) else None


def _module(filename: str) -> str:
    parts = filename.replace("\\", "/").removesuffix(".py").split("/")
    return ".".join(parts[-2:])
