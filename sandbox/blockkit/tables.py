"""Tables: the plain one and the paged, sortable one."""

from typing import Any

from sandbox.blockkit.objects import IDENTIFIER
from sandbox.blockkit.rich import ELEMENTS
from sandbox.blockkit.rules import (
    Check,
    Findings,
    boolean,
    by_type,
    each,
    number,
    one_of,
    shape,
    string,
    whole,
)

MOST_TABLE_TEXT = 10_000
MOST_DATA_TABLE_TEXT = 20_000

_RAW_TEXT = shape({"text": string(3000)})
_RAW_NUMBER = shape({"value": number}, {"text": string(3000)})
_RICH = shape({"elements": ELEMENTS}, {"block_id": IDENTIFIER})
_CELL = by_type({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": _RICH})
_COLUMN = shape({}, {"is_wrapped": boolean, "align": one_of("left", "center", "right")})


def _optional_column(value: Any, at: str, found: Findings) -> None:
    # A null keeps the place of a column without settings.
    if value is not None:
        _COLUMN(value, at, found)


def _count_text(cell: Any) -> int:
    if isinstance(cell, dict):
        own = cell.get("text", cell.get("value", ""))
        return len(str(own)) + sum(_count_text(part) for part in cell.get("elements", ()))
    return 0


def _measure(kind: str, most: int, value: Any, at: str, found: Findings) -> None:
    """Adds this table's text to that of the whole message, which is what Slack limits."""
    found.totals[kind] += sum(_count_text(cell) for row in value["rows"] for cell in row)
    if found.totals[kind] > most:
        message = f"tables of one message must have no more than {most} characters"
        found.add(f"{at}/rows", "too_long", message, max_length=most)


def _table(value: Any, at: str, found: Findings) -> None:
    _measure("table_text", MOST_TABLE_TEXT, value, at, found)


def _data_table(value: Any, at: str, found: Findings) -> None:
    _measure("data_table_text", MOST_DATA_TABLE_TEXT, value, at, found)
    width = len(value["rows"][0])
    for index, row in enumerate(value["rows"]):
        if len(row) != width:
            found.add(f"{at}/rows/{index}", "uneven_rows", "rows must have equal numbers of cells")
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            pointer = f"{at}/rows/0/{index}/type"
            found.add(pointer, "unsupported_type", "unsupported type: rich_text")


TABLE_REQUIRED: dict[str, Check] = {"rows": each(each(_CELL, 20), 100)}
TABLE_OPTIONAL: dict[str, Check] = {"column_settings": each(_optional_column, 20)}
DATA_TABLE_REQUIRED: dict[str, Check] = {
    "caption": string(3000),
    "rows": each(each(_CELL, 20), 201, least=2),
}
DATA_TABLE_OPTIONAL: dict[str, Check] = {
    "page_size": whole(1, 100),
    "row_header_column_index": whole(0, 19),
}
TABLE_WHOLE: Check = _table
DATA_TABLE_WHOLE: Check = _data_table
