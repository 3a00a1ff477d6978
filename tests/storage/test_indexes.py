"""The queries that run often find their rows by an index, however long the ledger has grown."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event, text

from domain.pace import Budget
from storage import (
    agenda,
    batches,
    crews,
    crowds,
    deliveries,
    edits,
    lanes,
    ledger,
    memberships,
    outbox,
    pace,
    people,
    prompts,
    purge,
    sweep,
    teamledger,
    teams,
    teamweeks,
    timesplit,
)
from storage.batches import Plan
from storage.database import Database, Tx, open_database
from storage.lanes import EDITING, SENDING
from storage.overtaking import Overtaking
from tests.storage.tenants import NOW, PERSON, TEAM, WEEK, populate

ROWS = 12_000
LATER = NOW + timedelta(hours=1)
BUDGET = Budget(timedelta(seconds=0.25))

#: A history beside which what a query wants is little: by table, a select over numbers `i`.
HISTORY = {
    "people": {
        "user_id": "'X' || i",
        "name": "''",
        **dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_deleted", "is_foreign"), "FALSE"),
        "status_emoji": "''",
        "status_text": "''",
        "refreshed_at": "'2026-06-05'",
        "look_at": "'2027-06-05'",
    },
    "teams": {
        "team_id": "'X' || i",
        "channel_id": "'X' || i",
        **dict.fromkeys(("name", "industry"), "''"),
        "tz": "'UTC'",
        **dict.fromkeys(("prompt_weekday", "summary_weekday"), "4"),
        **dict.fromkeys(("prompt_time", "reminder_time", "summary_time"), "'14:00'"),
        "members_from": "'picked'",
        "created_by": "'X'",
        "created_at": "'2026-06-05'",
        "look_at": "'2027-06-05'",
    },
    "memberships": {"team_id": "'X' || i", "user_id": "'X' || i", "joined_at": "'2026-06-05'"},
    "agenda": {
        "kind": "'prompt'",
        "subject": "'X' || i",
        "period": "'2026-W23'",
        "due_at": "'2027-06-05'",
    },
    "deliveries": {
        "delivery_id": "'d' || i",
        "key": "'k' || i",
        "kind": "'prompt'",
        "team_id": "'t' || (i % 500)",
        "recipient": "'X' || (i % 3000)",
        "period": "'2026-W23'",
        "due_at": "'2026-05-05'",
        "state": "'sent'",
        "attempts": "1",
        "created_at": "'2026-05-05'",
        "ts": "'' || i",
    },
    "delivery_events": {
        "delivery_id": "'d' || i",
        "at": "'2026-05-05'",
        "state": "'retry'",
        "reason": "'slack_busy'",
    },
    "received_events": {"event_id": "'e' || i", "received_at": "'2026-06-05'"},
    "splits": {
        "user_id": "'X' || i",
        "period": "'2026-W23'",
        "applicable": "TRUE",
        "logged_at": "'2026-06-05'",
    },
    # Of the week before, the first that was stored.
    "split_shares": {"split_id": "1 + i", "category_id": "'tools'", "share_bp": "10000"},
}


@pytest.fixture
async def full(database_url: str) -> AsyncIterator[Database]:
    """A workspace with a long history, and the statistics that PostgreSQL gathers by itself."""
    database = open_database(database_url)
    async with database.write("T1") as tx:
        await populate(tx)
    for table, columns in HISTORY.items():
        async with database.write_across() as connection:
            await connection.execute(text(_filling(table, columns, database.is_sqlite)))
    if not database.is_sqlite:
        async with database.read_across() as connection:
            await connection.execute(text("ANALYZE"))
    yield database
    await database.close()


def _filling(table: str, columns: Mapping[str, str], is_sqlite: bool) -> str:
    values = ", ".join(columns.values())
    if not is_sqlite:
        # There the text of an instant is none yet.
        values = re.sub(r"('20\d\d-\d\d-\d\d')", r"\1::timestamptz", values)
    numbers = f"SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}"
    return (
        f"INSERT INTO {table} (workspace_id, {', '.join(columns)}) "
        f"WITH RECURSIVE n(i) AS ({numbers}) SELECT 'T1', {values} FROM n"
    )


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """What is executed meanwhile, with its parameters."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            # Of many sets of parameters one is as good as the others.
            many = isinstance(parameters, list)
            seen.append((statement, parameters[0] if many else parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def scans(database: Database, use: Callable[[Tx], Awaitable[Any]]) -> list[str]:
    """The lines of the plans that read a large table from end to end."""
    async with database.write("T1") as tx:
        with statements(database) as seen:
            await use(tx)
        assert seen
        explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
        lines = []
        for statement, parameters in seen:
            rows = await tx.connection.exec_driver_sql(explain + statement, parameters)
            lines += [str(row[-1]) for row in rows]
    large = "|".join(HISTORY)
    # SQLite's minimum of an indexed column is a "search"; a "scan" reads all, index or not, and
    # so does a search for all that is in a workspace.
    wrong = re.compile(
        rf"^SCAN ({large})\b|^SEARCH ({large})\b.*\(workspace_id=\?\)|Seq Scan on ({large})\b"
    )
    return [line for line in lines if wrong.search(line)]


QUERIES: dict[str, Callable[[Tx], Awaitable[Any]]] = {
    "agenda.claim_due": lambda tx: agenda.claim_due(tx.connection, NOW, 100),
    "agenda.next_due": lambda tx: agenda.next_due(tx.connection),
    "agenda.get": lambda tx: agenda.get(tx, "prompt", PERSON),
    "outbox.claim": lambda tx: outbox.claim(tx.connection, "a", NOW, LATER, 48),
    "outbox.claim, paced": lambda tx: outbox.claim(tx.connection, "a", NOW, LATER, 48, paced=True),
    "pace.give_slots": lambda tx: pace.give_slots(tx.connection, SENDING, BUDGET, NOW),
    "pace.give_slots, edits": lambda tx: pace.give_slots(tx.connection, EDITING, BUDGET, NOW),
    "pace.give_slots, without a pace": lambda tx: pace.give_slots(
        tx.connection, SENDING, None, NOW
    ),
    "overtaking": lambda tx: Overtaking(SENDING, BUDGET, "T1", NOW).run(
        tx.connection, [SimpleNamespace(recipient="X7")], NOW, LATER, {}
    ),
    "pace.held_in": lambda tx: pace.held_in(tx.connection, "users.info", NOW),
    "pace.forget": lambda tx: pace.forget(tx.connection, NOW),
    "lanes.next_after": lambda tx: lanes.next_after(tx.connection, SENDING, NOW),
    "batches.settle_sent": lambda tx: batches.settle_sent(tx, [], NOW),
    "batches.plan_all": lambda tx: batches.plan_all(
        tx, [Plan("k7", "prompt", "X7", WEEK, NOW)], NOW
    ),
    "batches.want_prompts_edited": lambda tx: batches.want_prompts_edited(tx, ["X7"], NOW, WEEK),
    "crowds.teams_of": lambda tx: crowds.teams_of(tx, ["X7", PERSON]),
    "crowds.first_splits": lambda tx: crowds.first_splits(tx, ["X7", "X8"]),
    "crowds.mark_introduced": lambda tx: crowds.mark_introduced(tx, ["X7"], NOW),
    "outbox.release": lambda tx: outbox.release(tx.connection, "a", NOW),
    "outbox.reclaim_all": lambda tx: outbox.reclaim_all(tx.connection, NOW, LATER),
    "edits.claim_edits": lambda tx: edits.claim_edits(tx.connection, NOW, LATER, 12),
    "outbox.next_work": lambda tx: outbox.next_work(tx.connection),
    "ledger.by_key": lambda tx: ledger.by_key(tx, "k7"),
    "ledger.get": lambda tx: ledger.get(tx, "d7"),
    "ledger.of_recipients": lambda tx: ledger.of_recipients(tx, ["X7", PERSON], 20),
    "ledger.hindrances": lambda tx: _hindrances(tx),
    "ledger.dm_of": lambda tx: ledger.dm_of(tx, "X7"),
    "prompts.last_prompt": lambda tx: prompts.last_prompt(tx, "X7"),
    "ledger.last_failed": lambda tx: ledger.last_failed(tx, "X7", "summary"),
    "ledger.last_summary": lambda tx: ledger.last_summary(tx, "t7"),
    "deliveries.cancel": lambda tx: deliveries.cancel(tx, "X7", ("later",), WEEK, "x", NOW),
    "edits.want_prompts_edited": lambda tx: edits.want_prompts_edited(tx, "X7", NOW, period=WEEK),
    "timesplit.get": lambda tx: timesplit.get(tx, "X7", WEEK),
    "timesplit.recent": lambda tx: timesplit.recent(tx, "X7", WEEK, 4),
    "timesplit.of_people": lambda tx: timesplit.of_people(
        tx, ["X7", "X8", PERSON], WEEK.shift(-11), WEEK
    ),
    "teamledger.due_to": lambda tx: teamledger.due_to(tx, ["X7", "X8"], limit=26, offset=50),
    "crews.crews_of": lambda tx: crews.crews_of(tx, ["X7"]),
    "crews.crews_of, several teams": lambda tx: crews.crews_of(tx, ["X7", "X8", TEAM]),
    "teamweeks.sums_of": lambda tx: teamweeks.sums_of(tx, ["X7"], WEEK.shift(-11), WEEK),
    "teamweeks.sums_of, several teams": lambda tx: teamweeks.sums_of(
        tx, ["X7", "X8", TEAM], WEEK.shift(-11), WEEK
    ),
    "teamweeks.logs_of": lambda tx: teamweeks.logs_of(
        tx, "X7", [WEEK.shift(-n) for n in range(12)], WEEK.shift(-8), ["tools"], ["strategy"]
    ),
    "teamledger.tallies": lambda tx: teamledger.tallies(tx, "t7", WEEK.shift(-5)),
    "teamledger.amiss": lambda tx: teamledger.amiss(tx, "t7", WEEK.shift(-25), limit=16),
    "sweep.claim_people": lambda tx: sweep.claim_people(
        tx.connection, NOW, fresh_since=NOW, again_at=LATER, next_at=LATER, limit=50
    ),
    "sweep.look_at_team_by": lambda tx: sweep.look_at_team_by(tx, "X7", NOW),
    "sweep.claim_teams": lambda tx: sweep.claim_teams(tx.connection, NOW, again_at=LATER, limit=10),
    "people.get_many": lambda tx: people.get_many(tx, ["X7", "X8"]),
    "teams.of_member": lambda tx: teams.of_member(tx, "X7"),
    "memberships.leave": lambda tx: memberships.leave(tx, TEAM, "X7", NOW),
    "purge.forget_deliveries": lambda tx: purge.forget_deliveries(
        tx.connection, NOW - timedelta(days=99), NOW - timedelta(days=90), 200
    ),
    "purge.forget_all_deliveries": lambda tx: purge.forget_deliveries(
        tx.connection, NOW - timedelta(days=999), NOW - timedelta(days=90), 200, excuses_too=True
    ),
    "purge.forget_events": lambda tx: purge.forget_events(tx.connection, NOW, 200),
}


async def _hindrances(tx: Tx) -> object:
    return await ledger.hindrances(tx, await ledger.of_recipients(tx, ["X7"], 25))


async def test_no_query_reads_a_whole_table(full: Database) -> None:
    found = {name: await scans(full, use) for name, use in QUERIES.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


async def test_a_whole_table_would_be_noticed(full: Database) -> None:
    async def careless(tx: Tx) -> None:
        await tx.connection.execute(text("SELECT * FROM deliveries WHERE ts = '7'"))

    assert await scans(full, careless)
