"""The people of a workspace as Slack knows them, and their own choices about prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from domain.eligibility import Absence, Person
from storage.among import among
from storage.database import Tx
from storage.schema import absences, people

#: The columns Slack is the source of; the rest are the person's own choices.
PROFILE = (
    "name",
    "tz",
    "is_admin",
    "is_bot",
    "is_guest",
    "is_deleted",
    "is_foreign",
    "status_emoji",
    "status_text",
    "status_expires_at",
    "refreshed_at",
)


@dataclass(frozen=True)
class Profile:
    """What Slack says about a person; `tz` is an IANA name. What it leaves out, a name or a zone,
    as it does for accounts that are deactivated, stays as it was."""

    user_id: str
    name: str
    tz: str | None
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False
    is_foreign: bool = False
    status_emoji: str = ""
    status_text: str = ""
    status_expires_at: datetime | None = None


class Member(NamedTuple):
    """A person with their own prompt choices; `person` is what the domain decides on."""

    person: Person
    name: str
    is_admin: bool
    prompt_weekday: int | None
    prompt_time: str | None
    introduced: bool
    #: As of when Slack's word on them is known; None until it has said any.
    refreshed_at: datetime | None

    @property
    def known(self) -> bool:
        return self.refreshed_at is not None


async def refresh(tx: Tx, profile: Profile, as_of: datetime) -> None:
    """Store what Slack said about a person at that time, keeping their own choices."""
    values = {
        "workspace_id": tx.workspace_id,
        "user_id": profile.user_id,
        "name": profile.name[:255],
        "tz": profile.tz[:64] if profile.tz else None,
        "is_admin": profile.is_admin,
        "is_bot": profile.is_bot,
        "is_guest": profile.is_guest,
        "is_deleted": profile.is_deleted,
        "is_foreign": profile.is_foreign,
        "status_emoji": profile.status_emoji[:255],
        "status_text": profile.status_text[:255],
        "status_expires_at": profile.status_expires_at,
        "refreshed_at": as_of,
    }
    told = [column for column in PROFILE if column not in ("name", "tz") or values[column]]
    await tx.upsert(people, values, ["workspace_id", "user_id"], told)


async def mention(tx: Tx, user_id: str) -> None:
    """Make sure a row exists for somebody we have only heard of."""
    values = {"workspace_id": tx.workspace_id, "user_id": user_id, "name": ""}
    await tx.upsert(people, {**_blank(), **values}, ["workspace_id", "user_id"], [])


def _blank() -> dict[str, Any]:
    flags = dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_deleted", "is_foreign"), False)
    return {**flags, "status_emoji": "", "status_text": ""}


async def get(tx: Tx, user_id: str) -> Member | None:
    found = await get_many(tx, [user_id])
    return found[0] if found else None


#: Of these it counts at most whether they are there, and an instant takes time to be read.
_UNREAD = ("stopped_at", "introduced_at", "home_seen_at", "look_at")
# Asked by nearly every listener: made once, since making a statement takes as long as running it.
_MEMBERS = (
    select(
        *(column for column in people.c if column.name not in _UNREAD),
        people.c.stopped_at.is_not(None).label("stopped"),
        people.c.introduced_at.is_not(None).label("introduced"),
        absences.c.starts_on,
        absences.c.ends_on,
    )
    .outerjoin(
        absences,
        (absences.c.workspace_id == people.c.workspace_id)
        & (absences.c.user_id == people.c.user_id),
    )
    .where(
        people.c.workspace_id == bindparam("workspace"),
        among(people.c.user_id, "users"),
    )
    .order_by(people.c.user_id, absences.c.absence_id)
)


async def get_many(tx: Tx, user_ids: Sequence[str]) -> list[Member]:
    """These people, in the order of their ids; unknown ids are left out."""
    asked = {"workspace": tx.workspace_id, "users": user_ids}
    rows = (await tx.connection.execute(_MEMBERS, asked)).all()
    found: dict[str, Any] = {}
    away: dict[str, list[Absence]] = {}
    for row in rows:
        user_id, starts_on, ends_on = row.user_id, row.starts_on, row.ends_on
        found[user_id] = row
        if starts_on is not None:
            away.setdefault(user_id, []).append(Absence(starts_on, ends_on))
    return [_member(row, tuple(away.get(user_id, ()))) for user_id, row in found.items()]


async def admins(tx: Tx, limit: int) -> list[str]:
    """Admins of the workspace that we know of and who can be written to, by id."""
    rows = await tx.connection.execute(
        select(people.c.user_id)
        .where(
            people.c.workspace_id == tx.workspace_id,
            people.c.is_admin.is_(True),
            people.c.is_deleted.is_(False),
            people.c.is_bot.is_(False),
            people.c.is_foreign.is_(False),
        )
        .order_by(people.c.user_id)
        .limit(limit)
    )
    return [row.user_id for row in rows]


def _member(row: Any, away: tuple[Absence, ...]) -> Member:
    return Member(
        person=Person(
            user_id=row.user_id,
            name=row.name,
            tz=row.tz,
            country=row.country,
            is_bot=row.is_bot,
            is_guest=row.is_guest,
            is_deleted=row.is_deleted,
            is_foreign=row.is_foreign,
            prompts_stopped=row.stopped,
            paused_until=row.paused_until,
            absences=away,
            status_emoji=row.status_emoji,
            status_text=row.status_text,
            status_expires_at=row.status_expires_at,
        ),
        name=row.name,
        is_admin=row.is_admin,
        prompt_weekday=row.prompt_weekday,
        prompt_time=row.prompt_time,
        introduced=row.introduced,
        refreshed_at=row.refreshed_at,
    )


async def _set(tx: Tx, user_id: str, **values: Any) -> None:
    await tx.connection.execute(
        update(people)
        .where(people.c.workspace_id == tx.workspace_id, people.c.user_id == user_id)
        .values(**values)
    )


async def choose_prompt_time(
    tx: Tx, user_id: str, weekday: int | None, at: str | None, country: str | None = None
) -> None:
    """The person's own prompt day (0 = Monday) and `HH:MM`; None follows the team."""
    await _set(tx, user_id, prompt_weekday=weekday, prompt_time=at, country=country)


async def pause(tx: Tx, user_id: str, until: date | None) -> None:
    """No prompts up to and including `until`; `date.max` until resumed, None resumes."""
    await _set(tx, user_id, paused_until=until)


async def stop(tx: Tx, user_id: str, at: datetime | None) -> None:
    """The person wants no prompts at all (None: wants them again)."""
    await _set(tx, user_id, stopped_at=at)


async def mark_introduced(tx: Tx, user_id: str, at: datetime) -> None:
    await _set(tx, user_id, introduced_at=at)


async def mark_home_seen(tx: Tx, user_id: str, at: datetime) -> None:
    await _set(tx, user_id, home_seen_at=at)


async def has_seen_home(tx: Tx, user_id: str) -> bool:
    """Whether the person has ever opened the Home tab."""
    found = await tx.connection.execute(
        select(people.c.home_seen_at).where(
            people.c.workspace_id == tx.workspace_id, people.c.user_id == user_id
        )
    )
    return found.scalar_one_or_none() is not None
