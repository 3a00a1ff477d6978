"""HTML from Python values: every text and attribute is escaped by construction."""

from markupsafe import Markup, escape

Child = str | int | Markup | None
Attribute = str | int | bool | None

_VOID = frozenset({"br", "hr", "img", "input"})


def attributes(values: dict[str, Attribute]) -> Markup:
    """`{"data_id": "a"}` becomes ` data-id="a"`; None and False are left out, True stands bare."""
    parts = [Markup()]
    for key, value in values.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts.append(
            Markup(" {}").format(name)
            if value is True
            else Markup(' {}="{}"').format(name, str(value))
        )
    return Markup("").join(parts)


def tag(name: str, /, *children: Child, **attrs: Attribute) -> Markup:
    """One element; `name` is a literal of ours, children are escaped unless they are Markup."""
    start = Markup("<{}{}>").format(name, attributes(attrs))
    if name in _VOID:
        return start
    return start + join(*children) + Markup("</{}>").format(name)


def join(*children: Child) -> Markup:
    return Markup("").join(escape(child) for child in children if child is not None)
