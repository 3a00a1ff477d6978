"""The benchmark runs in its short form, says what it is asked to say, and leaves nothing behind."""

import asyncio
import os
import re
import subprocess
import sys
import uuid
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bench.load import WrongAnswerError, fire
from tests.missing import missing
from tests.postgres_server import PostgresServer, ServerError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printed() -> str:
    """What one short round prints."""
    try:
        PostgresServer().close()
    except ServerError as problem:
        missing(f"no PostgreSQL: {problem}")
    mark = {"BENCH_MARK": uuid.uuid4().hex}
    done = subprocess.run(
        [sys.executable, "-m", "bench", *["--rounds", "1", "--requests", "48", "--starts", "1"]],
        cwd=ROOT,
        env={**os.environ, **mark},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert _left_by(mark) == []
    return done.stdout


def _left_by(mark: dict[str, str]) -> list[list[str]]:
    """What still runs and was started by whoever had this in the environment; others measure,
    and start servers, at the same time."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if mark.items() <= process.environ().items():
                found.append(process.cmdline())
    return found


@pytest.mark.postgres
def test_every_kind_of_request_is_measured_at_both_loads(printed: str) -> None:
    for name in (
        "bare Bolt, a command",
        "bare Bolt, a click",
        *(
            f"{asked}, {database}"
            for asked in ("help", "log", "Remind me later")
            for database in ("SQLite", "PostgreSQL")
        ),
    ):
        rows = re.findall(rf"^{name}((?: +[\d.]+){{6}} +\d+%)$", printed, re.MULTILINE)
        assert len(rows) == 2, name
        for row in rows:
            p50, p99, rate, cpu, ratio, _late, _load = (float(v.rstrip("%")) for v in row.split())
            assert 0 < p50 <= p99
            assert rate > 0
            assert cpu >= 0
            assert ratio > 0


@pytest.mark.postgres
def test_nothing_heavy_is_imported_by_a_serving_process(printed: str) -> None:
    found = re.findall(r"(prodops \w+), \w+: heavy imports \((.*)\)", printed)
    assert found == [("prodops run", "none"), ("prodops web", "none")]


async def test_a_wrong_answer_ends_the_benchmark() -> None:
    """Else it might praise the speed of refusals."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(WrongAnswerError):
            await fire(port, [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], 1, b"")
