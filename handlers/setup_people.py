"""Who a team is to consist of: asked of Slack at set-up, without bots and strangers."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import structlog

from handlers import profiles
from handlers.call import Call
from handlers.slack import FAILURES, code_of, patience_of
from handlers.views.setup import CHANNEL, GROUP, PICKED, SetupForm
from handlers.views.words import counted, listed, people_counted
from storage.people import Profile

#: Profiles fetched from Slack at the same time.
AT_ONCE = 8
#: In one team; as many as the sweep can compare with their channel.
MOST_PEOPLE = 5000

log = structlog.get_logger()


async def candidates_of(call: Call, form: SetupForm) -> list[str]:
    """The user ids that are to be members, before bots and strangers are left out; where they
    are more than `MOST_PEOPLE`, not all of them."""
    if form.members == PICKED:
        return list(form.people)
    if form.members == GROUP:
        answer = await call.client.usergroups_users_list(usergroup=str(form.user_group))
        return [str(user) for user in answer["users"]]
    found: list[str] = []
    cursor: str | None = None
    while len(found) <= MOST_PEOPLE:
        page = await call.client.conversations_members(
            channel=form.channel_id, limit=200, cursor=cursor
        )
        found += [str(user) for user in page["members"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return found


async def profiles_of(call: Call, user_ids: Sequence[str]) -> dict[str, Profile]:
    """Who they are, of those whom Slack can tell about now; the sweep asks about the others."""
    found: dict[str, Profile] = {}
    wanted = list(dict.fromkeys(user_ids))
    for start in range(0, len(wanted), AT_ONCE):
        asked = wanted[start : start + AT_ONCE]
        told = await asyncio.gather(*(_profile(call, user_id) for user_id in asked))
        found |= {one.user_id: one for one in told if isinstance(one, Profile)}
        if _BUSY in told:
            break
    return found


_BUSY: Final = "busy"


async def _profile(call: Call, user_id: str) -> Profile | Literal["busy"] | None:
    try:
        return await profiles.ask(call.services, call.workspace_id, user_id)
    except FAILURES as problem:
        log.warning("a profile could not be fetched", error=code_of(problem))
        return _BUSY if patience_of(problem) is not None else None


def cannot_see(form: SetupForm, code: str) -> str:
    """Why the members could not be told, after Slack's own code."""
    if form.members == CHANNEL and code in ("channel_not_found", "not_in_channel"):
        return "I can't see this channel yet. Send /invite @ProdOps in it, then press Save again."
    return f"Slack did not tell me who that is ({code}). Pick people instead, or try again."


def may_belong(profile: Profile | None) -> bool:
    """Guests may: they are left out week by week, which `why` tells them."""
    return profile is None or not (profile.is_bot or profile.is_foreign or profile.is_deleted)


def may_lead(profile: Profile) -> bool:
    return may_belong(profile) and not profile.is_guest


def left_out(candidates: Sequence[str], fetched: Mapping[str, Profile]) -> list[str]:
    """One line on the people there who will get no prompts, and why; nothing where all will."""
    found = [fetched[u] for u in candidates if u in fetched and not fetched[u].is_bot]
    foreign = sum(profile.is_foreign for profile in found)
    gone = sum(profile.is_deleted and not profile.is_foreign for profile in found)
    guests = sum(profile.is_guest and may_belong(profile) for profile in found)
    kinds = [
        counted(guests, "guest"),
        f"{people_counted(foreign)} from another organisation",
        counted(gone, "deactivated account"),
    ]
    some = [words for words, number in zip(kinds, (guests, foreign, gone), strict=True) if number]
    return [f"Not prompted: {listed(some)}."] if some else []
