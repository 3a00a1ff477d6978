"""Maturity's views: what they say, what they keep to themselves, and that Slack takes them all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.maturity import Assessment, Dimension, MaturityModel, load_maturity
from domain.scoring import assess
from handlers.views import maturity as views
from handlers.views import maturity_invitations as asking
from handlers.views import maturity_rating as rating
from handlers.views.maturity_history import history, trend
from handlers.views.maturity_notes import Gap, note_for_lead, reassess, too_few
from handlers.views.maturity_result import Setting, chart_labels, result
from handlers.views.maturity_start import (
    StartForm,
    move_modal,
    read_start,
    start_modal,
    started_text,
)
from tests.handlers.views_samples import (
    NASTY,
    as_submitted,
    assert_sound,
    assert_sound_view,
    buttons,
    fields,
    hostile,
    shown,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
MODEL = load_maturity()
PEOPLE = [f"U{n:08d}" for n in range(200)]


def model_of(count: int, text: str) -> MaturityModel:
    """A model of so many dimensions, all of whose words are this text."""
    name, line = (text or "x")[:60], (text or "x")[:300]
    return MaturityModel(
        level_names=(name,) * 5,
        dimensions=tuple(
            Dimension(id=f"d{n}", name=name, levels=(line,) * 5, up=(line,) * 4)
            for n in range(count)
        ),
    )


def assessment(
    ratings: Sequence[Sequence[int]], model: MaturityModel = MODEL, days_ago: int = 0
) -> Assessment:
    """Ratings of the model's dimensions, in its order."""
    by_dimension = {d.id: list(r) for d, r in zip(model, ratings, strict=False)}
    found = assess(
        "c1",
        NOW - timedelta(days=days_ago),
        by_dimension,
        model,
        asked=8,
        answered=6,
        min_raters=3,
        evidence={d.id: 2 for d in model},
    )
    assert found is not None
    return found


def setting(model: MaturityModel = MODEL, **more: Any) -> Setting:
    return Setting("team", "Growth", model, ZONE, **more)


def asked(**more: Any) -> asking.Asked:
    values = {
        "checkin_id": "c" * 32,
        "team_name": "Growth",
        "started_by": "U1",
        "deadline_at": NOW,
        "zone": ZONE,
        "dimensions": [d.id for d in MODEL],
        **more,
    }
    return asking.Asked(**values)


def open_checkin(**more: Any) -> views.OpenCheckin:
    values = {
        "checkin_id": "c" * 32,
        "team_name": "Growth",
        "started_by": "U1",
        "deadline_at": NOW,
        "zone": ZONE,
        "answered": 4,
        "asked": 7,
        "dimensions": 7,
        "min_raters": 3,
        **more,
    }
    return views.OpenCheckin(**values)


def test_the_status_offers_each_what_they_may_do() -> None:
    plain = views.status(open_checkin())
    assert "4 of 7 answered · until Monday 23 Nov, 10:00" in shown(plain)
    assert not buttons(plain["blocks"])
    assert list(buttons(views.status(open_checkin(mine=False))["blocks"])) == ["Rate now"]
    assert list(buttons(views.status(open_checkin(mine=True))["blocks"])) == ["Change my answers"]
    lead = buttons(views.status(open_checkin(mine=False, leads=True))["blocks"])
    assert list(lead) == ["Rate now", "Change deadline", "Close now", "Cancel check-in"]
    assert "The channel gets the result" in lead["Close now"]["confirm"]["text"]["text"]
    early = buttons(views.status(open_checkin(answered=2, leads=True))["blocks"])
    assert "there will be no level" in early["Close now"]["confirm"]["text"]["text"]
    assert "a level needs 1 more answer" in shown(views.status(open_checkin(answered=2)))


def test_changes_are_told_by_sign_and_word() -> None:
    before = assessment([[2] * 3] * 7, days_ago=90)
    now = assessment([[3] * 3, [1] * 3, [2] * 3, [2] * 3, [2] * 3, [2] * 3, [2] * 3])
    said = shown(result(now, setting(previous=before)))
    assert "*Product analytics &amp; data*  3 Standardized · ▲ up 1 · views aligned" in said
    assert "▼ down 1" in said
    assert said.count("unchanged") == 5
    assert "level 2 on 25 Aug 2026" in said
    assert "2 evidence links" in said


