"""Bringing a result to the channel, and to leads what only they read."""

from datetime import datetime
from typing import cast

from domain.benchmarks import Band, Benchmarks, band_name
from domain.localtime import zone_or_utc
from domain.maturity import Assessment
from handlers.assessments import assessment_in, assessments_of
from handlers.closing import NOTE, RESULT, counts, note_for
from handlers.posts import takes_charts
from handlers.registry import Occasion, Registry, Skip
from handlers.services import Services
from handlers.views.blocks import Message
from handlers.views.maturity_notes import Gap, note_for_lead, too_few
from handlers.views.maturity_result import Setting, result
from storage import maturity, ratings, teams
from storage.database import Tx
from storage.deliveries import Delivery
from storage.teams import Team

#: Enough to find the one before any that is still to be posted.
_LOOK_BACK = 12


def register(registry: Registry) -> None:
    registry.occasions[RESULT] = Result()
    registry.occasions[NOTE] = NoteToLead()


class Result(Occasion):
    """What a check-in came to, in the team's channel."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        checkin = await maturity.get(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if checkin is None or team is None:
            return Skip("left_team")
        found = assessment_in(checkin)
        if found is not None:
            return await result_of(services, tx, team, found)
        answered, asked = counts(await maturity.raters_of(tx, checkin.checkin_id))
        return too_few(team.name, answered=answered, asked=asked, min_raters=checkin.min_raters)

    async def sent(self, services: Services, tx: Tx, delivery: Delivery, now: datetime) -> None:
        await teams.set_trouble(tx, delivery.team_id or "", None)


async def result_of(
    services: Services, tx: Tx, team: Team, found: Assessment, *, today: datetime | None = None
) -> Message:
    """A result as it reads beside the one before it; `today` for one that is asked for later."""
    model, zone = services.playbook.maturity, zone_or_utc(team.tz)
    every = await assessments_of(tx, team.team_id, _LOOK_BACK)
    earlier = [one for one in every if one.closed_at < found.closed_at]
    age = found.age_days(today.astimezone(zone).date()) if today else None
    return result(
        found,
        Setting(
            team_id=team.team_id,
            team_name=team.name,
            model=model,
            zone=zone,
            previous=earlier[0] if earlier else None,
            bands=_bands(found, services.playbook.benchmarks),
            charts=await takes_charts(tx),
            age=age,
            stale=age is not None and age > model.due.stale_days,
        ),
    )


def _bands(found: Assessment, benchmarks: Benchmarks) -> list[str]:
    """Where the level stands on the ladders of maturity, with what such a ladder is."""
    said = [
        f"{ladder.metric}: {band_name(ladder, cast('Band', band))}"
        for ladder in benchmarks.rows
        if ladder.of == "maturity" and (band := found.bands.get(ladder.of)) is not None
    ]
    return [*said, benchmarks.label] if said else []


class NoteToLead(Occasion):
    """Where one lead and the team differ, and comments without names."""

    async def compose(
        self, services: Services, tx: Tx, delivery: Delivery, now: datetime
    ) -> Message | Skip:
        checkin = await maturity.get(tx, delivery.note or "")
        team = await teams.get(tx, delivery.team_id or "")
        if checkin is None or team is None:
            return Skip("left_team")
        if delivery.recipient not in await teams.leads_of(tx, team.team_id):
            return Skip("left_team")
        model = services.playbook.maturity
        raters = await maturity.raters_of(tx, checkin.checkin_id)
        given = await ratings.sent(tx, checkin.checkin_id)
        note = note_for(checkin, raters, given, model, delivery.recipient)
        names = {dimension.id: dimension.name for dimension in model}
        gaps = [Gap(names[gap.dimension], gap.own, gap.team) for gap in note.gaps]
        comments = {names[key]: texts for key, texts in note.comments.items()}
        return note_for_lead(team.name, gaps, comments)
