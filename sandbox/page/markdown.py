"""The markdown block to HTML: the part of standard Markdown that Slack shows, nothing else."""

import re
from collections.abc import Callable, Iterator

from markupsafe import Markup

from sandbox.page.html import join, tag
from sandbox.page.mrkdwn import link, plain

_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|!?\[(?P<label>[^\]\n]*)\]\((?P<address>[^()\s]+)\)"
    r"|\*\*(?P<b>[^\s*](?:[^*\n]*[^\s*])?)\*\*"
    r"|~~(?P<s>[^~\n]+)~~"
    r"|(?<![\w*])\*(?P<i>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
    r"|(?<!\w)_(?P<em>[^\s_](?:[^_\n]*[^\s_])?)_(?!\w)"
)
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"(?P<indent>\s*)(?:[-*+]|(?P<number>\d{1,9})[.)])\s+(?P<text>.*)$")
_TASK = re.compile(r"\[(?P<mark>[ xX])\]\s+(?P<text>.*)$")
_RULE = re.compile(r"\s*([-*_])(\s*\1){2,}\s*$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")


def markdown(text: str) -> Markup:
    lines = text.replace("\r\n", "\n").split("\n")
    return join(*_blocks(lines))


def _blocks(lines: list[str]) -> Iterator[Markup]:
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        starts, draw = _kind(lines, at)
        end = at + 1
        while end < len(lines) and starts(lines[end]):
            end += 1
        if lines[at].startswith("```"):
            end = min(end + 1, len(lines))
        yield draw(lines[at:end])
        at = end


def _kind(lines: list[str], at: int) -> tuple[Callable[[str], bool], Callable[[list[str]], Markup]]:
    """Which block begins at a line: what continues it, and how it is drawn."""
    line = lines[at]
    if line.startswith("```"):
        return lambda text: not text.startswith("```"), _fence
    if _HEADING.match(line):
        return lambda _: False, _heading
    if _RULE.match(line):
        return lambda _: False, lambda _: tag("hr")
    if _ITEM.match(line):
        return lambda text: bool(_ITEM.match(text)), _list
    if line.startswith(">"):
        return lambda text: text.startswith(">"), _quote
    if "|" in line and at + 1 < len(lines) and _TABLE_RULE.match(lines[at + 1]):
        return lambda text: "|" in text, _table
    return _continues_paragraph, lambda run: tag("p", inline("\n".join(run)))


def _continues_paragraph(line: str) -> bool:
    begins_other = line.startswith(("```", ">")) or _HEADING.match(line) or _ITEM.match(line)
    return bool(line.strip()) and not begins_other


def _fence(run: list[str]) -> Markup:
    body = run[1:-1] if len(run) > 1 and run[-1].startswith("```") else run[1:]
    return tag("pre", tag("code", "\n".join(body)))


def _heading(run: list[str]) -> Markup:
    match = _HEADING.match(run[0])
    return tag("p", inline(match[2]), class_="heading") if match else Markup()


def _quote(run: list[str]) -> Markup:
    return tag("blockquote", inline("\n".join(line[1:].lstrip() for line in run)))


def _list(run: list[str]) -> Markup:
    matches = [match for match in map(_ITEM.match, run) if match]
    ordered = matches[0]["number"] is not None
    items = (_item(match["text"], len(match["indent"]) // 2) for match in matches)
    start = matches[0]["number"] if ordered and matches[0]["number"] != "1" else None
    return tag("ol" if ordered else "ul", *items, start=start)


def _item(text: str, depth: int) -> Markup:
    task = _TASK.match(text)
    level = f"indent-{min(depth, 8)}" if depth else ""
    if task is None:
        return tag("li", inline(text), class_=level or None)
    done = task["mark"] != " "
    box = tag("input", type="checkbox", disabled=True, checked=done)
    return tag("li", box, " ", inline(task["text"]), class_=f"task {level}".strip())


def _table(run: list[str]) -> Markup:
    head, *body = [_cells(line) for at, line in enumerate(run) if at != 1]
    rows = (tag("tr", *(tag("td", inline(cell)) for cell in row)) for row in body)
    heading = tag("thead", tag("tr", *(tag("th", inline(cell), scope="col") for cell in head)))
    return tag("div", tag("table", heading, tag("tbody", *rows)), class_="table-scroll")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def inline(text: str) -> Markup:
    parts: list[Markup] = []
    position = 0
    for match in _INLINE.finditer(text):
        parts.append(plain(text[position : match.start()]))
        parts.append(_span(match))
        position = match.end()
    parts.append(plain(text[position:]))
    return join(*parts)


def _span(match: re.Match[str]) -> Markup:
    if match["code"]:
        return tag("code", match["code"])
    if match["address"]:
        return link(match["address"], match["label"] or None, inline(match["label"]) or None)
    if match["b"]:
        return tag("b", inline(match["b"]))
    if match["s"]:
        return tag("s", inline(match["s"]))
    return tag("i", inline(match["i"] or match["em"] or ""))
