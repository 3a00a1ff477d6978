"""The rules' file: what may be edited, and how a slip in it is named."""

from fractions import Fraction
from importlib import resources
from pathlib import Path

import pytest

from domain.categories import load_catalog
from domain.insights import evaluate
from domain.rules import RulesError, load_rules, packaged_rules
from tests.domain.team_weeks import operational

PACKAGED = resources.files("domain").joinpath("data", "rules.yaml").read_text(encoding="utf-8")


def edited(folder: Path, old: str, new: str) -> Path:
    assert old in PACKAGED
    file = folder / "rules.yaml"
    file.write_text(PACKAGED.replace(old, new, 1), encoding="utf-8")
    return file


def test_the_packaged_rules_hold_the_playbooks_numbers() -> None:
    rules = packaged_rules()
    assert sorted(rules.rules) == [f"R{n:02}" for n in range(1, 16)]
    severities = [rules.rules[f"R{n:02}"].severity for n in range(1, 16)]
    assert severities == [
        *("high", "med", "low", "high", "med", "med", "med", "med", "high"),
        *("med", "med", "low", "low", "low", "high"),
    ]
    assert rules.rules["R13"].escalated == "high"
    assert (rules.cooldown_days, rules.most_shown) == (14, 3)
    assert rules.hire_line == Fraction(3, 10)
    assert rules is packaged_rules()


def test_a_company_tunes_a_threshold_and_a_text(tmp_path: Path) -> None:
    tuned = edited(
        tmp_path, "thresholds: {share: 0.30, people: 5}", "thresholds: {share: 0.4, people: 5}"
    )
    catalog = load_catalog()
    weeks = operational(35, 35, 35, 35)
    assert "R01" in [i.rule for i in evaluate(weeks, 8, catalog)]
    assert "R01" not in [i.rule for i in evaluate(weeks, 8, catalog, load_rules(tuned))]
    reworded = edited(tmp_path, '"Firefighting took {pct}% over 4 weeks.', '"Fires: {pct}%.')
    assert load_rules(reworded).rules["R07"].text.startswith("Fires: {pct}%.")


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("cooldown_days: 14", "cooldown_days: soon", "rules.yaml:6: cooldown_days:"),
        ("cooldown_days: 14", "cool_down: 14", "rules.yaml:6: cool_down:"),
        ("severity: high", "severity: loud", "rules.yaml:11: rules.R01.severity:"),
        (
            "share: 0.30",
            "share: 30",
            "rules.yaml:13: rules.R01.thresholds.share: must be a part of 1",
        ),
        ("share: 0.30", "share: -0.3", "rules.yaml:13: rules.R01.thresholds.share:"),
        (
            "people: 5",
            "people: 4.5",
            "rules.yaml:13: rules.R01.thresholds.people: must be a whole number",
        ),
        ("people: 5", "persons: 5", "rules.R01.thresholds: must be people, share"),
        ("{h} hours", "{hours} hours", "rules.yaml:12: rules.R01.text: cannot fill in hours"),
        ("{h} hours", "{h hours", "rules.R01.text:"),
        ("{h} hours", "{h.__class__} hours", "rules.R01.text: cannot fill in h.__class__"),
        ("  R09:", "  R99:", "rules.yaml:9: rules: missing or unknown: R09, R99"),
        ("most_shown: 3", "most_shown: [", "rules.yaml:9: is not YAML"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, old: str, new: str, part: str) -> None:
    with pytest.raises(RulesError) as caught:
        load_rules(edited(tmp_path, old, new))
    assert part in str(caught.value)


def test_every_slip_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    wrong = PACKAGED.replace("gap: 2", "gap: 0").replace("fall: 0.05", "fall: 5")
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load_rules(file)
    gap, fall = str(caught.value).splitlines()
    assert ".R11.thresholds.gap: must be a whole number above 0" in gap
    assert ".R15.thresholds.fall: must be a part of 1" in fall
