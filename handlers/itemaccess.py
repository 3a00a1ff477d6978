"""Which item a button is about, and whether the person may change it."""

from dataclasses import dataclass

from domain.checklist import TeamItem
from domain.localtime import zone_or_utc
from handlers.call import Call
from handlers.errors import SayInstead, sentence
from handlers.itemchanges import Hand
from handlers.items import find_item
from handlers.schedule import zone_of
from handlers.services import Services
from handlers.views.blocks import name
from handlers.views.itemlines import Asked, Setting
from storage import memberships, people, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team


@dataclass(frozen=True)
class Held:
    """An item somebody may change, with the hand that does it."""

    hand: Hand
    item: TeamItem
    asked: Asked

    @property
    def team(self) -> Team:
        return self.hand.team


async def held(call: Call, tx: Tx, member: Member, asked: Asked) -> Held:
    """The item of a button; answers in a sentence where it is gone or not theirs to change."""
    team = await teams.get(tx, asked.team_id)
    item = await find_item(call.services, tx, asked.team_id, asked.key) if team else None
    if team is None or item is None:
        raise SayInstead(sentence("That item is on no list any more."))
    if item.owner != call.user_id and not await may_change(tx, member, team):
        whose = f"members of {name(team.name)} and the item's owner"
        raise SayInstead(sentence(f"Only {whose} can change it."))
    return Held(Hand(call.services, tx, team, call.user_id, call.now), item, asked)


async def may_change(tx: Tx, member: Member, team: Team) -> bool:
    """Members, leads and admins: an item is the team's, and every change bears a name."""
    user_id = member.person.user_id
    return (
        member.is_admin
        or user_id in await memberships.members_of(tx, team.team_id)
        or user_id in await teams.leads_of(tx, team.team_id)
    )


async def setting_of(
    services: Services, tx: Tx, user_id: str, team: Team | None, **more: dict[str, str]
) -> Setting:
    """What a person's pages are shown with: their own day and zone."""
    zone = zone_of(await people.get(tx, user_id), team)
    return Setting(
        today=services.clock.now().astimezone(zone).date(),
        zone=zone_or_utc(str(zone)),
        dimensions={dimension.id: dimension.name for dimension in services.playbook.maturity},
        **more,
    )
