"""Elements of Block Kit: what each takes, and the blocks and surfaces that take it."""

from typing import Any

import pytest

from sandbox.blockkit import validate_blocks
from tests.sandbox.conftest import actions, an_input, button, plain

OPTION = {"text": plain("One"), "value": "1"}
OTHER = {"text": plain("Two"), "value": "2"}
LONG_TEXT = {"text": plain("o" * 76), "value": "1"}
LONG_VALUE = {"text": plain("o"), "value": "1" * 76}
TEXT = {"type": "plain_text_input"}
NUMBER = {"type": "number_input", "is_decimal_allowed": True}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": [OPTION], **more}


IN_ACTIONS: list[tuple[str, dict[str, Any]]] = [
    ("/text/text too_long", button("b" * 76)),
    ("/text/type unsupported_type", {**button(), "text": {"type": "mrkdwn", "text": "b"}}),
    ("/value too_long", button(value="v" * 2001)),
    ("/style invalid_choice", button(style="default")),
    ("/url invalid_url", button(url="not a url")),
    ("/colour unknown_field", button(colour="red")),
    (
        "/confirm missing_field",
        button(confirm={"title": plain("?"), "text": plain("t"), "deny": plain("n")}),
    ),
    ("/type unsupported_type", {"type": "slider"}),
    ("/type unsupported_type", {"type": "multi_users_select"}),
    ("/type unsupported_type", TEXT),
    ("/options too_many_items", select(options=[OPTION] * 101)),
    ("/options/0/text/text too_long", select(options=[LONG_TEXT])),
    ("/options/0/value too_long", select(options=[LONG_VALUE])),
    (" missing_field", {"type": "static_select"}),
    (" missing_field", select(option_groups=[{"label": plain("g"), "options": [OPTION]}])),
    ("/initial_option not_an_option", select(initial_option=OTHER)),
    ("/options too_many_items", {"type": "overflow", "options": [OPTION] * 6}),
    ("/options too_many_items", {"type": "radio_buttons", "options": [OPTION] * 11}),
]
IN_INPUTS: list[tuple[str, dict[str, Any]]] = [
    ("/type unsupported_type", button()),
    ("/placeholder/text too_long", {**TEXT, "placeholder": plain("p" * 151)}),
    ("/initial_value too_long", {**TEXT, "initial_value": "x" * 3001}),
    ("/min_length out_of_range", {**TEXT, "min_length": 9, "max_length": 8}),
    (" missing_field", {"type": "number_input"}),
    ("/min_value wrong_type", {**NUMBER, "min_value": 0}),
    ("/min_value out_of_range", {**NUMBER, "min_value": "2", "max_value": "1"}),
    ("/initial_value out_of_range", {**NUMBER, "max_value": "10", "initial_value": "11"}),
    ("/initial_value invalid_number", {**NUMBER, "initial_value": "ten"}),
    (
        "/initial_value invalid_number",
        {**NUMBER, "is_decimal_allowed": False, "initial_value": "1.5"},
    ),
    ("/initial_date invalid_format", {"type": "datepicker", "initial_date": "2026-02-30"}),
    ("/initial_time invalid_format", {"type": "timepicker", "initial_time": "9:30"}),
    ("/timezone invalid_choice", {"type": "timepicker", "timezone": "Mars/Olympus"}),
    (
        "/filter/include/0 invalid_choice",
        {
            "type": "conversations_select",
            "filter": {"include": ["channels"]},
        },
    ),
]


@pytest.mark.parametrize(("problem", "element"), IN_ACTIONS)
def test_elements_of_actions(problem: str, element: dict[str, Any]) -> None:
    problems = validate_blocks([actions(element)])
    assert [f"{p.pointer} {p.code}" for p in problems] == [f"/blocks/0/elements/0{problem}"]


@pytest.mark.parametrize(("problem", "element"), IN_INPUTS)
def test_elements_of_inputs(problem: str, element: dict[str, Any]) -> None:
    problems = validate_blocks([an_input(element)], "modal")
    assert [f"{p.pointer} {p.code}" for p in problems] == [f"/blocks/0/element{problem}"]


def test_labels_of_inputs() -> None:
    (problem,) = validate_blocks([an_input(TEXT, label="l" * 2001)], "modal")
    assert problem.pointer == "/blocks/0/label/text"
    assert problem.constraint == {"max_length": 2000}


def test_files_are_for_modals() -> None:
    block = an_input({"type": "file_input", "max_files": 10})
    assert validate_blocks([block], "modal") == []
    (problem,) = validate_blocks([block], "home")
    assert problem.message == "unsupported type: file_input"
