"""Block Kit as Slack checks it: pure functions from a payload to what Slack would object to."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.blockkit.blocks import blocks_on
from sandbox.blockkit.objects import plain
from sandbox.blockkit.rules import Check, Findings, Surface, boolean, by_type, each, shape, string
from sandbox.problems import Problem

__all__ = ["Problem", "Surface", "validate_blocks", "validate_message", "validate_view"]

MOST_BLOCKS: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MOST_VIEW_BYTES = 250_000
MOST_TEXT = 40_000
GOOD_TEXT = 4_000

_COMMON: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}


def _any_blocks(value: Any, at: str, found: Findings) -> None:
    _walk(value, at, found)


_VIEW_SHAPES: dict[str, Check] = {
    "modal": shape(
        {"title": plain(24), "blocks": _any_blocks},
        {
            **_COMMON,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
    ),
    "home": shape({"blocks": _any_blocks}, _COMMON),
}


def validate_blocks(blocks: Any, surface: Surface = "message") -> list[Problem]:
    """What Slack objects to in these blocks; pointers start with `/blocks`."""
    found = Findings(surface)
    _walk(blocks, "/blocks", found)
    return found.problems


def validate_view(view: Any) -> list[Problem]:
    """What Slack objects to in a modal or Home tab; pointers start with `/view`."""
    if not isinstance(view, dict) or view.get("type") not in _VIEW_SHAPES:
        return [Problem("/view/type", "unsupported_type", "view must be of type modal or home")]
    surface: Surface = "modal" if view["type"] == "modal" else "home"
    found = Findings(surface)
    by_type(_VIEW_SHAPES)(view, "/view", found)
    blocks = view.get("blocks")
    inputs = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if surface == "modal" and inputs and "submit" not in view:
        found.add("/view", "missing_field", "missing required field: submit", field="submit")
    if len(json.dumps(view, ensure_ascii=False).encode()) > MOST_VIEW_BYTES:
        found.add("/view", "view_too_large", f"must be less than {MOST_VIEW_BYTES} bytes")
    return found.problems


def validate_message(args: Mapping[str, Any]) -> list[Problem]:
    """What Slack objects to in the arguments of chat.postMessage, and what people would miss."""
    problems: list[Problem] = []
    text, blocks = args.get("text"), args.get("blocks")
    if blocks:
        problems += validate_blocks(blocks, "message")
    if text is not None and not isinstance(text, str):
        problems.append(Problem("/text", "wrong_type", "must be a string"))
    elif not text and (blocks or args.get("attachments")):
        message = "top-level text is missing: notifications and screen readers say nothing"
        problems.append(Problem("/text", "missing_text", message, "warning"))
    elif text and len(text) > GOOD_TEXT:
        message = f"text is best kept below {GOOD_TEXT} characters and cut at {MOST_TEXT}"
        problems.append(Problem("/text", "long_text", message, "warning"))
    return problems


def _walk(blocks: Any, at: str, found: Findings) -> None:
    # An empty list is allowed: that is how an update removes blocks.
    each(by_type(blocks_on(found.surface)), MOST_BLOCKS[found.surface], least=0)(blocks, at, found)
    if not isinstance(blocks, list):
        return
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if not isinstance(block_id, str):
            continue
        if block_id in seen:
            message = f"block_id already exists: {block_id}"
            found.add(f"{at}/{index}/block_id", "not_unique", message)
        seen.add(block_id)
