"""Properties of the grammar: what it writes it reads, and it has an answer to any text."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import Catalog, CategoryOverride, load_catalog, with_overrides
from domain.grammar import LONGEST_ECHO, LogProblem, LogSplit, parse_log
from domain.periods import Period
from domain.timesplit import Split, format_split, split_from_minutes, split_from_percent

PACKAGED = load_catalog()
# A workspace that makes it hard: names that look like amounts, weeks and commands.
AWKWARD = with_overrides(
    PACKAGED,
    [
        CategoryOverride("q3-plan", group="strategic", name="Q3, 2026 plan"),
        CategoryOverride("last-minute", group="reactive", name="Last minute & same day"),
        CategoryOverride("tools", name="Jira: 50/50 of it", aliases=("50-50",)),
    ],
)
IDS = [category.id for category in AWKWARD.active]
TODAY = date(2026, 11, 23)
WEEK = Period(2026, 48)

SHARES = st.lists(
    st.tuples(st.sampled_from(IDS), st.integers(1, 10_000)),
    min_size=1,
    max_size=9,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: _scaled(dict(pairs)))
MINUTES = st.dictionaries(st.sampled_from(IDS), st.integers(1, 700), min_size=1, max_size=9)
ANY_TEXT = st.text(st.characters(), max_size=200)
WORDS = (
    "40% 60 3h 1h30m 90m 1:30 33,5 .5 999999 1e9 % , ; : and on - same skip last this W46 "
    "2026-W46 w99 week strategy stratgy tools jira 1:1s specs delivery & launch customer "
    "escalations foo <!channel> <@U123|ann> &lt; &amp;amp; 🎉 ½ ４０ ١٢"
)
UNSEEN = ["\n", "\u202e", "\u200b", "\x00", "\ud800"]
PIECES = st.lists(st.sampled_from([*WORDS.split(), *UNSEEN]), max_size=25).map(" ".join)


def _scaled(weights: dict[str, int]) -> Split:
    total = sum(weights.values())
    exact = {key: Decimal(weight) * 100 / total for key, weight in weights.items()}
    return split_from_percent(exact)


@given(SHARES)
def test_shares_round_trip(split: Split) -> None:
    assert parse_log(format_split(split, AWKWARD), AWKWARD, TODAY) == LogSplit(WEEK, split)


@given(MINUTES)
def test_minutes_round_trip(minutes: dict[str, int]) -> None:
    split = split_from_minutes(minutes)
    assert parse_log(format_split(split, AWKWARD), AWKWARD, TODAY) == LogSplit(WEEK, split)


@given(SHARES, st.booleans(), st.sampled_from([", ", " ", "\n", "; "]), st.data())
def test_aliases_order_and_separators_change_nothing(
    split: Split, amount_first: bool, separator: str, data: st.DataObject
) -> None:
    entries = []
    for key, share in split.shares.items():
        category = AWKWARD.get(key)
        assert category is not None
        label = data.draw(st.sampled_from(category.labels))
        amount = f"{Decimal(share) / 100:f}%"
        entries.append(f"{amount} {label}" if amount_first else f"{label} {amount}")
    text = separator.join(data.draw(st.permutations(entries)))
    assert parse_log(text, AWKWARD, TODAY) == LogSplit(WEEK, split), text


@settings(max_examples=300)
@given(st.one_of(ANY_TEXT, PIECES), st.sampled_from([PACKAGED, AWKWARD]))
def test_any_text_has_an_answer(text: str, catalog: Catalog) -> None:
    command = parse_log(text, catalog, TODAY)
    if isinstance(command, LogSplit):
        assert sum(command.split.shares.values()) == 10_000
        assert command.period <= WEEK
    if isinstance(command, LogProblem):
        assert command.message.endswith((".", "?"))
        assert len(command.message) < 400
        assert "<" not in command.message
        assert len(command.text) <= LONGEST_ECHO
        assert command.text.isprintable()
        assert all(amount >= 0 for amount in command.understood.values())
        assert len(command.candidates) <= 3


@given(ANY_TEXT, st.integers(1, 40))
def test_long_repetitions_have_an_answer(text: str, times: int) -> None:
    parse_log(text * times, PACKAGED, TODAY)
