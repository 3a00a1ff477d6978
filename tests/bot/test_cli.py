"""The commands as an operator calls them: what they print, and with which status they end."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from bot.cli import sandbox
from tests.bot import processes

COMMANDS = ("sandbox", "run", "web", "worker", "migrate", "manifest", "simulate")
# Nobody listens on the discard port: Slack cannot be reached.
TOKENS = {
    "SLACK_BOT_TOKEN": "xoxb-1-token",
    "SLACK_SIGNING_SECRET": "hush-hush",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
}


def surroundings(tmp_path: Path, **variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return kept | {"HOME": str(tmp_path), "COLUMNS": "100"} | variables


def prodops(tmp_path: Path, *words: str, **variables: str) -> processes.Ended:
    return processes.prodops(list(words), surroundings(tmp_path, **variables), tmp_path)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def status_of(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


@contextmanager
def running(tmp_path: Path, port: int, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """`prodops run`, from when it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "run"],
        cwd=tmp_path,
        env=surroundings(
            tmp_path, **TOKENS, PORT=str(port), PYTHONPATH=str(Path(__file__).parents[2])
        )
        | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + 40
        while True:
            try:
                status_of(port, "/healthz")
                break
            except OSError:
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < until, "it does not answer"
                time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


def test_help_names_every_command(tmp_path: Path) -> None:
    done = prodops(tmp_path, "--help")
    assert done.status == 0
    for command in COMMANDS:
        (line,) = [line for line in done.printed.splitlines() if line.startswith(f"  {command} ")]
        assert line.endswith("."), "a help text too long to be shown whole"
        assert prodops(tmp_path, command, "--help").status == 0


def test_missing_tokens_are_named_a_line_each(tmp_path: Path) -> None:
    done = prodops(tmp_path, "run")
    assert done.status == 2
    assert done.printed == ""
    lines = done.errors.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["prodops:", "SLACK_BOT_TOKEN"],
        ["prodops:", "SLACK_SIGNING_SECRET"],
    ]


@pytest.mark.parametrize("command", ["web", "worker"])
def test_several_processes_on_sqlite_are_refused(tmp_path: Path, command: str) -> None:
    done = prodops(tmp_path, command, **TOKENS)
    assert done.status == 2
    (line,) = done.errors.splitlines()
    assert line.startswith("prodops: DATABASE_URL must be a postgresql:// address")


def test_the_manifest_is_printed_as_it_can_be_pasted(tmp_path: Path) -> None:
    done = prodops(tmp_path, "manifest", "--url", "https://bot.acme.com")
    printed = yaml.safe_load(done.printed)
    assert (
        printed["settings"]["interactivity"]["request_url"] == "https://bot.acme.com/slack/events"
    )
    done = prodops(tmp_path, "manifest", "--socket")
    assert yaml.safe_load(done.printed)["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["manifest"], "prodops: manifest needs either --url https://… or --socket"),
        (["manifest", "--socket", "--url", "https://a.b"], "prodops: manifest needs either"),
        (["manifest", "--url", "http://a.b"], "prodops: --url must be the address"),
        (["simulate", "--from", "2026-11-23", "--to", "2026-11-22"], "prodops: --to must not lie"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, words: list[str], line: str) -> None:
    done = prodops(tmp_path, *words)
    assert done.status == 2
    assert done.errors.startswith(line)
    assert len(done.errors.splitlines()) == 1


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        done = prodops(tmp_path, "migrate")
        assert (done.status, done.errors) == (0, "")
    assert (tmp_path / "prodops.db").exists()


def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as process:
        assert status_of(port, "/healthz") == 200
        assert status_of(port, "/readyz") == 503, "Slack cannot be reached"
        assert status_of(port, "/metrics") == 200
        assert status_of(port, "/slack/events") == 405
        process.send_signal(signal.SIGTERM)
        printed, logged = process.communicate(timeout=30)
    assert process.returncode == 0
    assert printed == ""
    events = [json.loads(line)["event"] for line in logged.splitlines()]
    assert "started" in events
    assert events[-1] == "stopped"
    for secret in ("1-token", "hush-hush"):
        assert secret not in logged


def test_a_second_start_is_refused_while_one_runs(tmp_path: Path) -> None:
    port, other = free_port(), free_port()
    with running(tmp_path, port):
        again = prodops(tmp_path, "run", **TOKENS, PORT=str(other))
        moved = prodops(tmp_path, "migrate")
        elsewhere = prodops(
            tmp_path, "run", **TOKENS, PORT=str(port), DATABASE_URL="sqlite:///other.db"
        )
    for done in (again, moved):
        assert done.status == 2
        (line,) = done.errors.splitlines()
        assert line.startswith("prodops: DATABASE_URL: prodops.db is in use by another")
    assert elsewhere.status == 2
    (line,) = elsewhere.errors.splitlines()
    assert line.startswith(f"prodops: PORT {port} is in use by another program")


def test_the_sandbox_takes_this_processs_place(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    # What it becomes is tested by the story; here only that the port gets there.
    monkeypatch.setattr(os, "execv", lambda _program, words: called.append(words[1:]))
    sandbox()
    sandbox(port=8080)
    assert called == [["-m", "sandbox"], ["-m", "sandbox", "--port", "8080"]]
