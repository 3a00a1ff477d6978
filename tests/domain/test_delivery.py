"""A delivery's states, waits, and what Slack's answers mean."""

from datetime import timedelta

import pytest

from domain.delivery import (
    PLANNED_ANEW,
    Outcome,
    RecipientGone,
    State,
    Transient,
    Unknown,
    WorkspaceGone,
    allowed,
    backoff,
    before,
    classify,
)

FINAL = {State.SENT, State.SKIPPED, State.FAILED, State.EXPIRED}


def reachable(start: State) -> set[State]:
    seen: set[State] = set()
    ahead = {start}
    while ahead:
        seen |= ahead
        ahead = {after for state in ahead for after in allowed(state)} - seen
    return seen


def test_every_state_is_reached_and_only_final_ones_end() -> None:
    assert reachable(State.PLANNED) == set(State)
    assert {state for state in State if not allowed(state)} == FINAL
    for state in State:
        assert reachable(state) & FINAL


def test_nothing_is_sent_but_by_sending() -> None:
    before_sent = {state for state in State if State.SENT in allowed(state)}
    assert before_sent == {State.SENDING, State.UNKNOWN}
    assert {state for state in State if State.SENDING in allowed(state)} == {State.CLAIMED}


def test_an_interrupted_sending_never_goes_back_to_planned() -> None:
    # A crash in between leaves "unknown": sending again blindly could send twice.
    assert State.PLANNED not in allowed(State.SENDING)
    assert State.CLAIMED not in allowed(State.SENDING)
    assert State.SENDING not in allowed(State.UNKNOWN)


def test_before_is_allowed_read_backwards() -> None:
    for state in State:
        assert before(state) == {was for was in State if state in allowed(was)}


def test_only_what_never_arrived_is_planned_anew() -> None:
    assert FINAL - {State.SENT} == PLANNED_ANEW


def test_what_is_allowed_cannot_be_changed_from_outside() -> None:
    allowed(State.SENT).add(State.PLANNED)
    assert allowed(State.SENT) == set()


def test_waits_double_up_to_half_an_hour() -> None:
    waits = [backoff(attempt) for attempt in range(1, 10)]
    assert waits[:3] == [timedelta(seconds=s) for s in (15, 30, 60)]
    assert waits[-1] == timedelta(minutes=30)
    assert waits == sorted(waits)
    assert backoff(0) == backoff(1)
    assert backoff(10**9) == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("http_status", "slack_error", "retry_after", "sent_maybe", "outcome"),
    [
        (429, None, 30.0, True, Transient(30.0)),
        (200, "ratelimited", 1.0, True, Transient(1.0)),
        (429, "ratelimited", None, True, Transient(None)),
        (503, None, None, True, Transient(None)),
        (503, "service_unavailable", 5.0, True, Transient(5.0)),
        (None, None, None, False, Transient(None)),
        (None, None, None, True, Unknown("no_answer")),
        (500, None, None, True, Unknown("http_500")),
        (502, None, None, True, Unknown("http_502")),
        (200, "internal_error", None, True, Unknown("internal_error")),
        (200, "fatal_error", None, True, Unknown("fatal_error")),
        (200, "channel_not_found", None, True, RecipientGone("channel_not_found")),
        (200, "not_in_channel", None, True, RecipientGone("not_in_channel")),
        (200, "is_archived", None, True, RecipientGone("is_archived")),
        (200, "user_not_found", None, True, RecipientGone("user_not_found")),
        (200, "messages_tab_disabled", None, True, RecipientGone("messages_tab_disabled")),
        (200, "invalid_blocks", None, True, RecipientGone("invalid_blocks")),
        (200, "something_new", None, True, RecipientGone("something_new")),
        (200, "token_revoked", None, True, WorkspaceGone("token_revoked")),
        (200, "account_inactive", None, True, WorkspaceGone("account_inactive")),
        (401, "invalid_auth", None, True, WorkspaceGone("invalid_auth")),
        (200, "missing_scope", None, True, WorkspaceGone("missing_scope")),
        # Slack's word for a place that the bot may not write in, not for the whole workspace.
        (200, "no_permission", None, True, RecipientGone("no_permission")),
    ],
)
def test_what_an_answer_means(
    http_status: int | None,
    slack_error: str | None,
    retry_after: float | None,
    sent_maybe: bool,
    outcome: Outcome,
) -> None:
    assert classify(http_status, slack_error, retry_after, sent_maybe) == outcome
