"""The decision log's messages and form within Slack's limits, whatever was decided."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from domain.decisions import Decision
from handlers.views import decisionform, decisions
from handlers.views.decisionform import DecisionForm
from handlers.views.decisions import DecisionPage
from tests.handlers.views_samples import (
    as_submitted,
    assert_sound,
    assert_sound_view,
    buttons,
    elements,
    fields,
    hostile,
    shown,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEAM = "0123456789abcdef"


def decision(n: int = 12, what: str = "Keep one tool", **changes: object) -> Decision:
    made = Decision(
        decision_id=f"{n:032x}",
        team_id=TEAM,
        number=n,
        what=what[:500] or "x",
        owner="U1",
        due_on=TODAY + timedelta(days=4),
        state="open",
        outcome="",
        made_by="U2",
        made_at=NOW,
        closed_at=None,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def page(found: list[Decision], **changes: object) -> DecisionPage:
    made = DecisionPage(TEAM, "Growth", found, len(found), 0, "", TODAY)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_receipt_of_an_open_and_of_a_closed_decision() -> None:
    said = decisions.receipt(decision(), team_name="Growth", today=TODAY)
    assert "Decision #12 is open" in shown(said)
    assert "Owner: <@U1> · due Friday 27 Nov · recorded by <@U2>, 23 Nov" in shown(said)
    assert list(buttons(said)) == ["Mark done", "Edit", "Withdraw", "All decisions"]
    late = decision(due_on=date(2025, 12, 31))
    assert "overdue since Wednesday 31 Dec 2025" in shown(
        decisions.receipt(late, team_name="Growth", today=TODAY)
    )
    done = decision(state="done", closed_at=NOW, owner=None, due_on=None)
    said = decisions.receipt(done, team_name="Growth", today=TODAY)
    assert "No owner · no date · recorded by <@U2>, 23 Nov · done 23 Nov" in shown(said)
    assert list(buttons(said)) == ["Reopen", "All decisions"]


@settings(max_examples=20, deadline=None)
@given(hostile, hostile)
def test_every_message_is_sound(text: str, team: str) -> None:
    states = ("open", "done", "withdrawn")
    found = [
        decision(n, text * 9, state=states[n % 3], closed_at=NOW if n % 3 else None)
        for n in range(decisions.PER_PAGE)
    ]
    for one in found[:3]:
        assert_sound(decisions.receipt(one, team_name=team, today=TODAY))
        for stage in ("due", "lead"):
            said = decisions.reminder(one, team_name=team, today=TODAY, stage=stage)
            assert_sound(said)
    assert_sound(
        decisions.log_page(page(found, team_name=team, words=text, all_found=99, first=10))
    )
    assert_sound(decisions.log_page(page([], team_name=team, words=text)))
    form = DecisionForm(TEAM, text * 50, "U1", TODAY)
    assert_sound(decisions.problem(text or "x", text * 50, decisionform.packed(form)))


def test_the_empty_log_says_how_to_begin() -> None:
    said = decisions.log_page(page([]))
    assert "No decision yet." in shown(said)
    assert "Record a decision" in buttons(said)
    assert_sound(said)


def test_pages_lead_on_and_carry_what_was_searched_for() -> None:
    found = [decision(n) for n in range(10)]
    middle = decisions.log_page(page(found, all_found=35, first=10, words="a|b", owner="U1"))
    assert "11 to 20 of 35" in shown(middle)
    turns = buttons(middle)
    assert decisions.read_turn(turns["Previous"]["value"]) == (TEAM, 0, "<@U1> a|b")
    assert decisions.read_turn(turns["Next"]["value"]) == (TEAM, 20, "<@U1> a|b")
    ids = [e["action_id"] for e in elements(middle["blocks"]) if e["type"] == "button"]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("what", ["", "x" * 3000, "𝕏" * 1500, "line\nline", "<!channel> & co"])
def test_the_form_keeps_all_that_was_typed(what: str) -> None:
    form = DecisionForm(TEAM, what, "U1", TODAY, "d1", "abc", "https://hooks.test/1", True)
    view = decisionform.decision_modal(form, notice="1 Jun is over", team_name="Growth")
    assert_sound_view(view)
    assert list(fields(view)) == ["What", "Owner", "Due"]
    state = as_submitted(view)
    state[decisionform.OWNER] = {decisionform.OWNER: {"selected_user": "U1"}}
    state[decisionform.DUE] = {decisionform.DUE: {"selected_date": str(TODAY)}}
    assert decisionform.read_form(state, view["private_metadata"]) == form


def test_a_button_carries_what_fits() -> None:
    form = DecisionForm(TEAM, "Keep", "U1", TODAY)
    assert decisionform.unpacked(decisionform.packed(form)) == form
    assert len(decisionform.packed(DecisionForm(TEAM, '"' * 3000))) <= 2000


def test_a_wording_is_told_from_another() -> None:
    same = [decisionform.version(decision()), decisionform.version(decision(state="done"))]
    assert same[0] == same[1]
    assert decisionform.version(decision(owner=None)) != same[0]
