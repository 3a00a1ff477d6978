"""`/prodops summary`: the team's summary now, to the asker, or by a lead into the channel."""

from domain.delivery import State
from domain.localtime import zone_or_utc
from domain.periods import Period
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import SayInstead, sentence
from handlers.registry import Registry
from handlers.schedule import SUMMARY
from handlers.summaries import key_of, takes_charts, weekly_of
from handlers.teamweeks import running_week, summary_of
from handlers.views import help as help_view
from handlers.views.blocks import Message, escape
from handlers.views.summary import so_far, weekly
from handlers.views.words import moment
from storage import agenda, deliveries, edits, teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team


def register(registry: Registry) -> None:
    registry.commands["summary"] = summary
    registry.actions[help_view.SUMMARY] = summary


async def summary(call: Call) -> Answer:
    """`/prodops summary [week] [post]`: to the asker, or (leads) into the channel."""
    words = call.text.lower().split() if call.kind == "command" else []
    unknown = [word for word in words if word not in ("week", "post")]
    if unknown:
        text = "Use `/prodops summary` to see the last week, or `/prodops summary post` to post it."
        return Reply(sentence(text))
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        team = await team_asked_for(call, tx, member)
        if "post" in words:
            return Reply(await _post(call, tx, team, member))
        return Reply(await _now(call, tx, team))


async def team_asked_for(call: Call, tx: Tx, member: Member) -> Team:
    """The channel's team, else the asker's only one; says so where there is none to show."""
    mine = {team.team_id: team for team in await teams.of_member(tx, call.user_id)}
    mine |= {team.team_id: team for team in await teams.of_lead(tx, call.user_id)}
    here = await teams.by_channel(tx, call.channel_id) if call.channel_id else None
    if here is not None:
        if here.team_id in mine or member.is_admin:
            return here
        text = f"Only members of {escape(here.name)} can ask for its summary."
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


async def _now(call: Call, tx: Tx, team: Team) -> Message:
    """The last week that is over; a team in its first week sees the week so far."""
    zone = zone_or_utc(team.tz)
    this = Period.containing(call.now.astimezone(zone).date())
    catalog = await call.services.catalog_of(tx)
    last = await summary_of(tx, team, this.shift(-1), catalog)
    if last.week.shares is not None:
        return await weekly_of(call.services, tx, team, this.shift(-1), threaded=False)
    week = await running_week(tx, team, this, catalog)
    if week.shares is not None:
        now = await summary_of(tx, team, this, catalog, week=week)
        return weekly(
            now,
            team_name=team.name,
            catalog=catalog,
            charts=await takes_charts(tx),
            so_far=True,
            threaded=False,
        )
    if last.week.active and not week.answered:
        return await weekly_of(call.services, tx, team, this.shift(-1), threaded=False)
    planned = await agenda.get(tx, SUMMARY, team.team_id)
    return so_far(week, team_name=team.name, due=moment(planned.due_at, zone) if planned else "")


async def _post(call: Call, tx: Tx, team: Team, member: Member) -> Message:
    if not await profiles.is_lead_or_admin(tx, member, team.team_id):
        leads = ", ".join(f"<@{lead}>" for lead in await teams.leads_of(tx, team.team_id))
        return sentence(f"Only a lead can post the summary. Ask {leads or 'an admin'}.")
    zone = zone_or_utc(team.tz)
    period = Period.containing(call.now.astimezone(zone).date()).shift(-1)
    catalog = await call.services.catalog_of(tx)
    if not (await summary_of(tx, team, period, catalog)).week.active:
        planned = await agenda.get(tx, SUMMARY, team.team_id)
        when = f" The first summary comes {moment(planned.due_at, zone)}." if planned else ""
        return sentence(f"Nobody was asked about {period.label}: nothing to post.{when}")
    entered = await deliveries.plan(
        tx,
        key=key_of(team.team_id, period),
        kind=SUMMARY,
        team_id=team.team_id,
        recipient=team.channel_id,
        period=period,
        due_at=call.now,
        now=call.now,
    )
    call.services.wake()
    if entered:
        return sentence(f"Posting the summary of {period.label} to <#{team.channel_id}>.")
    standing = await deliveries.by_key(tx, key_of(team.team_id, period))
    if standing is not None and standing.state is State.SENT:
        await edits.want_summary_edited(tx, team.team_id, period, call.now)
        text = f"It is in <#{team.channel_id}> already, and is being brought up to date."
        return sentence(text)
    if standing is not None and await deliveries.plan_again(tx, standing, call.now):
        return sentence(f"Posting the summary of {period.label} to <#{team.channel_id}>.")
    return sentence(f"The summary of {period.label} is on its way to <#{team.channel_id}>.")
