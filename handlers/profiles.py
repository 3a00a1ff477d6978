"""What Slack knows about people, fetched and kept: time zone, guest or not, away or not."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from handlers.itemschedule import move_check_in
from handlers.schedule import schedule_person
from handlers.services import Services
from handlers.slack import FAILURES, code_of
from storage import people, teams
from storage.database import Tx
from storage.people import Member, Profile

#: When something that Slack tells of happened, its clock may be ahead of ours by this.
CLOCKS_DIFFER = timedelta(minutes=5)
#: Slack's own voice, whose profile does not say that it is a bot.
SLACKBOT = "USLACKBOT"

log = structlog.get_logger()


def profile_of(user: Mapping[str, Any], workspace_id: str) -> Profile:
    """Slack's user object (its fields may be missing) as we store it."""
    details = user.get("profile") or {}
    home = user.get("team_id") or details.get("team") or workspace_id
    name = details.get("real_name") or user.get("real_name") or details.get("display_name")
    return Profile(
        user_id=str(user["id"]),
        name=str(name or user.get("name") or ""),
        tz=user.get("tz"),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == SLACKBOT,
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_deleted=bool(user.get("deleted")),
        is_foreign=bool(user.get("is_stranger")) or home != workspace_id,
        status_emoji=str(details.get("status_emoji") or ""),
        status_text=str(details.get("status_text") or ""),
        status_expires_at=_expiry(details.get("status_expiration")),
    )


def _expiry(seconds: Any) -> datetime | None:
    """`status_expiration` is in Unix seconds; 0, or what no calendar knows: it stays."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


async def ask(services: Services, workspace_id: str, user_id: str) -> Profile | None:
    """The person's profile from Slack; None for one that says nothing, else one of `FAILURES`."""
    user = (await services.slack(workspace_id).users_info(user=user_id)).get("user")
    return profile_of(user, workspace_id) if user else None


async def fetch(services: Services, workspace_id: str, user_id: str) -> Profile | None:
    """The person's profile from Slack; None when Slack cannot say now."""
    try:
        return await ask(services, workspace_id, user_id)
    except FAILURES as problem:
        log.warning("a profile could not be fetched", error=code_of(problem))
        return None


async def ensure(services: Services, workspace_id: str, user_id: str) -> Member:
    """The person, fetched from Slack where we have not met; holds no transaction meanwhile."""
    async with services.database.read(workspace_id) as tx:
        member = await people.get(tx, user_id)
    if member is not None and member.known:
        return member
    profile = await fetch(services, workspace_id, user_id)
    async with services.database.write(workspace_id) as tx:
        if profile is not None:
            await people.refresh(tx, profile, services.clock.now())
        else:
            await people.mention(tx, user_id)
        found = await people.get(tx, user_id)
    assert found is not None
    return found


async def store(
    services: Services,
    workspace_id: str,
    profile: Profile,
    now: datetime,
    as_of: datetime | None = None,
) -> bool:
    """Keep what Slack says, and set the prompt anew where the zone changed.

    `as_of` is when it held, if that is not now: False, and nothing is kept, where something newer
    is known.
    """
    async with services.database.write(workspace_id) as tx:
        before = await people.get(tx, profile.user_id)
        if before is not None and _is_overtaken(before, as_of):
            return False
        await people.refresh(tx, profile, min(as_of or now, now + CLOCKS_DIFFER))
        if before is None or not before.known or _moved(before, profile):
            await schedule_person(tx, profile.user_id, now)
            await move_check_in(tx, profile.user_id, now)
    return True


def _is_overtaken(before: Member, as_of: datetime | None) -> bool:
    known = before.refreshed_at
    return as_of is not None and known is not None and as_of < known


def _moved(before: Member, profile: Profile) -> bool:
    return profile.tz is not None and before.person.tz != profile.tz


async def is_lead_or_admin(tx: Tx, member: Member, team_id: str) -> bool:
    return member.is_admin or member.person.user_id in await teams.leads_of(tx, team_id)
