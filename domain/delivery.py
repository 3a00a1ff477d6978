"""A delivery's life: which states follow which, when to try again, and what an answer means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from types import MappingProxyType


class State(StrEnum):
    """Where a delivery stands; every change of it is one transaction."""

    PLANNED = auto()
    CLAIMED = auto()
    SENDING = auto()
    SENT = auto()
    SKIPPED = auto()
    RETRY = auto()
    FAILED = auto()
    UNKNOWN = auto()
    EXPIRED = auto()


_NEXT: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PLANNED: frozenset({State.CLAIMED, State.SKIPPED}),
        # A claim may be handed back untouched, by a shutdown or when its lease runs out.
        State.CLAIMED: frozenset(
            {State.SENDING, State.PLANNED, State.RETRY, State.SKIPPED, State.EXPIRED}
        ),
        State.SENDING: frozenset({State.SENT, State.RETRY, State.FAILED, State.UNKNOWN}),
        State.RETRY: frozenset({State.CLAIMED, State.SKIPPED}),
        # Settled by finding the message or missing it for certain, or by a person; it stays
        # unknown while nobody can tell, and is never sent again for that.
        State.UNKNOWN: frozenset({State.SENT, State.RETRY, State.FAILED, State.UNKNOWN}),
        State.SENT: frozenset(),
        State.SKIPPED: frozenset(),
        State.FAILED: frozenset(),
        State.EXPIRED: frozenset(),
    }
)

_FIRST_WAIT = timedelta(seconds=15)
_LONGEST_WAIT = timedelta(minutes=30)


_BEFORE: Mapping[State, frozenset[State]] = MappingProxyType(
    {after: frozenset(s for s, following in _NEXT.items() if after in following) for after in State}
)
#: What was not sent and never arrived may be planned anew, when somebody asks for it.
PLANNED_ANEW = frozenset({State.SKIPPED, State.EXPIRED, State.FAILED})


def allowed(state: State) -> set[State]:
    """The states that may follow by themselves; none after a final one."""
    return set(_NEXT[state])


def before(state: State) -> frozenset[State]:
    """The states that this one may follow."""
    return _BEFORE[state]


def backoff(attempt: int) -> timedelta:
    """How long to wait after the `attempt`-th failure (from 1): doubling, up to half an hour."""
    doublings = min(max(attempt, 1) - 1, 16)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)


@dataclass(frozen=True)
class Transient:
    """Not sent, and worth another try; `retry_after` in seconds where Slack said so."""

    retry_after: float | None = None


@dataclass(frozen=True)
class RecipientGone:
    """Not sent and never will be to this recipient; `reason` is Slack's own code."""

    reason: str


@dataclass(frozen=True)
class WorkspaceGone:
    """Slack no longer accepts the bot in this workspace; `reason` is Slack's own code."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """It may have been sent: look for it, do not send it again."""

    reason: str


@dataclass(frozen=True)
class NotBegun:
    """Not sent: whoever was about to had to stop, or stood still for too long. Others may."""


Outcome = Transient | RecipientGone | WorkspaceGone | Unknown | NotBegun

_WORKSPACE_ERRORS = frozenset(
    {
        "account_inactive",
        "app_uninstalled",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_not_found",
        "token_expired",
        "token_revoked",
    }
)
# Refused before anything was done.
_BUSY_ERRORS = frozenset(
    {
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
# Slack's own words on these: some part of the call may have succeeded.
_HALF_DONE_ERRORS = frozenset({"fatal_error", "internal_error"})
_TOO_MANY = 429
_UNAVAILABLE = 503


def is_about_workspace(slack_error: str) -> bool:
    """Whether by this code Slack refuses the bot everything in the workspace."""
    return slack_error in _WORKSPACE_ERRORS


def classify(
    http_status: int | None,
    slack_error: str | None,
    retry_after: float | None = None,
    sent_maybe: bool = True,
) -> Outcome:
    """What a failed call means for its delivery.

    `http_status` and `slack_error` are None where no answer came; `sent_maybe` tells whether
    the request may have reached Slack (False: no connection was made).
    """
    if http_status == _TOO_MANY or slack_error in _BUSY_ERRORS:
        return Transient(retry_after)
    if slack_error in _WORKSPACE_ERRORS:
        return WorkspaceGone(slack_error or "")
    if slack_error is not None and slack_error not in _HALF_DONE_ERRORS:
        return RecipientGone(slack_error)
    if not sent_maybe:
        return Transient(retry_after)
    if slack_error is None and http_status == _UNAVAILABLE:
        return Transient(retry_after)
    return Unknown(slack_error or (f"http_{http_status}" if http_status else "no_answer"))
