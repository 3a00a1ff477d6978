"""Reading HTML in tests: the tags, attributes and words that really came out."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from sandbox.page.reader import Reader

READER = Reader(
    user_id="U1",
    now=datetime(2026, 11, 23, 12, 0, tzinfo=UTC),
    zone=ZoneInfo("Europe/Berlin"),
    people={"U1": "Ada Lang", "U2": "<b>Bo</b> & Co"},
    channels={"C1": "product"},
    groups={"S1": "leads"},
)


@dataclass
class Tag:
    name: str
    attrs: dict[str, str | None]
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.words)


class Page(HTMLParser):
    """All tags of a piece of HTML in order, each with the text inside it; `balanced` when whole."""

    VOID = frozenset({"br", "hr", "img", "input", "meta", "link"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []
        self.words: list[str] = []
        self.balanced = True
        self._open: list[Tag] = []
        self.feed(html)
        self.close()
        self.balanced &= not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Tag(tag, dict(attrs))
        self.tags.append(found)
        if tag not in self.VOID:
            self._open.append(found)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1].name == tag:
            self._open.pop()
        else:
            self.balanced = False

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        for tag in self._open:
            tag.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, name: str, **attrs: str) -> list[Tag]:
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attrs.items()}
        return [
            tag
            for tag in self.tags
            if tag.name == name and all(tag.attrs.get(k) == v for k, v in wanted.items())
        ]

    def one(self, name: str, **attrs: str) -> Tag:
        found = self.all(name, **attrs)
        assert len(found) == 1, f"{len(found)} of <{name} {attrs}>"
        return found[0]
