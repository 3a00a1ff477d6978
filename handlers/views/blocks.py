"""Block Kit as plain dicts: the few blocks our messages are made of, held within Slack's limits.

Limits are those of Slack's block reference. Lengths are counted in UTF-16 units, the strictest way
in which Slack may count, so that text in any script fits.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NotRequired, TypedDict

from domain.cleaning import printable

Block = dict[str, Any]
View = dict[str, Any]

SECTION_TEXT = 3000
MESSAGE_TEXT = 4000
NAME = 60
#: Slack refuses a whole message for one empty text.
_NOTHING = "–"
_JOINERS = ("\u200d", "\ufe0e", "\ufe0f")


class Message(TypedDict):
    """What `chat.postMessage` needs; `text` alone must do for somebody who only hears it.

    `fallback_blocks` is the same message without native charts, for workspaces that refuse them.
    """

    text: str
    blocks: list[Block]
    fallback_blocks: NotRequired[list[Block]]


def escape(text: str) -> str:
    """Text typed by people, made harmless in mrkdwn: nothing in it can mention, link or notify."""
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def length(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, limit: int) -> str:
    """Plain text of at most `limit` units, with an ellipsis where something was cut off."""
    if length(text) <= limit:
        return text
    room, kept = limit - 1, 0
    for char in text:
        room -= length(char)
        if room < 0:
            break
        kept += 1
    while kept and (unicodedata.combining(text[kept]) or text[kept] in _JOINERS):
        kept -= 1
    return text[:kept].rstrip().rstrip("\u200d") + "…"


def one_line(text: str, limit: int = NAME) -> str:
    """A name for plain-text places (headers, labels, options): one clean line, never empty."""
    return clip(" ".join(printable(text).split()), limit) or "(no name)"


def name(text: str, limit: int = NAME) -> str:
    """A name for mrkdwn: one clean, clipped, escaped line, never empty."""
    return escape(one_line(text, limit))


def fit(mrkdwn: str, limit: int) -> str:
    """Ready mrkdwn of at most `limit` units that ends neither inside an entity nor a mention."""
    if length(mrkdwn) <= limit:
        return mrkdwn
    cut = clip(mrkdwn, limit).removesuffix("…")
    return re.sub(r"(&[a-z]{0,3}|<[^>]*)$", "", cut) + "…"


def message(text: str, blocks: Sequence[Block]) -> Message:
    return {"text": fit(text, MESSAGE_TEXT).strip() or _NOTHING, "blocks": list(blocks)}


def plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": clip(text, limit) or _NOTHING}


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> Block:
    return {"type": "mrkdwn", "text": fit(text, limit) or _NOTHING}


def section(text: str, *, accessory: Block | None = None, block_id: str = "") -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    return _with_id(block, block_id)


def sections(lines: Iterable[str]) -> list[Block]:
    """As few sections as hold all the lines; a line is never torn apart unless it alone is long."""
    packed: list[str] = []
    for line in lines:
        if packed and length(packed[-1]) + length(line) + 1 <= SECTION_TEXT:
            packed[-1] += "\n" + line
        else:
            packed.append(line)
    return [section(text) for text in packed]


def fields(*texts: str) -> Block:
    """Up to ten short texts in two columns."""
    return {"type": "section", "fields": [mrkdwn(text, 2000) for text in texts[:10]]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(printable(text), 150)}


def context(*texts: str, block_id: str = "") -> Block:
    return _with_id({"type": "context", "elements": [mrkdwn(t) for t in texts[:10]]}, block_id)


def divider() -> Block:
    return {"type": "divider"}


def actions(*elements: Block, block_id: str = "") -> Block:
    return _with_id({"type": "actions", "elements": list(elements[:25])}, block_id)


def button(
    text: str, action_id: str, value: str = "", style: str | None = None, *, spoken: str = ""
) -> Block:
    """A button; `spoken` is what a screen reader says where the label alone is too bare."""
    if length(value) > 2000:
        raise ValueError(f"a button carries at most 2,000 characters: {action_id}")
    element: Block = {"type": "button", "text": plain(text, 75), "action_id": action_id}
    if value:
        element["value"] = value
    if style:
        element["style"] = style
    if spoken:
        element["accessibility_label"] = clip(spoken, 75)
    return element


def option(text: str, value: str) -> Block:
    """One choice; its value may hold 75 characters, the smaller of the two limits in use."""
    if length(value) > 75:
        raise ValueError(f"an option's value holds at most 75 characters: {value[:20]}…")
    return {"text": plain(one_line(text, 75), 75), "value": value}


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    return {"type": "overflow", "action_id": action_id, "options": list(options[:5])}


def table(rows: Sequence[Sequence[str]]) -> Block:
    """A table of plain text: first row is the head, first column runs left, the others right."""
    columns = len(rows[0])
    settings = [{"is_wrapped": True}] + [{"align": "right"}] * (columns - 1)
    cells = [[{"type": "raw_text", "text": printable(cell) or "–"} for cell in row] for row in rows]
    return {"type": "table", "column_settings": settings, "rows": cells[:100]}


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "Close",
    private_metadata: str = "",
) -> View:
    """A modal; with `submit` it has a button that sends the form."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks),
    }
    if submit:
        view["submit"] = plain(submit, 24)
    if private_metadata:
        view["private_metadata"] = private_metadata
    return view


def home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks[:100])}


def _with_id(block: Block, block_id: str) -> Block:
    return block | {"block_id": block_id} if block_id else block
