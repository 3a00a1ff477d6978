"""The buttons and the menu of a prompt: later, pause, stop, another time of the week."""

from datetime import date, datetime, time, timedelta

from domain.localtime import resolve_local
from domain.periods import Period
from domain.rhythm import Rhythm
from handlers import profiles, why
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.prompts import LATER, REMINDER, STOPPED_NOTICE, Prompt, ask_later
from handlers.registry import Registry, Skip
from handlers.schedule import (
    PROMPT,
    prompt_after,
    reschedule_person,
    rhythm_of,
    schedule_person,
    zone_of,
)
from handlers.timesplit import as_it_stands
from handlers.views import prompt
from handlers.views.blocks import Message, View
from handlers.views.home import CHANGE_TIME, PAUSE
from handlers.views.prompt_time import (
    PROMPT_TIME_MODAL,
    PromptTime,
    prompt_time_modal,
    read_prompt_time,
)
from handlers.views.timesplit import loading_modal
from handlers.views.words import moment
from storage import deliveries, people, teams, timesplit
from storage.database import Tx

_MORNING = time(9, 30)


def register(registry: Registry) -> None:
    registry.actions[prompt.LATER] = later_clicked
    registry.actions[prompt.LATER_BACK] = back_clicked
    registry.actions[prompt.LATER_HOURS] = in_two_hours
    registry.actions[prompt.LATER_MORNING] = tomorrow_morning
    registry.actions[prompt.MENU] = menu_chosen
    registry.actions[prompt.STOP] = stop_clicked
    registry.actions[prompt.START] = start_clicked
    registry.actions[prompt.RESUME] = resume_clicked
    for action_id in prompt.PAUSE_WEEKS:
        registry.actions[action_id] = pause_clicked
    registry.actions[CHANGE_TIME] = change_time_clicked
    registry.actions[PAUSE] = pause_on_home
    registry.submissions[PROMPT_TIME_MODAL] = save_time


async def later_clicked(call: Call) -> Answer:
    """*Remind me later*: the buttons give way to the choice of when."""
    period = Period.parse(call.value)
    answered = await _answered(call, period)
    return Reply(answered or prompt.later_choices(period), replace=True)


async def _answered(call: Call, period: Period) -> Message | None:
    """What the prompt says when its week was answered meanwhile (an old button was used)."""
    async with call.services.database.read(call.workspace_id) as tx:
        standing = await timesplit.get(tx, call.user_id, period)
        return await as_it_stands(call, tx, standing) if standing else None


async def back_clicked(call: Call) -> Answer:
    period = Period.parse(call.value)
    async with call.services.database.read(call.workspace_id) as tx:
        return await _prompt_as_it_is(call, tx, period)


async def _prompt_as_it_is(call: Call, tx: Tx, period: Period) -> Answer:
    sent = await deliveries.by_key(tx, f"{PROMPT}:{call.user_id}:{period}")
    if sent is None:
        return Reply(sentence(f"There is no prompt about {period.label} any more."))
    said = await Prompt().compose(call.services, tx, sent, call.now)
    return None if isinstance(said, Skip) else Reply(said, replace=True)


async def in_two_hours(call: Call) -> Answer:
    return await _snooze(call, call.now + timedelta(hours=2))


async def tomorrow_morning(call: Call) -> Answer:
    async with call.services.database.read(call.workspace_id) as tx:
        member = await people.get(tx, call.user_id)
        mine = await teams.of_member(tx, call.user_id)
    zone = zone_of(member, mine[0] if mine else None)
    tomorrow = call.now.astimezone(zone).date() + timedelta(days=1)
    morning = mine[0].rhythm.reminder_time if mine else _MORNING
    return await _snooze(call, resolve_local(tomorrow, morning, zone))


async def _snooze(call: Call, at: datetime) -> Answer:
    period = Period.parse(call.value)
    answered = await _answered(call, period)
    if answered is not None:
        return Reply(answered, replace=True)
    async with call.services.database.write(call.workspace_id) as tx:
        member = await people.get(tx, call.user_id)
        mine = await teams.of_member(tx, call.user_id)
        await ask_later(tx, call.user_id, period, at, call.now)
    zone = zone_of(member, mine[0] if mine else None)
    return Reply(prompt.snoozed(period, at, zone), replace=True)


async def menu_chosen(call: Call) -> Answer:
    choice, period = prompt.read_menu(call.value)
    if choice == prompt.MENU_PAUSE:
        return await _pause(call, period, None)
    if choice == prompt.MENU_TIME:
        return await change_time_clicked(call)
    return await why.show(call)


