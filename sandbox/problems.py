"""What Slack would object to in a call: refusals and mere warnings."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Problem:
    """One objection; `pointer` is a JSON pointer into the arguments (`/blocks/0/text/text`).

    An `error` makes Slack refuse the call; a `warning` does not, yet somebody would regret it.
    `constraint` tells the broken limit, e.g. `{"max_length": 3000}`.
    """

    pointer: str
    code: str
    message: str
    severity: Literal["error", "warning"] = "error"
    constraint: dict[str, Any] = field(default_factory=dict)

    def as_slack_words(self) -> str:
        """The line that Slack puts into `response_metadata.messages`."""
        return f"[{self.severity.upper()}] {self.message} [json-pointer:{self.pointer}]"


def errors_among(problems: list[Problem]) -> list[Problem]:
    """Those that lead to a refusal."""
    return [problem for problem in problems if problem.severity == "error"]


def sound_blocks(blocks: Any, problems: list[Problem], at: str) -> list[dict[str, Any]]:
    """Those blocks of a list at the pointer `at` in which no error was found."""
    if not isinstance(blocks, list):
        return []
    inside = [p.pointer for p in errors_among(problems) if p.pointer.startswith(f"{at}/")]
    faulty = {pointer.removeprefix(f"{at}/").split("/")[0] for pointer in inside}
    return [block for index, block in enumerate(blocks) if str(index) not in faulty]
