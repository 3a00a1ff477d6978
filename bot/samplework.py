"""What the sample team has done besides logging: check-ins, items, a goal, decisions, costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from domain.checkin import deadline_at, usual_deadline
from domain.checklist import NewItem, State
from domain.localtime import zone_or_utc
from domain.maturity import LEVELS, MaturityModel
from domain.roi import RoiInputs
from handlers.checkins import put_deadline
from handlers.closing import assessed
from handlers.decisionreminders import schedule_reminder
from handlers.goaloutcomes import schedule_goals
from handlers.invitations import ask
from handlers.itemschedule import schedule_effect, schedule_owner, schedule_stuck
from handlers.reassessment import schedule_reassessment
from handlers.schedule import team_workdays
from handlers.services import Services
from handlers.suggestions import milestone_of
from storage import checklist, decisions, goals, maturity, people, ratings, roi
from storage.database import Tx
from storage.ratings import Rating
from storage.teams import Team

_COST = RoiInputs("EUR", Fraction(95_000), Fraction(85_000), Fraction(1, 2), Fraction(2_000))
_ASSESSED_DAYS_AGO, _ANSWERED = 42, 3
#: What changed after an older item would have been told long ago.
_EFFECT_DAYS = 28
#: How far apart the sample's raters are, and how many people one dimension divides.
_USUAL, _DIVIDED = (0, 0, 0, 0, 1, -1), (-1, 2)


@dataclass(frozen=True)
class _Done:
    """An item, how it stands, since how many days, and the words that go with it."""

    ref: str
    state: State
    days: int
    words: str = ""


_ITEMS = (
    _Done("A1", "done", 63, "Our CPO sponsors it; a review each quarter is booked"),
    _Done("A2", "done", 52, "Eight people, three full weeks"),
    _Done("A3", "done", 41, "https://wiki.example.com/maturity"),
    _Done("A5", "done", 37, "https://wiki.example.com/tools-and-reports"),
    _Done("G1", "done", 34, "Goal set with the CPO"),
    _Done("G6", "done", 30, "Finance agreed on the rates"),
    _Done("E2", "done", 37, "https://wiki.example.com/weekly-report-runs-by-itself"),
    _Done("P1", "done", 20, "https://wiki.example.com/top-five-pains"),
    _Done("E7", "started", 26),
    _Done("E3", "started", 9),
    _Done("E4", "blocked", 12, "Waits for the export from the CRM"),
    _Done("E8", "dropped", 16, "Sales keeps a list of its own"),
    _Done("P2", "open", 3),
)


async def seed_work(
    services: Services, tx: Tx, team: Team, lead: str, members: Sequence[str], now: datetime
) -> None:
    """The team beyond its logs, as it stands at `now`; `members` have been there all along."""
    zone = zone_or_utc(team.tz)
    today = now.astimezone(zone).date()
    await roi.save_inputs(tx, team.team_id, _COST, lead, now - timedelta(days=30))
    weakest = await _assessed(services, tx, team, lead, members, now)
    await _worked(services, tx, team, lead, members, weakest, now)
    await goals.set_goal(
        tx,
        "sample-goal",
        team_id=team.team_id,
        metric="operational_share",
        baseline=Fraction(42, 100),
        target=Fraction(25, 100),
        baseline_note="first 4 weeks",
        due_on=today + timedelta(days=60),
        owner=lead,
        by=lead,
        now=now - timedelta(days=34),
    )
    await schedule_goals(tx, team, now)
    for number, (what, owner, days) in enumerate(
        (
            ("One tracker set-up for all product teams", members[0], 6),
            ("Roadmap review moves from weekly to every other week", None, None),
        )
    ):
        due_on = None if days is None else today + timedelta(days=days)
        made = await decisions.add(
            tx,
            team.team_id,
            f"sample-{number}",
            what=what,
            owner=owner,
            due_on=due_on,
            by=lead,
            now=now - timedelta(days=10 - number),
        )
        await schedule_reminder(tx, made, now)
    await _open_check_in(services, tx, team, lead, members, now)


async def _assessed(
    services: Services, tx: Tx, team: Team, lead: str, members: Sequence[str], now: datetime
) -> str:
    """A check-in of six weeks ago; the dimension that holds the team back."""
    model, at = services.playbook.maturity, now - timedelta(days=_ASSESSED_DAYS_AGO)
    weakest = list(model)[len(model.dimensions) // 2].id
    begun = await maturity.start(
        tx,
        team_id=team.team_id,
        by=lead,
        at=at - timedelta(days=4),
        deadline_at=at,
        note="",
        dimensions=[dimension.id for dimension in model],
        min_raters=model.scoring.min_raters,
        raters={user_id: user_id == lead for user_id in (lead, *members)},
    )
    assert begun is not None
    for place, user_id in enumerate((lead, *members)):
        rated = _rated(model, weakest, place)
        await ratings.save(tx, begun.checkin_id, user_id, rated, at)
        await ratings.mark_sent(tx, begun.checkin_id, user_id, at)
    raters = await maturity.raters_of(tx, begun.checkin_id)
    found = assessed(begun, raters, await ratings.sent(tx, begun.checkin_id), model, at)
    assert found is not None
    whole = replace(found, headcount=len(members), bands={"maturity": "low"})
    await maturity.close(tx, begun.checkin_id, "all_answered", at, whole.to_json())
    await schedule_reassessment(tx, team, model.due, whole, now)
    return weakest


def _rated(model: MaturityModel, weakest: str, person: int) -> list[Rating]:
    """One person's answers: near the others', but for the last dimension, which divides them."""
    chance = Random(person)  # noqa: S311 - believable, not secret
    found = []
    for place, dimension in enumerate(model):
        last = place == len(model.dimensions) - 1
        usual = 1 if dimension.id == weakest else 3 if place % 2 or last else 2
        apart = _DIVIDED[person % 2] if last else chance.choice(_USUAL)
        level = min(max(usual + apart, 1), LEVELS - 1)
        found.append(Rating(dimension.id, level, answered=True))
    return found


async def _worked(
    services: Services,
    tx: Tx,
    team: Team,
    lead: str,
    members: Sequence[str],
    weakest: str,
    now: datetime,
) -> None:
    """Items in every state; what a company's own checklist does not have is left out."""
    for place, done in enumerate(_ITEMS):
        item = services.playbook.checklist.get(done.ref)
        if item is not None:
            step = next(s for s, one in services.playbook.checklist.items() if one == item)
            new = NewItem(done.ref, step, item.text, item.done_when, item.owner, item.dimensions)
            owner = lead if done.ref[0] in "AG" else members[place % len(members)]
            await _enter(tx, team, replace(new, owner=owner), done, lead, now)
    milestone = milestone_of(services.playbook.maturity, weakest, 1)
    if milestone is not None:
        due_on = (now + timedelta(days=12)).date()
        new = replace(milestone, owner=members[1], due_on=due_on)
        await _enter(tx, team, new, _Done("milestone", "started", 8), lead, now)
    for user_id in (lead, *members):
        await schedule_owner(tx, user_id, now)
    await schedule_stuck(tx, team, now)


