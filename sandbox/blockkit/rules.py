"""Small rules from which the shapes of Block Kit are put together."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from sandbox.problems import Problem

Surface = Literal["message", "modal", "home"]


class Findings:
    """Collects problems while a payload is walked, and counts what is limited per payload."""

    def __init__(self, surface: Surface) -> None:
        self.surface: Surface = surface
        self.problems: list[Problem] = []
        self.totals: Counter[str] = Counter()

    def add(self, pointer: str, code: str, message: str, **constraint: Any) -> None:
        """Notes one problem."""
        self.problems.append(Problem(pointer, code, message, constraint=constraint))


Check: TypeAlias = Callable[[Any, str, Findings], None]
"""Looks at a value found at a JSON pointer and notes what is wrong with it."""


def string(most: int, least: int = 1) -> Check:
    """Text of `least` to `most` characters."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add(at, "wrong_type", "must be a string")
        elif len(value) > most:
            message = f"must be less than {most + 1} characters"
            found.add(at, "too_long", message, max_length=most)
        elif len(value) < least:
            message = f"must be more than {least - 1} characters"
            found.add(at, "too_short", message, min_length=least)

    return check


def one_of(*allowed: str) -> Check:
    """One of these words."""

    def check(value: Any, at: str, found: Findings) -> None:
        if value not in allowed:
            message = f"must be one of: {', '.join(allowed)}"
            found.add(at, "invalid_choice", message, expected=list(allowed))

    return check


def whole(least: int, most: int) -> Check:
    """A whole number between two bounds, both included."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.add(at, "wrong_type", "must be an integer")
        elif not least <= value <= most:
            found.add(
                at, "out_of_range", f"must be between {least} and {most}", min=least, max=most
            )

    return check


def boolean(value: Any, at: str, found: Findings) -> None:
    """True or false."""
    if not isinstance(value, bool):
        found.add(at, "wrong_type", "must be a boolean")


def number(value: Any, at: str, found: Findings) -> None:
    """Any finite number."""
    finite = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    if not finite:
        found.add(at, "wrong_type", "must be a number")


def anything(value: Any, at: str, found: Findings) -> None:
    """No demands; for parts that this emulator leaves to Slack."""


def url(most: int = 3000) -> Check:
    """An http(s) or mailto address."""
    length = string(most)

    def check(value: Any, at: str, found: Findings) -> None:
        length(value, at, found)
        if isinstance(value, str) and not _is_url(value):
            found.add(at, "invalid_url", "must be a valid URL")

    return check


def _is_url(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme in ("mailto", "slack"):
        return bool(parts.path or parts.netloc)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value


def each(item: Check, most: int, least: int = 1) -> Check:
    """A list of `least` to `most` items that all pass `item`."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add(at, "wrong_type", "must be an array")
            return
        if len(value) > most:
            found.add(at, "too_many_items", f"no more than {most} items allowed", max_items=most)
        if len(value) < least:
            found.add(at, "too_few_items", f"must have at least {least} items", min_items=least)
        for index, entry in enumerate(value):
            item(entry, f"{at}/{index}", found)

    return check


def shape(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    also: Check = anything,
) -> Check:
    """An object with exactly these properties (`type` apart), then looked at as a whole."""
    known = {"type": anything, **(optional or {}), **required}

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "wrong_type", "must be an object")
            return
        for name in required:
            if name not in value:
                found.add(at, "missing_field", f"missing required field: {name}", field=name)
        before = len(found.problems)
        for name, item in value.items():
            rule = known.get(name)
            if rule is None:
                found.add(f"{at}/{name}", "unknown_field", f"invalid additional property: {name}")
            else:
                rule(item, f"{at}/{name}", found)
        # What looks at the whole may rely on its parts being sound.
        if len(found.problems) == before and all(name in value for name in required):
            also(value, at, found)

    return check


def by_type(table: Mapping[str, Check]) -> Check:
    """An object whose `type` picks its rule; any other type is refused."""

    def check(value: Any, at: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add(at, "wrong_type", "must be an object")
            return
        kind = value.get("type")
        rule = table.get(kind) if isinstance(kind, str) else None
        if kind is None:
            found.add(at, "missing_field", "missing required field: type", field="type")
        elif rule is None:
            message = f"unsupported type: {kind}"
            found.add(f"{at}/type", "unsupported_type", message, expected=sorted(table), got=kind)
        else:
            rule(value, at, found)

    return check


def all_of(*checks: Check) -> Check:
    """Every one of these rules."""

    def check(value: Any, at: str, found: Findings) -> None:
        for rule in checks:
            rule(value, at, found)

    return check
