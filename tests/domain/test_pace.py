"""Slots keep their distance: in the workspace's line, and in each place."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pace import Budget, budgets, take_slots

NOW = datetime(2026, 6, 5, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@given(
    st.lists(st.sampled_from("ABCD"), min_size=1),
    st.integers(-5, 5),
    st.integers(0, 5),
    st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 9)),
)
def test_distances_are_kept(places: list[str], free: int, held: int, busy: dict[str, int]) -> None:
    budget = Budget(SECOND / 4, SECOND)
    earliest = NOW + held * SECOND
    places_free = {place: NOW + seconds * SECOND for place, seconds in busy.items()}
    before = dict(places_free)
    slots, line_free = take_slots(budget, places, NOW + free * SECOND, places_free, earliest)
    assert len(slots) == len(places)
    assert line_free == max(earliest, NOW + free * SECOND) + len(places) * budget.gap
    for number, (place, slot) in enumerate(zip(places, slots, strict=True)):
        assert slot >= max(earliest, NOW + free * SECOND) + number * budget.gap
        assert slot >= before.get(place, slot)
    for place in set(places):
        own = [slot for at, slot in zip(places, slots, strict=True) if at == place]
        assert all(later - sooner >= SECOND for sooner, later in pairwise(own))
        assert places_free[place] == own[-1] + SECOND


def test_a_workspace_of_many_places_is_written_to_at_an_even_pace() -> None:
    slots, _ = take_slots(Budget(SECOND / 4, SECOND), "ABCDEFGH", NOW, {}, NOW)
    assert slots == [NOW + n * SECOND / 4 for n in range(8)]


def test_edits_have_a_quarter_of_the_pace_and_zero_means_none() -> None:
    messages, edits = budgets(4)
    assert messages == Budget(SECOND / 4, SECOND)
    assert edits == Budget(SECOND)
    assert budgets(0) == (None, None)


@pytest.mark.parametrize("count", [1, 5000])
def test_the_last_slot_is_the_budget_s_own_minimum(count: int) -> None:
    slots, _ = take_slots(Budget(SECOND / 4), map(str, range(count)), NOW, {}, NOW)
    assert slots[-1] - NOW == (count - 1) * SECOND / 4
