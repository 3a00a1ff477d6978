"""HTML from Python values: every text and attribute is escaped by construction."""

from markupsafe import Markup, escape

Child = str | int | Markup | None
Attribute = str | int | bool | None

_VOID = frozenset({"br", "hr", "img", "input"})


def tag(name: str, /, *children: Child, **attrs: Attribute) -> Markup:
    """One element; its name and the names of its attributes are literals of ours.

    `data_id="a"` becomes ` data-id="a"`; None and False are left out, True stands bare. Children
    are escaped unless they are Markup.
    """
    start = f"<{name}{_attributes(attrs)}>"
    # The one place where text is declared safe: each part of it was escaped just before.
    if name in _VOID:
        return Markup(start)  # noqa: S704
    return Markup(f"{start}{join(*children)}</{name}>")  # noqa: S704


def join(*children: Child) -> Markup:
    return Markup("").join(escape(child) for child in children if child is not None)


def _attributes(values: dict[str, Attribute]) -> str:
    parts = []
    for key, value in values.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts.append(f" {name}" if value is True else f' {name}="{escape(value)}"')
    return "".join(parts)
