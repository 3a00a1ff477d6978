"""The buttons and the menu of a prompt: remind me later, another time of the week."""

from datetime import datetime, time, timedelta

from domain.localtime import resolve_local
from domain.periods import Period
from domain.rhythm import Rhythm
from handlers import profiles, why
from handlers.call import Answer, Call, Reply
from handlers.errors import sentence
from handlers.modals import open_modal
from handlers.pausing import next_in_words, pause, prompt_as_it_is
from handlers.prompts import ask_later, no_longer_asked
from handlers.registry import Registry
from handlers.schedule import reschedule_person, rhythm_of, zone_of
from handlers.views import prompt
from handlers.views.blocks import View
from handlers.views.home import CHANGE_TIME
from handlers.views.prompt_time import (
    PROMPT_TIME_MODAL,
    PromptTime,
    prompt_time_modal,
    read_prompt_time,
)
from storage import people, teams

_MORNING = time(9, 30)


def register(registry: Registry) -> None:
    registry.actions[prompt.LATER] = later_clicked
    registry.actions[prompt.LATER_BACK] = back_clicked
    registry.actions[prompt.LATER_HOURS] = in_two_hours
    registry.actions[prompt.LATER_MORNING] = tomorrow_morning
    registry.actions[prompt.MENU] = menu_chosen
    registry.actions[CHANGE_TIME] = change_time_clicked
    registry.submissions[PROMPT_TIME_MODAL] = save_time


async def later_clicked(call: Call) -> Answer:
    """*Remind me later*: the buttons give way to the choice of when."""
    period = Period.parse(call.value)
    async with call.read() as tx:
        over = await no_longer_asked(call.services, tx, call.user_id, period, call.now)
    return Reply(over or prompt.later_choices(period), replace=True)


async def back_clicked(call: Call) -> Answer:
    """*Back*: the question as it stood."""
    async with call.read() as tx:
        return await prompt_as_it_is(call, tx, Period.parse(call.value))


async def in_two_hours(call: Call) -> Answer:
    return await _snooze(call, call.now + timedelta(hours=2))


async def tomorrow_morning(call: Call) -> Answer:
    async with call.read() as tx:
        member = await people.get(tx, call.user_id)
        mine = await teams.of_member(tx, call.user_id)
    zone = zone_of(member, mine[0] if mine else None)
    tomorrow = call.now.astimezone(zone).date() + timedelta(days=1)
    morning = mine[0].rhythm.reminder_time if mine else _MORNING
    return await _snooze(call, resolve_local(tomorrow, morning, zone))


async def _snooze(call: Call, at: datetime) -> Answer:
    period = Period.parse(call.value)
    async with call.write() as tx:
        over = await no_longer_asked(call.services, tx, call.user_id, period, call.now)
        if over is not None:
            return Reply(over, replace=True)
        member = await people.get(tx, call.user_id)
        mine = await teams.of_member(tx, call.user_id)
        await ask_later(tx, call.user_id, period, at, call.now)
    zone = zone_of(member, mine[0] if mine else None)
    return Reply(prompt.snoozed(period, at, zone), replace=True)


async def menu_chosen(call: Call) -> Answer:
    choice, period = prompt.read_menu(call.value)
    if choice == prompt.MENU_PAUSE:
        return await pause(call, period, None)
    if choice == prompt.MENU_TIME:
        return await change_time_clicked(call)
    return await why.show(call)


async def change_time_clicked(call: Call) -> Answer:
    await open_modal(call, _time_form(call))
    return None


async def _time_form(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
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
    async with call.write() as tx:
        await people.mention(tx, call.user_id)
        await people.choose_prompt_time(
            tx,
            call.user_id,
            chosen.weekday if chosen else None,
            chosen.time.strftime("%H:%M") if chosen else None,
        )
        await reschedule_person(tx, call.user_id, call.now)
    return Reply(sentence(f"Saved. {await next_in_words(call)}"))
