"""Reads the playbook's data files and says, when one is wrong, which file and which field."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

# libyaml's parser is about ten times faster; it is missing only where PyYAML was built bare.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ContentError(ValueError):
    """A data file is missing or wrong; the message names file, field and fault."""


class Entry(BaseModel):
    """Base of everything read from a data file: unknown fields are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


Content = TypeVar("Content", bound=BaseModel)


def read_content(
    model: type[Content],
    name: str,
    path: Path | None = None,
    error: type[ContentError] = ContentError,
) -> Content:
    """Read `path`, or the packaged data file `name`, as `model`.

    Raises `error` naming the file and every wrong field.
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
        raise error(_faults(source.name, fault)) from fault


def _faults(file: str, fault: ValidationError) -> str:
    lines = []
    for item in fault.errors(include_url=False, include_context=False):
        field = ".".join(str(part) for part in item["loc"]) or "(whole file)"
        lines.append(f"{file}: {field}: {item['msg']}")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
