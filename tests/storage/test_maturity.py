"""Check-ins as they are kept: one open one a team, closed once, drafts that count for nothing."""

import asyncio
from datetime import timedelta

import pytest

from storage import maturity, ratings, workspaces
from storage.database import Database, Tx
from storage.maturity import Checkin
from storage.ratings import Rating
from tests.storage.tenants import CHECKIN, CLOSED_CHECKIN, NOW, PERSON, TEAM, populate

OURS = "T1"
LATER = NOW + timedelta(days=1)


@pytest.fixture
async def filled(database: Database) -> Database:
    async with database.write(OURS) as tx:
        await populate(tx)
    return database


async def begin(tx: Tx, by: str) -> Checkin | None:
    return await maturity.start(
        tx,
        team_id=TEAM,
        by=by,
        at=LATER,
        deadline_at=LATER + timedelta(days=7),
        note="",
        dimensions=["tools", "data"],
        min_raters=3,
        raters={"U1": True, "U2": False},
        excused={"U2": "away"},
    )


async def test_two_who_start_at_once_get_one(filled: Database) -> None:
    async with filled.write(OURS) as tx:
        assert await maturity.cancel(tx, CHECKIN, LATER)

    async def press(by: str) -> Checkin | None:
        async with filled.write(OURS) as tx:
            return await begin(tx, by)

    begun = await asyncio.gather(*(press(f"U{n}") for n in range(6)))
    [made] = [checkin for checkin in begun if checkin is not None]
    async with filled.read(OURS) as tx:
        assert await maturity.open_of(tx, TEAM) == made
        raters = await maturity.raters_of(tx, made.checkin_id)
    assert [(r.user_id, r.is_lead, r.excused, r.is_awaited) for r in raters] == [
        ("U1", True, None, True),
        ("U2", False, "away", False),
    ]


async def test_the_last_two_answers_at_once_both_see_each_other(filled: Database) -> None:
    """Whoever locks the check-in second must find the first one's answer."""
    async with filled.write(OURS) as tx:
        await maturity.cancel(tx, CHECKIN, LATER)
        begun = await begin(tx, "U1")
        assert begun is not None
        await ratings.mark_sent(tx, begun.checkin_id, "U2", LATER)

    async def answer(user_id: str) -> int:
        async with filled.write(OURS) as tx:
            assert await maturity.lock(tx, begun.checkin_id) is not None
            await ratings.mark_sent(tx, begun.checkin_id, user_id, LATER)
            await asyncio.sleep(0.05)
            raters = await maturity.raters_of(tx, begun.checkin_id)
            return sum(rater.is_awaited for rater in raters)

    assert 0 in await asyncio.gather(answer("U1"), answer("U2"))


async def test_it_is_closed_once_and_what_is_closed_stays(filled: Database) -> None:
    async with filled.write(OURS) as tx:
        assert await maturity.close(tx, CHECKIN, "deadline", LATER, None)
        assert not await maturity.close(tx, CHECKIN, "lead", LATER, {"overall": 5})
        assert not await maturity.cancel(tx, CHECKIN, LATER)
        assert not await maturity.move_deadline(tx, CHECKIN, LATER)
        found = await maturity.get(tx, CHECKIN)
        assert found is not None
        assert (found.state, found.closed_because, found.result) == ("closed", "deadline", None)
        # Without a result it is no assessment, though the last one closed.
        assert [c.checkin_id for c in await maturity.with_result(tx, TEAM, 9)] == [CLOSED_CHECKIN]


async def test_answers_that_were_given_are_never_excused(filled: Database) -> None:
    async with filled.write(OURS) as tx:
        assert await maturity.excuse(tx, CHECKIN, PERSON, "left_team")
        assert not await maturity.excuse(tx, CHECKIN, PERSON, "left_team")
        await ratings.mark_sent(tx, CHECKIN, PERSON, LATER)
        assert not await maturity.excuse(tx, CHECKIN, PERSON, "left_team")
        [rater] = await maturity.raters_of(tx, CHECKIN)
        assert (rater.submitted_at, rater.excused) == (LATER, None)


async def test_drafts_are_kept_and_do_not_count(filled: Database) -> None:
    async with filled.write(OURS) as tx:
        draft = Rating("tools", None, True, "https://a.example", "Hm")
        await ratings.save(tx, CHECKIN, PERSON, [draft], LATER)
        assert await ratings.of_person(tx, CHECKIN, PERSON) == {"tools": draft}
        assert await ratings.sent(tx, CHECKIN) == []
        await ratings.mark_sent(tx, CHECKIN, PERSON, LATER)
        assert [one.rating for one in await ratings.sent(tx, CHECKIN)] == [draft]


async def test_a_team_that_is_not_there_is_no_second_check_in(database: Database) -> None:
    async with database.write(OURS) as tx:
        await workspaces.remember(tx, "Ours", "UBOT", NOW)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        async with database.write(OURS) as tx:
            await begin(tx, "U1")