def test_counts_are_shown_only_where_views_are_split() -> None:
    said = shown(result(assessment([[1, 1, 3, 4, 4, 4], [2, 3, 4], *[[3] * 3] * 5]), setting()))
    assert "~3 Standardized · split, 1:2 2:0 3:1 4:3: talk about it for 20 minutes" in said
    assert "*Dashboards &amp; reporting*  3 Standardized · views mixed · 2 evidence links" in said
    assert said.count("3:1") == 1


def test_no_more_than_three_next_steps_and_none_from_the_top() -> None:
    every = result(assessment([[1] * 3] * 7), setting())
    assert shown(every).count("*Next for ") == 3
    value = buttons(every["blocks"])["Add next milestones to the checklist"]["value"]
    assert value == "team|data,reporting,process"
    best = result(assessment([[5] * 3] * 7), setting())
    assert "Next for" not in shown(best)
    assert list(buttons(best["blocks"])) == ["History"]


def test_a_stale_result_shows_no_benchmark() -> None:
    bands = ["Product Operations Maturity: Level 3", "Reference ladder"]
    fresh = result(assessment([[3] * 3] * 7), setting(bands=bands))
    assert "Level 3" in shown(fresh)
    stale = result(assessment([[3] * 3] * 7), setting(bands=bands, age=180, stale=True))
    assert "Product Operations Maturity" not in shown(stale)
    assert "180 days old" in shown(stale)
    assert "out of date" in shown(stale)


def test_the_trend_is_of_means_to_one_decimal() -> None:
    assert trend([Fraction(7, 3), None, Fraction(8, 3)]) == "2.3 → 2.7, up 0.4"
    assert trend([Fraction(3)]) == "3.0"
    assert trend([Fraction(5, 2), Fraction(9, 4)]) == "2.5 → 2.3, down 0.2"
    assert trend([Fraction(3), Fraction(3)]) == "3.0 → 3.0, unchanged"
    assert trend([None]) == "–"


def test_history_runs_from_old_to_new() -> None:
    found = [assessment([[3] * 3] * 7), assessment([[2] * 3] * 6, days_ago=100)]
    block = history(found, team_name="Growth", model=MODEL, zone=ZONE)["blocks"][1]
    rows = [[cell["text"] for cell in row] for row in block["rows"]]
    assert rows[0] == ["Dimension", "15 Aug 2026", "23 Nov 2026", "Trend of the mean"]
    assert rows[1] == ["Overall", "2", "3", "–"]
    assert rows[2] == ["Product analytics & data", "2", "3", "2.0 → 3.0, up 1.0"]
    assert rows[-1] == ["Strategy & outcomes", "–", "3", "3.0"]


def test_the_form_shows_what_stands_and_reads_what_was_sent() -> None:
    given_ratings = {
        "tools": rating.Given(2, True, "https://a.example/x", "Too many"),
        "data": rating.Given(None, True),
    }
    form = rating.rating_modal(asked(), MODEL, given_ratings)
    labels = fields(form)
    assert labels["Toolstack"]["element"]["initial_option"]["text"]["text"] == "2 Emerging"
    assert labels["Product analytics & data"]["element"]["initial_option"]["value"] == "0"
    assert "initial_option" not in labels["Strategy & outcomes"]["element"]
    assert labels["Evidence link: Toolstack"]["element"]["initial_value"] == "https://a.example/x"
    # The further fields stay out of the way elsewhere.
    assert "Comment: Strategy & outcomes" not in labels
    values = as_submitted(form)
    assert rating.read_rating(values, "tools", rating.Given()) == given_ratings["tools"]
    assert rating.read_rating(values, "data", rating.Given()) == given_ratings["data"]
    kept = rating.Given(None, False, "https://b.example", "")
    assert rating.read_rating(values, "outcomes", kept) == kept
    assert rating.read_metadata(form["private_metadata"]) == ("c" * 32, ["tools"])


