"""Block Kit to HTML: every block and element, with labels, hooks and errors where they belong."""

from dataclasses import replace
from typing import Any

import pytest

from sandbox.page.render import render_blocks
from sandbox.page.surface import Choice, Surface
from tests.sandbox.page_reading import READER, Page

PEOPLE = [Choice("U1", "Ada Lang"), Choice("U2", "Bo")]
SURFACE = Surface("modal", "V1", READER, offers=lambda _: PEOPLE)
HOSTILE = '"><script>alert(1)</script>'


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrk(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def draw(*blocks: dict[str, Any], surface: Surface = SURFACE) -> Page:
    page = Page(str(render_blocks(blocks, surface)))
    assert page.balanced
    return page


def field(element: dict[str, Any], **block: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": "b",
        "label": plain("How much?"),
        "element": element,
        **block,
    }


def test_section_with_fields_and_accessory() -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go :rocket:"), "value": "v"}
    page = draw(
        {
            "type": "section",
            "block_id": "s",
            "text": mrk("*Hi*"),
            "fields": [mrk("a"), plain("*b*")],
            "accessory": button,
        }
    )
    assert page.one("b").text == "Hi"
    assert [tag.text for tag in page.all("div", class_="text")] == ["Hi", "a", "*b*"]
    found = page.one("button")
    assert found.text == "Go 🚀"
    assert (found.attrs["data-block"], found.attrs["data-action"]) == ("s", "go")
    assert (found.attrs["data-value"], found.attrs["data-send"]) == ("v", "click")


def test_header_context_divider_and_markdown() -> None:
    page = draw(
        {"type": "header", "text": plain("Last week")},
        {
            "type": "context",
            "elements": [mrk("by <@U1>"), {"type": "image", "image_url": "x", "alt_text": "A"}],
        },
        {"type": "divider"},
        {"type": "markdown", "text": "**strong**"},
    )
    assert page.one("h3").text == "Last week"
    assert len(page.all("hr")) == 1
    assert page.one("b").text == "strong"
    assert page.one("span", role="img").attrs["aria-label"] == "A"


def test_pictures_load_only_from_this_machine() -> None:
    page = draw(
        {
            "type": "image",
            "image_url": "http://127.0.0.1:3000/c.png",
            "alt_text": "chart",
            "title": plain("C"),
        },
        {"type": "image", "image_url": "https://elsewhere.example/x.png", "alt_text": "far"},
        {"type": "image", "image_url": "javascript:alert(1)", "alt_text": "bad"},
    )
    assert [tag.attrs["alt"] for tag in page.all("img")] == ["chart"]
    assert [tag.attrs["href"] for tag in page.all("a")] == ["https://elsewhere.example/x.png"]


def test_link_buttons_open_safe_addresses_only() -> None:
    def linking(url: str) -> dict[str, Any]:
        button = {"type": "button", "action_id": "a", "text": plain("Open"), "url": url}
        return {"type": "actions", "elements": [button]}

    assert draw(linking("https://e.x")).one("a").attrs["rel"] == "noopener noreferrer"
    assert draw(linking("javascript:alert(1)")).all("a") == []


def test_a_confirmation_travels_with_its_button() -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": mrk(HOSTILE),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    button = {
        "type": "button",
        "action_id": "a",
        "text": plain("Erase"),
        "style": "danger",
        "confirm": confirm,
    }
    found = draw({"type": "actions", "block_id": "b", "elements": [button]}).one("button")
    assert '"title": "Sure?"' in (found.attrs["data-confirm"] or "")
    assert found.attrs["class"] == "button danger"


