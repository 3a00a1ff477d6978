"""The end of a check-in: its ratings become an assessment, and all who wait for it are told."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.localtime import zone_or_utc
from domain.maturity import Assessment, MaturityModel
from domain.periods import Period
from domain.scoring import LeadGap, assess, lead_gaps
from handlers.assessments import headcount_of
from handlers.benchmarks import ladders_of
from handlers.effects import tell_after_assessment
from handlers.reassessment import schedule_reassessment
from handlers.services import Services
from handlers.teamreading import TeamReading
from storage import agenda, deliveries, edits, maturity, ratings, teams
from storage.database import Tx
from storage.maturity import Checkin, Rater
from storage.ratings import SentRating
from storage.teams import Team

#: On the agenda: a check-in's deadline.
END: Final = "checkin_end"
#: Deliveries: to raters, once and half-way; to the channel; to leads.
INVITATION: Final = "checkin"
REMINDER: Final = "checkin_reminder"
RESULT: Final = "assessment"
NOTE: Final = "assessment_note"


def keys_of(checkin_id: str, user_id: str) -> list[str]:
    """Of the messages that ask this person."""
    return [f"{kind}:{checkin_id}:{user_id}" for kind in (INVITATION, REMINDER)]


async def close(services: Services, tx: Tx, checkin: Checkin, because: str, now: datetime) -> bool:
    """Close a check-in that the caller holds locked; False where it was over already.

    State, result and what is to be sent stand or fall together with the caller's transaction.
    """
    team = await teams.get(tx, checkin.team_id)
    raters = await maturity.raters_of(tx, checkin.checkin_id)
    given = await ratings.sent(tx, checkin.checkin_id)
    found = assessed(checkin, raters, given, services.playbook.maturity, now)
    stored = found.to_json() if found else None
    if not await maturity.close(tx, checkin.checkin_id, because, now, stored):
        return False
    await agenda.drop(tx, END, checkin.checkin_id)
    if team is not None:
        if found is not None:
            await _add_surroundings(services, tx, team, found, now)
            await tell_after_assessment(services, tx, team, found, now)
            await schedule_reassessment(tx, team, services.playbook.maturity.due, found, now)
        await _tell(tx, services, team, checkin, raters, given, now)
    services.wake()
    return True


async def _add_surroundings(
    services: Services, tx: Tx, team: Team, found: Assessment, now: datetime
) -> None:
    """What the team looks like at closing, for comparisons later; the ladders ask for the level."""
    rows = await ladders_of(TeamReading(services, tx, team, now))
    whole = replace(
        found,
        headcount=await headcount_of(tx, team.team_id),
        bands={row.ladder.of: row.band for row in rows if row.band is not None},
    )
    await maturity.keep_result(tx, found.checkin_id, whole.to_json())


async def settle(services: Services, tx: Tx, checkin: Checkin, now: datetime) -> bool:
    """Close a check-in, held locked, once nobody's answer is awaited any more.

    With too few answers it waits for those who were away and may still answer.
    """
    raters = await maturity.raters_of(tx, checkin.checkin_id)
    if any(rater.is_awaited for rater in raters):
        return False
    answered = sum(rater.submitted_at is not None for rater in raters)
    late = any(rater.submitted_at is None and rater.may_rate for rater in raters)
    if answered < checkin.min_raters and late:
        return False
    return await close(services, tx, checkin, "all_answered", now)


async def let_go(
    services: Services, tx: Tx, user_id: str, why: str, now: datetime, team_id: str | None = None
) -> None:
    """Somebody left (that team) or was deactivated: nobody waits for them; answers given stay."""
    for checkin in await maturity.open_for(tx, user_id):
        if team_id not in (None, checkin.team_id):
            continue
        held = await maturity.lock(tx, checkin.checkin_id)
        if held is None or not held.is_open:
            continue
        if await maturity.excuse(tx, held.checkin_id, user_id, why):
            await edits.want_keys_edited(tx, keys_of(held.checkin_id, user_id), now)
            await settle(services, tx, held, now)


def assessed(
    checkin: Checkin,
    raters: list[Rater],
    given: list[SentRating],
    model: MaturityModel,
    now: datetime,
) -> Assessment | None:
    """The assessment out of all ratings that were sent."""
    by_dimension: dict[str, list[int]] = {key: [] for key in checkin.dimensions}
    links = dict.fromkeys(checkin.dimensions, 0)
    for sent in given:
        key, level = sent.rating.dimension, sent.rating.level
        if key not in by_dimension:
            continue
        links[key] += bool(sent.rating.evidence)
        if level is not None:
            by_dimension[key].append(level)
    answered, asked = counts(raters)
    return assess(
        checkin.checkin_id,
        now,
        by_dimension,
        model,
        asked=asked,
        answered=answered,
        min_raters=checkin.min_raters,
        evidence=links,
    )


def counts(raters: list[Rater]) -> tuple[int, int]:
    """(answered, asked); who was excused without an answer was not asked, as it were."""
    answered = sum(rater.submitted_at is not None for rater in raters)
    return answered, answered + sum(rater.is_awaited for rater in raters)


async def _tell(
    tx: Tx,
    services: Services,
    team: Team,
    checkin: Checkin,
    raters: list[Rater],
    given: list[SentRating],
    now: datetime,
) -> None:
    period = Period.containing(now.astimezone(zone_or_utc(team.tz)).date())
    to_leads = [
        (f"{NOTE}:{checkin.checkin_id}:{lead}", NOTE, lead)
        for lead in await teams.leads_of(tx, team.team_id)
        if not note_for(checkin, raters, given, services.playbook.maturity, lead).is_empty
    ]
    result = (f"{RESULT}:{checkin.checkin_id}", RESULT, team.channel_id)
    for key, kind, recipient in [result, *to_leads]:
        await deliveries.plan(
            tx,
            key=key,
            kind=kind,
            team_id=team.team_id,
            recipient=recipient,
            period=period,
            due_at=now,
            now=now,
            note=checkin.checkin_id,
        )
    await tell_raters(tx, checkin, raters, now)


async def tell_raters(tx: Tx, checkin: Checkin, raters: list[Rater], now: datetime) -> None:
    """What asked them says from now on that the check-in is over, or runs until another day."""
    keys = [key for rater in raters for key in keys_of(checkin.checkin_id, rater.user_id)]
    await edits.want_keys_edited(tx, keys, now)


@dataclass(frozen=True)
class LeadNote:
    """What one lead alone reads: where they see it otherwise, and comments by dimension."""

    gaps: tuple[LeadGap, ...]
    comments: Mapping[str, list[str]]

    @property
    def is_empty(self) -> bool:
        return not self.gaps and not self.comments


def note_for(
    checkin: Checkin, raters: list[Rater], given: list[SentRating], model: MaturityModel, lead: str
) -> LeadNote:
    """Comments come unattributed and shuffled, and only where enough people have answered."""
    own = {
        sent.rating.dimension: sent.rating.level
        for sent in given
        if sent.user_id == lead and sent.rating.level is not None
    }
    others: dict[str, list[int]] = {}
    comments: dict[str, list[str]] = {}
    for sent in given:
        if not sent.is_lead and sent.rating.level is not None:
            others.setdefault(sent.rating.dimension, []).append(sent.rating.level)
        if sent.rating.comment and sent.rating.dimension in checkin.dimensions:
            comments.setdefault(sent.rating.dimension, []).append(sent.rating.comment)
    if counts(raters)[0] < checkin.min_raters:
        comments = {}
    gaps = lead_gaps(own, others, model.scoring, min_raters=checkin.min_raters)
    return LeadNote(
        gaps=tuple(gap for gap in gaps if model.get(gap.dimension) is not None),
        comments={
            d.id: sorted(comments[d.id], key=lambda text: _anyhow(checkin.checkin_id, text))
            for d in model
            if d.id in comments
        },
    )


def _anyhow(checkin_id: str, text: str) -> str:
    """An order that says nothing of who wrote what or when, and is the same at every look."""
    return hashlib.sha256(f"{checkin_id} {text}".encode()).hexdigest()
