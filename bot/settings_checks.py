"""Checks of single settings, and the words in which a failed check is put to the operator."""

from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr
from pydantic_core import ErrorDetails, PydanticCustomError

#: Messages per second: a team of a hundred is then asked within the better part of an hour.
SLOWEST = 0.05


def complaint(sentence: str) -> PydanticCustomError:
    """A failed check, said after the name of the variable: "must start with xoxb-"."""
    return PydanticCustomError("prodops", "{sentence}", {"sentence": sentence})


def starting_with(prefix: str, advice: str) -> AfterValidator:
    def check(token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith(prefix):
            raise complaint(f"must start with {prefix}; {advice}")
        return token

    return AfterValidator(check)


def api_base(url: str) -> str:
    """The base of the Web API with the slash at its end that the SDK needs."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise complaint("must be an address that starts with https:// or http://")
    return url if url.endswith("/") else f"{url}/"


def database(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if separator and scheme in ("postgresql", "postgres"):
        return url
    if scheme != "sqlite" or not separator:
        raise complaint("must start with sqlite:/// or postgresql://")
    path = rest.partition("?")[0]
    if path in ("", "/", "/:memory:") or path.startswith("/file:"):
        raise complaint(
            "must name a file, such as sqlite:///prodops.db; what is in memory only would be lost"
        )
    if not path.startswith("/"):
        raise complaint("needs three slashes before the file, such as sqlite:///prodops.db")
    return url


def pace(per_second: float) -> float:
    if per_second != 0 and per_second < SLOWEST:
        raise complaint(f"must be {SLOWEST:g} or more, or 0 for no pace at all")
    return per_second


def sentence(error: ErrorDetails) -> str:
    """What pydantic found, without the value, which may be a secret."""
    limits = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing: set it in the environment or in .env"
        case "int_parsing":
            return "must be a whole number"
        case "float_parsing":
            return "must be a number"
        case "greater_than_equal":
            return f"must be {limits['ge']:g} or more"
        case "greater_than":
            return f"must be more than {limits['gt']:g}"
        case "less_than_equal":
            return f"must be {limits['le']:g} or less"
        case "literal_error":
            return f"must be {limits['expected'].replace(chr(39), '')}"
        case "path_not_directory":
            return "must be the path of a folder that exists"
        case "path_not_file":
            return "must be the path of a file that exists"
        case _:
            return error["msg"]
