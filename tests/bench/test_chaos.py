"""A short chaos run, and that its reckoning would notice what it says is not there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench.chaos.__main__ import show
from bench.chaos.plan import Plan
from bench.chaos.reckoning import Reckoning, reckon, unasked
from bench.chaos.run import run
from bench.chaos.weather import POST, Weather
from sandbox.entities import Message
from tests.postgres_server import PostgresServer

DUE = datetime(2026, 6, 5, 12, tzinfo=UTC)
SHORT = Plan(replicas=2, deliveries=40, kills=4, restarts=1, seconds=90, seed=4)


@pytest.mark.postgres
async def test_killed_replicas_lose_nothing_and_repeat_nothing(
    postgres_server: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    result = await run(SHORT, postgres_server)
    show(SHORT, result, 0)
    said = capsys.readouterr().out
    assert result.good, said
    assert result.reckoning.due == 2 * (SHORT.people * 2 + 2)
    assert result.reckoning.arrived >= result.reckoning.due
    assert result.killed >= 3
    assert sum(result.faults.values()) > 5
    assert "lost 0\nduplicated 0\n" in said


def row(key: str, state: str, **more: Any) -> dict[str, Any]:
    given = {"reason": None, "ts": None, "work_at": None, "kind": "prompt", "note": None, **more}
    given.setdefault("attempts", 1)
    return {"delivery_id": key, "key": key, "state": state, "due_at": DUE, **given}


def message(ts: float = 0, **more: Any) -> Message:
    return Message(channel="D1", ts=f"{DUE.timestamp() + ts:.6f}", user="B", **more)


def reckoned(*rows: dict[str, Any], expected: str = "", **messages: list[Message]) -> Reckoning:
    keys = dict.fromkeys(expected.split(), "U1")
    return reckon(rows, {}, messages, keys, DUE + timedelta(days=1))


def test_what_is_not_there_is_lost() -> None:
    sent = message(5)
    fine = reckoned(row("k", "sent", ts=sent.ts), expected="k", k=[sent])
    assert (fine.good, fine.arrived, fine.late) == (True, 1, 0)
    for found in (
        reckoned(expected="k"),
        reckoned(row("k", "sent", ts="7.0"), expected="k"),
        reckoned(row("k", "sent", ts="7.0"), expected="k", k=[sent]),
        reckoned(row("k", "planned", work_at=DUE)),
        reckoned(row("k", "skipped", reason="already_logged"), expected="k"),
        reckoned(row("k", "expired"), expected="k"),
    ):
        assert [len(found.lost), len(found.duplicated)] == [1, 0]
        assert not found.good


def test_what_is_there_twice_or_unasked_for_is_noticed() -> None:
    sent = message(500)
    twice = reckoned(row("k", "sent", ts=sent.ts), k=[sent, message()])
    assert (len(twice.duplicated), twice.late) == (1, 1)
    assert twice.latest == [(timedelta(seconds=500), "k: 1 attempts (due 12:00:00)")]
    assert reckoned(k=[sent]).duplicated
    assert reckoned(row("k", "failed"), k=[sent]).duplicated
    assert reckoned(row("k", "unknown", work_at=DUE)).unsettled
    doubt = row("k", "unknown", reason="asked_a_lead")
    assert reckoned(doubt).asked == 1
    assert unasked([doubt]) == ["k: no lead was asked"]
    assert unasked([doubt, row("ask", "sent", kind="ask", note="k")]) == []


def test_a_seed_repeats_faults_and_kills() -> None:
    assert SHORT.ends == Plan(2, 40, 4, 1, 90, 4).ends
    assert SHORT.ends != Plan(2, 40, 4, 1, 90, 5).ends

    def struck(seed: int) -> list[str | None]:
        weather = Weather(seed)
        found = [weather.take(POST, (f"U{n % 20}",)) for n in range(100)]
        return [fault.kind if fault else None for fault in found]

    assert struck(1) == struck(1) != struck(2)
    assert any(struck(1))