def test_the_start_form_reads_back() -> None:
    form = StartForm("team", ("data", "tools"), ("U1", "U2", "U3"), date(2026, 11, 30), 4, "Hm")
    view = start_modal(form, MODEL, team_size=3)
    assert read_start(as_submitted(view), view["private_metadata"]) == form


def test_a_large_team_is_asked_by_leaving_the_field_empty() -> None:
    form = StartForm("team", ("data",), tuple(PEOPLE), date(2026, 11, 30), 3)
    view = start_modal(form, MODEL, team_size=200)
    assert_sound_view(view)
    raters = fields(view)["Raters"]
    assert raters["optional"]
    assert "initial_users" not in raters["element"]
    assert "Leave it empty to ask all 200" in raters["hint"]["text"]


def test_labels_of_a_chart_are_short_and_differ() -> None:
    labels = chart_labels(
        ["Customer interviews a", "Customer interviews ab", "Customer interviews b"]
    )
    assert len(set(labels)) == 3
    assert all(len(label) <= 20 for label in labels)


@pytest.mark.parametrize(
    ("text", "count"), [("x", 1), *[(t, 12) for t in NASTY if t.strip() and len(t) < 1000]]
)
def test_every_view_fits_with_many_dimensions_and_hostile_words(text: str, count: int) -> None:
    model = model_of(count, text)
    ids = [d.id for d in model]
    split = assessment([[1, 1, 3, 4, 4, 5]] * count, model)
    older = assessment([[2, 2, 2]] * count, model, 90)
    full = replace(setting(model, previous=older, bands=[text] * 4), team_name=text)
    assert_sound(result(split, full))
    assert_sound(result(older, replace(full, stale=True, age=200, previous=None)))
    assert_sound(history([split, older] * 4, team_name=text, model=model, zone=ZONE))
    who = asked(team_name=text, dimensions=ids, note=text[:300])
    comments = {f"{n} {text}": [text[:500]] * 40 for n in range(count)}
    for message in (
        asking.invitation(who, rated=3),
        asking.reminder(who),
        asking.answered(who),
        asking.over(text, "C1", result=True, cancelled=False),
        asking.over(text, "C1", result=False, cancelled=True),
        asking.not_asked_any_more(text),
        too_few(text, answered=2, asked=200, min_raters=3),
        reassess("team", text, text[:300], stale=True),
        views.nothing_yet("team", text, PEOPLE, is_lead=False),
        views.nothing_yet("team", text, [], is_lead=True),
        views.status(open_checkin(team_name=text, note=text[:300], leads=True, mine=True)),
        note_for_lead(text, [Gap(text, 1, 5)] * count, comments),
    ):
        assert_sound(message)
    filled = {key: rating.Given(5, True, text[:500], text[:500]) for key in ids}
    assert_sound_view(rating.rating_modal(who, model, filled, more=ids))
    assert_sound_view(rating.rating_modal(who, model, {}, sent=True))
    form = StartForm("team", tuple(ids), tuple(PEOPLE[:100]), date(2026, 11, 30), 3, text)
    assert_sound_view(start_modal(form, model, team_size=100, warning=text))
    assert_sound_view(move_modal("c" * 32, date(2026, 11, 30)))
    assert_sound_view(views.state_modal(started_text(200, count, "Friday", PEOPLE)))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=0, max_size=9), min_size=7, max_size=7).filter(
        lambda ratings: any(len(r) >= 3 for r in ratings)
    ),
    hostile,
)
def test_any_result_fits_and_tells_no_more_than_levels_and_counts(
    ratings: list[list[int]], name: str
) -> None:
    found = assessment(ratings)
    message = result(found, replace(setting(previous=found), team_name=name))
    assert_sound(message)
    said = shown(message)
    for score in found.scores:
        if score.level is None:
            assert "no level: too few ratings" in said
    assert said.count(": talk about it") == sum(s.spread == "split" for s in found.scores)
