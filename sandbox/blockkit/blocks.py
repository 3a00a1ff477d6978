"""The blocks of Block Kit, each with the surfaces that show it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sandbox.blockkit import elements
from sandbox.blockkit.charts import CHART_FIELDS
from sandbox.blockkit.objects import IDENTIFIER, IMAGE_FIELDS, image_source, plain, text
from sandbox.blockkit.rich import ELEMENTS
from sandbox.blockkit.rules import (
    Check,
    Findings,
    Surface,
    anything,
    boolean,
    by_type,
    each,
    one_of,
    shape,
    string,
    url,
    whole,
)
from sandbox.blockkit.tables import (
    DATA_TABLE_OPTIONAL,
    DATA_TABLE_REQUIRED,
    DATA_TABLE_WHOLE,
    TABLE_OPTIONAL,
    TABLE_REQUIRED,
    TABLE_WHOLE,
)

MOST_CHARTS = 2
MOST_TABLES = 1
MOST_MARKDOWN = 12_000


def _block(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    also: Check = anything,
) -> Check:
    return shape(required, {**(optional or {}), "block_id": IDENTIFIER}, also=also)


def _limited(kind: str, most: int, code: str) -> Check:
    def check(value: Any, at: str, found: Findings) -> None:
        found.totals[kind] += 1
        if found.totals[kind] > most:
            found.add(at, code, f"no more than {most} {kind} blocks allowed per message", max=most)

    return check


_ONE_MORE_CHART = _limited("data_visualization", MOST_CHARTS, "too_many_charts")
_ONE_MORE_TABLE = _limited("table", MOST_TABLES, "too_many_tables")


def _counted(one_more: Check, whole_block: Check) -> Check:
    # Counted before anything else: a faulty chart is a chart all the same.
    def check(value: Any, at: str, found: Findings) -> None:
        one_more(value, at, found)
        whole_block(value, at, found)

    return check


def _section(value: Any, at: str, found: Findings) -> None:
    if "text" not in value and "fields" not in value:
        found.add(at, "missing_field", "missing required field: text or fields", field="text")


def _unique_actions(value: Any, at: str, found: Findings) -> None:
    seen: set[str] = set()
    for index, element in enumerate(value["elements"]):
        action_id = element.get("action_id")
        if action_id is not None and action_id in seen:
            pointer = f"{at}/elements/{index}/action_id"
            found.add(pointer, "not_unique", f"action_id already exists: {action_id}")
        seen.add(action_id)


def _markdown(value: Any, at: str, found: Findings) -> None:
    found.totals["markdown"] += len(value["text"])
    if found.totals["markdown"] > MOST_MARKDOWN:
        message = f"markdown blocks must have no more than {MOST_MARKDOWN} characters in all"
        found.add(f"{at}/text", "too_long", message, max_length=MOST_MARKDOWN)


def _card_parts(value: Any, at: str, found: Findings) -> None:
    if not {"title", "hero_image", "body", "actions"} & value.keys():
        found.add(at, "missing_field", "needs one of hero_image, title, actions, body")


_IMAGE_OBJECT = by_type({"image": elements.IMAGE})
_CARD = _block(
    {},
    {
        "hero_image": _IMAGE_OBJECT,
        "icon": _IMAGE_OBJECT,
        "slack_icon": anything,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": each(by_type({"button": elements.BUTTON}), 3),
    },
    also=_card_parts,
)
_TASK = _block(
    {"task_id": string(255), "title": string(255)},
    {
        "status": one_of("pending", "in_progress", "complete", "error"),
        "details": anything,
        "output": anything,
        "sources": anything,
    },
)


def _input(surface: Surface) -> Check:
    held = elements.MODAL_INPUTS if surface == "modal" else elements.INPUTS
    return _block(
        {"label": plain(2000), "element": held},
        {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    )


_EVERYWHERE: dict[str, Check] = {
    "section": _block(
        {},
        {
            "text": text(3000),
            "fields": each(text(2000), 10),
            "accessory": elements.ACCESSORIES,
            "expand": boolean,
        },
        also=_section,
    ),
    "header": _block({"text": plain(150)}, {"level": whole(1, 4)}),
    "context": _block({"elements": each(elements.CONTEXT, 10)}),
    "actions": _block({"elements": each(elements.ACTIONS, 25)}, also=_unique_actions),
    "image": _block(
        {"alt_text": string(2000)}, {**IMAGE_FIELDS, "title": plain(2000)}, also=image_source
    ),
    "divider": _block({}),
    "rich_text": _block({"elements": ELEMENTS}),
    "video": _block(
        {
            "video_url": url(),
            "thumbnail_url": url(),
            "alt_text": string(2000),
            "title": plain(199),
        },
        {
            "title_url": url(),
            "description": plain(199),
            "author_name": string(49),
            "provider_name": string(200),
            "provider_icon_url": url(),
        },
    ),
    "card": _CARD,
}
_CAROUSEL = _block({"elements": each(by_type({"card": _CARD}), 10)})
_DATA_TABLE = _block(DATA_TABLE_REQUIRED, DATA_TABLE_OPTIONAL, also=DATA_TABLE_WHOLE)
_MESSAGE_ONLY: dict[str, Check] = {
    "markdown": _block({"text": string(MOST_MARKDOWN)}, also=_markdown),
    "table": _counted(_ONE_MORE_TABLE, _block(TABLE_REQUIRED, TABLE_OPTIONAL, also=TABLE_WHOLE)),
    "data_visualization": _counted(_ONE_MORE_CHART, _block(CHART_FIELDS)),
    "context_actions": _block(
        {"elements": each(elements.CONTEXT_ACTIONS, 5)}, also=_unique_actions
    ),
    "task_card": _TASK,
    "plan": _block({"title": string(255)}, {"tasks": each(by_type({"task_card": _TASK}), 50)}),
}


@cache
def blocks_on(surface: Surface) -> dict[str, Check]:
    """The blocks that this surface shows, by type."""
    shown = {**_EVERYWHERE, "input": _input(surface)}
    if surface == "modal":
        shown["alert"] = _block(
            {"text": text(200)}, {"level": one_of("default", "info", "warning", "error", "success")}
        )
        return shown
    shown |= {"carousel": _CAROUSEL, "data_table": _DATA_TABLE}
    if surface == "message":
        shown |= _MESSAGE_ONLY
        children = by_type(dict(shown))
        shown["container"] = _block(
            {"child_blocks": each(children, 10), "title": plain(150)},
            {
                "subtitle": text(150),
                "icon": _IMAGE_OBJECT,
                "width": one_of("narrow", "standard", "wide", "full"),
                "is_collapsible": boolean,
                "default_collapsed": boolean,
            },
        )
    return shown
