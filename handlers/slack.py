"""How calls of the Web API fail, for the listeners that can do without an answer."""

import aiohttp
from slack_sdk.errors import SlackApiError

_TOO_MANY = 429
_USUAL_PATIENCE = 60.0
#: Slack said no, could not be reached, or broke off: all that a call may raise.
FAILURES = (SlackApiError, aiohttp.ClientError, OSError, TimeoutError)


def code_of(problem: BaseException) -> str:
    """Slack's error code; what stands in for one where there was no proper answer."""
    if isinstance(problem, SlackApiError):
        data = problem.response.data if hasattr(problem.response, "data") else problem.response
        if isinstance(data, dict) and data.get("error"):
            return str(data["error"])
        return f"http_{status_of(problem) or 0}"
    return type(problem).__name__


def status_of(problem: SlackApiError) -> int | None:
    """The HTTP status of the answer; what the SDK cannot read it hands on as aiohttp gave it."""
    response = problem.response
    found: int | None = getattr(response, "status_code", None) or getattr(response, "status", None)
    return found


def patience_of(problem: BaseException) -> float | None:
    """Seconds for which Slack wants not to be asked this again; None unless it was too often."""
    if not isinstance(problem, SlackApiError) or status_of(problem) != _TOO_MANY:
        return None
    headers = {str(name).lower(): value for name, value in problem.response.headers.items()}
    seconds = str(headers.get("retry-after", ""))
    return float(seconds) if seconds.isdigit() else _USUAL_PATIENCE
