"""Slack's mrkdwn to HTML: whatever stands in the text, only the tags made here come out."""

import re
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sandbox.page import emoji
from sandbox.page.dates import slack_date
from sandbox.page.html import tag
from sandbox.page.reader import Reader

#: Finished pieces are parked as single characters of a private plane while styles are matched.
_FIRST = 0xF0000
_PRIVATE = re.compile("[\U000f0000-\U000fffff]")
_ATOM = re.compile(
    r"\n?```(?P<block>.*?)```\n{0,2}"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|:(?P<emoji>[a-z0-9_+'-]{1,60}):"
    r"|(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?'\")\]])",
    re.DOTALL,
)
_STYLE = re.compile(
    r"(?<!\w)(?:"
    r"\*(?P<b>[^\s*](?:[^*\n]*[^\s*])?)\*"
    r"|_(?P<i>[^\s_](?:[^_\n]*[^\s_])?)_"
    r"|~(?P<s>[^\s~](?:[^~\n]*[^\s~])?)~"
    r")(?!\w)"
)
_ENTITY = re.compile(r"&(lt|gt|amp);")
_QUOTE = re.compile(r"^(?:>|&gt;) ?")
_DATE = re.compile(r"date\^(-?\d{1,12})\^([^|^]*)(?:\^([^|]*))?")
_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def mrkdwn(text: str, reader: Reader) -> Markup:
    """A mrkdwn text as HTML; line breaks are kept as they are (the style sheet shows them)."""
    parked: list[Markup] = []

    def park(match: re.Match[str]) -> str:
        parked.append(_atom(match, reader))
        return chr(_FIRST + len(parked) - 1)

    flat = _ATOM.sub(park, _PRIVATE.sub("\ufffd", text))
    return Markup("").join(_paragraphs(flat, parked))


def plain(text: str, *, shortcodes: bool = True) -> Markup:
    """A plain_text object: nothing but emoji names has a meaning."""
    return escape(emoji.with_emoji(text) if shortcodes else text)


def decoded(text: str) -> str:
    """The characters a person sees: Slack's three entities resolved, once."""
    return _ENTITY.sub(lambda match: {"lt": "<", "gt": ">", "amp": "&"}[match[1]], text)


def _paragraphs(flat: str, parked: list[Markup]) -> list[Markup]:
    """Runs of quoted lines in one blockquote each, the lines between them as they are."""
    pieces: list[Markup] = []
    quoted: list[str] = []
    lines: list[str] = []

    def flush() -> None:
        if quoted:
            pieces.append(tag("blockquote", _styled("\n".join(quoted), parked)))
            quoted.clear()
        if lines:
            pieces.append(_styled("\n".join(lines), parked))
            lines.clear()

    for line in flat.split("\n"):
        marker = _QUOTE.match(line)
        if bool(marker) != bool(quoted) and (quoted or lines):
            flush()
        (quoted if marker else lines).append(line[marker.end() :] if marker else line)
    flush()
    return pieces


def _styled(flat: str, parked: list[Markup]) -> Markup:
    parts: list[Markup] = []
    position = 0
    for match in _STYLE.finditer(flat):
        parts.append(_leaf(flat[position : match.start()], parked))
        kind = match.lastgroup or "b"
        parts.append(tag(kind, _styled(match[kind], parked)))
        position = match.end()
    parts.append(_leaf(flat[position:], parked))
    return Markup("").join(parts)


def _leaf(text: str, parked: list[Markup]) -> Markup:
    parts = [Markup()]
    position = 0
    for match in _PRIVATE.finditer(text):
        parts.append(escape(decoded(text[position : match.start()])))
        parts.append(parked[ord(match[0]) - _FIRST])
        position = match.end()
    parts.append(escape(decoded(text[position:])))
    return Markup("").join(parts)


def _atom(match: re.Match[str], reader: Reader) -> Markup:
    kind = match.lastgroup
    value = match[kind] if kind else ""
    if kind == "block":
        return tag("pre", tag("code", _verbatim(value.strip("\n"), reader)))
    if kind == "code":
        return tag("code", _verbatim(value, reader))
    if kind == "angle":
        return _angle(value, reader)
    if kind == "emoji":
        sign = emoji.character(value)
        return escape(match[0]) if sign is None else emoji_sign(sign, value)
    return link(decoded(match[0]), None)


def _verbatim(text: str, reader: Reader) -> Markup:
    """Code keeps its characters; only ids and links in angle brackets lose their brackets."""
    parts = [Markup()]
    position = 0
    for match in re.finditer(r"<([^<>\n]+)>", text):
        parts.append(escape(decoded(text[position : match.start()])))
        parts.append(escape(_angle(match[1], reader).striptags() or match[0]))
        position = match.end()
    parts.append(escape(decoded(text[position:])))
    return Markup("").join(parts)


def emoji_sign(sign: str, name: str) -> Markup:
    return tag("span", sign, class_="emoji", role="img", aria_label=name.replace("_", " "))


def _angle(inner: str, reader: Reader) -> Markup:
    target, _, label = inner.partition("|")
    if target.startswith("@"):
        return person(target[1:], reader)
    if target.startswith("#"):
        return channel(target[1:], reader)
    if target.startswith("!"):
        return _special(target[1:], label, reader)
    return link(decoded(target), decoded(label) or None)


def person(user_id: str, reader: Reader) -> Markup:
    name = reader.people.get(user_id)
    own = " is-reader" if user_id == reader.user_id else ""
    unknown = "" if name else " is-unknown"
    return tag(
        "span", "@", tag("bdi", name or user_id), class_=f"mention{own}{unknown}", data_user=user_id
    )


def channel(channel_id: str, reader: Reader) -> Markup:
    name = reader.channels.get(channel_id)
    if name is None:
        return tag("span", "#", channel_id, class_="mention is-unknown")
    return tag("span", "#", tag("bdi", name), class_="mention", data_channel=channel_id)


def broadcast(word: str) -> Markup:
    """A call that rings for everybody: never quiet here, so that one sent by mistake is seen."""
    return tag("strong", "@", word, class_="broadcast", title=f"Notifies everyone: @{word}")


def _special(target: str, label: str, reader: Reader) -> Markup:
    if target in ("channel", "here", "everyone"):
        return broadcast(target)
    if target.startswith("subteam^"):
        group = target.removeprefix("subteam^")
        return tag("span", "@", tag("bdi", reader.groups.get(group, group)), class_="mention")
    date = _DATE.fullmatch(target)
    if date is None:
        return escape(decoded(label) or f"<!{decoded(target)}>")
    text = slack_date(int(date[1]), decoded(date[2]), reader) or decoded(label)
    shown = tag("time", text, class_="date")
    return link(decoded(date[3]), None, shown) if date[3] else shown


def link(address: str, label: str | None, shown: Markup | None = None) -> Markup:
    """A link if the address is one that Slack links, else its text: never a script address."""
    content = shown if shown is not None else escape(label or address.removeprefix("mailto:"))
    if not linkable(address):
        return content if label or shown is not None else escape(f"<{address}>")
    return tag("a", content, href=address, target="_blank", rel="noopener noreferrer")


def linkable(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme.lower() not in _LINK_SCHEMES:
        return False
    return bool(parts.netloc) if parts.scheme.lower().startswith("http") else bool(parts.path)
