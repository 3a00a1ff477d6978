"""Rich text: sections, lists, quotes and code, with the leaves they are made of."""

from sandbox.blockkit.rules import (
    Check,
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

_MARKS = (
    "bold",
    "italic",
    "strike",
    "code",
    "underline",
    "highlight",
    "client_highlight",
    "unlink",
)
_STYLE = shape({}, dict.fromkeys(_MARKS, boolean))
_STYLED: dict[str, Check] = {"style": _STYLE}
_LEAVES = by_type(
    {
        "text": shape({"text": string(12_000)}, _STYLED),
        "link": shape({"url": url()}, {**_STYLED, "text": string(3000), "unsafe": boolean}),
        "emoji": shape({"name": string(255)}, {**_STYLED, "unicode": string(255), "url": url()}),
        "user": shape({"user_id": string(255)}, _STYLED),
        "channel": shape({"channel_id": string(255)}, _STYLED),
        "usergroup": shape({"usergroup_id": string(255)}, _STYLED),
        "broadcast": shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
        "date": shape(
            {"timestamp": whole(0, 10**11), "format": string(255)},
            {**_STYLED, "url": url(), "fallback": string(255)},
        ),
        "color": shape({"value": string(20)}, _STYLED),
    }
)
_SECTION = shape({"elements": each(_LEAVES, 1000, least=0)})
_BORDERED = shape({"elements": each(_LEAVES, 1000, least=0)}, {"border": whole(0, 1)})
_PREFORMATTED = shape(
    {"elements": each(_LEAVES, 1000, least=0)}, {"border": whole(0, 1), "language": anything}
)
_LIST = shape(
    {
        "style": one_of("bullet", "ordered"),
        "elements": each(by_type({"rich_text_section": _SECTION}), 1000),
    },
    {"indent": whole(0, 8), "offset": whole(0, 10_000), "border": whole(0, 1)},
)
ELEMENTS = each(
    by_type(
        {
            "rich_text_section": _SECTION,
            "rich_text_list": _LIST,
            "rich_text_quote": _BORDERED,
            "rich_text_preformatted": _PREFORMATTED,
        }
    ),
    1000,
)