async def pause_on_home(call: Call) -> Answer:
    """*Pause prompts* in App Home, which shows the new state by itself."""
    return await _pause(call, None, None)


async def pause_clicked(call: Call) -> Answer:
    return await _pause(
        call,
        Period.parse(call.value) if call.value else None,
        prompt.PAUSE_WEEKS[call.id.split(":")[0]],
    )


async def _pause(call: Call, period: Period | None, weeks: int | None) -> Answer:
    """Pause until resumed, or for some weeks from today."""
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    today = call.services.today(member.person.tz)
    until = today + timedelta(weeks=weeks) if weeks else None
    async with call.services.database.write(call.workspace_id) as tx:
        await people.pause(tx, call.user_id, until or date.max)
        if period is not None:
            await deliveries.want_prompts_edited(
                tx, call.user_id, call.now, period=period, clicked=call.message_ts
            )
    call.services.wake()
    return Reply(prompt.paused(until, period), replace=call.message_ts is not None)


async def resume_clicked(call: Call) -> Answer:
    """*Resume prompts*: the prompt one was looking at is a question again."""
    async with call.services.database.write(call.workspace_id) as tx:
        await people.pause(tx, call.user_id, None)
        answer: Answer = None
        if call.value:
            answer = await _prompt_as_it_is(call, tx, Period.parse(call.value))
    if answer is not None and call.message_ts is not None:
        return answer
    return Reply(sentence(f"Your prompts come again. {await _next_in_words(call)}"))


async def _next_in_words(call: Call) -> str:
    async with call.services.database.read(call.workspace_id) as tx:
        member = await people.get(tx, call.user_id)
        mine = await teams.of_member(tx, call.user_id)
    if member is None or not mine:
        return "You are in no team yet, so nothing is due."
    due = prompt_after(member, mine[0], call.now)
    return f"The next one is due {moment(due.at, zone_of(member, mine[0]))}."


async def stop_clicked(call: Call) -> Answer:
    """*Not me, stop prompts*: at once; the leads learn of it, without reproach."""
    async with call.services.database.write(call.workspace_id) as tx:
        await people.mention(tx, call.user_id)
        await people.stop(tx, call.user_id, call.now)
        await schedule_person(tx, call.user_id, call.now)
        mine = await teams.of_member(tx, call.user_id)
        period = Period.parse(call.value) if call.value else None
        if period is not None:
            await deliveries.cancel(
                tx, call.user_id, (PROMPT, REMINDER, LATER), period, "stopped", call.now
            )
        for team in mine:
            await _tell_leads(call, tx, team.team_id, period or Period.containing(call.now.date()))
    call.services.wake()
    return Reply(prompt.stopped(mine[0].name if mine else "you"), replace=True)


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
    async with call.services.database.write(call.workspace_id) as tx:
        await people.mention(tx, call.user_id)
        await people.stop(tx, call.user_id, None)
        await people.pause(tx, call.user_id, None)
        await schedule_person(tx, call.user_id, call.now)
    text = f"Your prompts come again. {await _next_in_words(call)}"
    return Reply(sentence(text), replace=call.message_ts is not None)


async def change_time_clicked(call: Call) -> Answer:
    await call.open_modal(_time_form(call), loading_modal())
    return None


async def _time_form(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.services.database.read(call.workspace_id) as tx:
        mine = await teams.of_member(tx, call.user_id)
    usual = mine[0].rhythm if mine else Rhythm()
    own = rhythm_of(member, mine[0]) if mine else usual
    return prompt_time_modal(
        PromptTime(own.prompt_weekday, own.prompt_time),
        PromptTime(usual.prompt_weekday, usual.prompt_time),
        own=member.prompt_weekday is not None or member.prompt_time is not None,
        zone_name=str(zone_of(member, mine[0] if mine else None)),
    )


async def save_time(call: Call) -> Answer:
    """*Save* of the prompt time: this week's prompt moves too where it still lies ahead."""
    chosen = read_prompt_time(call.values)
    async with call.services.database.write(call.workspace_id) as tx:
        await people.mention(tx, call.user_id)
        await people.choose_prompt_time(
            tx,
            call.user_id,
            chosen.weekday if chosen else None,
            chosen.time.strftime("%H:%M") if chosen else None,
        )
        await reschedule_person(tx, call.user_id, call.now)
    return Reply(sentence(f"Saved. {await _next_in_words(call)}"))
