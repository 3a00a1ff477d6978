"""Log lines say what happened and to which request, and never what a person typed."""

import ast
import io
import json
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from bot.logs import configure_logs, delivery_scope, request_scope
from bot.redaction import redact, words_of
from sandbox.clock import SandboxClock
from tests.bot.source import method_calls

START = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
TYPED = "dentist on Friday, 40% strategy"


def entries(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_entry_bears_the_clocks_time_and_the_ids_of_what_it_belongs_to(
    stream: io.StringIO,
) -> None:
    log = structlog.get_logger()
    with request_scope(), delivery_scope(17):
        log.info("prompt sent", kind="prompt", period="2026-W47", due=START, late_seconds=0.5)
    log.info("alone")
    first, second = entries(stream)
    assert len(first.pop("request_id")) == 12
    assert first == {
        "timestamp": "2026-11-20T13:00:00.000+00:00",
        "level": "info",
        "event": "prompt sent",
        "kind": "prompt",
        "period": "2026-W47",
        "due": "2026-11-20T13:00:00+00:00",
        "late_seconds": 0.5,
        "delivery_id": 17,
    }
    assert "request_id" not in second
    assert "delivery_id" not in second


def test_the_level_is_kept_to(stream: io.StringIO) -> None:
    structlog.get_logger().debug("too small")
    logging.getLogger("some.library").info("also shown")
    logging.getLogger("slack_sdk.web").info("chatter")
    assert [entry["event"] for entry in entries(stream)] == ["also shown"]


def test_the_text_form_has_one_line_per_entry(stream: io.StringIO) -> None:
    configure_logs(SandboxClock(START, frozen=True), "text", "info", stream)
    structlog.get_logger().info("prompt sent", kind="prompt", text=TYPED)
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("2026-11-20T13:00:00.000+00:00 [info     ] prompt sent")
    assert "kind=prompt" in line
    assert "dentist" not in line


@pytest.mark.parametrize(
    "field", ["text", "reason", "value", "name", "body", "payload", "anything", "Text"]
)
def test_text_of_people_is_dropped_whatever_it_is_called(stream: io.StringIO, field: str) -> None:
    log = structlog.get_logger()
    log.info("logged", **{field: TYPED})
    log.info("logged", nested={"deeper": [{field: TYPED}]})
    assert "dentist" not in stream.getvalue()


@given(st.text(min_size=1).filter(lambda text: any(c in text for c in " \n\t\u00e4\u202e!\"'%&?")))
@settings(max_examples=60)
def test_no_sentence_gets_through_any_field(text: str) -> None:
    clean = redact(None, "info", {"event": "logged", "category": text, "list": [text]})
    assert clean["category"].startswith("…")
    assert clean["list"][0].startswith("…")


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-12-34-abcDEF",
        "xapp-1-A0-99-ffff",
        "xoxe.xoxp-1-Mi0y",
        "postgresql://ann:hushhush@db/prodops",
        "https://hooks.slack.com/commands/T1/2/hushhush",
    ],
)
def test_secrets_never_show_even_within_our_own_words(stream: io.StringIO, secret: str) -> None:
    log = structlog.get_logger()
    log.info(f"calling with {secret} now", where=secret, within=f"see {secret}")
    logging.getLogger("library").warning(f"calling {secret}")
    shown = stream.getvalue()
    for part in ("12-34", "A0-99", "1-Mi0y", "hushhush"):
        assert part not in shown


def test_an_exception_shows_its_kind_place_and_code_but_not_its_message(
    stream: io.StringIO,
) -> None:
    def listen() -> None:
        try:
            int(TYPED)
        except ValueError as problem:
            raise FileNotFoundError(2, TYPED) from problem

    try:
        listen()
    except OSError as problem:
        structlog.get_logger().error("failed", exc_info=problem)
    (entry,) = entries(stream)
    assert entry["problem"]["type"] == "FileNotFoundError"
    assert entry["problem"]["code"] == "2"
    assert entry["problem"]["at"][-1].startswith("bot.test_logs:")
    assert entry["problem"]["at"][-1].endswith(" listen")
    assert entry["problem"]["cause"]["type"] == "ValueError"
    assert "dentist" not in stream.getvalue()


def test_each_problem_of_a_group_is_shown(stream: io.StringIO) -> None:
    group = ExceptionGroup(TYPED, [ValueError(TYPED), PermissionError(13, TYPED)])
    structlog.get_logger().error("failed", exc_info=group)
    (entry,) = entries(stream)
    assert [inner["type"] for inner in entry["problem"]["problems"]] == [
        "ValueError",
        "PermissionError",
    ]
    assert "dentist" not in stream.getvalue()


def test_slacks_error_code_is_kept(stream: io.StringIO) -> None:
    refusal = SlackApiError(TYPED, {"error": "channel_not_found", "needed": TYPED})  # type: ignore[no-untyped-call]
    structlog.get_logger().error("failed", exc_info=refusal)
    (entry,) = entries(stream)
    assert entry["problem"]["code"] == "channel_not_found"
    assert "dentist" not in stream.getvalue()


def test_libraries_are_quoted_without_their_values(stream: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.warning(f"Unhandled request ({{'text': '{TYPED}'}})")
    library.error("Failed on %s", TYPED)
    try:
        raise ValueError(TYPED)
    except ValueError as problem:
        library.exception(f"Failed to run listener function (error: {problem})")
    assert [entry["event"] for entry in entries(stream)] == [
        "Unhandled request",
        "Failed on",
        "Failed to run listener function",
    ]
    assert entries(stream)[2]["problem"]["type"] == "ValueError"
    assert "dentist" not in stream.getvalue()


def test_a_message_that_begins_with_a_value_leaves_nothing() -> None:
    assert words_of(f"{{'text': '{TYPED}'}}") == "message of a library"


def test_what_we_log_begins_with_constant_words() -> None:
    """Only fields are redacted, so an event that is put together could carry typed text."""
    levels = ("debug", "info", "warning", "error", "exception")
    assembled = [
        f"{file}:{call.lineno}"
        for file, name, method, call in method_calls()
        if name == "log" and method.attr in levels
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert assembled == []
