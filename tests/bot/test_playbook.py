"""PRODOPS_PLAYBOOK: bad files stop every command that shows content, sound ones are served."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.playbook import playbook_of
from bot.problems import SettingsProblem
from bot.settings import ContentSettings
from tests.bot.processes import ROOT, prodops

SLACK = {"SLACK_BOT_TOKEN": "xoxb-1-token", "SLACK_SIGNING_SECRET": "hush-hush"}
NO_OPTION = "there is no option 2; they count from 0 to 1"
COMMANDS = {"run": ["run"], "simulate": ["simulate"], "sandbox": ["sandbox", "--port", "0"]}


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "quiz.yaml").write_text("quiz:\n- [Why?, [This, That], 2, Because.]\n")
    (folder / "faq.yaml").write_text("faq:\n- [Why?]\n")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_a_bad_file_stops_the_command(tmp_path: Path, bad: Path, command: str) -> None:
    own = {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PRODOPS_PLAYBOOK": str(bad)}
    done = prodops(COMMANDS[command], SLACK | own, tmp_path)
    assert (done.status, done.printed) == (2, "")
    assert done.errors.splitlines() == [
        "prodops: PRODOPS_PLAYBOOK: faq.yaml:2: faq.0.answer: is missing",
        f"prodops: PRODOPS_PLAYBOOK: quiz.yaml:2: quiz.0.right: {NO_OPTION}",
    ]


def problems(variables: Mapping[str, str]) -> list[str]:
    with pytest.raises(SettingsProblem) as caught:
        playbook_of(ContentSettings.load(variables))
    return list(caught.value.lines)


def test_both_variables_are_named_for_what_they_bring(tmp_path: Path, bad: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("categories:\n- {id: a}\n")
    variables = {"PRODOPS_CATEGORIES": str(file), "PRODOPS_PLAYBOOK": str(bad)}
    assert [line.split()[:2] for line in problems(variables)] == [
        ["PRODOPS_CATEGORIES:", "mine.yaml:2:"],
        ["PRODOPS_CATEGORIES:", "mine.yaml:2:"],
        ["PRODOPS_CATEGORIES:", "mine.yaml:2:"],
        ["PRODOPS_PLAYBOOK:", "faq.yaml:2:"],
        ["PRODOPS_PLAYBOOK:", "quiz.yaml:2:"],
    ]


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_the_folder_must_be_one(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "ours"
    if kind == "file":
        place.write_text("")
    assert problems({"PRODOPS_PLAYBOOK": str(place)}) == [
        "PRODOPS_PLAYBOOK must be the path of a folder that exists"
    ]


def test_own_categories_go_before_those_of_the_folder(tmp_path: Path) -> None:
    entry = "categories:\n- {id: %s, group: people, name: %s, definition: d}\n"
    (tmp_path / "mine.yaml").write_text(entry % ("alpha", "Alpha"))
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "categories.yaml").write_text(entry % ("beta", "Beta"))
    both = {
        "PRODOPS_CATEGORIES": str(tmp_path / "mine.yaml"),
        "PRODOPS_PLAYBOOK": str(folder),
    }
    catalog = playbook_of(ContentSettings.load(both)).catalog
    assert [category.id for category in catalog.categories] == ["alpha"]
    del both["PRODOPS_CATEGORIES"]
    catalog = playbook_of(ContentSettings.load(both)).catalog
    assert [category.id for category in catalog.categories] == ["beta"]
