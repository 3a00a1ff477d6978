"""A team's items: progress by step, what is stuck, what owners are asked about."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.checklist import (
    STEPS,
    ChecklistError,
    NewItem,
    State,
    TeamItem,
    load_checklist,
    progress,
)
from domain.itemchecks import asked_about, is_answered, is_unsure
from domain.rules import packaged_rules
from domain.stalls import stalls, stuck

NOW = datetime(2026, 6, 25, 12, tzinfo=UTC)
RULES = packaged_rules()


def item(
    ref: str | None = "E2", state: State = "open", days: int | None = None, **more: Any
) -> TeamItem:
    """An item; `days` ago it came into its state."""
    since = None if days is None else NOW - timedelta(days=days)
    begun = since if state in ("started", "blocked") else None
    made = TeamItem(
        ref, ref, "team", "execute", "Text", state=state, state_since=since, started_at=begun
    )
    return made._replace(**more)


def test_the_packaged_checklist_has_34_items_in_five_steps() -> None:
    counts = {step: len(getattr(load_checklist(), step)) for step in STEPS}
    assert counts == {"assess": 7, "goals": 6, "plan": 6, "execute": 8, "iterate": 7}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("- [e2, Text, Done, PM, [data]]", r"checklist.yaml:2: assess.0.id"),
        ("- [E2, Text, Done, PM]", r"checklist.yaml:2: assess.0.dimensions"),
        (
            "- [E2, Text, Done, PM, [data]]\n- [E2, Text, Done, PM, [data]]",
            r"checklist.yaml:3: assess.1.id: the id 'E2' is used twice",
        ),
    ],
)
def test_a_bad_file_is_named_with_line_and_field(tmp_path: Path, line: str, fault: str) -> None:
    rest = "".join(f"{s}:\n- [{s[0].upper()}9, Text, Done, PM, [data]]\n" for s in [*STEPS][1:])
    file = tmp_path / "checklist.yaml"
    file.write_text(f"assess:\n{line}\n{rest}")
    with pytest.raises(ChecklistError, match=fault):
        load_checklist(file)


def test_dropped_items_do_not_count() -> None:
    items = [item("E1", "done", 3), item("E2", "dropped", 3), item("E3"), item("E4", "blocked", 9)]
    execute = progress(items, NOW)[3]
    assert (execute.name, execute.done, execute.total, execute.idle_days) == ("Execute", 1, 3, 3)
    assert not execute.is_complete
    assess = progress(items, NOW)[0]
    assert (assess.done, assess.total, assess.idle_days) == (0, 0, None)
    assert progress(items)[3].idle_days is None


def test_a_complete_or_unbegun_step_is_not_idle() -> None:
    assert progress([item("E1", "done", 90)], NOW)[3].idle_days is None
    assert progress([item("E1")], NOW)[3].idle_days is None


@pytest.mark.parametrize(("days", "found"), [(21, 0), (22, 1)])
def test_in_progress_for_more_than_21_days(days: int, found: int) -> None:
    assert len(stuck([item(state="started", days=days)], NOW, RULES)) == found
    assert len(stuck([item(state="blocked", days=days)], NOW, RULES)) == found
    assert stuck([item(state="done", days=days)], NOW, RULES) == []


@pytest.mark.parametrize(("days", "found"), [(30, 0), (31, 1)])
def test_a_step_idle_for_more_than_30_days(days: int, found: int) -> None:
    items = [item("E1", "done", days), item("E2", created_at=NOW - timedelta(days=days))]
    stalled = stalls(items, NOW, RULES)
    assert len(stalled) == found
    if found:
        assert (stalled[0].item.ref, stalled[0].days, stalled[0].step_idle) == ("E2", days, True)


def test_whoever_says_that_it_goes_on_is_still_in_progress() -> None:
    """Saying so each week does not make 40 days fewer, but the step is not idle."""
    going = item(state="started", days=40, confirmed_at=NOW - timedelta(days=1))
    [stall] = stalls([going], NOW, RULES)
    assert (stall.days, stall.step_idle) == (40, False)


def test_longest_first_and_each_step_once() -> None:
    items = [item("E1", "started", 25), item("E2", "started", 50), item("E3", days=50)]
    assert [i.ref for i in stuck(items, NOW, RULES)] == ["E2", "E1"]


def test_labels_and_keys() -> None:
    assert item("E2").label == "E2"
    assert item("milestone:tools:2").label == "Milestone"
    assert item("insight:R07:2026-W23").label == "Insight"
    assert item(None).label == "Own"
    assert TeamItem("E2", None, "team", "execute", "Text").key == "E2"
    assert item("E2", item_id="abc").key == "abc"


def test_overdue_only_while_unfinished() -> None:
    yesterday = NOW.date() - timedelta(days=1)
    assert item(due_on=yesterday).is_overdue(NOW.date())
    assert not item(due_on=NOW.date()).is_overdue(NOW.date())
    assert not item(state="done", due_on=yesterday).is_overdue(NOW.date())


def test_dimensions_concerned() -> None:
    assert item(dimensions=("tools",)).concerns("tools")
    assert item(dimensions=("all",)).concerns("tools")
    assert not item(dimensions=("tools",)).concerns("data")


PRACTICES = ("E2",)


def test_owners_are_asked_about_what_is_unfinished_due_first() -> None:
    items = [
        item("E1", "started", 3),
        item("E3", "blocked", 3, due_on=date(2026, 7, 1)),
        item("E4", "done", 3),
        item("E5", "dropped", 3),
        item("E6", due_on=date(2026, 6, 1)),
    ]
    assert [i.ref for i in asked_about(items, PRACTICES, NOW)] == ["E6", "E3", "E1"]


@pytest.mark.parametrize(("days", "unsure"), [(20, False), (21, True)])
def test_a_practice_is_asked_about_before_30_days_are_over(days: int, unsure: bool) -> None:
    done = item("E2", "done", days, done_at=NOW - timedelta(days=days))
    assert is_unsure(done, PRACTICES, NOW) is unsure
    assert not is_unsure(done._replace(ref="A1"), PRACTICES, NOW)
    assert not is_unsure(done._replace(confirmed_at=NOW), PRACTICES, NOW)
    assert not is_unsure(done._replace(state="started"), PRACTICES, NOW)


def test_what_counts_as_an_answer() -> None:
    asked = NOW - timedelta(days=2)
    assert is_answered(item(state="blocked", days=1), asked)
    assert is_answered(item(state="done", days=1), asked)
    assert is_answered(item(state="started", days=9, confirmed_at=NOW), asked)
    assert not is_answered(item(state="started", days=1), asked)
    assert not is_answered(item(state="blocked", days=3), asked)


STATES: tuple[State, ...] = ("open", "started", "blocked", "done", "dropped")
states = st.sampled_from(STATES)


@settings(max_examples=60)
@given(st.lists(st.tuples(states, st.sampled_from(list(STEPS)), st.integers(0, 60)), max_size=40))
def test_progress_adds_up_and_nothing_over_is_stuck(
    drawn: list[tuple[State, str, int]],
) -> None:
    items = [item(f"X{n}", s, days, step=step) for n, (s, step, days) in enumerate(drawn)]
    steps = progress(items, NOW)
    assert sum(step.total for step in steps) == sum(i.state != "dropped" for i in items)
    assert all(0 <= step.done <= step.total for step in steps)
    found = stuck(items, NOW, RULES)
    assert len({i.ref for i in found}) == len(found)
    assert all(not i.is_over for i in found)


def test_a_new_item_needs_no_more_than_a_step_and_a_text() -> None:
    assert NewItem(None, "plan", "Text").dimensions == ()