def test_input_has_label_hint_and_error() -> None:
    element = {"type": "plain_text_input", "action_id": "a", "initial_value": HOSTILE}
    surface = replace(SURFACE, errors={"b": "Shares must total 100 %."})
    page = draw(field(element, hint=plain("In per cent"), optional=True), surface=surface)
    found = page.one("input")
    label = page.one("label")
    assert label.text == "How much? (optional)"
    assert label.attrs["for"] == found.attrs["id"]
    assert found.attrs["value"] == HOSTILE
    assert found.attrs["aria-invalid"] == "true"
    error, hint = page.all("p")
    assert error.text == "Shares must total 100 %."
    assert found.attrs["aria-describedby"] == f"{error.attrs['id']} {hint.attrs['id']}"


def test_entered_values_win_over_initial_ones() -> None:
    element = {
        "type": "plain_text_input",
        "action_id": "a",
        "initial_value": "old",
        "multiline": True,
    }
    surface = replace(SURFACE, values={"b": {"a": {"type": "plain_text_input", "value": "new"}}})
    assert draw(field(element), surface=surface).one("textarea").text == "\nnew"
    emptied = replace(SURFACE, values={"b": {"a": {"type": "plain_text_input", "value": None}}})
    assert draw(field(element), surface=emptied).one("textarea").text == "\n"


@pytest.mark.parametrize(
    ("config", "sends"),
    [
        ({}, ""),
        ({"dispatch_action": True}, "enter"),
        ({"dispatch_action": True, "on": ["on_character_entered"]}, "typing"),
    ],
)
def test_inputs_tell_the_bot_only_when_asked(config: dict[str, Any], sends: str) -> None:
    element: dict[str, Any] = {"type": "number_input", "action_id": "a", "is_decimal_allowed": True}
    if "on" in config:
        element["dispatch_action_config"] = {"trigger_actions_on": config["on"]}
    block = field(element, dispatch_action=config.get("dispatch_action", False))
    assert draw(block).one("input").attrs["data-send"] == sends


@pytest.mark.parametrize(
    ("element", "kind", "value"),
    [
        ({"type": "datepicker", "initial_date": "2026-11-20"}, "date", "2026-11-20"),
        ({"type": "timepicker", "initial_time": "14:00"}, "time", "14:00"),
        (
            {"type": "datetimepicker", "initial_date_time": 1795435200},
            "datetime-local",
            "2026-11-23T13:00",
        ),
        ({"type": "email_text_input", "initial_value": "a@b.c"}, "email", "a@b.c"),
        ({"type": "url_text_input", "initial_value": "https://e.x"}, "url", "https://e.x"),
        (
            {"type": "number_input", "is_decimal_allowed": True, "initial_value": "7.5"},
            "text",
            "7.5",
        ),
    ],
)
def test_fields(element: dict[str, Any], kind: str, value: str) -> None:
    found = draw(field({"action_id": "a", **element})).one("input")
    assert (found.attrs["type"], found.attrs["value"]) == (kind, value)


def test_select_with_groups_and_choice() -> None:
    groups = [
        {"label": plain("One"), "options": [option("A", "a")]},
        {"label": plain("Two"), "options": [option("B", "b")]},
    ]
    element = {
        "type": "static_select",
        "action_id": "a",
        "placeholder": plain("Pick"),
        "option_groups": groups,
        "initial_option": option("B", "b"),
    }
    page = draw(field(element))
    assert [tag.text for tag in page.all("option")] == ["Pick", "A", "B"]
    assert [tag.attrs["value"] for tag in page.all("option") if "selected" in tag.attrs] == ["b"]
    assert [tag.attrs["label"] for tag in page.all("optgroup")] == ["One", "Two"]


def test_people_are_offered_by_name() -> None:
    one = draw(field({"type": "users_select", "action_id": "a", "initial_user": "U2"}))
    assert [t.attrs["value"] for t in one.all("option") if "selected" in t.attrs] == ["U2"]
    many = draw(field({"type": "multi_users_select", "action_id": "a", "initial_users": ["U1"]}))
    assert [(tag.text) for tag in many.all("label")] == ["How much?", "Ada Lang", "Bo"]
    assert [t.attrs["value"] for t in many.all("input") if "checked" in t.attrs] == ["U1"]
    assert many.one("div", role="group").attrs["aria-labelledby"]


