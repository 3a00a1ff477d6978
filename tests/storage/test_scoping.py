"""No function reaches another workspace's rows, whatever ids it is called with."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

import storage
from domain.categories import CategoryOverride
from domain.checklist import NewItem, TeamItem
from domain.rhythm import Rhythm
from domain.roi import RoiInputs
from storage import (
    absences,
    agenda,
    audience,
    batches,
    categories,
    checkins,
    checklist,
    crews,
    crowds,
    decisions,
    deliveries,
    edits,
    goals,
    learning,
    ledger,
    maturity,
    memberships,
    pace,
    people,
    prompts,
    ratings,
    roi,
    schema,
    summaries,
    sweep,
    teamledger,
    teams,
    teamweeks,
    timesplit,
    workspaces,
)
from storage.database import Database, Tx
from storage.people import Profile
from tests.storage.tenants import (
    CHANNEL,
    CHECKIN,
    CLOSED_CHECKIN,
    FAILED_KEY,
    GOAL,
    GOAL_SET,
    GROUP,
    ITEM,
    NOW,
    PAST_GOAL,
    PERSON,
    PROMPT_KEY,
    SPLIT,
    TEAM,
    WEEK,
    populate,
    rows_in,
    rows_of,
)

OURS, THEIRS = "T1", "T2"
LATER = NOW + timedelta(hours=1)
Use = Callable[[Tx, deliveries.Delivery], Awaitable[Any]]


async def start_another(tx: Tx) -> None:
    """A check-in in place of the open one."""
    await maturity.cancel(tx, CHECKIN, LATER)
    await maturity.start(
        tx,
        team_id=TEAM,
        by=PERSON,
        at=LATER,
        deadline_at=LATER,
        note="",
        dimensions=["data"],
        min_raters=3,
        raters={PERSON: False},
    )


READS: dict[Any, Use] = {
    agenda.get: lambda tx, _: agenda.get(tx, "prompt", PERSON),
    agenda.soonest: lambda tx, _: agenda.soonest(tx, 9),
    audience.channels_of: lambda tx, _: audience.channels_of(tx, TEAM),
    audience.teams_sharing_with: lambda tx, _: audience.teams_sharing_with(tx, "C8"),
    audience.rollup: lambda tx, _: audience.rollup(tx),
    crowds.teams_of: lambda tx, _: crowds.teams_of(tx, [PERSON]),
    crowds.first_splits: lambda tx, _: crowds.first_splits(tx, [PERSON]),
    categories.overrides: lambda tx, _: categories.overrides(tx),
    categories.with_charts: lambda tx, _: _changes(tx),
    checkins.newest_of_teams: lambda tx, _: _of_team(checkins.newest_of_teams(tx, [TEAM], 9)),
    checklist.of_team: lambda tx, _: checklist.of_team(tx, TEAM),
    checklist.of_teams: lambda tx, _: _of_team(checklist.of_teams(tx, [TEAM])),
    checklist.of_owner: lambda tx, _: checklist.of_owner(tx, PERSON),
    checklist.get: lambda tx, _: checklist.get(tx, ITEM),
    checklist.by_ref: lambda tx, _: checklist.by_ref(tx, TEAM, "E2"),
    checklist.count: lambda tx, _: checklist.count(tx, TEAM),
    checklist.events_of: lambda tx, _: checklist.events_of(tx, ITEM),
    checklist.events_since: lambda tx, _: checklist.events_since(tx, TEAM, NOW),
    crews.crews_of: lambda tx, _: _stays(tx),
    decisions.get: lambda tx, _: decisions.get(tx, "d1"),
    decisions.of_week: lambda tx, _: _of_week(tx),
    decisions.find: lambda tx, _: _found(tx),
    decisions.owned_by: lambda tx, _: decisions.owned_by(tx, PERSON, 9),
    ledger.get: lambda tx, theirs: ledger.get(tx, theirs.delivery_id),
    ledger.by_key: lambda tx, _: ledger.by_key(tx, PROMPT_KEY),
    ledger.of_recipients: lambda tx, _: ledger.of_recipients(tx, [PERSON, CHANNEL], 9),
    ledger.hindrances: lambda tx, theirs: ledger.hindrances(tx, [theirs]),
    ledger.dm_of: lambda tx, _: ledger.dm_of(tx, PERSON),
    prompts.last_prompt: lambda tx, _: prompts.last_prompt(tx, PERSON),
    prompts.was_asked: lambda tx, _: prompts.was_asked(tx, PERSON, WEEK),
    ledger.questions_about: lambda tx, theirs: ledger.questions_about(tx, theirs, except_in=[]),
    ledger.last_summary: lambda tx, _: ledger.last_summary(tx, TEAM),
    ledger.last_failed: lambda tx, _: ledger.last_failed(tx, CHANNEL, "details"),
    ledger.failed_since: lambda tx, _: ledger.failed_since(tx, CHANNEL, ["details"], NOW),
    ledger.planned: lambda tx, _: ledger.planned(tx, 9),
    goals.open_of: lambda tx, _: goals.open_of(tx, TEAM),
    goals.open_of_teams: lambda tx, _: _of_team(goals.open_of_teams(tx, [TEAM])),
    goals.open_for: lambda tx, _: goals.open_for(tx, TEAM, "operational_share"),
    goals.get: lambda tx, _: goals.get(tx, GOAL),
    goals.successor_of: lambda tx, _: goals.successor_of(tx, PAST_GOAL),
    goals.closed_of: lambda tx, _: goals.closed_of(tx, TEAM, 9),
    maturity.get: lambda tx, _: maturity.get(tx, CHECKIN),
    maturity.lock: lambda tx, _: maturity.lock(tx, CHECKIN),
    maturity.open_of: lambda tx, _: maturity.open_of(tx, TEAM),
    maturity.open_for: lambda tx, _: maturity.open_for(tx, PERSON),
    maturity.with_result: lambda tx, _: maturity.with_result(tx, TEAM, 9),
    maturity.raters_of: lambda tx, _: maturity.raters_of(tx, CHECKIN),
    ratings.of_person: lambda tx, _: ratings.of_person(tx, CHECKIN, PERSON),
    ratings.sent: lambda tx, _: ratings.sent(tx, CLOSED_CHECKIN),
    learning.open_run: lambda tx, _: learning.open_run(tx, PERSON),
    learning.get_run: lambda tx, _: learning.get_run(tx, PERSON, "r2"),
    learning.best_run: lambda tx, _: learning.best_run(tx, PERSON),
    learning.last_run: lambda tx, _: learning.last_run(tx, PERSON),
    pace.held_until: lambda tx, _: pace.held_until(tx, "conversations.history", NOW),
    people.get: lambda tx, _: people.get(tx, PERSON),
    people.get_many: lambda tx, _: people.get_many(tx, [PERSON]),
    people.admins: lambda tx, _: people.admins(tx, 9),
    people.has_seen_home: lambda tx, _: people.has_seen_home(tx, PERSON),
    roi.inputs_of: lambda tx, _: roi.inputs_of(tx, TEAM),
    roi.inputs_of_teams: lambda tx, _: roi.inputs_of_teams(tx, [TEAM]),
    roi.ops_stays: lambda tx, _: roi.ops_stays(tx, TEAM),
    summaries.insights_shown: lambda tx, _: summaries.insights_shown(tx, TEAM, WEEK),
    summaries.released: lambda tx, _: summaries.released(tx, TEAM, WEEK),
    teamledger.due_to: lambda tx, _: teamledger.due_to(tx, [PERSON], limit=9),
    teamledger.tallies: lambda tx, _: teamledger.tallies(tx, TEAM, WEEK),
    teamledger.amiss: lambda tx, _: teamledger.amiss(tx, TEAM, WEEK, limit=9),
    teamweeks.sums_of: lambda tx, _: _of_team(teamweeks.sums_of(tx, [TEAM], WEEK, WEEK)),
    teamweeks.logs_of: lambda tx, _: _logs(tx),
    teams.get: lambda tx, _: teams.get(tx, TEAM),
    teams.by_channel: lambda tx, _: teams.by_channel(tx, CHANNEL),
    teams.every: lambda tx, _: teams.every(tx),
    teams.of_group: lambda tx, _: teams.of_group(tx, GROUP),
    teams.of_member: lambda tx, _: teams.of_member(tx, PERSON),
    teams.of_lead: lambda tx, _: teams.of_lead(tx, PERSON),
    teams.leads_of: lambda tx, _: teams.leads_of(tx, TEAM),
    memberships.members_of: lambda tx, _: memberships.members_of(tx, TEAM),
    memberships.of_team: lambda tx, _: memberships.of_team(tx, TEAM),
    memberships.stays_of: lambda tx, _: memberships.stays_of(tx, PERSON),
    timesplit.get: lambda tx, _: timesplit.get(tx, PERSON, WEEK),
    timesplit.recent: lambda tx, _: timesplit.recent(tx, PERSON, WEEK, 9),
    timesplit.of_people: lambda tx, _: timesplit.of_people(tx, [PERSON], WEEK, WEEK),
    workspaces.get: lambda tx, _: workspaces.get(tx),
}

WRITES: dict[Any, Use] = {
    agenda.put: lambda tx, _: agenda.put(tx, "prompt", PERSON, WEEK, LATER),
    agenda.drop: lambda tx, _: agenda.drop(tx, "prompt", PERSON),
    audience.set_channels: lambda tx, _: audience.set_channels(tx, TEAM, ["C7"], PERSON, LATER),
    audience.move_channel: lambda tx, _: audience.move_channel(tx, "C8", "C7"),
    audience.set_rollup: lambda tx, _: audience.set_rollup(tx, "C7", "UTC", PERSON, LATER),
    audience.end_rollup: lambda tx, _: audience.end_rollup(tx),
    batches.plan_all: lambda tx, _: batches.plan_all(
        tx, [batches.Plan("x", "later", PERSON, WEEK, NOW)], NOW
    ),
    batches.settle_sent: lambda tx, theirs: _settle_sent(tx, theirs),
    batches.want_prompts_edited: lambda tx, _: batches.want_prompts_edited(
        tx, [PERSON], LATER, WEEK
    ),
    crowds.mark_introduced: lambda tx, _: crowds.mark_introduced(tx, [PERSON], LATER),
    categories.change: lambda tx, _: categories.change(tx, CategoryOverride("tools", name="X")),
    decisions.add: lambda tx, _: decisions.add(
        tx, TEAM, "d2", what="Wait", owner=None, due_on=None, by=PERSON, now=LATER
    ),
    decisions.change: lambda tx, _: decisions.change(
        tx, "d1", what="Wait", owner=None, due_on=None
    ),
    decisions.close: lambda tx, _: decisions.close(tx, "d1", "done", LATER),
    decisions.outdate_messages: lambda tx, _: decisions.outdate_messages(tx, "d1", LATER),
    decisions.reopen: lambda tx, _: decisions.reopen(tx, "closed"),
    checklist.add: lambda tx, _: checklist.add(
        tx, TEAM, NewItem(None, "goals", "Another"), PERSON, LATER
    ),
    checklist.change: lambda tx, _: checklist.change(
        tx, ITEM, states=["open"], values={"state": "blocked"}
    ),
    checklist.note: lambda tx, _: checklist.note(tx, ITEM, "taken", PERSON, LATER),
    checklist.outdate_messages: lambda tx, _: checklist.outdate_messages(
        tx, TeamItem("E2", ITEM, TEAM, "execute", "Automate it"), [PERSON], LATER
    ),
    deliveries.plan: lambda tx, _: deliveries.plan(
        tx, key="x", kind="later", recipient=PERSON, period=WEEK, due_at=NOW, now=NOW
    ),
    deliveries.plan_again: lambda tx, theirs: deliveries.plan_again(tx, theirs, LATER),
    deliveries.move_channel: lambda tx, _: deliveries.move_channel(tx, CHANNEL, "C2"),
    deliveries.cancel: lambda tx, _: deliveries.cancel(
        tx, PERSON, ("reminder",), WEEK, "paused", LATER
    ),
    edits.want_edit: lambda tx, _: edits.want_edit(
        tx, schema.deliveries.c.kind == "prompt", at=LATER
    ),
    edits.want_prompts_edited: lambda tx, _: edits.want_prompts_edited(
        tx, PERSON, LATER, period=WEEK
    ),
    edits.want_message_edited: lambda tx, _: edits.want_message_edited(tx, "1.2", LATER),
    edits.want_summary_edited: lambda tx, _: edits.want_summary_edited(tx, TEAM, WEEK, LATER),
    edits.want_summaries_edited: lambda tx, _: edits.want_summaries_edited(tx, PERSON, WEEK, LATER),
    edits.want_reviews_edited: lambda tx, _: edits.want_reviews_edited(tx, TEAM, WEEK, LATER),
    edits.want_answers_edited: lambda tx, theirs: edits.want_answers_edited(
        tx, theirs, LATER, clicked=None
    ),
    goals.set_goal: lambda tx, _: goals.set_goal(
        tx, "goal-2", **{**GOAL_SET, "owner": None, "now": LATER}
    ),
    goals.close: lambda tx, _: goals.close(tx, GOAL, "dropped", LATER),
    edits.want_keys_edited: lambda tx, _: edits.want_keys_edited(tx, [PROMPT_KEY], LATER),
    maturity.start: lambda tx, _: start_another(tx),
    maturity.excuse: lambda tx, _: maturity.excuse(tx, CHECKIN, PERSON, "left_team"),
    maturity.move_deadline: lambda tx, _: maturity.move_deadline(tx, CHECKIN, LATER),
    maturity.close: lambda tx, _: maturity.close(tx, CHECKIN, "lead", LATER, None),
    maturity.keep_result: lambda tx, _: maturity.keep_result(tx, CLOSED_CHECKIN, {"overall": 4}),
    maturity.cancel: lambda tx, _: maturity.cancel(tx, CHECKIN, LATER),
    ratings.save: lambda tx, _: ratings.save(
        tx, CHECKIN, PERSON, [ratings.Rating("tools", 1, True)], LATER
    ),
    ratings.mark_sent: lambda tx, _: ratings.mark_sent(tx, CHECKIN, PERSON, LATER),
    learning.start_run: lambda tx, _: learning.start_run(tx, PERSON, "r3", 10, LATER),
    learning.answer: lambda tx, _: learning.answer(
        tx, PERSON, "r2", 0, 1, is_right=False, now=LATER
    ),
    pace.hold: lambda tx, _: pace.hold(tx, "chat.postMessage", LATER),
    people.refresh: lambda tx, _: people.refresh(tx, Profile(PERSON, "Eve", "UTC"), LATER),
    people.mention: lambda tx, _: people.mention(tx, PERSON),
    people.choose_prompt_time: lambda tx, _: people.choose_prompt_time(tx, PERSON, 1, "09:00"),
    people.pause: lambda tx, _: people.pause(tx, PERSON, date.max),
    people.stop: lambda tx, _: people.stop(tx, PERSON, LATER),
    people.mark_introduced: lambda tx, _: people.mark_introduced(tx, PERSON, LATER),
    people.mark_home_seen: lambda tx, _: people.mark_home_seen(tx, PERSON, LATER),
    absences.record: lambda tx, _: absences.record(tx, PERSON, date(2026, 7, 3), None, LATER),
    absences.clear: lambda tx, _: absences.clear(tx, PERSON, date(2026, 7, 3)),
    roi.save_inputs: lambda tx, _: roi.save_inputs(tx, TEAM, RoiInputs(), PERSON, LATER),
    roi.set_product_ops: lambda tx, _: roi.set_product_ops(tx, TEAM, [], LATER),
    summaries.show_insights: lambda tx, _: summaries.show_insights(
        tx, TEAM, WEEK, ["R02"], LATER.date()
    ),
    summaries.release: lambda tx, _: summaries.release(tx, TEAM, WEEK, {PERSON: "2"}),
    sweep.look_at_person: lambda tx, _: sweep.look_at_person(tx, PERSON, LATER),
    sweep.look_at_team: lambda tx, _: sweep.look_at_team(tx, TEAM, LATER),
    sweep.look_at_team_by: lambda tx, _: sweep.look_at_team_by(tx, TEAM, NOW),
    teams.save: lambda tx, _: teams.save(
        tx,
        channel_id=CHANNEL,
        name="Other",
        tz="UTC",
        country=None,
        industry="",
        rhythm=Rhythm(),
        members_from="channel",
        group_id=None,
        by=PERSON,
        now=LATER,
    ),
    teams.set_leads: lambda tx, _: teams.set_leads(tx, TEAM, [], LATER),
    memberships.join: lambda tx, _: memberships.join(tx, TEAM, "U2", None, LATER),
    memberships.leave: lambda tx, _: memberships.leave(tx, TEAM, PERSON, LATER),
    teams.set_trouble: lambda tx, _: teams.set_trouble(tx, TEAM, "archived"),
    teams.move_channel: lambda tx, _: teams.move_channel(tx, CHANNEL, "C2"),
    timesplit.record: lambda tx, _: timesplit.record(
        tx, PERSON, WEEK, SPLIT, reason=None, source="test", now=LATER
    ),
    timesplit.undo: lambda tx, _: timesplit.undo(tx, PERSON, WEEK, LATER),
    workspaces.remember: lambda tx, _: workspaces.remember(tx, "Other", "UBOT", LATER),
    workspaces.pause: lambda tx, _: workspaces.pause(tx, "token_revoked"),
    workspaces.refuse_charts: lambda tx, _: workspaces.refuse_charts(tx),
    workspaces.first_sight_of_event: lambda tx, _: workspaces.first_sight_of_event(
        tx, "Ev1", LATER
    ),
}


async def _found(tx: Tx) -> list[Any]:
    return (await decisions.find(tx, TEAM, ["ship"], 9))[0]


async def _of_team(read: Awaitable[Mapping[str, Any]]) -> Any:
    return (await read)[TEAM]


async def _changes(tx: Tx) -> Any:
    return (await categories.with_charts(tx))[0]


async def _stays(tx: Tx) -> list[Any]:
    return (await crews.crews_of(tx, [TEAM]))[TEAM].stays


async def _logs(tx: Tx) -> list[Any]:
    before, _ = await teamweeks.logs_of(tx, TEAM, [WEEK], WEEK, ["tools"], ["strategy"])
    return before


async def _of_week(tx: Tx) -> bool:
    """The one that is open and due, and the one that was made and closed."""
    made, due = await decisions.of_week(tx, TEAM, NOW, LATER, WEEK.sunday, 9)
    return bool(made) and bool(due)


async def _settle_sent(tx: Tx, theirs: deliveries.Delivery) -> None:
    table = schema.deliveries
    mine = (table.c.workspace_id == tx.workspace_id, table.c.delivery_id == theirs.delivery_id)
    await tx.connection.execute(table.update().where(*mine).values(lease_owner="a"))
    await batches.settle_sent(
        tx, [batches.Arrived(theirs._replace(lease_owner="a"), "D1", "1.3")], LATER
    )


def within_a_workspace() -> set[Any]:
    """Every public function of storage that is given a workspace's transaction."""
    found = set()
    for module in iter_modules(storage.__path__, "storage."):
        if module.ispkg:
            continue
        for _, function in inspect.getmembers(import_module(module.name), inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), None)
            own = function.__module__ == module.name and not function.__name__.startswith("_")
            if own and first == "tx":
                found.add(function)
    return found


