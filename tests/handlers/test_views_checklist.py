"""Every page and form of the checklist within Slack's limits: 120 items, any script, nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from domain.checklist import STEPS, TeamItem, load_checklist
from domain.stalls import Stall
from handlers.items import merged
from handlers.views import (
    checklist,
    effects,
    itemadding,
    itemchecks,
    itemforms,
    itemlines,
    itempage,
    milestones,
    stuckitems,
)
from handlers.views.checklist import Place
from handlers.views.itemadding import AddForm, AddOrigin
from handlers.views.itemforms import Origin
from handlers.views.itemlines import Asked, Setting
from handlers.views.milestones import LoopOrigin, Row
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

NOW = datetime(2026, 6, 3, 9, tzinfo=UTC)
TEAM = "0123456789abcdef"
STATES = ("open", "started", "blocked", "done", "dropped")
SCRIPTS = [
    "製品運用チーム" * 9,
    "فريق عمليات المنتج الرقمي " * 3,
    "👩‍👩‍👧‍👦" * 9,
    "é" * 60,
    "A" * 60,
]
FORMS = (
    itemlines.ASSIGN,
    itemlines.DUE,
    itemlines.DONE,
    itemlines.BLOCK,
    itemlines.DROP,
)


def item(n: int, text: str = "Text", step: str = "execute") -> TeamItem:
    """An item that is as long as storage lets it be; `n` decides its state and id."""
    state = STATES[n % 5]
    return TeamItem(
        ref=None,
        item_id=f"{n:032x}",
        team_id=TEAM,
        step=step,
        text=(text * 4)[:200],
        done_when=(text * 6)[:300],
        owner_role=text[:60],
        dimensions=("d0", "d1", "gone"),
        state=state,  # type: ignore[arg-type]
        owner=f"U{n}" if n % 2 else None,
        due_on=date(2026, 6, 1) + timedelta(days=n),
        reason=(text * 6)[:300],
        evidence=(text * 9)[:500],
        link="https://acme.slack.com/archives/C1/p1",
        created_at=NOW,
        started_at=NOW,
        state_since=NOW,
        done_by="U1",
        done_at=NOW,
    )


def setting(text: str = "Dimension", count: int = 12) -> Setting:
    names = {f"d{n}": text[:60] or "x" for n in range(count)}
    return Setting(NOW.date(), UTC, names, {TEAM: text})


def many(text: str) -> list[TeamItem]:
    return [item(n, text, list(STEPS)[n % 5]) for n in range(120)]


@pytest.mark.parametrize("text", SCRIPTS)
def test_pages_of_120_items_in_any_script(text: str) -> None:
    items = many(text)
    for place in (Place("step", "execute"), Place("unfinished"), Place("mine")):
        for number in (1, 2, 12, 99):
            view = checklist.page(
                items, replace(place, page=number), setting(text), team_id=TEAM, team_name=text
            )
            assert_sound(view)
    last = checklist.page(
        items, Place("mine", page=99), setting(text), team_id=TEAM, team_name=text
    )
    assert "Page 12 of 12, 120 items in all." in shown(last)
    assert_sound(
        checklist.overview(
            items, setting(text), team_id=TEAM, team_name=text, weakest=[f"d{n}" for n in range(3)]
        )
    )
    assert_sound(itemchecks.check_in(items, setting(text)))
    assert_sound(itemchecks.check_in(items, setting(text), asked_at=NOW))
    stalled = [Stall(one, 24 + n, step_idle=n % 2 == 0) for n, one in enumerate(items)]
    assert_sound(stuckitems.stuck_items(stalled, setting(text), team_id=TEAM, team_name=text))
    assert_sound(effects.after_items([text * 5] * 120, team_id=TEAM, team_name=text))


@settings(max_examples=20, deadline=None)
@given(hostile, hostile)
def test_nothing_typed_can_notify_or_break_a_page(text: str, name: str) -> None:
    for n in range(5):
        one = item(n, text)
        assert_sound(
            itempage.item_page(
                one,
                setting(name),
                team_name=name,
                history=[itempage.history_line("3 Jun", "blocked", "U1", text)] * 8,
                notice="*E2* is done already.",
            )
        )
        page = checklist.page([one], Place("mine"), setting(name), team_id="", team_name=name)
        assert_sound(page)
        assert_sound(itemchecks.assigned(one, setting(name), by="U1", team_name=name, outside=True))
        assert_sound(itemchecks.passed_on(one))
        for action in FORMS:
            asked = Asked(TEAM, one.key, "s.execute.12")
            assert_sound_view(itemforms.item_modal(one, Origin(action, asked), setting(name)))
    assert_sound_view(
        itemadding.add_modal(
            AddForm(
                AddOrigin(TEAM, "o.1", "https://hooks.example/" + "x" * 150, "https://a.example/1"),
                {f"d{n}": name or "x" for n in range(12)},
                teams=[(TEAM, name), ("other", text)],
                text=text,
            )
        )
    )
    rows = [Row(f"milestone:d{n}:1", name, text, text) for n in range(12)]
    rows.append(Row("E2", name, text, text, standing=item(1, text)))
    origin = LoopOrigin(TEAM, "d1,d2", tuple(row.ref for row in rows), "https://hooks.example/")
    assert_sound_view(milestones.loop_modal(rows, origin, setting(name), team_name=name))
    assert_sound_view(milestones.loop_modal(rows[:1], origin, setting(name), team_name=name))
    assert_sound_view(milestones.loop_modal(rows[-1:], origin, setting(name), team_name=name))
    added = milestones.added(
        [item(n, text) for n in range(12)], setting(name), team_id=TEAM, team_name=name
    )
    assert_sound(added)


def test_empty_states() -> None:
    untouched = merged(load_checklist(), [], TEAM)
    overview = checklist.overview(untouched, setting(), team_id=TEAM, team_name="Growth")
    assert_sound(overview)
    assert "*0 of 34 done*" in shown(overview)
    assert "Take it" in buttons(overview)
    assert "Add next milestones" not in buttons(overview)
    for kind, said in (("mine", "You have nothing to do"), ("unfinished", "Nothing is left")):
        page = checklist.page([], Place(kind), setting(), team_id=TEAM, team_name="Growth")
        assert_sound(page)
        assert said in shown(page)
    assert_sound(checklist.overview([], setting(), team_id=TEAM, team_name="Growth"))
    assert "Nothing is stuck" in shown(
        stuckitems.stuck_items([], setting(), team_id=TEAM, team_name="Growth")
    )


@pytest.mark.parametrize(
    ("state", "offered", "menu"),
    [
        ("open", ["Start", "Mark done"], ["Assign", "Set due date", "Block", "Drop", "Details"]),
        ("started", ["Mark done"], ["Assign", "Set due date", "Block", "Drop", "Details"]),
        ("blocked", ["Start", "Mark done"], ["Assign", "Set due date", "Drop", "Details"]),
        ("done", ["Reopen"], ["Details"]),
        ("dropped", ["Reopen"], ["Details"]),
    ],
)
def test_each_state_offers_what_can_come_next(
    state: str, offered: list[str], menu: list[str]
) -> None:
    one = item(1)._replace(state=state)  # type: ignore[arg-type]
    row = itemlines.item_actions(one, "s.execute.12")
    assert [e["text"]["text"] for e in elements(row) if e["type"] == "button"] == offered
    [found] = [e for e in elements(row) if e["type"] == "overflow"]
    assert [o["text"]["text"] for o in found["options"]] == menu
    action, asked = itemlines.read_choice(found["options"][-1]["value"])
    assert (action, asked) == (itemlines.DETAILS, Asked(TEAM, one.key, "s.execute.12"))


def test_what_is_filled_in_comes_back() -> None:
    view = itemadding.add_modal(
        AddForm(
            AddOrigin(TEAM, link="https://acme.slack.com/archives/C1/p1"),
            {"tools": "Toolstack", "data": "Data"},
            text="Tidy the boards",
            step="plan",
            chosen=["tools"],
        )
    )
    assert view["title"]["text"] == "Add to the checklist"
    assert list(fields(view)) == [
        "Item",
        "Done when",
        "Step",
        "Dimensions",
        "Owner",
        "Due date",
    ]
    new = itemadding.read_new(as_submitted(view), AddOrigin.of(view).link)
    assert (new.text, new.step, new.dimensions) == ("Tidy the boards", "plan", ("tools",))
    assert new.link == "https://acme.slack.com/archives/C1/p1"
    assert new.ref is None


def test_places_are_read_back_and_strange_ones_are_none() -> None:
    for place in (Place("overview"), Place("step", "goals", 3), Place("mine", page=2)):
        assert Place.parse(str(place)) == place
    for strange in ("", "x", "s", "s.nothing.1", "..", "s.execute.-1"):
        found = Place.parse(strange)
        assert found is None or found.page == 1


def test_the_file_s_present_wording_wins_and_what_it_dropped_stays_as_stored() -> None:
    """A company edits its checklist after people took items: nothing of theirs is lost."""
    taken = item(1)._replace(ref="E2", item_id="a", text="Old words", step="execute")
    gone = item(3)._replace(ref="Z9", item_id="b", text="No longer in the file", step="plan")
    own = item(0)._replace(item_id="c", text="Own", step="assess")
    found = merged(load_checklist(), [taken, gone, own], TEAM)
    by_ref = {one.ref: one for one in found}
    assert by_ref["E2"].text == "Automate the most hated report"
    assert by_ref["E2"].owner == "U1"
    assert by_ref["Z9"].text == "No longer in the file"
    assert len(found) == 36
    assert [one.ref for one in found][7] is None
    order = list(STEPS)
    assert [order.index(one.step) for one in found] == sorted(order.index(i.step) for i in found)