async def _enter(tx: Tx, team: Team, new: NewItem, done: _Done, by: str, now: datetime) -> None:
    at = now - timedelta(days=done.days)
    item_id = f"sample-{new.ref}"[:32]
    await checklist.add(tx, team.team_id, new, by, at - timedelta(days=9), item_id=item_id)
    await checklist.note(tx, item_id, "taken", new.owner, at - timedelta(days=9))
    values: dict[str, Any] = {"state": done.state, "state_since": at}
    if done.state in ("started", "blocked", "done"):
        values["started_at"] = at
    if done.state == "done":
        values |= {"done_at": at, "done_by": new.owner, "evidence": done.words}
    elif done.words:
        values["reason"] = done.words
    if done.state != "open":
        await checklist.change(tx, item_id, states=["open"], values=values)
        await checklist.note(tx, item_id, done.state, new.owner, at, done.words)
    stored = await checklist.get(tx, item_id)
    if stored is not None and done.days < _EFFECT_DAYS:
        await schedule_effect(tx, stored, team, now)


async def _open_check_in(
    services: Services, tx: Tx, team: Team, lead: str, members: Sequence[str], now: datetime
) -> None:
    """The next check-in, begun today: three have answered, the others are asked now."""
    model, zone = services.playbook.maturity, zone_or_utc(team.tz)
    deadline = deadline_at(usual_deadline(services.today(team.tz), team_workdays(team)), zone)
    asked = (lead, *members)
    begun = await maturity.start(
        tx,
        team_id=team.team_id,
        by=lead,
        at=now,
        deadline_at=deadline,
        note="What has changed since the reports run by themselves?",
        dimensions=[dimension.id for dimension in model],
        min_raters=model.scoring.min_raters,
        raters={user_id: user_id == lead for user_id in asked},
    )
    assert begun is not None
    for place, user_id in enumerate(asked[-_ANSWERED:]):
        await ratings.save(tx, begun.checkin_id, user_id, _rated(model, "", place), now)
        await ratings.mark_sent(tx, begun.checkin_id, user_id, now)
    for member in await people.get_many(tx, asked[:-_ANSWERED]):
        await ask(tx, team, begun, member, now)
    await put_deadline(tx, team, begun.checkin_id, deadline)
