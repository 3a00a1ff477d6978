"""Every system of the page that the project began with answers in Slack, and docs/playbook.md says
truly where and by which test."""

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.features import all_features
from tests.handlers.past_team import past_team
from tests.stage import Stage, team

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "playbook.md"

#: What a member types, and words of the page (or what it stands for) that must come back.
ANSWERS = {
    "log 40% jira, 60% strategy": ("Your operational share 40%",),
    "checklist": ("Assess", "Define goals", "Build plan", "Execute", "Iterate", "0 of 34 done"),
    "checklist execute": ("Automate the most hated report", "Done when"),
    "maturity": ("no maturity level yet", "from level 1 to 5"),
    "insights": ("Hire rule", "5 or more", "over 30%"),
    "goals": ("one figure with a baseline, a target and a date",),
    "benchmark": ("Adoption", "Maturity", "Compliance", "ROI"),
    "benchmark healthcare": ("Reactive", "Proactive", "Predictive"),
    "learn comparisons": ("Ad-Hoc Approach", "Doing Nothing", "One-Time Project"),
    "learn mistakes": ("No baseline", "Fix:"),
    "learn best practices": ("Pilot in one team for a quarter",),
    "learn when should we hire": ("5 or more PMs and over 30% of their time operational",),
    "learn what is product operations": ("The function that gives PMs data, standards, tools",),
    "learn terms": ("Product analytics", "Product roadmap", "OKRs"),
    "learn steps": ("1. Assess", "2. Define goals", "3. Build plan", "4. Execute", "5. Iterate"),
    "quiz": ("What is the first step in implementing Product Operations?",),
    "decide One tracker for all": ("Decision #1 recorded",),
}


@pytest.fixture
async def stage(sqlite_url: str) -> AsyncIterator[Stage]:
    async with team(sqlite_url) as made:
        yield made


async def test_each_answers(stage: Stage) -> None:
    ben = stage.people[1]
    for line, expected in ANSWERS.items():
        said = await stage.typed(ben, line)
        missing = [part for part in expected if part not in said]
        assert not missing, (line, missing, said)


async def test_at_a_glance(sqlite_url: str) -> None:
    """Operational, customer and strategic share, participation, checklist, maturity and ROI."""
    week = {"tools": 20, "reporting": 12, "customer": 10, "strategy": 30, "delivery": 28}
    async with past_team(sqlite_url, [[week] * 5] * 6) as (stage, _):
        said = await stage.typed(stage.lead, "summary")
        for part in ("Operational 32%", "Customer     █···········  10%", "5 of 5 logged"):
            assert part in said
        assert "Strategic    ████········  30%" in said
        assert "0/34" in await stage.home(stage.lead)
        assert "n/a - enter cost" in await stage.typed(stage.lead, "roi")


def rows() -> list[tuple[str, str, str]]:
    table = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
    start = next(place for place, row in enumerate(table) if row[0] == "system")
    systems = []
    for row in table[start + 1 :]:
        if row[2] != "---" and "::" not in row[2]:
            break
        systems.append(row)
    return systems


def test_the_table_names_commands_and_tests_that_are_there() -> None:
    commands = all_features().commands
    found = rows()
    assert len(found) >= 20
    for system, where, test in found:
        typed = re.findall(r"`/prodops (\w+)", where)
        assert typed or "App Home" in where, system
        assert set(typed) <= set(commands), system
        for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", test):
            functions = {
                node.name
                for node in ast.parse((ROOT / file).read_text()).body
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            assert name in functions, (system, file, name)


def test_every_command_is_in_the_table_or_about_the_bot_itself() -> None:
    named = {word for _, where, _ in rows() for word in re.findall(r"`/prodops (\w+)", where)}
    about_the_bot = {"*", "help", "setup", "away", "why", "privacy", "export"}
    assert all_features().commands.keys() - about_the_bot <= named
