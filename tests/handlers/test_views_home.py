"""App Home: my week in each of its states, what comes next, my past, my teams."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.categories import load_catalog
from domain.checklist import TeamItem
from domain.decisions import Decision
from domain.periods import Period
from domain.programme import programme
from domain.summary import weekly_summary
from domain.team import team_week
from domain.timesplit import Split
from handlers.views import home
from handlers.views.blocks import escape
from handlers.views.home import HomeModel, PastWeek
from handlers.views.homeparts import HomeTeam, ToRate, Waiting
from tests.handlers.views_samples import assert_sound_view, buttons, catalog_of, hostile, shown

WEEK = Period(2026, 47)
TODAY = date(2026, 11, 18)
CATALOG = load_catalog()
SPLIT = Split({"reporting": 4000, "delivery": 6000})
SUMMARY = weekly_summary([team_week(WEEK, [SPLIT] * 7, 8, CATALOG)], 8, CATALOG)
WITHHELD = weekly_summary([team_week(WEEK, [SPLIT] * 2, 8, CATALOG)], 8, CATALOG)
MODEL = HomeModel(
    period=WEEK,
    state="open",
    catalog=CATALOG,
    zone=ZoneInfo("Asia/Kolkata"),
    can_repeat=True,
    past=[
        PastWeek(WEEK.shift(-1), 3500, 2700),
        PastWeek(WEEK.shift(-2)),
        PastWeek(WEEK.shift(-3), skipped=True),
    ],
    next_prompt=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    teams=[HomeTeam("Growth", "C0GROWTH", is_lead=True, summary=SUMMARY)],
)


def test_an_open_week_can_be_logged_repeated_or_skipped() -> None:
    view = home.home(MODEL)
    assert list(buttons(view)) == [
        "Log my week",
        "Same as last week",
        "Skip this week",
        "Change my prompt time",
        "Pause prompts",
        "What was sent to me",
        "Team settings",
        "Summary",
        "Checklist",
        "Maturity",
        "Insights",
        "Benchmark",
        "Decisions",
        "Goals",
        "ROI",
        "Share the summary",
        "Learn",
        "Quiz",
        "All commands",
        "Categories",
    ]
    assert buttons(view)["Log my week"]["value"] == "2026-W47"
    assert "Not logged yet" in shown(view)
    assert_sound_view(view)


def test_a_logged_week_shows_its_split_and_can_be_edited() -> None:
    view = home.home(replace(MODEL, state="logged", split=SPLIT))
    assert "60%  Specs, delivery &amp; launch" in shown(view)
    assert "Edit" in buttons(view)
    assert "Skip this week" not in buttons(view)


def test_a_skipped_week_can_still_be_logged() -> None:
    view = home.home(replace(MODEL, state="skipped"))
    assert "Skipped" in shown(view)
    assert "Log my week" in buttons(view)


def test_the_next_prompt_is_told_in_local_time() -> None:
    assert "Next prompt: *Friday 20 Nov, 14:00*" in shown(home.home(MODEL))
    assert "No prompt is planned" in shown(home.home(replace(MODEL, next_prompt=None)))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (date(2026, 12, 7), "paused until Monday 7 Dec"),
        (date.max, "paused until you resume them"),
    ],
)
def test_a_pause_can_be_ended_from_home(until: date, said: str) -> None:
    view = home.home(replace(MODEL, paused_until=until))
    assert said in shown(view)
    assert "Resume prompts" in buttons(view)
    assert "Pause prompts" not in buttons(view)


def test_stopped_prompts_can_be_started_again() -> None:
    view = home.home(replace(MODEL, stopped=True))
    assert "Start prompts again" in buttons(view)
    assert "Next prompt" not in shown(view)


def test_my_last_weeks_are_compact_lines() -> None:
    said = shown(home.home(MODEL))
    assert "9–15 Nov        ████········  35% operational, 27% strategic" in said
    assert "2–8 Nov         not logged" in said
    assert "26 Oct – 1 Nov  skipped" in said


def test_the_teams_last_summary_stands_in_short() -> None:
    said = shown(home.home(MODEL))
    assert "16–22 Nov: operational 40%, above the 30% line (7 of 8 logged)." in said
    withheld = home.home(replace(MODEL, teams=[HomeTeam("Growth", "C1", summary=WITHHELD)]))
    assert "2 of 8 logged, too few for numbers." in shown(withheld)
    fresh = home.home(replace(MODEL, teams=[HomeTeam("Growth", "C1")]))
    assert "No summary yet" in shown(fresh)


def test_only_leads_get_the_settings_of_their_team() -> None:
    teams = [HomeTeam("Growth", "C0GROWTH", is_lead=True), HomeTeam("Core", "C0CORE")]
    view = home.home(replace(MODEL, teams=teams))
    assert buttons(view)["Team settings"]["value"] == "C0GROWTH"
    member = home.home(replace(MODEL, teams=teams[1:]))
    assert "Team settings" not in buttons(member)


def test_without_a_team_home_says_how_to_start() -> None:
    view = home.home(HomeModel(WEEK, "open", CATALOG, UTC))
    assert "/prodops setup" in shown(view)
    assert list(buttons(view)) == ["Learn", "Quiz", "All commands"]
    assert_sound_view(view)


def test_what_waits_for_me_comes_with_its_buttons() -> None:
    item = TeamItem("E2", "i", "t", "execute", "Automate the report", state="started", due_on=TODAY)
    late = date(2026, 11, 1)
    made = datetime(2026, 11, 1, tzinfo=UTC)
    decision = Decision("d", "t", 7, "One tracker", None, late, "open", "", "U1", made, None)
    waiting = Waiting(
        [ToRate("c", "Growth", datetime(2026, 11, 20, 11, 30, tzinfo=UTC))], [item] * 7, [decision]
    )
    view = home.home(replace(MODEL, waiting=waiting, today=TODAY))
    said = shown(view)
    assert "*Maturity check-in* of Growth, until Friday 20 Nov, 17:00" in said
    assert "*E2* Automate the report\nin progress · due Wednesday 18 Nov" in said
    assert "*#7* One tracker\ndecision, overdue since Sunday 1 Nov" in said
    assert "2 more in `/prodops checklist mine`" in said
    assert buttons(view)["Rate now"]["value"] == "c"
    assert_sound_view(view)
    # Also for somebody who helps a team without being in one.
    assert "E2" in shown(home.home(replace(MODEL, waiting=waiting, teams=[])))


def test_a_team_has_its_programme_and_facts() -> None:
    team = HomeTeam("Growth", "C1", facts=["Checklist 0/1", "Maturity 2"], programme=programme([]))
    said = shown(home.home(replace(MODEL, teams=[team])))
    assert "Checklist 0/1 · Maturity 2" in said
    assert "Assess 0/0 → Define goals 0/0" in said


def test_admins_alone_get_the_roll_up() -> None:
    assert "Leadership roll-up" in buttons(home.home(replace(MODEL, is_admin=True)))
    assert "Leadership roll-up" not in buttons(home.home(MODEL))


def test_home_has_no_charts() -> None:
    assert "data_visualization" not in {block["type"] for block in home.home(MODEL)["blocks"]}


@settings(max_examples=25, deadline=None)
@given(hostile, st.integers(1, 30), st.integers(0, 40), st.booleans())
def test_any_names_and_any_number_of_teams_fit(
    name: str, size: int, teams: int, lead: bool
) -> None:
    catalog = catalog_of(size, name)
    item = TeamItem(None, "i", "t", "plan", (name or "x")[:200], state="blocked", due_on=TODAY)
    decision = Decision(
        "d",
        "t",
        1,
        name or "x",
        None,
        TODAY,
        "open",
        "",
        "U1",
        datetime(2026, 11, 1, tzinfo=UTC),
        None,
    )
    model = replace(
        MODEL,
        state="logged",
        is_admin=lead,
        today=TODAY,
        waiting=Waiting(
            [ToRate("c", name, datetime(2026, 11, 1, tzinfo=UTC))] * 5,
            [item] * 120,
            [decision] * 20,
        ),
        catalog=catalog,
        split=Split({c.id: 10_000 // size for c in catalog.active}),
        past=[PastWeek(WEEK.shift(-n), 3500, 2700) for n in range(60)],
        teams=[
            HomeTeam(
                name,
                "C1",
                lead,
                SUMMARY,
                team_id="t",
                facts=[escape(name or "x")[:2000]] * 3,
                programme=programme([item]),
                can_start=lead,
            )
        ]
        * teams,
    )
    assert_sound_view(home.home(model))
