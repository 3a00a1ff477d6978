"""What happens in the story's quarter, chosen by hand, and the plain sums that follow from it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

#: Monday of the first of the thirteen weeks whose Thursdays lie in the third quarter of 2026.
FIRST_MONDAY = datetime(2026, 6, 29, 7, tzinfo=UTC)
WEEKS = 13
PEOPLE = 8
FRIDAYS = (
    *("07-03", "07-10", "07-17", "07-24", "07-31", "08-07", "08-14"),
    *("08-21", "08-28", "09-04", "09-11", "09-18", "09-25"),
)
CATEGORIES = (
    *("tools", "reporting", "coordination", "interrupts", "customer"),
    *("discovery", "strategy", "delivery", "people"),
)
OPERATIONAL, REACTIVE, STRATEGIC, CUSTOMER = (0, 3), (3, 4), (4, 7), (4, 5)


@dataclass(frozen=True)
class Habits:
    """Percent of a week in the order of CATEGORIES, from one week of the quarter on."""

    since: int
    shares: tuple[int, ...]


#: Four weeks as before; then the reports run by themselves, then a status meeting goes.
HABITS = (
    Habits(1, (12, 12, 12, 9, 7, 10, 10, 22, 6)),
    Habits(5, (12, 7, 12, 9, 8, 12, 11, 21, 8)),
    Habits(9, (12, 6, 8, 8, 10, 13, 13, 22, 8)),
)
#: Who does not log in which week: (week from 1, person from 0).
SILENT = frozenset({(3, 7), (6, 7), (6, 6), (9, 5), (12, 7)})


def shares(week: int, person: int) -> tuple[int, ...]:
    """People differ: the first does seven points more of tools than the mean, the last seven
    fewer, and so much less or more delivery."""
    found = list([habits for habits in HABITS if habits.since <= week][-1].shares)
    more = 7 - 2 * person
    found[0] += more
    found[7] -= more
    return tuple(found)


def loggers(week: int) -> list[int]:
    return [person for person in range(PEOPLE) if (week, person) not in SILENT]


def line(week: int, person: int) -> str:
    """The command with which a person logs a week."""
    entries = zip(CATEGORIES, shares(week, person), strict=True)
    return "log " + ", ".join(f"{share}% {name}" for name, share in entries)


def part(week: int, person: int, groups: tuple[int, int]) -> int:
    """Percent of a person's week in a run of categories."""
    return sum(shares(week, person)[slice(*groups)])


def team_part(week: int, groups: tuple[int, int]) -> Fraction:
    """The team's percent of a week: one person one vote."""
    here = loggers(week)
    return Fraction(sum(part(week, person, groups) for person in here), len(here))


def mean(weeks: range, groups: tuple[int, int]) -> Fraction:
    """One week one vote."""
    return sum((team_part(week, groups) for week in weeks), Fraction(0)) / len(weeks)


def shown(percent: Fraction) -> int:
    """As people round."""
    return int(percent + Fraction(1, 2))


def tenths(number: Fraction) -> str:
    return f"{int(number * 10 + Fraction(1, 2)) / 10}"


BASELINE, AFTER, ALL = range(1, 5), range(5, WEEKS + 1), range(1, WEEKS + 1)
#: By the Thursdays.
MONTHS = {"July": range(1, 6), "August": range(6, 10), "September": range(10, 14)}

DIMENSIONS = (
    "Product analytics & data",
    "Dashboards & reporting",
    "Process standards (PRDs, prioritisation)",
    "Toolstack",
    "Cross-functional coordination",
    "Customer & market insight",
    "Strategy & outcomes",
)
#: Each dimension's ratings by person; None: don't know.
Ratings = tuple[tuple[int | None, ...], ...]
FIRST_RATINGS: Ratings = (
    (3, 3, 2, 3, 3, 4, 3, 3),
    (3, 2, 3, 3, 3, 3, 2, 3),
    (3, 3, 3, 2, 3, 3, 3, 4),
    (1, 1, 2, 1, 1, 2, 1, None),
    (3, 3, 3, 3, 2, 3, 3, 3),
    (2, 2, 3, 2, 2, 2, 3, 2),
    (3, 4, 3, 3, 3, 3, 3, 3),
)
#: Two of the eight never answer.
SECOND_RATINGS: Ratings = (
    (3, 3, 3, 3, 4, 3),
    (4, 4, 3, 4, 4, 4),
    (3, 3, 3, 3, 3, 3),
    (3, 3, 2, 3, 3, 3),
    (4, 4, 4, 3, 4, 4),
    (1, 1, 3, 4, 4, 4),
    (3, 3, 4, 3, None, 3),
)


def level(ratings: tuple[int | None, ...]) -> int:
    """The middle rating; of two, the lower."""
    known = sorted(rating for rating in ratings if rating is not None)
    return known[(len(known) - 1) // 2]


def overall(ratings: Ratings) -> int:
    """The middle of the levels, but at most one above the lowest."""
    levels = sorted(level(row) for row in ratings)
    return min(levels[(len(levels) - 1) // 2], levels[0] + 1)


PM_SALARY, OPS_SALARY, TOOLS = 120_000, 110_000, 3_000


@dataclass(frozen=True)
class Return:
    """Hours removed since the baseline, and what they are worth beside the cost."""

    removed: Fraction
    realised: Fraction
    gross: Fraction
    breakeven: Fraction

    @property
    def multiple(self) -> Fraction:
        return self.gross * self.realised


def roi() -> Return:
    """40 hours a week, each person against their own baseline; nine weeks of a quarter's twelve."""
    removed, gained, weeks = Fraction(0), Fraction(0), 0
    for person in range(PEOPLE):
        usual = [week for week in BASELINE if person in loggers(week)]
        before = Fraction(sum(part(w, person, OPERATIONAL) for w in usual), len(usual))
        reached = Fraction(sum(part(w, person, STRATEGIC) for w in usual), len(usual))
        for week in AFTER:
            if person in loggers(week):
                removed += (before - part(week, person, OPERATIONAL)) * 40 / 100
                gained += (part(week, person, STRATEGIC) - reached) * 40 / 100
                weeks += 1
    loaded = Fraction(143, 100)
    rate = PM_SALARY * loaded / 1760
    cost = (OPS_SALARY * loaded / 4 + TOOLS) * Fraction(len(AFTER), 12)
    realised = min(gained / removed, Fraction(1))
    return Return(removed, realised, removed * rate / cost, cost / (weeks * rate * realised))
