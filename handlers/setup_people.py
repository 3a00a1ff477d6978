"""Who a team is to consist of: asked of Slack at set-up, without bots and strangers."""

import asyncio
from collections.abc import Mapping, Sequence

from handlers import profiles
from handlers.call import Call
from handlers.views.setup import CHANNEL, GROUP, PICKED, SetupForm
from handlers.views.words import counted, listed, people_counted
from storage.people import Profile

#: Profiles fetched from Slack at the same time.
AT_ONCE = 8


async def candidates_of(call: Call, form: SetupForm) -> list[str]:
    """The user ids that are to be members, before bots and strangers are left out."""
    if form.members == PICKED:
        return list(form.people)
    if form.members == GROUP:
        answer = await call.client.usergroups_users_list(usergroup=str(form.user_group))
        return [str(user) for user in answer["users"]]
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = await call.client.conversations_members(
            channel=form.channel_id, limit=200, cursor=cursor
        )
        found += [str(user) for user in page["members"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return found


async def profiles_of(call: Call, user_ids: Sequence[str]) -> dict[str, Profile]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(user_id: str) -> Profile | None:
        async with gate:
            return await profiles.fetch(call.services, call.workspace_id, user_id)

    found = await asyncio.gather(*(one(user_id) for user_id in dict.fromkeys(user_ids)))
    return {profile.user_id: profile for profile in found if profile is not None}


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
