"""Block Kit: every limit holds at its edge, and nothing unknown gets through."""

from typing import Any

import pytest

from sandbox.blockkit import Surface, validate_blocks, validate_message, validate_view
from tests.sandbox.conftest import actions, an_input, button, modal, plain, section

OPTION = {"text": plain("One"), "value": "1"}
TEXT_INPUT = {"type": "plain_text_input"}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": [OPTION], **more}


SOUND: list[tuple[Surface, dict[str, Any]]] = [
    ("message", section("x" * 3000)),
    ("message", {"type": "section", "fields": [plain("f" * 2000)] * 10}),
    ("message", {"type": "header", "text": plain("h" * 150), "level": 4}),
    ("message", {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 10}),
    ("message", actions(*[button(action_id=f"a{n}") for n in range(25)])),
    ("message", actions(button("b" * 75, value="v" * 2000, style="danger"))),
    ("message", actions(select(options=[OPTION] * 100))),
    ("message", actions({"type": "overflow", "options": [OPTION] * 5})),
    ("message", actions({"type": "datetimepicker", "initial_date_time": 1_800_000_000})),
    ("message", {"type": "divider", "block_id": "b" * 255}),
    ("message", {"type": "markdown", "text": "m" * 12_000}),
    ("message", {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}),
    ("message", section(accessory={"type": "checkboxes", "options": [OPTION] * 10})),
    ("message", section(accessory={"type": "multi_users_select"})),
    ("message", {"type": "card", "title": plain("t"), "actions": [button()]}),
    ("message", {"type": "container", "title": plain("t"), "child_blocks": [section()]}),
    ("message", {"type": "carousel", "elements": [{"type": "card", "body": plain("b")}]}),
    ("home", an_input(TEXT_INPUT)),
    ("home", actions(button())),
    ("modal", an_input(TEXT_INPUT)),
    ("modal", an_input({"type": "file_input", "max_files": 10})),
    ("modal", {"type": "alert", "text": plain("a" * 200), "level": "warning"}),
    ("modal", an_input({"type": "number_input", "is_decimal_allowed": False, "min_value": "0"})),
    (
        "message",
        {
            "type": "rich_text",
            "elements": [
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "text", "text": "t", "style": {"bold": True}}],
                }
            ],
        },
    ),
]

IMAGE = {"type": "image", "image_url": "https://x.test/a.png", "alt_text": "a"}
UNSOUND: list[tuple[str, dict[str, Any]]] = [
    ("/text/text too_long", section("x" * 3001)),
    ("/text/text too_short", section("")),
    (" missing_field", {"type": "section"}),
    ("/fields too_many_items", {"type": "section", "fields": [plain("f")] * 11}),
    ("/fields/0/text too_long", {"type": "section", "fields": [plain("f" * 2001)]}),
    ("/padding unknown_field", section(padding=3)),
    ("/accessory wrong_type", section(accessory=None)),
    ("/text/text too_long", {"type": "header", "text": plain("h" * 151)}),
    ("/text/type unsupported_type", {"type": "header", "text": {"type": "mrkdwn", "text": "h"}}),
    ("/level out_of_range", {"type": "header", "text": plain("h"), "level": 5}),
    ("/elements too_many_items", {"type": "context", "elements": [plain("c")] * 11}),
    ("/elements too_many_items", actions(*[button(action_id=f"a{n}") for n in range(26)])),
    ("/elements/1/action_id not_unique", actions(button(), button())),
    ("/block_id too_long", {"type": "divider", "block_id": "b" * 256}),
    (" missing_field", {key: IMAGE[key] for key in ("type", "alt_text")}),
    (" missing_field", {key: IMAGE[key] for key in ("type", "image_url")}),
    ("/type unsupported_type", {"type": "sectoin"}),
    ("/type unsupported_type", {"type": "alert", "text": plain("a")}),
]


