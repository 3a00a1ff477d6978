"""Sends prepared requests as fast as they are answered, and notes how long each took."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import httptools


class WrongAnswerError(Exception):
    """An answer that is not what a person should have got: its speed would mean nothing."""


@dataclass(frozen=True)
class Volley:
    """What came of one volley; all times in seconds, `busy` is the generator's own CPU time.

    `late` counts requests that were acknowledged without their answer, which follows by itself.
    """

    latencies: list[float]
    late: int
    elapsed: float
    busy: float


async def fire(port: int, requests: Sequence[bytes], clients: int, marker: bytes) -> Volley:
    """Send the requests over `clients` kept connections, each one request at a time.

    Every answer must have status 200 and hold `marker` (or nothing: it is late then), else
    `WrongAnswerError`.
    """
    connections = [await _connect(port) for _ in range(clients)]
    latencies: list[float] = []
    pending = iter(requests)
    begun, busy = time.perf_counter(), time.process_time()
    try:
        late = await asyncio.gather(*(_work(c, pending, marker, latencies) for c in connections))
        elapsed = time.perf_counter() - begun
        return Volley(latencies, sum(late), elapsed, time.process_time() - busy)
    finally:
        for connection in connections:
            connection.close()


async def _connect(port: int) -> "_Connection":
    loop = asyncio.get_running_loop()
    _, connection = await loop.create_connection(_Connection, "127.0.0.1", port)
    return connection


async def _work(
    connection: "_Connection", pending: Iterator[bytes], marker: bytes, latencies: list[float]
) -> int:
    late = 0
    for request in pending:
        begun = time.perf_counter()
        status, body = await connection.ask(request)
        latencies.append(time.perf_counter() - begun)
        if status != 200 or (body and marker not in body):
            raise WrongAnswerError(f"status {status}: {body[:300]!r}")
        late += marker not in body
    return late


class _Connection(asyncio.Protocol):
    """HTTP/1.1 on one kept connection; an HTTP library would take longer than the server."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self._answered: asyncio.Future[tuple[int, bytes]] = asyncio.Future()
        self._transport.write(request)
        return await self._answered

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none by inheritance.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, problem: Exception | None) -> None:
        if hasattr(self, "_answered") and not self._answered.done():
            self._answered.set_exception(problem or ConnectionResetError("closed by the server"))

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        body, self._body = self._body, b""
        status = self._parser.get_status_code()
        # A new parser for each answer: this one expects nothing more.
        self._parser = httptools.HttpResponseParser(self)
        self._answered.set_result((status, body))
