"""Two workspaces whose rows bear the same ids, as far as the tables let them."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from domain.categories import CategoryOverride
from domain.checklist import NewItem
from domain.delivery import State
from domain.goals import Goal
from domain.maturity import Assessment
from domain.periods import Period
from domain.roi import RoiInputs
from domain.timesplit import Split
from storage import (
    absences,
    agenda,
    audience,
    categories,
    checklist,
    decisions,
    deliveries,
    goals,
    learning,
    ledger,
    maturity,
    pace,
    people,
    ratings,
    roi,
    summaries,
    timesplit,
    workspaces,
)
from storage.database import Database, Tx
from storage.people import Profile
from storage.schema import delivery_events, leads, memberships, metadata, teams

NOW = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
WEEK = Period(2026, 23)
SPLIT = Split({"strategy": 4_000, "delivery": 6_000}, None)
PERSON, TEAM, CHANNEL, GROUP = "U1", "team", "C1", "S1"
ITEM = "item"
GOAL = "goal-1"
CHECKIN, CLOSED_CHECKIN = "checkin-open", "checkin-closed"
GOAL_SET: dict[str, Any] = {
    "team_id": TEAM,
    "metric": "operational_share",
    "baseline": Fraction(36, 100),
    "target": Fraction(1, 4),
    "baseline_note": "",
    "due_on": date(2026, 9, 30),
    "owner": PERSON,
    "by": PERSON,
    "now": NOW,
}
PAST_GOAL = Goal(
    f"{GOAL}-past",
    TEAM,
    "customer_share",
    Fraction(36, 100),
    Fraction(1, 4),
    date(2026, 9, 30),
    PERSON,
    "met",
    NOW,
    closed_at=NOW,
)
PROMPT_KEY = f"prompt:{PERSON}:{WEEK}"
FAILED_KEY = f"details:{TEAM}:{WEEK}"
SUMMARY_KEY = f"summary:{TEAM}:{WEEK}"


async def populate(tx: Tx) -> None:
    """One of everything, in this transaction's workspace."""
    await workspaces.remember(tx, tx.workspace_id, "UBOT", NOW)
    await workspaces.first_sight_of_event(tx, "Ev1", NOW)
    await people.refresh(tx, Profile(PERSON, "Ada", "Europe/Berlin", is_admin=True), NOW)
    await people.mark_home_seen(tx, PERSON, NOW)
    await absences.record(tx, PERSON, date(2026, 7, 1), date(2026, 7, 9), NOW)
    await _team(tx)
    await _goals(tx)
    await categories.change(tx, CategoryOverride("tools", name="Gadgets"))
    await timesplit.record(tx, PERSON, WEEK, SPLIT, reason=None, source="test", now=NOW)
    await agenda.put(tx, "prompt", PERSON, WEEK.shift(1), NOW + timedelta(days=7))
    await summaries.show_insights(tx, TEAM, WEEK.shift(-1), ["R01"], NOW.date())
    await summaries.release(tx, TEAM, WEEK, {PERSON: "1"})
    await audience.set_channels(tx, TEAM, ["C8"], PERSON, NOW)
    await audience.set_rollup(tx, "C9", "Europe/Berlin", PERSON, NOW)
    await decisions.add(
        tx, TEAM, "d1", what="Ship it", owner=PERSON, due_on=WEEK.sunday, by=PERSON, now=NOW
    )
    await decisions.add(
        tx, TEAM, "closed", what="Stop it", owner=None, due_on=None, by=PERSON, now=NOW
    )
    await decisions.close(tx, "closed", "done", NOW)
    await learning.start_run(tx, PERSON, "r1", 1, NOW)
    await learning.answer(tx, PERSON, "r1", 0, 2, is_right=True, now=NOW)
    await learning.start_run(tx, PERSON, "r2", 10, NOW)
    await _sent(tx, "decision:d1", "decision", PERSON, note="d1")
    new = NewItem("E2", "execute", "Automate it", owner=PERSON)
    await checklist.add(tx, TEAM, new, PERSON, NOW, item_id=ITEM)
    await checklist.note(tx, ITEM, "added", PERSON, NOW)
    await checklist.add(tx, TEAM, NewItem(None, "goals", "Over"), PERSON, NOW, item_id="over")
    await checklist.change(tx, "over", states=["open"], values={"state": "done", "done_at": NOW})
    await _checkins(tx)
    await _sent(tx, PROMPT_KEY, "prompt", PERSON)
    await _sent(tx, f"stuck:{TEAM}:{WEEK}", "stuck", PERSON)
    await _sent(tx, SUMMARY_KEY, "summary", CHANNEL)
    await _sent(tx, f"month:{TEAM}:2026-06", "month", CHANNEL, period=Period(2026, 26))
    await _deliver(tx, f"reminder:{PERSON}:{WEEK}", "reminder", PERSON)
    skipped = {"state": State.SKIPPED, "reason": "away", "period": WEEK.shift(1)}
    await _deliver(tx, f"prompt:{PERSON}:{WEEK.shift(1)}", "prompt", PERSON, **skipped)
    await _deliver(tx, FAILED_KEY, "details", CHANNEL, state=State.FAILED)
    await _hindered(tx, FAILED_KEY)
    await pace.hold(tx, "conversations.history", NOW + timedelta(hours=1))
    await _sent(tx, "ask:1", "ask", PERSON, note=FAILED_KEY)


