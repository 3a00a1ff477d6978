"""What is wrong with a field of a data file, in words for those who wrote it."""

from collections.abc import Iterator, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

#: Where a value stands in a file: names of fields, and places in lists from 0.
Place = Sequence[str | int]
Fault = tuple[Place, str]
_AT_FIELDS = "at_fields"


def faulty(*faults: Fault) -> PydanticCustomError:
    """For validators: what is wrong with which fields, from the validated model downwards."""
    return PydanticCustomError(_AT_FIELDS, "{words}", {"words": faults[0][1], "faults": faults})


def twice(ids: Sequence[tuple[Place, str]]) -> Iterator[Fault]:
    """Every id but the first of those that are the same, as `faulty` wants them."""
    seen: set[str] = set()
    for place, one in ids:
        if one in seen:
            yield place, f"the id {one!r} is used twice"
        seen.add(one)


def faults_in(error: ValidationError) -> list[Fault]:
    """Every fault with its field, of all that pydantic found."""
    items = error.errors(include_url=False)
    places = [item["loc"] for item in items]
    # A list whose entries are wrong counts as empty, which says nothing new.
    told = [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(place[: len(item["loc"])] == item["loc"] != place for place in places)
    ]
    return [fault for item in told for fault in _faults_of(item)]


def _faults_of(item: ErrorDetails) -> Iterator[Fault]:
    if item["type"] != _AT_FIELDS:
        yield item["loc"], _sentence(item)
        return
    for field, words in item["ctx"]["faults"]:
        yield (*item["loc"], *field), words


def _sentence(item: ErrorDetails) -> str:
    """What pydantic found, said of a field: `must be text; put it in quotes`."""
    words = _WORDS.get(item["type"])
    if words is None:
        return item["msg"].removeprefix("Value error, ")
    return words.format(**{"actual_length": "more", **item.get("ctx", {})})


_LIST = "must be a list, a line with a dash for each entry"
_FIELDS = "must be fields with values, as in `name: Text`"
_WHOLE, _NUMBER = "must be a whole number", "must be a number"
#: By pydantic's type of error; the braces are filled from what it knows of the limits.
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is no field that is known here",
    "string_type": "must be text; put it in quotes",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "must be of the form {pattern}",
    "too_short": "needs at least {min_length}, has {actual_length}",
    "too_long": "takes at most {max_length}, has {actual_length}",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "literal_error": "must be one of {expected}",
}
