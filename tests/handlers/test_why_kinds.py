"""`/prodops why` has plain words for every kind of delivery, and for why each was not sent."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.delivery import State, classify
from domain.eligibility import REASON_WORDS, SkipReason
from domain.ledgerwords import has_words, in_words
from domain.periods import Period
from handlers import doubts, troubles
from handlers.features import all_features
from storage import audience, deliveries, teams
from tests.stage import Stage, words
from tests.stage import team as stage_of

#: As many as a page of the ledger shows.
AT_ONCE = 25
ROOT = Path(__file__).parents[2]
#: Where reasons are written down as they are, rather than as a `SkipReason`.
_BARE = re.compile(r'''\b(?:Skip\(|Unsent\(State\.\w+, |reason=)"(\w+)"''')


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
    bare = {
        reason
        for folder in ("bot", "handlers", "storage")
        for file in (ROOT / folder).rglob("*.py")
        for reason in _BARE.findall(file.read_text(encoding="utf-8"))
    }
    assert {"slack_busy", "settled_meanwhile", "could_not_be_composed"} < bare
    assert [reason for reason in sorted(bare) if not has_words(reason)] == []
    assert has_words(troubles.MESSAGE_REFUSED)
    assert has_words(doubts.DECIDED)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, "token_revoked"), "Slack no longer accepted the bot's access to the workspace"),
        ((200, "fatal_error"), "Slack had a failure of its own"),
        ((502, None), "Slack had a failure of its own"),
        ((None, None), "Slack's answer got lost"),
        ((200, "restricted_action"), "only some people may write there"),
        ((200, "what_slack_invents_next_year"), "Slack refused it"),
    ],
)
def test_what_slack_says_has_words(answer: tuple[Any, Any], words: str) -> None:
    assert in_words(classify(*answer).reason) == words  # type: ignore[union-attr]


async def enter(stage: Stage, count: int, **fields: Any) -> None:
    now = stage.world.clock.now()
    async with stage.world.bot.database.write(stage.world.sandbox.workspace.team_id) as tx:
        for number in range(count):
            at = now - timedelta(hours=number)
            standard: dict[str, Any] = {"kind": "prompt", "recipient": stage.people[1].id}
            await deliveries.plan(
                tx,
                key=f"{number}:{fields}",
                period=Period(2026, 20),
                due_at=at,
                now=at,
                **standard | fields,
            )


async def test_every_state_has_words_and_no_code(stage: Stage) -> None:
    reasons = ["slack_busy", "asked_a_lead", "http_500", "not_found_in_history", "invalid_auth"]
    for state in State:
        for reason in (None, *reasons[: 2 if state is State.SENT else None]):
            await enter(stage, 1, state=state, reason=reason)
    page = (await stage.type(stage.people[1], "why"))[0]
    said = [words(page)]
    while "Older" in str(page.blocks):
        await stage.click(stage.people[1], page, "Older")
        page = next(m for m in reversed(stage.world.messages(stage.channel)) if m.ephemeral_for)
        said.append(words(page))
    whole = "\n".join(said)
    assert whole.count("*Prompt for 11–17 May*") == 9 * 6 - 3
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|http_\d|\b[A-Z]0[A-Z0-9]{6,}", whole)
    assert "not sent yet: it is tried again; Slack was busy" in whole
    assert "cut off while being sent; somebody who can look was asked" in whole


async def test_a_long_ledger_is_paged(stage: Stage) -> None:
    ben = stage.people[1]
    await enter(stage, 60, state=State.SENT)
    page = (await stage.type(ben, "why"))[0]
    counts = [words(page).count("Prompt for 11–17 May")]
    for _ in range(2):
        await stage.click(ben, page, "Older")
        page = next(m for m in reversed(stage.world.messages(stage.channel)) if m.ephemeral_for)
        counts.append(words(page).count("Prompt for 11–17 May"))
    assert counts == [25, 25, 10]
    assert "Older" not in str(page.blocks)


async def test_another_channel_is_named_by_a_mention(stage: Stage) -> None:
    workspace = stage.world.sandbox.workspace
    leaders = workspace.add_channel("leaders", stage.people)
    async with stage.world.bot.database.write(workspace.team_id) as tx:
        (team,) = await teams.every(tx)
        await audience.set_channels(
            tx, team.team_id, [leaders.id], stage.lead.id, stage.world.clock.now()
        )
    await enter(
        stage, 1, kind="summary_copy", recipient=leaders.id, team_id=team.team_id, state=State.SENT
    )
    said = await stage.typed(stage.lead, "why")
    assert f"*Copy of the summary for 11–17 May* in <#{leaders.id}>" in said


async def test_a_prompt_that_is_to_move_is_told_beforehand(sqlite_url: str) -> None:
    values = {"Country for holidays": "Germany"}
    monday = datetime(2027, 3, 22, 9, tzinfo=UTC)
    moved = "moved from Friday 26 Mar to Thursday 25 Mar: public holiday in Germany (Good Friday)"
    async with stage_of(sqlite_url, values=values, now=monday) as stage:
        said = await stage.typed(stage.people[1], "why")
        assert f"Thursday 25 Mar, 14:00  *Next prompt, for 22–28 Mar*\nplanned; {moved}" in said
        await stage.world.move_to_local("2027-03-26T15:00")
        said = await stage.typed(stage.people[1], "why")
        assert f"Thursday 25 Mar, 14:00  *Prompt for 22–28 Mar*\nsent; {moved}" in said
