"""The weekly check-in about items: which of a person's items it asks about, which are answered."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

from domain.checklist import TeamItem

#: A practice is in use if somebody said so within 30 days: asked weekly from here on, its owner
#: is asked in time.
PRACTICE_AGE = timedelta(days=21)


def asked_about(
    owned: Sequence[TeamItem],
    practices: Collection[str],
    now: datetime,
    since: datetime | None = None,
) -> list[TeamItem]:
    """What to ask the owner of these: all that is unfinished, and practices whose use is unsure.

    With `since`, the instant at which they were asked, what was answered then stays in the list.
    What is due first comes first, the same order whatever is answered.
    """
    found = [
        item
        for item in owned
        if not item.is_over
        or is_unsure(item, practices, now)
        or (since is not None and is_answered(item, since))
    ]
    return sorted(found, key=lambda item: (item.is_over, item.due_on or date.max, _begun(item)))


def _begun(item: TeamItem) -> datetime:
    return item.created_at or datetime.max.replace(tzinfo=UTC)


def is_unsure(item: TeamItem, practices: Collection[str], now: datetime) -> bool:
    """Whether this is a practice that was put to use, and was last said to be so long ago."""
    last = max((at for at in (item.done_at, item.confirmed_at) if at), default=None)
    is_practice = item.state == "done" and item.ref in practices
    return is_practice and last is not None and now - last >= PRACTICE_AGE


def is_answered(item: TeamItem, since: datetime) -> bool:
    """Whether its owner has said since how it goes: going on, done, blocked or dropped."""
    if item.confirmed_at is not None and item.confirmed_at >= since:
        return True
    told = item.state in ("done", "blocked", "dropped")
    return told and item.state_since is not None and item.state_since >= since