async def _team(tx: Tx) -> None:
    workspace = {"workspace_id": tx.workspace_id, "team_id": TEAM}
    values: dict[str, Any] = {
        "channel_id": CHANNEL,
        "name": "Product",
        "tz": "Europe/Berlin",
        "industry": "",
        "prompt_weekday": 4,
        "prompt_time": "14:00",
        "reminder_time": "09:30",
        "summary_weekday": 0,
        "summary_time": "14:00",
        "members_from": "group",
        "group_id": GROUP,
        "created_by": PERSON,
        "created_at": NOW,
    }
    await tx.connection.execute(insert(teams).values(**workspace, **values))
    await tx.connection.execute(
        insert(memberships).values(**workspace, user_id=PERSON, joined_at=NOW)
    )
    await tx.connection.execute(insert(leads).values(**workspace, user_id=PERSON, since=NOW))


async def _goals(tx: Tx) -> None:
    for goal_id, metric in ((GOAL, "operational_share"), (f"{GOAL}-past", "customer_share")):
        await goals.set_goal(tx, goal_id, **{**GOAL_SET, "metric": metric})
    await goals.close(tx, f"{GOAL}-past", "met", NOW)
    again = {**GOAL_SET, "metric": "customer_share", "target": Fraction(1, 2)}
    await goals.set_goal(tx, f"{GOAL}-next", **again)
    await roi.save_inputs(tx, TEAM, RoiInputs(currency="EUR", pm_salary=Fraction(1)), PERSON, NOW)
    # What they logged before still counts.
    await roi.set_product_ops(tx, TEAM, [PERSON], NOW + timedelta(minutes=1))


async def _checkins(tx: Tx) -> None:
    """One that is over and came to a result, and one that is open, with a draft."""
    for checkin_id in (CLOSED_CHECKIN, CHECKIN):
        await maturity.start(
            tx,
            team_id=TEAM,
            by=PERSON,
            at=NOW,
            deadline_at=NOW + timedelta(days=7),
            note="",
            dimensions=["tools"],
            min_raters=3,
            raters={PERSON: True},
            checkin_id=checkin_id,
        )
        await ratings.save(tx, checkin_id, PERSON, [ratings.Rating("tools", 3, True)], NOW)
        if checkin_id == CLOSED_CHECKIN:
            await ratings.mark_sent(tx, checkin_id, PERSON, NOW)
            result = Assessment(checkin_id, NOW, asked=1, answered=1, scores=(), overall=3)
            await maturity.close(tx, checkin_id, "lead", NOW, result.to_json())


async def _sent(tx: Tx, key: str, kind: str, recipient: str, **more: Any) -> None:
    await _deliver(tx, key, kind, recipient, state=State.SENT, channel="D1", **more)
    table = metadata.tables["deliveries"]
    ours = (table.c.workspace_id == tx.workspace_id, table.c.key == key)
    await tx.connection.execute(update(table).where(*ours).values(ts="1.2"))


async def _hindered(tx: Tx, key: str) -> None:
    found = await ledger.by_key(tx, key)
    assert found is not None
    ours = {"workspace_id": tx.workspace_id, "delivery_id": found.delivery_id}
    happened = {"at": NOW, "state": State.RETRY, "reason": "slack_busy"}
    await tx.connection.execute(insert(delivery_events).values(**ours, **happened))


async def _deliver(tx: Tx, key: str, kind: str, recipient: str, **more: Any) -> None:
    values = {"team_id": TEAM, "period": WEEK, "due_at": NOW, "now": NOW, **more}
    await deliveries.plan(tx, key=key, kind=kind, recipient=recipient, **values)


async def rows_of(database: Database, workspace_id: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of a workspace, by table."""
    async with database.read_across() as connection:
        return await rows_in(connection, workspace_id)


async def rows_in(
    connection: AsyncConnection, workspace_id: str
) -> dict[str, list[tuple[Any, ...]]]:
    """The same as one transaction sees it."""
    found = {}
    for table in metadata.sorted_tables:
        where = table.c.workspace_id == workspace_id
        rows = await connection.execute(select(table).where(where))
        found[table.name] = sorted((tuple(row) for row in rows), key=str)
    return found
