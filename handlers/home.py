"""App Home: published when it is opened, and kept up to date for those who have opened it."""

from datetime import date

from domain.categories import Catalog
from domain.eligibility import Absence
from domain.periods import Period
from domain.timesplit import metric_bp
from handlers import profiles
from handlers.call import Answer, Call
from handlers.homeparts import home_teams, waiting_for
from handlers.registry import Registry
from handlers.schedule import PROMPT, zone_of
from handlers.services import Services
from handlers.views.blocks import View
from handlers.views.home import HomeModel, PastWeek, home
from storage import agenda, people, teams, timesplit
from storage.database import Tx
from storage.people import Member
from storage.timesplit import Log

_PAST_WEEKS = 8


def register(registry: Registry) -> None:
    registry.events["app_home_opened"] = opened


async def opened(call: Call) -> Answer:
    """Publish the Home tab; the Messages tab needs nothing."""
    if call.body["event"].get("tab") != "home":
        return None
    await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.write() as tx:
        await people.mark_home_seen(tx, call.user_id, call.now)
    # Having stored something, this call is followed by `refresh`, as every other is.
    return None


async def refresh(services: Services, workspace_id: str, user_id: str) -> None:
    """Bring Home up to date after something of the person changed, if they use it."""
    async with services.database.read(workspace_id) as tx:
        if not await people.has_seen_home(tx, user_id):
            return
        view = await _view(services, tx, user_id)
    await services.slack(workspace_id).views_publish(user_id=user_id, view=view)


async def _view(services: Services, tx: Tx, user_id: str) -> View:
    member = await people.get(tx, user_id)
    mine = await teams.of_member(tx, user_id)
    led = {team.team_id: team for team in await teams.of_lead(tx, user_id)}
    shown = {team.team_id: team for team in [*mine, *led.values()]}
    zone = zone_of(member, mine[0] if mine else None)
    now = services.clock.now()
    period = Period.containing(now.astimezone(zone).date())
    catalog = await services.catalog_of(tx)
    logs = await timesplit.recent(tx, user_id, period, _PAST_WEEKS + 1)
    this = next((log for log in logs if log.period == period), None)
    due = await agenda.get(tx, PROMPT, user_id)
    return home(
        HomeModel(
            period=period,
            state="open" if this is None else "logged" if this.split else "skipped",
            catalog=catalog,
            zone=zone,
            split=this.split if this else None,
            can_repeat=any(log.split is not None and log.period < period for log in logs),
            past=[_past_week(log, catalog) for log in logs if log.period < period],
            next_prompt=due.due_at if due else None,
            paused_until=_paused_until(member, services.today(str(zone))),
            stopped=bool(member and member.person.prompts_stopped),
            away=_absence(member, services.today(str(zone))),
            teams=await home_teams(services, tx, list(shown.values()), led, now),
            waiting=await waiting_for(services, tx, user_id),
            is_admin=bool(member and member.is_admin),
            today=services.today(str(zone)),
        )
    )


def _past_week(log: Log, catalog: Catalog) -> PastWeek:
    if log.split is None:
        return PastWeek(log.period, skipped=True)
    shares = log.split.shares
    return PastWeek(
        log.period,
        metric_bp(shares, "operational_share", catalog),
        metric_bp(shares, "strategic_share", catalog),
    )


def _paused_until(member: Member | None, today: date) -> date | None:
    until = member.person.paused_until if member else None
    return until if until is not None and until >= today else None


def _absence(member: Member | None, today: date) -> Absence | None:
    found = member.person.absences if member else ()
    return next((absence for absence in found if absence.covers(today)), None)
