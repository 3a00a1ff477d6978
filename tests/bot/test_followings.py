"""A sent prompt is followed by the same, whether its people are still known or read anew."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.delivery import State
from handlers import following
from handlers.crowd import Crowd
from storage.deliveries import Delivery
from tests.bot.teamwork import FRIDAY, team

#: Of the next working day, in Berlin.
MORNING = datetime(2026, 6, 8, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize("kept", [True, False])
async def test_what_was_forgotten_is_worked_out_anew(
    database_url: str, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    if not kept:
        monkeypatch.setattr(following.Followings, "keep", lambda *_: None)
    async with team(database_url) as t:
        await t.world.move_to(FRIDAY)
        for user in (t.lead, *t.members):
            (reminder,) = await t.ledger(user, "reminder")
            assert (reminder.state, reminder.due_at) == (State.PLANNED, MORNING)
            assert reminder.team_id == (await t.prompt(user)).team_id
            assert "Hello!" in str(t.said(user)[-1])
        await t.world.move_to(FRIDAY + timedelta(days=7))
        # A person is not introduced to us twice.
        assert all("Hello!" not in str(t.said(user)[-1]) for user in t.members)


async def test_only_so_much_is_kept(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    keep = following.Followings.keep

    def noting(self: following.Followings, crowd: Crowd, deliveries: Sequence[Delivery]) -> None:
        keep(self, crowd, deliveries)
        seen.append((len(deliveries), len(self._kept)))

    monkeypatch.setattr(following, "MOST_KEPT", 1)
    monkeypatch.setattr(following.Followings, "keep", noting)
    async with team(sqlite_url) as t:
        await t.world.move_to(FRIDAY)
        assert seen == [(4, 1)]
        states = await t.states("reminder")
        assert {name: [str(s) for s in of] for name, of in states.items()} == {
            user.name: ["planned"] for user in t.members
        }
