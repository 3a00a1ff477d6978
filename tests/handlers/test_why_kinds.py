"""`/prodops why` has plain words for every kind of delivery, and for why each was not sent."""

from datetime import timedelta

from domain.delivery import State
from domain.eligibility import REASON_WORDS, SkipReason
from domain.periods import Period
from handlers.features import all_features
from storage import deliveries
from tests.stage import Stage

#: Fewer than the ledger shows.
AT_ONCE = 25


async def test_every_kind_has_words(stage: Stage) -> None:
    kinds = sorted(all_features().occasions)
    ben, now = stage.people[1], stage.world.clock.now()
    for begin in range(0, len(kinds), AT_ONCE):
        # Later than all before: the newest are shown.
        at = now + timedelta(hours=begin)
        for kind in kinds[begin : begin + AT_ONCE]:
            async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
                await deliveries.plan(
                    tx,
                    key=f"{kind}:test",
                    kind=kind,
                    recipient=ben.id,
                    period=Period(2026, 26),
                    due_at=at,
                    now=at,
                    state=State.SKIPPED,
                    reason=SkipReason.EXPIRED,
                    note="2026-06",
                )
        said = await stage.typed(ben, "why")
        told = [line.partition("*")[2] for line in said.splitlines() if "*" in line]
        bare = [kind for kind in kinds for line in told if line.startswith(f"{kind} for")]
        assert bare == []
        assert said.count("would have come too late") >= len(kinds[begin : begin + AT_ONCE])


def test_every_reason_has_words() -> None:
    assert set(REASON_WORDS) == set(SkipReason)
