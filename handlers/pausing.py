"""Rests from prompts: pause and resume, stop and start again."""

from datetime import date, timedelta

from domain.eligibility import SkipReason
from domain.periods import Period
from handlers import profiles
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.following import REMINDER
from handlers.prompts import LATER, STOPPED_NOTICE, Prompt
from handlers.registry import Registry, Skip
from handlers.schedule import PROMPT, prompt_after, schedule_person, zone_of
from handlers.views import prompt
from handlers.views.home import PAUSE
from handlers.views.words import moment
from storage import deliveries, edits, ledger, people, teams
from storage.database import Tx


def register(registry: Registry) -> None:
    registry.actions[PAUSE] = pause_on_home
    for action_id in prompt.PAUSE_WEEKS:
        registry.actions[action_id] = pause_clicked
    registry.actions[prompt.RESUME] = resume_clicked
    registry.actions[prompt.STOP] = stop_clicked
    registry.actions[prompt.START] = start_clicked


async def pause_on_home(call: Call) -> Answer:
    """*Pause prompts* in App Home, which shows the new state by itself."""
    return await pause(call, None, None)


async def pause_clicked(call: Call) -> Answer:
    return await pause(
        call,
        Period.parse(call.value) if call.value else None,
        prompt.PAUSE_WEEKS[call.id.split(":")[0]],
    )


async def pause(call: Call, period: Period | None, weeks: int | None) -> Answer:
    """Pause until resumed, or for some weeks from today."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    today = call.services.today(member.person.tz)
    until = today + timedelta(weeks=weeks) if weeks else None
    async with call.write() as tx:
        await people.pause(tx, call.user_id, until or date.max)
        if period is not None:
            await edits.want_prompts_edited(
                tx, call.user_id, call.now, period=period, clicked=call.message_ts
            )
    call.services.wake()
    return Reply(prompt.paused(until, period), replace=call.message_ts is not None)


async def resume_clicked(call: Call) -> Answer:
    """*Resume prompts*."""
    async with call.write() as tx:
        await people.pause(tx, call.user_id, None)
        answer = await _question_again(call, tx)
    return answer or Reply(sentence(f"Your prompts come again. {await next_in_words(call)}"))


async def next_in_words(call: Call) -> str:
    async with call.read() as tx:
        member = await people.get(tx, call.user_id)
        mine = await teams.of_member(tx, call.user_id)
    if member is None or not mine:
        return "You are in no team yet, so nothing is due."
    due = prompt_after(member, mine[0], call.now)
    return f"The next one is due {moment(due.at, zone_of(member, mine[0]))}."


async def stop_clicked(call: Call) -> Answer:
    """*Not me, stop prompts*: at once; the leads learn of it, without reproach."""
    async with call.write() as tx:
        await people.mention(tx, call.user_id)
        await people.stop(tx, call.user_id, call.now)
        await schedule_person(tx, call.user_id, call.now)
        mine = await teams.of_member(tx, call.user_id)
        period = Period.parse(call.value) if call.value else None
        if period is not None:
            await deliveries.cancel(
                tx, call.user_id, (PROMPT, REMINDER, LATER), period, SkipReason.STOPPED, call.now
            )
            await edits.want_prompts_edited(
                tx, call.user_id, call.now, period=period, clicked=call.message_ts
            )
        for team in mine:
            await _tell_leads(call, tx, team.team_id, period or Period.containing(call.now.date()))
    call.services.wake()
    return Reply(prompt.stopped(mine[0].name if mine else "you", period), replace=True)


async def _tell_leads(call: Call, tx: Tx, team_id: str, period: Period) -> None:
    for lead in await teams.leads_of(tx, team_id):
        if lead == call.user_id:
            continue
        await deliveries.plan(
            tx,
            key=f"{STOPPED_NOTICE}:{team_id}:{call.user_id}:{period}:{lead}",
            kind=STOPPED_NOTICE,
            team_id=team_id,
            recipient=lead,
            period=period,
            due_at=call.now,
            now=call.now,
            note=call.user_id,
        )


async def start_clicked(call: Call) -> Answer:
    """*Start prompts again*."""
    async with call.write() as tx:
        await people.mention(tx, call.user_id)
        await people.stop(tx, call.user_id, None)
        await people.pause(tx, call.user_id, None)
        await schedule_person(tx, call.user_id, call.now)
        answer = await _question_again(call, tx)
    return answer or Reply(sentence(f"Your prompts come again. {await next_in_words(call)}"))


async def _question_again(call: Call, tx: Tx) -> Answer:
    """The prompt one was looking at when one paused or stopped is a question again."""
    if not call.value or call.message_ts is None:
        return None
    return await prompt_as_it_is(call, tx, Period.parse(call.value))


async def prompt_as_it_is(call: Call, tx: Tx, period: Period) -> Answer:
    """What the prompt about a week says now."""
    sent = await ledger.by_key(tx, f"{PROMPT}:{call.user_id}:{period}")
    said = await Prompt().compose(call.services, tx, sent, call.now) if sent else None
    if said is None or isinstance(said, Skip):
        return Reply(sentence(f"There is no prompt about {period.label} any more."), replace=True)
    return Reply(said, replace=True)
