"""Only what Slack has signed is heard, every other request gets its plain status."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO

import aiohttp
import pytest
from slack_bolt.response import BoltResponse

from bot.health import NotReady
from bot.metrics import Metrics
from bot.problems import SettingsProblem
from bot.serving import listen
from bot.web import LARGEST_BODY, Signature, build_web
from sandbox.clock import SandboxClock
from tests.bot.serving import served

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
SECRET = "hush-hush"
FORM = "application/x-www-form-urlencoded"
COMMAND = b"command=%2Fprodops&text=log+40%25+strategy+%26ssl_check%3D1"


def signed(body: bytes, at: datetime | None = None, secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int((at or NOW).timestamp()))
    mac = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {
        "Content-Type": FORM,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={mac.hexdigest()}",
    }


class Bot:
    """Stands for Bolt: remembers what it was handed, and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[bytes, dict[str, str]]] = []
        self.answer = BoltResponse(status=200, body={"text": "Grüße"})
        self.problem: Exception | None = None
        self.begun = asyncio.Event()
        self.may_finish = asyncio.Event()
        self.may_finish.set()
        self.red: str | None = None

    async def receive(self, body: bytes, headers: Mapping[str, str]) -> BoltResponse:
        self.heard.append((body, dict(headers)))
        self.begun.set()
        await self.may_finish.wait()
        if self.problem:
            raise self.problem
        return self.answer

    async def check(self) -> None:
        if self.red:
            raise NotReady(self.red)


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
async def http(bot: Bot, metrics: Metrics) -> AsyncIterator[aiohttp.ClientSession]:
    clock = SandboxClock(NOW, frozen=True)
    app = build_web(bot.receive, {"database": bot.check}, metrics, clock, SECRET)
    async with served(app) as address, aiohttp.ClientSession(address) as session:
        yield session


async def test_a_signed_request_is_answered_by_the_bot(
    bot: Bot, http: aiohttp.ClientSession
) -> None:
    retried = {"X-Slack-Retry-Num": "1", "Cookie": "a=b"}
    headers = signed(COMMAND) | retried
    async with http.post("/slack/events", data=COMMAND, headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json;charset=utf-8"
        assert await answer.json() == {"text": "Grüße"}
    ((body, heard),) = bot.heard
    assert body == COMMAND
    assert heard["content-type"] == FORM
    assert heard["x-slack-retry-num"] == "1"
    assert "cookie" not in heard


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_signature_six_minutes_off_is_refused(
    bot: Bot, http: aiohttp.ClientSession, minutes: int
) -> None:
    headers = signed(COMMAND, NOW + timedelta(minutes=minutes))
    async with http.post("/slack/events", data=COMMAND, headers=headers) as answer:
        assert answer.status == 401
    assert bot.heard == []


async def test_a_signature_five_minutes_old_is_taken(http: aiohttp.ClientSession) -> None:
    headers = signed(COMMAND, NOW - timedelta(minutes=5))
    async with http.post("/slack/events", data=COMMAND, headers=headers) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "change",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "-5"},
        {"X-Slack-Request-Timestamp": "²"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        signed(COMMAND, secret="another"),
        signed(COMMAND + b"x"),
    ],
)
async def test_whatever_is_not_signed_by_slack_is_refused(
    bot: Bot, http: aiohttp.ClientSession, metrics: Metrics, change: dict[str, str]
) -> None:
    headers = signed(COMMAND) | change
    async with http.post("/slack/events", data=COMMAND, headers=headers) as answer:
        assert answer.status == 401
    assert bot.heard == []
    refused = {"reason": "not signed by Slack"}
    assert metrics.registry.get_sample_value("prodops_refused_requests_total", refused) == 1


async def test_without_any_signature_it_is_refused(http: aiohttp.ClientSession) -> None:
    async with http.post("/slack/events", data=COMMAND) as answer:
        assert answer.status == 401


async def test_a_body_that_is_no_text_is_refused(http: aiohttp.ClientSession) -> None:
    body = b"\xff\xfe"
    async with http.post("/slack/events", data=body, headers=signed(body)) as answer:
        assert answer.status == 401


async def test_a_body_over_a_mebibyte_is_refused(bot: Bot, http: aiohttp.ClientSession) -> None:
    for size, status in ((LARGEST_BODY, 200), (LARGEST_BODY + 1, 413)):
        body, headers = b"x" * size, signed(b"x" * size)
        async with http.post("/slack/events", data=BytesIO(body), headers=headers) as answer:
            assert answer.status == status
    assert len(bot.heard) == 1


