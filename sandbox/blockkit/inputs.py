"""Elements to type into; only input blocks may hold them."""

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.blockkit.objects import DISPATCH_CONFIG, IDENTIFIER, PLACEHOLDER
from sandbox.blockkit.rules import (
    Check,
    Findings,
    anything,
    boolean,
    each,
    shape,
    string,
    url,
    whole,
)

_COMMON: dict[str, Check] = {
    "action_id": IDENTIFIER,
    "placeholder": PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": DISPATCH_CONFIG,
}


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(value)
    except (InvalidOperation, TypeError, ValueError):
        return None
    return number if number.is_finite() else None


def _number_text(value: Any, at: str, found: Findings) -> None:
    if not isinstance(value, str):
        found.add(at, "wrong_type", "must be a string")
    elif _decimal(value) is None:
        found.add(at, "invalid_number", "must be a number in a string")


def _number_bounds(value: Any, at: str, found: Findings) -> None:
    least, most, start = (
        _decimal(value[name]) if name in value else None
        for name in ("min_value", "max_value", "initial_value")
    )
    if least is not None and most is not None and least > most:
        found.add(f"{at}/min_value", "out_of_range", "must be no more than max_value")
    if start is None:
        return
    if (least is not None and start < least) or (most is not None and start > most):
        found.add(f"{at}/initial_value", "out_of_range", "must be between min_value and max_value")
    if not value["is_decimal_allowed"] and start != start.to_integral_value():
        found.add(f"{at}/initial_value", "invalid_number", "must be a whole number")


def _length_bounds(value: Any, at: str, found: Findings) -> None:
    least, most = value.get("min_length", 0), value.get("max_length", 3000)
    if least > most:
        found.add(f"{at}/min_length", "out_of_range", "must be no more than max_length")
    if len(value.get("initial_value", "")) > most:
        found.add(f"{at}/initial_value", "too_long", f"must be less than {most + 1} characters")


TYPED_INPUTS: dict[str, Check] = {
    "plain_text_input": shape(
        {},
        {
            **_COMMON,
            "initial_value": string(3000, least=0),
            "multiline": boolean,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        also=_length_bounds,
    ),
    "number_input": shape(
        {"is_decimal_allowed": boolean},
        {
            **_COMMON,
            "initial_value": _number_text,
            "min_value": _number_text,
            "max_value": _number_text,
        },
        also=_number_bounds,
    ),
    "email_text_input": shape({}, {**_COMMON, "initial_value": string(3000)}),
    "url_text_input": shape({}, {**_COMMON, "initial_value": url(3000)}),
    "rich_text_input": shape(
        {},
        {
            **_COMMON,
            "initial_value": anything,
            "min_lines": whole(1, 100),
            "max_lines": whole(1, 100),
        },
    ),
}
FILE_INPUT = shape(
    {},
    {
        "action_id": IDENTIFIER,
        "filetypes": each(string(20), 100),
        "max_files": whole(1, 10),
    },
)
