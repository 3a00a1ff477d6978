"""The checklist: what each of the five steps asks for, by whom, and when it counts as done."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.content import ContentError, Entry, Line, Name, read_content

#: The five steps in order, as people read them.
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "assess": "Assess",
        "goals": "Define goals",
        "plan": "Build plan",
        "execute": "Execute",
        "iterate": "Iterate",
    }
)
#: In an item's dimensions: every one of them.
ALL_DIMENSIONS = "all"


class ChecklistError(ContentError):
    """A checklist that cannot be used; the message names file, line and field."""


def _from_row(value: Any) -> Any:
    if isinstance(value, list):
        return dict(zip(("id", "text", "done_when", "owner", "dimensions"), value, strict=False))
    return value


class PlaybookItem(Entry):
    """One item of the file: `owner` is a role, `dimensions` ids of the maturity model or `all`."""

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]
    text: Annotated[str, Field(min_length=1, max_length=150)]
    done_when: Line
    owner: Name
    dimensions: Annotated[tuple[str, ...], Field(min_length=1, max_length=12)]


_Row = Annotated[PlaybookItem, BeforeValidator(_from_row)]
_Rows = Annotated[tuple[_Row, ...], Field(min_length=1, max_length=40)]


class Checklist(Entry):
    assess: _Rows
    goals: _Rows
    plan: _Rows
    execute: _Rows
    iterate: _Rows

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [item.id for _, item in self.items()]
        double = next((i for i in ids if ids.count(i) > 1), None)
        if double:
            raise ValueError(f"the id {double} is used twice")
        return self

    def items(self) -> Iterator[tuple[str, PlaybookItem]]:
        """(step, item) in order."""
        for step in STEPS:
            for item in getattr(self, step):
                yield step, item

    def get(self, item_id: str) -> PlaybookItem | None:
        return next((item for _, item in self.items() if item.id == item_id), None)


def load_checklist(path: Path | None = None) -> Checklist:
    """The packaged checklist, or that of a file of the same form. Raises ChecklistError."""
    return read_content(Checklist, "checklist.yaml", path, ChecklistError)
