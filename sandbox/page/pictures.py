"""Pictures of blocks: shown when they come from this machine, named with a link when not."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from sandbox.page.html import tag
from sandbox.page.mrkdwn import link

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


def image(source: Mapping[str, Any], *, thumbnail: bool = False) -> Markup:
    """An image block or element; the page itself loads nothing from elsewhere."""
    address = _address(source)
    alt = str(source.get("alt_text", ""))
    if address and _is_local(address):
        look = "thumbnail" if thumbnail else "picture"
        return tag("img", src=address, alt=alt, class_=look, loading="lazy")
    where = tag("small", link(address, urlsplit(address).netloc)) if address else None
    words = tag("span", alt or "Picture")
    look = "picture-away thumbnail" if thumbnail else "picture-away"
    return tag("span", words, None if thumbnail else where, class_=look, role="img", aria_label=alt)


def _address(source: Mapping[str, Any]) -> str:
    file = source.get("slack_file") or {}
    return str(source.get("image_url") or file.get("url") or "")


def _is_local(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and parts.hostname in _LOCAL
    except ValueError:
        return False