def test_a_multi_select_in_a_message_folds_away() -> None:
    element = {
        "type": "multi_static_select",
        "action_id": "a",
        "placeholder": plain("Pick some"),
        "options": [option("A", "a")],
    }
    page = draw({"type": "actions", "block_id": "b", "elements": [element]})
    assert page.one("summary").text == "Pick some"


def test_checkboxes_and_radio_buttons_with_descriptions() -> None:
    options = [{**option("Quiet", "q"), "description": mrk("no _noise_")}, option("Loud", "l")]
    boxes = draw(
        field(
            {
                "type": "checkboxes",
                "action_id": "a",
                "options": options,
                "initial_options": [options[1]],
            }
        )
    )
    assert [tag.text for tag in boxes.all("label", class_="tick")] == ["Quietno noise", "Loud"]
    assert [t.attrs["value"] for t in boxes.all("input") if "checked" in t.attrs] == ["l"]
    radios = draw(field({"type": "radio_buttons", "action_id": "a", "options": options}))
    assert len({tag.attrs["name"] for tag in radios.all("input", type="radio")}) == 1
    assert radios.one("div", role="radiogroup")


def test_overflow_is_a_menu_of_buttons() -> None:
    element = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("Pause", "p"), option("Stop", "s")],
    }
    page = draw({"type": "section", "block_id": "b", "text": plain("x"), "accessory": element})
    assert page.one("summary").attrs["aria-label"] == "More actions"
    assert [(b.text, b.attrs["data-value"]) for b in page.all("button")] == [
        ("Pause", "p"),
        ("Stop", "s"),
    ]


def test_tables() -> None:
    rows = [
        [{"type": "raw_text", "text": "Area"}, {"type": "raw_text", "text": "%"}],
        [{"type": "raw_text", "text": HOSTILE}, {"type": "raw_number", "value": 38.0}],
    ]
    page = draw(
        {
            "type": "table",
            "rows": rows,
            "column_settings": [{"is_wrapped": True}, {"align": "right"}],
        },
        {"type": "data_table", "caption": "All", "rows": rows},
    )
    assert [tag.text for tag in page.all("td")] == [HOSTILE, "38"] * 2
    assert page.all("td")[1].attrs["class"] == "align-right"
    assert page.one("caption").text == "All"


def test_alert_and_unknown_things_are_named() -> None:
    page = draw(
        {"type": "alert", "level": "warning", "text": plain("Careful")},
        {"type": "hologram"},
        {"type": "actions", "elements": [{"type": "lever", "action_id": "a"}]},
    )
    assert page.one("div", class_="level-warning").text == "Careful"
    assert "Block of an unknown type: hologram" in page.text
    assert "Unknown element: lever" in page.text


def test_ids_are_html_safe_and_differ_by_place() -> None:
    one = SURFACE.element_id("a b", 'c"')
    assert one.isalnum()
    assert (
        len(
            {
                one,
                SURFACE.element_id("a", "b c"),
                replace(SURFACE, key="V2").element_id("a b", 'c"'),
            }
        )
        == 3
    )


@pytest.mark.parametrize(
    "part", ["text", "value", "placeholder", "block_id", "action_id", "alt_text"]
)
def test_hostile_words_anywhere_stay_words(part: str) -> None:
    def bad(name: str, good: str) -> str:
        return HOSTILE if name == part else good

    element = {
        "type": "static_select",
        "action_id": bad("action_id", "a"),
        "placeholder": plain(bad("placeholder", "p")),
        "options": [option(bad("text", "t"), bad("value", "v"))],
    }
    page = draw(
        {
            "type": "section",
            "block_id": bad("block_id", "b"),
            "text": mrk(bad("text", "t")),
            "accessory": element,
        },
        {"type": "image", "image_url": "http://localhost/x", "alt_text": bad("alt_text", "x")},
        {"type": "header", "text": plain(bad("text", "t"))},
    )
    assert page.all("script") == []
