"""The programme: which step is current, and what is missing to finish it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.checklist import STEPS, TeamItem, load_checklist
from domain.programme import Evidence, programme

ITEMS = [
    TeamItem(item.id, None, "t", step, item.text, owner_role=item.owner)
    for step, item in load_checklist().items()
]


STATES = ("open", "started", "blocked", "done", "dropped")


def having(states: dict[str, str]) -> list[TeamItem]:
    return [item._replace(state=states.get(item.ref or "", "open")) for item in ITEMS]  # type: ignore[arg-type]


def of_step(step: str) -> list[str]:
    return [item.ref or "" for item in ITEMS if item.step == step]


def test_it_begins_with_assess() -> None:
    found = programme(ITEMS)
    assert found.current is not None
    assert (found.current.step, found.current.done, found.current.total) == ("assess", 0, 7)
    assert [item.label for item in found.missing] == ["A1", "A2", "A3"]
    assert found.missing[0].owner_role == "CPO"
    assert (found.left, found.done, found.total, found.has_begun) == (7, 0, 34, False)


def test_the_current_step_is_the_first_with_anything_left() -> None:
    done = dict.fromkeys(of_step("assess"), "done") | {"G1": "done", "P1": "done", "E2": "started"}
    found = programme(having(done))
    assert found.current is not None
    assert (found.current.step, found.current.done, found.current.total) == ("goals", 1, 6)
    assert [item.label for item in found.missing] == ["G2", "G3", "G4"]
    assert (found.left, found.done, found.has_begun) == (5, 9, True)


def test_what_is_under_way_is_named_first_and_dropped_items_do_not_count() -> None:
    found = programme(having({"A1": "dropped", "A6": "blocked", "A7": "started", "A2": "done"}))
    assert found.current is not None
    assert (found.current.done, found.current.total) == (1, 6)
    assert [item.label for item in found.missing] == ["A7", "A6", "A3"]


def test_all_done_is_the_end_of_a_round() -> None:
    found = programme(having({item.ref or "": "done" for item in ITEMS}))
    assert (found.current, found.missing, found.left) == (None, (), 0)


def test_what_the_bot_has_recorded_is_pointed_out_and_not_counted() -> None:
    evidence = Evidence(logged_people=7, people=10, assessments=1, raters=6)
    found = programme(ITEMS, evidence)
    assert [item.seen for item in found.missing] == [
        "",
        "7 of 10 logged two weeks",
        "6 people rated",
    ]
    assert found.done == 0
    assert programme(ITEMS, replace(evidence, logged_people=6)).missing[1].seen == ""


def test_a_checklist_of_ones_own_knows_nothing_of_our_ids() -> None:
    own = [TeamItem("X1", None, "t", "assess", "Ours"), TeamItem(None, "i", "t", "plan", "Own")]
    found = programme(own, Evidence(assessments=3, has_operational_goal=True))
    assert [(item.label, item.seen) for item in found.missing] == [("X1", "")]
    assert [step.total for step in found.steps] == [1, 0, 1, 0, 0]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(STATES), min_size=34, max_size=34))
def test_the_counts_add_up(states: list[str]) -> None:
    items = [item._replace(state=state) for item, state in zip(ITEMS, states, strict=True)]  # type: ignore[arg-type]
    found = programme(items)
    assert found.total == 34 - states.count("dropped")
    assert found.done == states.count("done")
    if found.current is None:
        assert found.done == found.total
    else:
        earlier = list(STEPS)[: list(STEPS).index(found.current.step)]
        assert all(step.is_complete for step in found.steps if step.step in earlier)
        assert found.left == found.current.total - found.current.done
        assert len(found.missing) == min(3, found.left)
