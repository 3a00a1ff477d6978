"""The roll-up: each team by its own numbers, and a total that gives nobody away."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import load_catalog
from domain.periods import Period
from domain.reviews import review
from domain.rollup import Rollup, TeamPart, in_several, roll_up
from domain.spans import Span
from domain.team import team_week
from domain.timesplit import Split

JUNE = Span("month", 2026, 6)
AFTER = Period(2026, 27)
CATALOG = load_catalog()


def split(tools: int) -> Split:
    return Split({"tools": tools * 100, "strategy": (100 - tools) * 100})


def part(name: str, logged: dict[str, int], missing: Sequence[str] = ()) -> TeamPart:
    """A team whose people logged so many per cent of tools in each week of June."""
    splits = {user: split(share) for user, share in logged.items()}
    active = len(splits) + len(missing)
    weeks = [team_week(week, list(splits.values()), active, CATALOG) for week in JUNE.weeks]
    sums = {
        category: sum(one.shares.get(category, 0) for one in splits.values())
        for category in ("tools", "strategy")
    }
    return TeamPart(
        name,
        review(JUNE, weeks, AFTER, CATALOG),
        dict.fromkeys(JUNE.weeks, splits.keys()),
        dict.fromkeys(JUNE.weeks, sums),
        {period: set(missing) for period in JUNE.weeks},
    )


def rolled(*parts: TeamPart, **shared: int) -> Rollup:
    """With the shares of tools of those who are in several teams."""
    assert in_several(parts) <= shared.keys()
    splits = {(user, week): split(share) for user, share in shared.items() for week in JUNE.weeks}
    return roll_up(JUNE, parts, splits, AFTER, CATALOG)


A = part("alpha", {"a1": 10, "a2": 20, "a3": 30})
B = part("Beta", {"b1": 40, "b2": 50, "b3": 60})
C = part("gamma", {"c1": 20, "c2": 20, "c3": 20, "c4": 20})


def test_three_teams_by_hand() -> None:
    """60 + 150 + 80 over ten people: 29 %. The rest is strategy."""
    found = rolled(C, A, B)
    assert [p.name for p in found.parts] == ["alpha", "Beta", "gamma"]
    assert found.total is not None
    assert found.total.operational == Fraction(29, 100)
    assert found.total.strategic == Fraction(71, 100)
    assert (found.total.people, found.total.teams, found.no_total) == (10, 3, None)


def test_with_two_teams_a_total_would_give_the_other_away() -> None:
    assert (rolled(A, B).total, rolled(A, B).no_total) == (None, "few_teams")
    assert rolled().no_total == "no_numbers"


def test_teams_without_numbers_are_neither_listed_nor_counted() -> None:
    small = part("small", {"d1": 90, "d2": 90})
    lazy = part("lazy", {"e1": 90, "e2": 90, "e3": 90}, ["e4", "e5", "e6", "e7"])
    found = rolled(A, B, small, lazy)
    assert [p.name for p in found.listed] == ["alpha", "Beta"]
    assert found.no_total == "few_teams"
    found = rolled(A, B, C, small, lazy)
    assert found.total is not None
    assert found.total.operational == Fraction(29, 100)
    assert found.total.people == 10


@pytest.mark.parametrize(("shared", "why"), [(1, "few_shared"), (2, "few_shared"), (3, None)])
def test_few_people_in_several_teams_would_give_themselves_away(
    shared: int, why: str | None
) -> None:
    both = {f"x{n}": 80 for n in range(shared)}
    found = rolled(
        part("alpha", {"a1": 10, "a2": 20, "a3": 30, **both}),
        C,
        part("Beta", {"b1": 40, "b2": 50, "b3": 60, **both}),
        **both,
    )
    assert found.no_total == why
    if why is None:
        assert found.total is not None
        # (60 + 150 + 80 + 3 x 80) over thirteen people, each once.
        assert found.total.operational == Fraction(530, 1300)
        assert found.total.people == 13


def test_a_total_needs_half_of_all_these_people() -> None:
    """Each of the teams just has its half; who is missing in two of them counts once."""
    missing = ["m1", "m2", "m3"]
    parts = [part(n, {f"{n}{i}": 30 for i in range(3)}, missing) for n in ("a", "b", "c")]
    found = rolled(*parts)
    assert len(found.listed) == 3
    assert found.total is not None
    assert found.total.people == 9


people = st.sampled_from([f"u{n}" for n in range(8)])
logs = st.dictionaries(people, st.integers(0, 100), max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(logs, max_size=5))
def test_a_total_tells_no_single_person(teams: list[dict[str, int]]) -> None:
    """What a reader can work out: the teams' sums less the total's is what is counted twice."""
    everyone = {user: share for logged in teams for user, share in logged.items()}
    parts = [
        part(f"t{n}", {user: everyone[user] for user in logged}) for n, logged in enumerate(teams)
    ]
    found = rolled(*parts, **everyone)
    if found.total is None:
        return
    assert len(found.listed) >= 3
    counts = [sum(user in p.people for p in found.listed) for user in everyone]
    assert sum(count > 1 for count in counts) not in (1, 2)
    counted = [everyone[user] for user, n in zip(everyone, counts, strict=True) if n]
    assert found.total.operational == Fraction(sum(counted), 100 * len(counted))
    assert found.total.people == len(counted)
