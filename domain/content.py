"""Reads the playbook's data files; says, when one is wrong, which file, line and field."""

from collections.abc import Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

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

Content = TypeVar("Content", bound=BaseModel)


def read_content(
    model: type[Content],
    name: str,
    path: Path | None = None,
    error: type[ContentError] = ContentError,
) -> Content:
    """Read `path`, or the packaged data file `name`, as `model`.

    Raises `error` with a line for each fault: `file:line: field: what is wrong`.
    """
    source: Path | Traversable = path or resources.files("domain").joinpath("data", name)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise error(f"{source}: cannot be read: {fault}") from fault
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader, chosen above
    except yaml.YAMLError as fault:
        raise error(f"{source.name}: is not YAML: {_one_line(str(fault))}") from fault
    try:
        return model.model_validate(raw)
    except ValidationError as fault:
        raise error(_faults(source.name, text, fault)) from fault


def place_in(path: Path | None, name: str, field: Sequence[str | int]) -> str:
    """`file:line: field`, for faults that show only when a file is held against another."""
    source: Path | Traversable = path or resources.files("domain").joinpath("data", name)
    return _place(source.name, source.read_text(encoding="utf-8"), field)


def _faults(file: str, text: str, fault: ValidationError) -> str:
    return "\n".join(
        f"{_place(file, text, item['loc'])}: {item['msg'].removeprefix('Value error, ')}"
        for item in fault.errors(include_url=False, include_context=False)
    )


def _place(file: str, text: str, field: Sequence[str | int]) -> str:
    words = ".".join(str(part) for part in field) or "(whole file)"
    return f"{file}:{_line_of(text, field)}: {words}"


def _line_of(text: str, field: Sequence[str | int]) -> int:
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
