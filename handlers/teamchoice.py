"""Which team a command or a button is about, and what the asker may do there."""

from handlers import profiles
from handlers.call import Call
from handlers.errors import SayInstead, sentence
from handlers.views.blocks import escape
from storage import teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team


async def team_asked_for(
    call: Call, tx: Tx, member: Member, *, team_id: str | None = None, what: str = "its summary"
) -> Team:
    """The named team, else the channel's, else the asker's only one.

    Answers in a sentence where there is none, or none that this person may see; `what` is what
    they asked for, as in "can ask for its summary".
    """
    mine = {team.team_id: team for team in await teams.of_member(tx, call.user_id)}
    mine |= {team.team_id: team for team in await teams.of_lead(tx, call.user_id)}
    here = await teams.get(tx, team_id) if team_id else None
    if here is None and call.channel_id:
        here = await teams.by_channel(tx, call.channel_id)
    if here is not None:
        if here.team_id in mine or member.is_admin:
            return here
        text = f"Only members of {escape(here.name)} can ask for {what}."
        raise SayInstead(sentence(text))
    if not mine:
        text = (
            "You are in no team yet. Send `/prodops setup` in your team's channel, "
            "or ask a lead to add you."
        )
        raise SayInstead(sentence(text))
    if len(mine) > 1:
        where = ", ".join(f"<#{team.channel_id}>" for team in list(mine.values())[:10])
        raise SayInstead(sentence(f"You are in several teams. Ask in the channel of one: {where}."))
    return next(iter(mine.values()))


async def must_lead(tx: Tx, member: Member, team: Team, what: str) -> None:
    """Answer in a sentence unless the person leads the team or is an admin of the workspace.

    `what` completes "Only a lead can ...".
    """
    if await profiles.is_lead_or_admin(tx, member, team.team_id):
        return
    leads = ", ".join(f"<@{lead}>" for lead in await teams.leads_of(tx, team.team_id))
    raise SayInstead(sentence(f"Only a lead can {what}. Ask {leads or 'an admin'}."))
