"""What a lead does with an open check-in: move its deadline, close it, cancel it."""

from domain.checkin import deadline_at
from domain.localtime import zone_or_utc
from handlers import closing
from handlers.call import Answer, Call, Errors, Reply
from handlers.checkins import deadline_problem, put_deadline
from handlers.errors import SayInstead, sentence
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.teamchoice import must_lead
from handlers.views import maturity as views
from handlers.views.blocks import View
from handlers.views.maturity_start import DEADLINE, MOVE_MODAL, move_modal, read_day
from handlers.views.words import moment
from storage import agenda, maturity, people, teams
from storage.database import Tx
from storage.maturity import Checkin
from storage.teams import Team


def register(registry: Registry) -> None:
    registry.actions[views.CLOSE] = close_clicked
    registry.actions[views.CANCEL] = cancel_clicked
    registry.actions[views.MOVE] = move_clicked
    registry.submissions[MOVE_MODAL] = move


async def close_clicked(call: Call) -> Answer:
    """*Close now*: the channel gets what there is."""
    async with call.write() as tx:
        checkin, team = await _held(call, tx, "close a check-in")
        await closing.close(call.services, tx, checkin, "lead", call.now)
    text = f"Closed. The result goes to <#{team.channel_id}>."
    return Reply(sentence(text), replace=True)


async def cancel_clicked(call: Call) -> Answer:
    """*Cancel check-in*: no result, and raters' messages say so."""
    async with call.write() as tx:
        checkin, _ = await _held(call, tx, "cancel a check-in")
        await maturity.cancel(tx, checkin.checkin_id, call.now)
        await agenda.drop(tx, closing.END, checkin.checkin_id)
        raters = await maturity.raters_of(tx, checkin.checkin_id)
        await closing.tell_raters(tx, checkin, raters, call.now)
    call.services.wake()
    return Reply(sentence("Cancelled. Its answers are not used."), replace=True)


async def _held(call: Call, tx: Tx, what: str, checkin_id: str = "") -> tuple[Checkin, Team]:
    """The open check-in that a lead is about to change, locked; else a sentence why not."""
    checkin = await maturity.lock(tx, checkin_id or call.value)
    team = await teams.get(tx, checkin.team_id) if checkin else None
    member = await people.get(tx, call.user_id)
    if checkin is None or team is None or member is None:
        raise SayInstead(sentence("I no longer know that check-in."))
    await must_lead(tx, member, team, what)
    if not checkin.is_open:
        raise SayInstead(sentence("That check-in is over already."))
    return checkin, team


async def move_clicked(call: Call) -> Answer:
    """*Change deadline*."""
    await open_modal(call, _move_form(call))
    return None


async def _move_form(call: Call) -> View:
    async with call.read() as tx:
        checkin, team = await _held(call, tx, "change its deadline")
    return move_modal(
        checkin.checkin_id, checkin.deadline_at.astimezone(zone_or_utc(team.tz)).date()
    )


async def move(call: Call) -> Answer:
    """*Save* of the deadline: it closes then, and raters' messages say so."""
    day = read_day(call.values)
    async with call.write() as tx:
        checkin, team = await _held(
            call, tx, "change its deadline", str(call.view["private_metadata"])
        )
        problem = deadline_problem(day, team, call.now)
        if problem is not None or day is None:
            return Errors({DEADLINE: problem or "Pick a day."})
        at = deadline_at(day, zone_or_utc(team.tz))
        await maturity.move_deadline(tx, checkin.checkin_id, at)
        await put_deadline(tx, team, checkin.checkin_id, at)
        raters = await maturity.raters_of(tx, checkin.checkin_id)
        await closing.tell_raters(tx, checkin, raters, call.now)
    call.services.wake()
    return Reply(sentence(f"The check-in now runs until {moment(at, zone_or_utc(team.tz))}."))
