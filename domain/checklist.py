"""The checklist: what each of the five steps asks for, and what a team has done of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, model_validator

from domain.content import ContentError, Entry, Line, Name, read_content
from domain.faults import faulty, twice

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
        fields = ("id", "text", "done_when", "owner", "dimensions")
        if len(value) > len(fields):
            raise ValueError(f"takes {len(fields)} parts: {', '.join(fields)}; put texts in quotes")
        return dict(zip(fields, value, strict=False))
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
        ids = [
            ((step, row, "id"), item.id)
            for step in STEPS
            for row, item in enumerate(getattr(self, step))
        ]
        if faults := list(twice(ids)):
            raise faulty(*faults)
        return self

    def items(self) -> Iterable[tuple[str, PlaybookItem]]:
        """(step, item) in order."""
        return self._by_id.values()

    def get(self, item_id: str) -> PlaybookItem | None:
        return self.place(item_id)[1]

    def place(self, item_id: str) -> tuple[str, PlaybookItem] | tuple[None, None]:
        """An item with its step."""
        return self._by_id.get(item_id, (None, None))

    @cached_property
    def _by_id(self) -> dict[str, tuple[str, PlaybookItem]]:
        return {item.id: (step, item) for step in STEPS for item in getattr(self, step)}


def load_checklist(path: Path | None = None) -> Checklist:
    """The packaged checklist, or that of a file of the same form. Raises ChecklistError."""
    return read_content(Checklist, "checklist.yaml", path, ChecklistError)


#: open: nobody began; done and dropped are over, and can be reopened.
State = Literal["open", "started", "blocked", "done", "dropped"]
UNFINISHED: tuple[State, ...] = ("open", "started", "blocked")


class TeamItem(NamedTuple):
    """An item of a team's list: what the playbook says, and what the team did with it.

    `ref` is E2 for an item of the playbook, milestone:tools:2 or insight:R07:2026-W40 for what
    was added from there, None for an item of the team's own. `item_id` is None while nobody has
    touched it. `dimensions` may hold `all`, and ids that a company's model does not have.
    """

    ref: str | None
    item_id: str | None
    team_id: str
    step: str
    text: str
    done_when: str = ""
    owner_role: str = ""
    dimensions: tuple[str, ...] = ()
    state: State = "open"
    owner: str | None = None
    due_on: date | None = None
    reason: str = ""
    evidence: str = ""
    link: str = ""
    created_by: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    state_since: datetime | None = None
    confirmed_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None

    @property
    def key(self) -> str:
        """What buttons carry: the id, or the playbook's own while there is none."""
        return self.item_id or self.ref or ""

    @property
    def label(self) -> str:
        """`E2` for items of the playbook, else a word that says where it comes from."""
        if self.ref is None:
            return "Own"
        kind, _, _ = self.ref.partition(":")
        return {"milestone": "Milestone", "insight": "Insight"}.get(kind, kind)

    @property
    def is_over(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def worked_on_since(self) -> datetime | None:
        """Since when somebody is at it; None while it is open or over."""
        if self.state not in ("started", "blocked"):
            return None
        return self.started_at or self.state_since

    def concerns(self, dimension_id: str) -> bool:
        return dimension_id in self.dimensions or ALL_DIMENSIONS in self.dimensions

    def is_overdue(self, today: date) -> bool:
        return not self.is_over and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class NewItem:
    """What is to be put on a team's list."""

    ref: str | None
    step: str
    text: str
    done_when: str = ""
    owner_role: str = ""
    dimensions: tuple[str, ...] = ()
    owner: str | None = None
    due_on: date | None = None
    link: str = ""


@dataclass(frozen=True)
class StepProgress:
    """How far a step is; dropped items do not count in `total`.

    `idle_days`: since anything in it changed, while something in it is left to do; None for a
    step that nobody has begun, that is complete, or where `now` was not given.
    """

    step: str
    done: int
    total: int
    idle_days: int | None = None

    @property
    def name(self) -> str:
        return STEPS[self.step]

    @property
    def is_complete(self) -> bool:
        return self.done == self.total


def progress(items: Sequence[TeamItem], now: datetime | None = None) -> tuple[StepProgress, ...]:
    """Each of the five steps, in order."""
    return tuple(_progress(step, [i for i in items if i.step == step], now) for step in STEPS)


def _progress(step: str, items: Sequence[TeamItem], now: datetime | None) -> StepProgress:
    counted = [item for item in items if item.state != "dropped"]
    done = sum(item.state == "done" for item in counted)
    moved = [
        at
        for item in items
        for at in (item.created_at, item.state_since, item.started_at, item.confirmed_at)
        if at
    ]
    idle = (now - max(moved)).days if now and moved and done < len(counted) else None
    return StepProgress(step, done, len(counted), idle)
