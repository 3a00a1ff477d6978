"""What a person sees on the screen: elements found by the words on them."""

import re
from dataclasses import dataclass
from typing import Any

from sandbox.blockkit.selects import offered
from sandbox.entities import Blocks
from sandbox.state import elements_of

_EMOJI_CODE = re.compile(r":[a-z0-9_+'-]+:")


class NotOnScreen(AssertionError):  # noqa: N818 -- tells what is the case
    """A person cannot do that: what they look for is not there, or not theirs to use."""


class BotFailed(AssertionError):  # noqa: N818 -- tells what is the case
    """The bot answered a person's action wrongly, late or not at all."""


@dataclass(frozen=True)
class Spot:
    """An element on the screen, the block that holds it, and the words by which one finds it."""

    block: dict[str, Any]
    element: dict[str, Any]
    words: tuple[str, ...]
    ids: tuple[str, ...]

    @property
    def options(self) -> list[dict[str, Any]]:
        """What a menu or a group of boxes offers."""
        return offered(self.element)

    def option(self, wanted: str) -> dict[str, Any] | None:
        """The option with this text or value."""
        for option in self.options:
            if wanted in (option["text"]["text"], option.get("value")):
                return option
        plain = _plainly(wanted)
        return next((o for o in self.options if _plainly(o["text"]["text"]) == plain), None)


def spots(blocks: Blocks) -> list[Spot]:
    """Every element that one can use, in the order of the screen."""
    return [_spot(block, element) for block, element in elements_of(blocks)]


def _spot(block: dict[str, Any], element: dict[str, Any]) -> Spot:
    texts = [element.get("text"), element.get("placeholder"), block.get("label")]
    if element["type"] != "button" and block.get("accessory") is element:
        texts.append(block.get("text"))
    words = tuple(text["text"] for text in texts if isinstance(text, dict) and "text" in text)
    action_id, block_id = element["action_id"], block["block_id"]
    return Spot(block, element, words, (action_id, f"{block_id}/{action_id}", block_id))


def find(blocks: Blocks, wanted: str, nth: int | None = None) -> Spot:
    """The element with these words or id; NotOnScreen lists what there is.

    Words win over ids, exact words over those that differ in case or emoji, an element over one
    of its options. `nth` (from 0) picks among several that look alike.
    """
    there = spots(blocks)
    plain = _plainly(wanted)
    for matches in (
        [spot for spot in there if wanted in spot.words],
        [spot for spot in there if wanted in spot.ids],
        [spot for spot in there if plain and plain in map(_plainly, spot.words)],
        [spot for spot in there if spot.option(wanted)],
    ):
        if len(matches) == 1 and not nth:
            return matches[0]
        if matches and nth is not None and nth < len(matches):
            return matches[nth]
        if len(matches) > 1:
            seen = ", ".join(spot.ids[1] for spot in matches)
            raise NotOnScreen(f"{len(matches)} elements are called {wanted!r}: {seen}; pass nth")
    raise NotOnScreen(f"nothing is called {wanted!r}; on the screen: {_listing(there)}")


def _listing(there: list[Spot]) -> str:
    lines = []
    for spot in there:
        shown = " / ".join(dict.fromkeys(spot.words)) or "(no words)"
        options = ", ".join(repr(option["text"]["text"]) for option in spot.options)
        lines.append(f"{shown!r} [{spot.ids[0]}]" + (f" offering {options}" if options else ""))
    return "; ".join(lines) or "nothing to click or fill"


def _plainly(words: str) -> str:
    return _EMOJI_CODE.sub("", words).strip(" \u2026.:").casefold()
