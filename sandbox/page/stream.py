"""The messages of a conversation as one person sees them, by day, with threads inline."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from markupsafe import Markup

from sandbox.entities import Message
from sandbox.page.dates import day_heading, moment_words
from sandbox.page.html import join, tag
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.persons import Person
from sandbox.page.reader import Reader
from sandbox.page.render import render_blocks
from sandbox.page.surface import Surface

#: Words of one author within this time stand under one name.
_TOGETHER = timedelta(minutes=5)
#: A longer text shows its beginning and a switch for the rest.
LONG_LINES, LONG_TEXT = 30, 3500


@dataclass(frozen=True)
class Shown:
    """One message, ready to be drawn; `follows` means that the author's name stands above it."""

    ts: str
    author: Person
    name: str
    time: str
    moment: str
    body: Markup
    edited: str | None
    ephemeral: bool
    follows: bool
    replies: tuple["Shown", ...] = ()
    replies_words: str = ""


@dataclass(frozen=True)
class Day:
    heading: str
    messages: tuple[Shown, ...]


@dataclass(frozen=True)
class Stream:
    """Draws messages for one reader; `persons` knows every author, `surface` what menus offer."""

    reader: Reader
    persons: Mapping[str, Person]
    surface: Surface

    def days(self, messages: Iterable[Message]) -> list[Day]:
        seen = [m for m in messages if m.ephemeral_for in (None, self.reader.user_id)]
        today = self.reader.local_now.date()
        return [
            Day(day_heading(day, today), tuple(self._shown(list(group))))
            for day, group in groupby(seen, key=lambda message: self._local(message.ts).date())
        ]

    def _shown(self, messages: Sequence[Message]) -> Iterable[Shown]:
        before: Message | None = None
        for message in messages:
            yield self._one(message, before is not None and _together(before, message))
            before = message

    def _one(self, message: Message, follows: bool) -> Shown:
        replies = [m for m in message.replies if m.ephemeral_for in (None, self.reader.user_id)]
        local = self._local(message.ts)
        author = self.persons[message.user]
        return Shown(
            ts=message.ts,
            author=author,
            name=message.username or author.name,
            time=f"{local:%H:%M}",
            moment=moment_words(local, self.reader),
            body=self._body(message),
            edited=moment_words(_instant(message.edited), self.reader) if message.edited else None,
            ephemeral=message.ephemeral_for is not None,
            follows=follows,
            replies=tuple(self._shown(replies)),
            replies_words=f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}",
        )

    def _body(self, message: Message) -> Markup:
        parts = []
        surface = self.surface.at(
            f"{message.channel}/{message.ts}", message.states.get(self.reader.user_id, {})
        )
        if message.blocks:
            parts.append(render_blocks(message.blocks, surface))
        elif message.text:
            words = tag("div", mrkdwn(message.text, self.reader), class_="text", dir="auto")
            parts.append(_folded(words, message.text))
        for attachment in message.attachments:
            inner = render_blocks(attachment.get("blocks") or [], surface)
            text = str(attachment.get("text") or attachment.get("fallback") or "")
            words = tag("div", mrkdwn(text, self.reader), class_="text", dir="auto")
            parts.append(tag("div", inner or words, class_="attachment"))
        return join(*parts)

    def _local(self, ts: str) -> datetime:
        return _instant(ts).astimezone(self.reader.zone)


def _folded(words: Markup, text: str) -> Markup:
    lines = text.count("\n") + 1
    if lines <= LONG_LINES and len(text) <= LONG_TEXT:
        return words
    box = tag("input", type="checkbox")
    label = f"Show all {lines} lines" if lines > LONG_LINES else "Show all"
    switch = tag("label", box, " ", label, class_="more")
    return tag("div", words, switch, class_="long")


def _together(before: Message, message: Message) -> bool:
    """Plain words of one author run on; what an app built, or shows to one person, stands alone."""
    alike = (before.user, before.username) == (message.user, message.username)
    plain = not (before.blocks or message.blocks or before.replies)
    alone = before.ephemeral_for or message.ephemeral_for
    near = _instant(message.ts) - _instant(before.ts) < _TOGETHER
    return alike and plain and near and not alone


def _instant(ts: str) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
