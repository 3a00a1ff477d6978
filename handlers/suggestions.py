"""What an assessment or an insight gives reason to put on the checklist."""

from collections.abc import Sequence
from datetime import datetime

from domain.checklist import NewItem, TeamItem
from domain.maturity import Assessment, MaturityModel
from handlers.assessments import assessments_of
from handlers.items import items_of
from handlers.services import Services
from handlers.teaminsights import insights_of
from handlers.views.blocks import clip
from storage.database import Tx
from storage.teams import Team

#: Dimensions whose milestones are proposed at once.
MOST_DIMENSIONS = 3
_STEP = "execute"
_MOST_TEXT = 200


async def weakest_of(services: Services, tx: Tx, team: Team) -> list[str]:
    """The lowest dimensions of the last assessment whose next milestone is not on the list yet."""
    last = await _last(tx, team)
    if last is None:
        return []
    refs = {item.ref for item in await items_of(services, tx, team.team_id)}
    free: list[tuple[int, str]] = []
    for dimension in services.playbook.maturity:
        level = last.level(dimension.id)
        new = milestone_of(services.playbook.maturity, dimension.id, level)
        if level is not None and new is not None and new.ref not in refs:
            free.append((level, dimension.id))
    free.sort(key=lambda found: found[0])
    return [dimension_id for _, dimension_id in free[:MOST_DIMENSIONS]]


async def _last(tx: Tx, team: Team) -> Assessment | None:
    found = await assessments_of(tx, team.team_id, limit=1)
    return found[0] if found else None


def milestone_of(model: MaturityModel, dimension_id: str, level: int | None) -> NewItem | None:
    """What leads a dimension up from its level, done when the next line is true; None at the top.

    Its ref names the level: the same milestone stands on a list once.
    """
    dimension = model.get(dimension_id)
    text = dimension.milestone(level) if dimension and level else None
    if dimension is None or level is None or text is None:
        return None
    return NewItem(
        ref=f"milestone:{dimension_id}:{level}",
        step=_STEP,
        text=clip(text, _MOST_TEXT),
        done_when=dimension.levels[level],
        dimensions=(dimension_id,),
    )


async def proposals(
    services: Services, tx: Tx, team: Team, source: str, now: datetime
) -> list[NewItem]:
    """What a button's source gives reason to add: a rule's answer, or dimensions' milestones."""
    if source not in services.playbook.rules.rules:
        return await _milestones(services, tx, team, source.split(","))
    insights = await insights_of(services, tx, team, now)
    if source in insights.suggestions:
        return [insights.suggestions[source]]
    about = [key for i in insights.found if i.rule == source for key in i.dimensions]
    return await _milestones(services, tx, team, about)


async def _milestones(
    services: Services, tx: Tx, team: Team, wanted: Sequence[str]
) -> list[NewItem]:
    last = await _last(tx, team)
    if last is None:
        return []
    model = services.playbook.maturity
    found = [milestone_of(model, key, last.level(key)) for key in dict.fromkeys(wanted)]
    return [new for new in found if new is not None]


def standing_for(new: NewItem, items: Sequence[TeamItem]) -> TeamItem | None:
    """The item that is on the list for a proposal already; an untouched one is not.

    What a rule proposed in an earlier week counts while it is not over.
    """
    for item in items:
        if item.ref == new.ref and item.item_id is not None and not _is_untouched(item):
            return item
    rule = (new.ref or "").rsplit(":", 1)[0]
    if not rule.startswith("insight:"):
        return None
    return next(
        (i for i in items if i.ref and i.ref.startswith(f"{rule}:") and not i.is_over), None
    )


def _is_untouched(item: TeamItem) -> bool:
    """An item of the playbook that nobody has begun or taken can still be given to somebody."""
    return ":" not in (item.ref or "") and item.state == "open" and item.owner is None
