"""How the emulated Web API says no."""

from typing import Any

from sandbox.problems import Problem


class Refused(Exception):  # noqa: N818 -- Slack's word for it reads better without "Error"
    """An answer `{"ok": false, "error": …}`, with further fields and the problems behind it."""

    def __init__(self, error: str, problems: list[Problem] | None = None, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.problems = problems or []
        self.fields = fields

    def answer(self) -> dict[str, Any]:
        """The body that Slack would send."""
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.fields}
        if self.problems:
            lines = [problem.as_slack_words() for problem in self.problems]
            body["response_metadata"] = {"messages": lines}
        return body
