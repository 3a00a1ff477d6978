"""The ledger's reasons in plain words, those of ours as well as those that are Slack's codes."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.delivery import is_about_workspace
from domain.eligibility import REASON_WORDS, SkipReason

_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "slack_busy": "Slack was busy",
        "history_busy": "Slack was too busy to say whether it had arrived",
        "not_found_in_history": "it was cut off and had not arrived",
        "asked_a_lead": "somebody who can look was asked whether it arrived",
        "decided_by_a_lead": "somebody who looked had it sent again",
        "not_begun": "the bot was about to stop",
        "could_not_be_composed": "there was a fault on the bot's side",
        "message_refused": "Slack refused its form, which is a fault on the bot's side",
        "settled_meanwhile": "it was settled by then",
        "too_few_answers": "there were too few answers for more",
        "no_answer": "Slack's answer got lost",
        "restricted_action": "only some people may write there",
        "restricted_action_read_only_channel": "only some people may write there",
        "restricted_action_thread_only_channel": "only replies may be written there",
        "restricted_action_non_threadable_channel": "no replies may be written there",
    }
)
_REFUSED = "Slack refused it"
_FAILED = "Slack had a failure of its own"


def in_words(reason: str | None) -> str:
    """What completes "It was not sent: …"; empty where there is no reason. Never a bare code."""
    if reason is None:
        return ""
    if reason in set(SkipReason):
        return REASON_WORDS[SkipReason(reason)]
    if is_about_workspace(reason):
        return REASON_WORDS[SkipReason.WORKSPACE_PAUSED]
    if reason.startswith("http_") or reason in ("internal_error", "fatal_error"):
        return _FAILED
    return _OTHERS.get(reason, _REFUSED)


def has_words(reason: str) -> bool:
    """Whether a reason of ours has words of its own, rather than those for Slack's codes."""
    return reason in _OTHERS or reason in set(SkipReason)
