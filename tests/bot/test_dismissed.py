"""A form that was dismissed: its listener hears of it, and one without a listener hurts nobody."""

from typing import Any

import pytest

from handlers.call import Answer, Call
from sandbox.api.modals import open_view
from tests.world import world


def form(callback_id: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": "draft",
        "title": {"type": "plain_text", "text": "Form"},
        "notify_on_close": True,
        "blocks": [],
    }


@pytest.mark.parametrize("known", [True, False])
async def test_a_dismissed_form(sqlite_url: str, known: bool) -> None:
    heard: list[str] = []

    async def listen(call: Call) -> Answer:
        heard.append(f"{call.user_id} {call.view['private_metadata']}")
        return None

    async with world(sqlite_url) as w:
        [user] = w.add_people(1)
        if known:
            w.bot.registry.closed["prodops_form"] = listen
        open_view(w.sandbox.workspace, user.id, form("prodops_form"))
        reply = await w.act.close(user.id)
        assert reply is not None
        assert reply.ok
        assert heard == ([f"{user.id} draft"] if known else [])
