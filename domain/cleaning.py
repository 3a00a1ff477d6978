"""Makes text from people safe to read and to show: no control, bidi or unprintable characters."""

import re
import unicodedata

_LINE_ENDS = {"Zl", "Zp"}
_BLANKS = {"Zs"}
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BLANK_RUNS = re.compile(r"( |\n)[ \n]+")


def printable(text: str) -> str:
    """`text` with plain blanks and newlines, and without whatever cannot be seen."""
    if text.isprintable() and "  " not in text:
        # Nearly all that there is: nothing in it is to be changed.
        return text
    out: list[str] = []
    for character in text:
        kind = unicodedata.category(character)
        if character in "\n\r\v\f\x85" or kind in _LINE_ENDS:
            out.append("\n")
        elif character == "\t" or kind in _BLANKS:
            out.append(" ")
        elif kind not in _DROPPED:
            out.append(character)
    return _BLANK_RUNS.sub(_joined, "".join(out))


def _joined(run: re.Match[str]) -> str:
    return "\n" if "\n" in run[0] else " "


def clean(text: str) -> str:
    """What a person typed in Slack, in printable characters."""
    return printable(unescaped(text))


def one_line(text: str, limit: int) -> str:
    """Printable text in one line of at most `limit` characters, cut with an ellipsis."""
    # Cut first: nobody waits for the cleaning of what will not be shown.
    line = " ".join(printable(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def unescaped(text: str) -> str:
    """Text as the person typed it, from the three escapes in which Slack delivers it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