def test_every_function_is_tried() -> None:
    assert within_a_workspace() == {*READS, *WRITES}


def name(function: Any) -> str:
    return f"{function.__module__.removeprefix('storage.')}.{function.__name__}"


async def _theirs(database: Database) -> deliveries.Delivery:
    async with database.write(THEIRS) as tx:
        await populate(tx)
        found = await ledger.by_key(tx, FAILED_KEY)
    assert found is not None
    return found


async def test_reads_see_nothing_of_another_workspace(database: Database) -> None:
    theirs = await _theirs(database)
    for function, use in READS.items():
        async with database.read(THEIRS) as tx:
            assert await use(tx, theirs), f"{name(function)} finds nothing even at home"
        async with database.read(OURS) as tx:
            assert not await use(tx, theirs), name(function)


@pytest.mark.parametrize("ours_too", [False, True])
async def test_writes_change_nothing_in_another_workspace(
    database: Database, ours_too: bool
) -> None:
    theirs = await _theirs(database)
    before = await rows_of(database, THEIRS)
    async with database.write(OURS) as tx:
        if ours_too:
            await populate(tx)
        else:
            await workspaces.remember(tx, "Ours", "UBOT", NOW)
    for function, use in WRITES.items():
        try:
            async with database.write(OURS) as tx:
                await use(tx, theirs)
        except Exception as problem:
            # A team that is not ours cannot be referred to.
            assert "FOREIGN KEY" in str(problem).upper(), name(function)  # noqa: PT017
        assert await rows_of(database, THEIRS) == before, name(function)


async def test_writes_do_what_they_do_at_home(database: Database) -> None:
    """Else the test above would prove nothing."""
    silent = {
        people.mention,
        workspaces.first_sight_of_event,
        edits.want_answers_edited,
        sweep.look_at_team_by,
    }
    theirs = await _theirs(database)
    before = await rows_of(database, THEIRS)
    for function in sorted(WRITES.keys() - silent, key=name):
        with suppress(_Undone):
            async with database.write(THEIRS) as tx:
                await WRITES[function](tx, theirs)
                assert await rows_in(tx.connection, THEIRS) != before, name(function)
                raise _Undone


class _Undone(Exception):  # noqa: N818 - no error
    pass