async def test_the_certificate_check_needs_no_signature(
    bot: Bot, http: aiohttp.ClientSession
) -> None:
    body = b"token=x&ssl_check=1"
    async with http.post("/slack/events", data=body) as answer:
        assert (answer.status, await answer.text()) == (200, "")
    async with http.post("/slack/events", data=body, headers=signed(b"other")) as answer:
        assert answer.status == 401, "a wrong signature is worse than none"
    assert bot.heard == []


async def test_the_address_is_verified_by_its_challenge(
    bot: Bot, http: aiohttp.ClientSession
) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZb"}).encode()
    async with http.post("/slack/events", data=body, headers=signed(body)) as answer:
        assert await answer.json() == {"challenge": "3eZb"}
    async with http.post("/slack/events", data=body) as answer:
        assert answer.status == 401
    assert bot.heard == []


async def test_talk_about_the_challenge_is_no_challenge(
    bot: Bot, http: aiohttp.ClientSession
) -> None:
    for body in (
        b'{"type": "event_callback", "event": "url_verification"}',
        b'{"url_verification"',
    ):
        async with http.post("/slack/events", data=body, headers=signed(body)) as answer:
            assert answer.status == 200
    assert len(bot.heard) == 2


async def test_a_failure_is_a_plain_500(bot: Bot, http: aiohttp.ClientSession) -> None:
    bot.problem = ValueError("dentist")
    async with http.post("/slack/events", data=COMMAND, headers=signed(COMMAND)) as answer:
        assert (answer.status, await answer.text()) == (500, "")


async def test_other_methods_and_paths(http: aiohttp.ClientSession) -> None:
    for method, path, status in (
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("POST", "/slack/other", 404),
        ("GET", "/", 404),
        ("POST", "/healthz", 405),
    ):
        async with http.request(method, path) as answer:
            assert answer.status == status, (method, path)


async def test_the_health_pages(bot: Bot, http: aiohttp.ClientSession) -> None:
    async with http.get("/healthz") as answer:
        assert answer.status == 200
    async with http.get("/readyz") as answer:
        assert answer.status == 200
        assert await answer.json() == {"ready": True, "checks": {"database": "ok"}}
    bot.red = "no connection"
    async with http.get("/readyz") as answer:
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "checks": {"database": "no connection"}}
    async with http.get("/healthz") as answer:
        assert answer.status == 200
    async with http.get("/metrics") as answer:
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert "prodops_answer_seconds" in await answer.text()


async def test_in_socket_mode_there_is_nothing_to_post_to(bot: Bot, metrics: Metrics) -> None:
    app = build_web(bot.receive, {}, metrics, SandboxClock(NOW, frozen=True), None)
    async with served(app) as address, aiohttp.ClientSession(address) as http:
        async with http.post("/slack/events", data=COMMAND, headers=signed(COMMAND)) as answer:
            assert answer.status == 404
        async with http.get("/readyz") as answer:
            assert answer.status == 200


async def test_a_request_in_flight_is_finished_before_the_end(bot: Bot, metrics: Metrics) -> None:
    bot.may_finish.clear()
    app = build_web(bot.receive, {}, metrics, SandboxClock(NOW, frozen=True), SECRET)

    async with aiohttp.ClientSession() as http:

        async def ask(address: str) -> int:
            async with http.post(
                f"{address}/slack/events", data=COMMAND, headers=signed(COMMAND)
            ) as answer:
                return answer.status

        async with served(app) as address:
            asking = asyncio.create_task(ask(address))
            await bot.begun.wait()
            asyncio.get_running_loop().call_later(0.2, bot.may_finish.set)
        assert await asking == 200
        with pytest.raises(aiohttp.ClientConnectorError):
            await ask(address)


def test_slacks_own_example_is_signed() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    clock = SandboxClock(datetime.fromtimestamp(1531420618, UTC), frozen=True)
    signature = Signature("8f742231b10e8888abcd99yyyzzz85a5", clock)
    mac = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    headers = {"x-slack-request-timestamp": "1531420618", "x-slack-signature": mac}
    assert signature.signs(body, headers)
    assert not signature.signs(body + b" ", headers)


def test_a_port_in_use_is_one_line_that_names_it() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsProblem, match=rf"PORT {port} is in use by another program"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_a_foreign_address_is_one_line_that_names_the_host(host: str) -> None:
    with pytest.raises(SettingsProblem, match=f"HOST {host} is not an address"):
        listen(host, 0)
