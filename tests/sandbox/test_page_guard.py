"""The page answers its own script only, and loads nothing from elsewhere."""

import json

import aiohttp
import pytest

from tests.sandbox.conftest import (
    Bot,
)
from tests.sandbox.visiting import Visitor


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
async def test_other_sites_can_not_act(
    visitor: Visitor, session: aiohttp.ClientSession, bot: Bot, headers: dict[str, str], status: int
) -> None:
    body = json.dumps({"text": "/prodops help"})
    sent = {"Content-Type": "application/json", **headers}
    url = f"{visitor.base_url}/page/say"
    async with session.post(url, params=visitor.query, data=body, headers=sent) as response:
        assert response.status == status
    assert bot.received == []


async def test_a_foreign_name_for_this_machine_reads_nothing(
    visitor: Visitor, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{visitor.base_url}/", headers={"Host": "rebound.example"}) as response:
        assert response.status == 403
        assert "product" not in await response.text()


async def test_the_page_loads_nothing_from_elsewhere(
    visitor: Visitor, session: aiohttp.ClientSession
) -> None:
    for path, kind in (
        ("/", "text/html"),
        ("/page/page.css", "text/css"),
        ("/page/page.js", "text/javascript"),
        ("/page/mark.svg", "image/svg+xml"),
    ):
        async with session.get(f"{visitor.base_url}{path}", params=visitor.query) as response:
            assert response.content_type == kind
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            text = await response.text()
        addresses = text.replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in addresses
        assert "https://" not in addresses
    async with session.get(f"{visitor.base_url}/page/../server.py") as response:
        assert response.status == 404


@pytest.mark.parametrize("body", ["", "[]", "{", '{"text": 7}', '{"view": "x", "values": []}'])
async def test_nonsense_is_refused_politely(
    visitor: Visitor, session: aiohttp.ClientSession, body: str
) -> None:
    headers = {"Content-Type": "application/json"}
    for act in ("say", "submit"):
        url = f"{visitor.base_url}/page/{act}"
        async with session.post(url, params=visitor.query, data=body, headers=headers) as response:
            assert response.status == 400
    async with session.post(f"{visitor.base_url}/page/dance", json={}) as response:
        assert response.status == 404
