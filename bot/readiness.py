"""What must work before the process counts as ready, each part under its own name."""

from bot.clock import Clock
from bot.health import Check, NotReady
from bot.installation import Installation
from bot.schedule import Schedule
from storage import revision
from storage.database import Database


def readiness_checks(
    database: Database,
    schedule: Schedule,
    clock: Clock,
    installation: Installation,
    *,
    worker: bool,
) -> dict[str, Check]:
    async def reachable() -> None:
        await database.ping()

    async def migrated() -> None:
        found = await revision.current(database)
        if found != revision.HEAD:
            raise NotReady(f"is at {found or 'nothing'}, wants {revision.HEAD}: prodops migrate")

    async def identified() -> None:
        if installation.team_id is None:
            raise NotReady("Slack has not confirmed the token yet")
        if (reason := await installation.refused()) is not None:
            raise NotReady(f"Slack refuses the token: {reason}")

    checks: dict[str, Check] = {
        "database": reachable,
        "migrations": migrated,
        "slack": identified,
    }
    if worker:
        checks["scheduler"] = schedule.check(clock)
    return checks
