"""Composition objects of Block Kit: texts, options, confirmations, filters, files."""

from typing import Any

from sandbox.blockkit.rules import (
    Check,
    Findings,
    boolean,
    by_type,
    each,
    one_of,
    shape,
    string,
    url,
)

IDENTIFIER = string(255)


def plain(most: int) -> Check:
    """A plain_text object of at most `most` characters."""
    return by_type({"plain_text": shape({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """A plain_text or mrkdwn object of at most `most` characters."""
    return by_type(
        {
            "plain_text": shape({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": shape({"text": string(most)}, {"verbatim": boolean}),
        }
    )


def _option(words: Check, *extra: str) -> Check:
    optional: dict[str, Check] = {"description": words}
    if "url" in extra:
        optional["url"] = url(3000)
    # Slack's pages name 75 and 150 characters for a value in different places; 75 is always safe.
    return shape({"text": words, "value": string(75)}, optional)


OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))
LINK_OPTION = _option(plain(75), "url")
OPTION_GROUP = shape({"label": plain(75), "options": each(OPTION, 100)})

CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
PLACEHOLDER = plain(150)
DISPATCH_CONFIG = shape(
    {"trigger_actions_on": each(one_of("on_enter_pressed", "on_character_entered"), 2)}
)
CONVERSATION_FILTER = shape(
    {},
    {
        "include": each(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)


def _file_reference(value: Any, at: str, found: Findings) -> None:
    if ("id" in value) == ("url" in value):
        found.add(at, "missing_field", "must provide either id or url")


SLACK_FILE = shape({}, {"id": string(255), "url": url()}, also=_file_reference)


def image_source(value: Any, at: str, found: Findings) -> None:
    """An image names exactly one source."""
    if ("image_url" in value) == ("slack_file" in value):
        found.add(at, "missing_field", "must provide either image_url or slack_file")


IMAGE_FIELDS: dict[str, Check] = {"image_url": url(3000), "slack_file": SLACK_FILE}
