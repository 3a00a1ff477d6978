"""What the tests of views share: hostile text, catalogues of any size, Slack's own rules."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from domain.categories import GROUPS, Catalog, Category
from handlers.views.blocks import Message
from sandbox.blockkit import validate_message, validate_view

NASTY = [
    "",
    "   ",
    "<!channel> <!here> <@U0EVIL> <#C0EVIL> <https://evil.example|click>",
    "&" * 60,
    "```<>&```" * 6,
    "\u202egnp.exe\u202c \u200f\u0000\u0007\n\nsecond line",
    "𝕏" * 60,
    "👩‍👩‍👧‍👦" * 9,
    "é" * 60,
    "製品運用チーム" * 9,
    "فريق عمليات المنتج الرقمي في المكتب الإقليمي",
    "A" * 3000,
    "&amp;" * 900,
]

hostile = st.one_of(st.sampled_from(NASTY), st.text(max_size=80))


def catalog_of(size: int, text: str = "Reports <&> status") -> Catalog:
    """A catalogue of `size` categories whose names and definitions are this text."""
    return Catalog(
        tuple(
            Category(f"category-{n}", GROUPS[n % len(GROUPS)], text or "x", text * 3)
            for n in range(size)
        )
    )


def assert_sound(message: Message) -> None:
    """Slack takes the message as it is, also without charts, and nothing in it can notify."""
    for blocks in (message["blocks"], message.get("fallback_blocks", message["blocks"])):
        assert validate_message({"text": message["text"], "blocks": blocks}) == []
        assert_tame({"text": message["text"], "blocks": blocks})


def assert_sound_view(view: Mapping[str, Any]) -> None:
    assert validate_view(view) == []
    assert_tame(view)


def assert_tame(payload: Mapping[str, Any]) -> None:
    """No mention, link or broadcast out of people's text reaches a place where Slack parses it."""
    parsed = [t["text"] for t in texts(payload) if t.get("type") == "mrkdwn"]
    for text in [*parsed, str(payload.get("text", ""))]:
        assert "<!" not in text
        assert "EVIL>" not in text
        assert "<https://evil" not in text
        assert "\u202e" not in text


def texts(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every text object below a payload."""
    if isinstance(node, Mapping):
        if node.get("type") in ("mrkdwn", "plain_text") and isinstance(node.get("text"), str):
            yield node
        for child in node.values():
            yield from texts(child)
    elif isinstance(node, list):
        for child in node:
            yield from texts(child)


def elements(node: Any) -> Iterator[Mapping[str, Any]]:
    """Every interactive element below a payload."""
    if isinstance(node, Mapping):
        if "action_id" in node:
            yield node
        for child in node.values():
            yield from elements(child)
    elif isinstance(node, list):
        for child in node:
            yield from elements(child)


def buttons(payload: Any) -> dict[str, Mapping[str, Any]]:
    """Buttons by their label."""
    return {e["text"]["text"]: e for e in elements(payload) if e["type"] == "button"}


def fields(view: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Input blocks of a view by their label."""
    return {b["label"]["text"]: b for b in view["blocks"] if b["type"] == "input"}


def shown(payload: Mapping[str, Any]) -> str:
    """All text that a reader of the blocks sees."""
    return "\n".join(str(t["text"]) for t in texts(payload.get("blocks")))


def as_submitted(view: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """`state.values` of a form sent off untouched."""
    state: dict[str, dict[str, dict[str, Any]]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state[block["block_id"]] = {element["action_id"]: _state_of(element)}
    return state


def _state_of(element: Mapping[str, Any]) -> dict[str, Any]:
    kind = element["type"]
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": element.get("initial_users", [])}
    if kind == "users_select":
        return {"type": kind, "selected_user": element.get("initial_user")}
    if kind == "datepicker":
        return {"type": kind, "selected_date": element.get("initial_date")}
    if kind == "timepicker":
        return {"type": kind, "selected_time": element.get("initial_time")}
    return {"type": kind, "value": element.get("initial_value")}
