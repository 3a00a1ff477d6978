"""What each rule watches for, in words, with the company's own thresholds."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from domain.rules import Rules

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "R01": "operational share over {share}, 4-week mean, with {people} or more PMs",
        "R02": "operational share over {share}, 4-week mean, with fewer than {people} PMs",
        "R03": "operational share up {rises} weeks in a row, by {points} points or more",
        "R04": "{run} or more weeks on one side of the starting median",
        "R05": "one category other than delivery at {share} or more in {weeks} of 4 weeks",
        "R06": "customer share under {share}, 4-week mean",
        "R07": "firefighting at {share} or more, 4-week mean",
        "R08": "strategic and customer share under {share}, 4-week mean",
        "R09": "participation under {participation} for {weeks} weeks in a row",
        "R10": "ratings of a dimension that lie far apart",
        "R11": "a dimension {gap} or more levels under the median",
        "R12": "an item more than {days} days in progress, or a step idle for more than {idle}",
        "R13": "an assessment more than {due} days old, and again past {overdue}",
        "R14": "another place on a reference ladder than at the last assessment",
        "R15": "operational share down {fall} points or more over {weeks} weeks while strategic "
        "work grew by less than {rise}",
    }
)
_PARTS = ("share", "participation")
_POINTS = ("points", "fall", "rise")


def criterion(rule_id: str, rules: Rules) -> str:
    thresholds = rules.rules[rule_id].thresholds
    return _WORDS[rule_id].format(**{k: _shown(k, value) for k, value in thresholds.items()})


def _shown(name: str, value: Decimal) -> str:
    if name in _PARTS:
        return f"{value * 100:f}".rstrip("0").rstrip(".") + "%"
    if name in _POINTS:
        return f"{value * 100:f}".rstrip("0").rstrip(".")
    return str(int(value))
