"""mrkdwn, markdown and rich text: what people see, and that nothing hostile gets through."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.page.markdown import markdown
from sandbox.page.mrkdwn import mrkdwn
from sandbox.page.richtext import rich_text
from tests.sandbox.page_reading import READER, Page

SAFE_TAGS = {"b", "i", "s", "u", "a", "code", "pre", "blockquote", "span", "bdi", "strong", "time"}
SAFE_MARKDOWN = SAFE_TAGS | {
    "p", "hr", "ul", "ol", "li", "input", "div", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
SAFE_ATTRIBUTES = {
    "class", "href", "target", "rel", "title", "role", "aria-label", "data-user", "data-channel",
    "type", "disabled", "checked", "start", "scope",
}  # fmt: skip

PIECES = st.sampled_from(
    ["*", "_", "~", "`", "```", "<", ">", "<!", "<@", "<#", "|", "^", "&lt;", "&", '"', "'", "\n",
     " ", "a", "javascript:", "https://x.y", "<script>", "</code>", "](", "[", "**", "- ", "1. ",
     "> ",
     "|-|", ":tada:", "\U000f0000", "\u202e", "<!date^", "1732280400", "{date}", "onload="]
)  # fmt: skip


def html(text: str) -> str:
    return str(mrkdwn(text, READER))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*bold* and _slanted_ and ~gone~", "<b>bold</b> and <i>slanted</i> and <s>gone</s>"),
        ("*bold with _slanted_ inside*", "<b>bold with <i>slanted</i> inside</b>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("`*plain* in code`", "<code>*plain* in code</code>"),
        ("```\nx = 1 < 2\n```", "<pre><code>x = 1 &lt; 2</code></pre>"),
        ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
        ("before\n&gt; quoted\nafter", "before<blockquote>quoted</blockquote>after"),
        ("> one\n> two", "<blockquote>one\ntwo</blockquote>"),
    ],
)
def test_formatting(text: str, expected: str) -> None:
    assert html(text) == expected


def test_ids_become_names() -> None:
    page = Page(html("<@U1> asked <@U2> in <#C1|old-name>, cc <!subteam^S1> and <@U9>"))
    assert page.text == "@Ada Lang asked @<b>Bo</b> & Co in #product, cc @leads and @U9"
    assert "is-reader" in (page.tags[0].attrs["class"] or "")
    assert page.all("b") == []


def test_a_broadcast_is_loud() -> None:
    assert Page(html("<!channel> look")).one("strong", class_="broadcast").text == "@channel"
    assert Page(html("&lt;!channel&gt; look")).all("strong") == []


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("<!date^1795348800^{date_short_pretty} {time}|x>", "yesterday 13:00"),
        ("<!date^1795348800^{date_num} {time_secs}|x>", "2026-11-22 13:00:00"),
        ("<!date^1795348800^{date_long}|x>", "Sunday, November 22nd, 2026"),
        ("<!date^1795348800^{nonsense}|the fallback>", "the fallback"),
        ("<!date^999999999999^{date}|far away>", "far away"),
        ("<!date^1795435200^{ago}|x>", "just now"),
    ],
)
def test_dates_are_told_in_the_readers_zone(token: str, expected: str) -> None:
    assert Page(html(token)).text == expected


def test_links() -> None:
    page = Page(html("<https://e.x/?a=1&amp;b=2|the plan>, https://e.x/y. <mailto:a@b.c|a@b.c>"))
    assert [tag.attrs["href"] for tag in page.all("a")] == [
        "https://e.x/?a=1&b=2",
        "https://e.x/y",
        "mailto:a@b.c",
    ]
    assert page.text == "the plan, https://e.x/y. a@b.c"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<javascript:alert(1)|click>",
        "<JaVaScRiPt:alert(1)>",
        "<data:text/html,x|y>",
        '<https://e.x/"onmouseover="alert(1)|x>',
        "*<img src=x onerror=alert(1)>*",
        "&lt;img src=x onerror=alert(1)&gt;",
        "`</code><script>x</script>`",
        "<!date^1^{date}^javascript:alert(1)|x>",
        '<@U1"><script>',
    ],
)
def test_hostile_texts_stay_text(text: str) -> None:
    for page in (Page(html(text)), Page(str(markdown(text)))):
        assert {tag.name for tag in page.tags} <= SAFE_MARKDOWN
        for tag in page.tags:
            assert set(tag.attrs) <= SAFE_ATTRIBUTES
            assert not (tag.attrs.get("href") or "").lower().startswith(("javascript", "data"))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)))
def test_any_text_gives_whole_and_safe_html(text: str) -> None:
    for page, safe in (
        (Page(html(text)), SAFE_TAGS),
        (Page(str(markdown(text))), SAFE_MARKDOWN),
    ):
        assert page.balanced
        assert {tag.name for tag in page.tags} <= safe
        assert {name for tag in page.tags for name in tag.attrs} <= SAFE_ATTRIBUTES
        for tag in page.all("a"):
            scheme = (tag.attrs["href"] or "").partition(":")[0].lower()
            assert scheme in {"http", "https", "mailto", "tel"}


@given(st.text(alphabet=st.characters(blacklist_characters="*_~`<>&:\r", max_codepoint=0xEFFFF)))
def test_text_without_signs_is_kept_to_the_letter(text: str) -> None:
    assert Page(html(text)).text == text


def test_a_long_message_is_drawn_quickly_and_whole() -> None:
    text = "\n".join(f"*line {n}* with `code` <@U1>" for n in range(2000))
    assert len(Page(html(text)).all("b")) == 2000


def test_markdown_lists_headings_tables_and_tasks() -> None:
    lists = "# Plan\n\n- [x] done\n- [ ] open\n\n3. third\n\n"
    source = f"{lists}| A | B |\n|---|--:|\n| **1** | 2 |\n\n---\ntext *slanted*"
    page = Page(str(markdown(source)))
    assert page.one("p", class_="heading").text == "Plan"
    assert [("checked" in tag.attrs) for tag in page.all("input")] == [True, False]
    assert page.one("ol").attrs["start"] == "3"
    assert [tag.text for tag in page.all("th")] == ["A", "B"]
    assert page.one("b").text == "1"
    assert len(page.all("hr")) == 1
    assert page.one("i").text == "slanted"


def test_markdown_code_keeps_its_characters() -> None:
    assert Page(str(markdown("```py\na **b** <i>\n\nc\n```\nafter"))).one("code").text == (
        "a **b** <i>\n\nc"
    )


def test_rich_text_elements() -> None:
    elements: list[dict[str, Any]] = [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "<b>", "style": {"bold": True, "italic": True}},
                {"type": "user", "user_id": "U1"},
                {"type": "broadcast", "range": "here"},
                {"type": "emoji", "name": "tada"},
                {"type": "link", "url": "javascript:alert(1)", "text": "bad"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "offset": 2,
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "third"}]}
            ],
        },
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x < y"}]},
    ]
    page = Page(str(rich_text(elements, READER)))
    assert page.text == "<b>@Ada Lang@here🎉badthirdx < y"
    assert page.all("a") == []
    assert page.one("ol").attrs["start"] == "3"
    assert page.one("i").text == "<b>"
