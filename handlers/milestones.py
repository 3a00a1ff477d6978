"""The closed loop: the next milestones of the weakest dimensions, and what an insight suggests."""

from handlers.registry import Registry
from handlers.services import Services
from storage.database import Tx
from storage.teams import Team


async def weakest_of(services: Services, tx: Tx, team: Team) -> list[str]:
    """The dimensions that hold the team back, by its last assessment."""
    return []


def register(registry: Registry) -> None:
    """Nothing yet."""
