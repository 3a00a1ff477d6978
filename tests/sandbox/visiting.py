"""A visitor of the page in tests: speaks with it as its script does."""

from typing import Any

import aiohttp

from tests.sandbox.page_reading import Page


class Visitor:
    """Speaks with the page as its script does, as one person at one place."""

    def __init__(
        self, session: aiohttp.ClientSession, base_url: str, user: str, where: str
    ) -> None:
        self.session = session
        self.base_url = base_url
        self.query = {"as": user, "in": where}

    async def show(self) -> Page:
        async with self.session.get(f"{self.base_url}/", params=self.query) as response:
            assert response.status == 200
            return Page(await response.text())

    async def do(self, act: str, **body: Any) -> dict[str, Any]:
        url = f"{self.base_url}/page/{act}"
        async with self.session.post(url, params=self.query, json=body) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer

    async def changes(self, since: int) -> dict[str, Any]:
        run = (await self.show()).one("body").attrs["data-run"] or ""
        params = {**self.query, "since": str(since), "run": run}
        async with self.session.get(f"{self.base_url}/page/changes", params=params) as response:
            answer: dict[str, Any] = await response.json()
            return answer


def region(answer: dict[str, Any], name: str) -> Page:
    return Page(answer["regions"][name])
