"""What the documents, locks and files say of the project is true of it."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli import app
from bot.settings import settings_table
from handlers.features import all_features

ROOT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": ("build",), "requirements-dev.lock": ("build", "dev")}
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)", re.MULTILINE)
SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
# A registry, or a place on the machine that something was written on. Neither means anything to
# the next reader.
REGISTRY = re.compile(r"\b(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com)\b")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|(?:home|Users)/\w+)/\w")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def tracked() -> list[Path]:
    # The folder may belong to another user than the one who runs the tests.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def documents() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in tracked() if path.suffix == ".md"]


def code(document: str) -> list[str]:
    """The lines of its code blocks, and its code spans."""
    text = read(document)
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()] + SPAN.findall(text)


def uses(program: str) -> list[tuple[str, list[str]]]:
    """Each use of a program in the documents and the Procfile, as (file, words after it)."""
    places = [(document, line) for document in documents() for line in code(document)]
    places += [("Procfile", line) for line in read("Procfile").splitlines()]
    command = re.compile(rf"^\s*(?:[A-Z_]+=\S+ |\w+: |\.venv/bin/)*{program}(?=$|\s)(.*)")
    return [(place, m[1].split()) for place, line in places if (m := command.match(line))]


def pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(m["name"]): m["version"] for m in PIN.finditer(read(lock))}


def required(*extras: str) -> list[Requirement]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    lines = [*project["dependencies"]]
    for extra in extras:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


def test_the_readme_shows_how_to_try_it_and_how_to_test_it() -> None:
    shown = [words for place, words in uses("make") if place == "README.md"]
    assert ["sandbox"] in shown
    assert ["test"] in shown


def test_make_knows_every_target_in_the_documents() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), re.MULTILINE))
    assert targets >= {"help", "sandbox", "test", "check", "bench", "lock"}
    named = [(place, words[0]) for place, words in uses("make") if words]
    assert [(place, target) for place, target in named if target not in targets] == []


def command_line() -> dict[str, set[str]]:
    """The options of each `prodops` command."""
    program = get_command(app)
    assert isinstance(program, TyperGroup)
    return {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in program.commands.items()
    }


def test_prodops_knows_every_command_and_option_in_the_documents() -> None:
    known = command_line()
    used = [(place, words) for place, words in uses("prodops") if words]
    assert {place for place, _ in used} >= {"README.md", "Procfile"}
    for place, (name, *rest) in used:
        assert name in known, f"{place}: prodops {name}"
        options = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert options <= known[name], f"{place}: prodops {name} {' '.join(rest)}"


def test_the_readme_lists_the_commands_and_options_that_there_are() -> None:
    listed: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`prodops .*)", read("README.md"), re.MULTILINE):
        spans = SPAN.findall(row)
        for name in (span.split()[1] for span in spans if span.startswith("prodops ")):
            listed[name] = {span for span in spans if span.startswith("--")}
    assert listed == {name: options - {"--help"} for name, options in command_line().items()}


def test_slack_knows_every_slash_command_in_the_documents() -> None:
    used = [(place, words[0]) for place, words in uses("/prodops") if words]
    assert {place for place, _ in used} >= {"README.md"}
    known = all_features().commands
    assert [(place, name) for place, name in used if name not in known] == []


def test_the_settings_table_is_what_the_settings_are() -> None:
    assert settings_table().strip() in read("README.md")


@pytest.mark.parametrize("kind", ["registry", "machine path"])
def test_no_file_names_a_registry_or_a_path_of_one_machine(kind: str) -> None:
    pattern = REGISTRY if kind == "registry" else MACHINE_PATH
    assert [(name, found[0]) for name, text in texts() if (found := pattern.search(text))] == []


def test_links_between_files_lead_somewhere() -> None:
    broken = [
        (document, link)
        for document in documents()
        for link in re.findall(r"\]\(([^)#\s]+)", read(document))
        if "://" not in link and not (ROOT / document).parent.joinpath(link).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_hashes_everything(lock: str) -> None:
    lines = read(lock).splitlines()
    assert [line for line in lines if "://" in line or line.startswith("-")] == []
    bare = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if PIN.match(line) and not following.strip().startswith("--hash=sha256:")
    ]
    assert bare == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_the_project_asks_for(lock: str) -> None:
    locked = pins(lock)
    unmet = [
        str(wanted)
        for wanted in required(*LOCKS[lock])
        if Version(locked.get(canonicalize_name(wanted.name), "0")) not in wanted.specifier
    ]
    assert unmet == []


def test_both_locks_pin_the_same_versions() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_the_changelog_tells_of_the_version_or_of_what_comes_next() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    heads = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert heads[0] in ("Unreleased", version)
