"""Reads the playbook's data files; says, when one is wrong, which file, line and field."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from domain.faults import Place, faults_in

# libyaml's parser is about ten times faster; it is missing only where PyYAML was built bare.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(ValueError):
    """A data file is missing or wrong; the message names file, line, field and fault."""


class Entry(BaseModel):
    """Base of everything read from a data file: unknown fields are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


#: Codes of the playbook's list of sources, written as a list or as one text with commas.
Sources = Annotated[tuple[str, ...], BeforeValidator(_listed)]
#: One line of text for people: what fits a button's neighbour, a table's cell, a section.
Name = Annotated[str, Field(min_length=1, max_length=60)]
Line = Annotated[str, Field(min_length=1, max_length=300)]

#: So many faults of one file are told; more would bury those of the next.
MOST_TOLD = 10

Content = TypeVar("Content", bound=BaseModel)
Loaded = TypeVar("Loaded")


def read_content(
    model: type[Content],
    name: str,
    path: Path | None = None,
    error: type[ContentError] = ContentError,
) -> Content:
    """Read `path`, or the packaged data file `name` (once in a process), as `model`.

    Raises `error` with a line for each fault: `file:line: field: what is wrong`.
    """
    if path is None:
        return cast("Content", _packaged(model, name))
    return _read(model, path, error, own=True)


@cache
def _packaged(model: type[BaseModel], name: str) -> BaseModel:
    source = resources.files("domain").joinpath("data", name)
    return _read(model, source, ContentError, own=False)


def _read(
    model: type[Content], source: Path | Traversable, error: type[ContentError], *, own: bool
) -> Content:
    text = _text(source, error)
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, chosen above
        doubled = list(_doubled(yaml.compose(text, Loader=_Loader))) if own else []
    except (yaml.YAMLError, RecursionError) as fault:
        raise error(f"{source.name}{_mark(fault)}") from fault
    if raw is None:
        raise error(f"{source.name}:1: (whole file): is empty")
    if doubled:
        raise error("\n".join(f"{source.name}:{line}: {fault}" for line, fault in doubled))
    try:
        return model.model_validate(raw)
    except ValidationError as fault:
        raise error(_faults(source.name, text, fault)) from fault


class Gathered:
    """Loads several files and keeps what each of them complains about, for one error in the end."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def take(self, load: Callable[[Path | None], Loaded], own: Path | None) -> Loaded:
        """What `load` makes of `own`; where that is wrong, what is packaged stands in for it."""
        try:
            return load(own)
        except ContentError as fault:
            self.lines += str(fault).splitlines()
            return load(None)


def place_in(path: Path | None, name: str, field: Place) -> str:
    """`file:line: field`, for faults that show only when a file is held against another."""
    source: Path | Traversable = path or resources.files("domain").joinpath("data", name)
    return _place(source.name, source.read_text(encoding="utf-8-sig"), field)


def _text(source: Path | Traversable, error: type[ContentError]) -> str:
    try:
        # Windows' editors put a byte order mark at the head.
        return source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise error(f"{source.name}:{line}: is not UTF-8 text: save it as UTF-8") from fault
    except OSError as fault:
        raise error(f"{source.name}: cannot be read: {fault.strerror}") from fault


def _mark(fault: Exception) -> str:
    """`:line: what is wrong` of a text that does not parse."""
    at = getattr(fault, "problem_mark", None)
    words = getattr(fault, "problem", None) or str(fault)
    line = f":{at.line + 1}" if at else ""
    return f"{line}: is not YAML: {_one_line(words)}"


def _doubled(node: Any) -> Iterator[tuple[int, str]]:
    """Fields that stand twice in one mapping: YAML would drop the first without a word."""
    if isinstance(node, yaml.MappingNode):
        names = Counter(str(key.value) for key, _ in node.value)
        for key, value in node.value:
            if names[str(key.value)] > 1:
                names[str(key.value)] = 0
                yield key.start_mark.line + 1, f"{key.value}: stands here twice"
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _doubled(part)


def _faults(file: str, text: str, fault: ValidationError) -> str:
    found = faults_in(fault)
    lines = [f"{_place(file, text, field)}: {words}" for field, words in found[:MOST_TOLD]]
    more = [f"{file}: and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    return "\n".join([*lines, *more])


def _place(file: str, text: str, field: Place) -> str:
    words = ".".join(str(part) for part in field) or "(whole file)"
    return f"{file}:{_line_of(text, field)}: {words}"


def _line_of(text: str, field: Place) -> int:
    """The line, from 1, on which a field stands, or else the last thing above it that does."""
    node = yaml.compose(text, Loader=_Loader)
    line = 1
    for part in field:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == str(part)), None)
            if found is None:
                break
            key, node = found
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _one_line(text: str) -> str:
    return " ".join(text.split())