def found(block: dict[str, Any], surface: Surface = "message") -> list[str]:
    problems = validate_blocks([section(), block], surface)
    return [f"{p.pointer.removeprefix('/blocks/1')} {p.code}" for p in problems]


@pytest.mark.parametrize(("surface", "block"), SOUND)
def test_what_slack_takes_is_taken(surface: Surface, block: dict[str, Any]) -> None:
    assert found(block, surface) == []


@pytest.mark.parametrize(("problem", "block"), UNSOUND)
def test_what_slack_refuses_is_refused(problem: str, block: dict[str, Any]) -> None:
    assert found(block) == [problem]


def test_surfaces_show_different_blocks() -> None:
    assert found({"type": "markdown", "text": "m"}, "home") == ["/type unsupported_type"]
    assert found({"type": "markdown", "text": "m"}) == []


@pytest.mark.parametrize(("surface", "most"), [("message", 50), ("modal", 100), ("home", 100)])
def test_number_of_blocks(surface: Surface, most: int) -> None:
    assert validate_blocks([section()] * most, surface) == []
    (problem,) = validate_blocks([section()] * (most + 1), surface)
    assert problem.as_slack_words() == (
        f"[ERROR] no more than {most} items allowed [json-pointer:/blocks]"
    )


def test_block_ids_are_unique() -> None:
    problems = validate_blocks([section(block_id="same"), section(block_id="same")])
    assert [problem.pointer for problem in problems] == ["/blocks/1/block_id"]


@pytest.mark.parametrize("blocks", ["text", {}, [None], ["text"], [{}], [{"type": ["list"]}]])
def test_nonsense_is_refused_not_a_crash(blocks: Any) -> None:
    assert validate_blocks(blocks)


def test_markdown_counts_over_all_blocks() -> None:
    block = {"type": "markdown", "text": "m" * 6_001}
    problems = validate_blocks([block, block])
    assert [problem.pointer for problem in problems] == ["/blocks/1/text"]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": plain("t" * 25)}, "/view/title/text"),
        ({"submit": plain("t" * 25)}, "/view/submit/text"),
        ({"close": plain("t" * 25)}, "/view/close/text"),
        ({"private_metadata": "m" * 3001}, "/view/private_metadata"),
        ({"callback_id": "c" * 256}, "/view/callback_id"),
        ({"external_id": "c" * 256}, "/view/external_id"),
        ({"colour": "red"}, "/view/colour"),
        ({"blocks": [section("x" * 3001)]}, "/view/blocks/0/text/text"),
    ],
)
def test_views_have_limits_too(change: dict[str, Any], pointer: str) -> None:
    view = modal(an_input(TEXT_INPUT), private_metadata="m" * 3000)
    assert validate_view(view) == []
    assert [problem.pointer for problem in validate_view(view | change)] == [pointer]


def test_a_form_with_inputs_needs_a_submit_button() -> None:
    view = modal(an_input(TEXT_INPUT))
    del view["submit"]
    (problem,) = validate_view(view)
    assert (problem.pointer, problem.message) == ("/view", "missing required field: submit")
    assert validate_view({"type": "home", "blocks": [an_input(TEXT_INPUT)]}) == []


def test_a_home_tab_has_no_title() -> None:
    problems = validate_view({"type": "home", "title": plain("t"), "blocks": []})
    assert [problem.pointer for problem in problems] == ["/view/title"]


def test_a_view_has_a_size() -> None:
    options = [{"text": plain("o" * 75), "value": f"{n:075d}"} for n in range(100)]
    blocks = [section(accessory=select(options=options)) for _ in range(15)]
    assert [problem.code for problem in validate_view(modal(*blocks))] == ["view_too_large"]


def test_a_message_should_have_words_for_screen_readers() -> None:
    (problem,) = validate_message({"blocks": [section()]})
    assert (problem.code, problem.severity) == ("missing_text", "warning")
    assert validate_message({"text": "words", "blocks": [section()]}) == []
    assert [p.code for p in validate_message({"text": "x" * 4_001})] == ["long_text"]
