"""The place of an interactive element: its block, its label, and when it tells the bot."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.page.html import Attribute
from sandbox.page.surface import Surface

Element = Mapping[str, Any]

_TRIGGERS = {"on_enter_pressed": "enter", "on_character_entered": "typing"}


@dataclass(frozen=True)
class Place:
    """`label_id` and `described_by` are HTML ids; elements in input blocks may stay silent."""

    surface: Surface
    block_id: str
    label_id: str | None = None
    described_by: str | None = None
    in_input: bool = False
    dispatches: bool = True

    def element_id(self, element: Element, part: str = "") -> str:
        return self.surface.element_id(self.block_id, str(element.get("action_id", "")), part)

    def hooks(self, element: Element) -> dict[str, Attribute]:
        """The attributes by which the script finds an element and knows when to send it."""
        action_id = str(element.get("action_id", ""))
        return {
            "data_key": f"{self.block_id}/{action_id}",
            "data_block": self.block_id,
            "data_action": action_id,
            "data_type": str(element["type"]),
            "data_send": " ".join(self._sends(element)),
            "data_confirm": _confirm(element),
        }

    def names(self, element: Element) -> dict[str, Attribute]:
        """What a screen reader calls the element: its block's label, else its own words."""
        if self.label_id:
            return {"aria_labelledby": self.label_id, **self._remarks()}
        return {"aria_label": spoken_name(element), **self._remarks()}

    def _remarks(self) -> dict[str, Attribute]:
        wrong = self.block_id in self.surface.errors
        return {"aria_describedby": self.described_by, "aria_invalid": "true" if wrong else None}

    def _sends(self, element: Element) -> list[str]:
        if not self.dispatches:
            return []
        kind = str(element["type"])
        if not kind.endswith("_input"):
            return ["change"]
        config = element.get("dispatch_action_config") or {}
        wanted = config.get("trigger_actions_on") or ["on_enter_pressed"]
        return [_TRIGGERS[one] for one in wanted if one in _TRIGGERS]


def spoken_name(element: Element) -> str:
    for source in ("placeholder", "text"):
        words = (element.get(source) or {}).get("text")
        if words:
            return str(words)
    return str(element.get("accessibility_label") or element.get("action_id") or element["type"])


def _confirm(element: Element) -> str | None:
    """The confirmation dialog as JSON of plain strings, for the script."""
    source = element.get("confirm")
    if not source:
        return None
    words = {key: (source.get(key) or {}).get("text") for key in _CONFIRM}
    filled = {key: words[key] or default for key, default in _CONFIRM.items()}
    return json.dumps({**filled, "style": source.get("style") or "primary"})


_CONFIRM = {"title": "Are you sure?", "text": "", "confirm": "Yes", "deny": "Cancel"}
