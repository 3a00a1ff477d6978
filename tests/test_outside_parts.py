"""The database server and the browser of the tests do what their fixtures promise."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from playwright.async_api import Page

from tests.postgres_server import PostgresServer

ROOT = Path(__file__).parents[1]
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"

KILLED_RUN = """
import os, signal
from tests.postgres_server import PostgresServer
server = PostgresServer()
server.pause()
print(server.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, connect_timeout=2) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_database_is_a_copy_of_the_newest_schema(postgres_url: str) -> None:
    assert ask(postgres_url, TABLES) != 0


def test_a_database_is_emptied_whoever_is_connected_to_it(
    postgres_server: PostgresServer, postgres_url: str, migrated_postgres: str
) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("INSERT INTO workspaces VALUES ('T1', '', 'B1', null, true, now())")
        connection.commit()
        connection.execute("SELECT * FROM workspaces FOR UPDATE")
        postgres_server.empty_database(migrated_postgres, apart_from="alembic_version")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert ask(postgres_url, "SELECT count(*) FROM workspaces") == 0
    assert ask(postgres_url, "SELECT count(*) FROM alembic_version") == 1


def test_a_blank_database_has_no_tables(blank_postgres_url: str) -> None:
    assert ask(blank_postgres_url, TABLES) == 0


def test_letters_beyond_ascii_have_a_lower_case(blank_postgres_url: str) -> None:
    assert ask(blank_postgres_url, "SELECT lower('Ä')") == "ä"


def test_a_server_comes_back_at_its_address_with_its_rows(
    postgres_server: PostgresServer, blank_postgres_url: str
) -> None:
    with psycopg.connect(blank_postgres_url) as connection:
        connection.execute("CREATE TABLE weeks AS SELECT 47 AS week")
    postgres_server.stop()
    with pytest.raises(psycopg.OperationalError):
        ask(blank_postgres_url, "SELECT 1")
    postgres_server.start()
    assert ask(blank_postgres_url, "SELECT week FROM weeks") == 47


def test_a_paused_server_is_silent_until_it_resumes(
    postgres_server: PostgresServer, blank_postgres_url: str
) -> None:
    postgres_server.pause()
    with pytest.raises(psycopg.errors.ConnectionTimeout):
        ask(blank_postgres_url, "SELECT 1")
    postgres_server.resume()
    assert ask(blank_postgres_url, "SELECT 1") == 1


@pytest.mark.postgres
def test_a_killed_run_leaves_no_server_behind() -> None:
    run = subprocess.run(
        [sys.executable, "-c", KILLED_RUN], cwd=ROOT, capture_output=True, text=True, check=False
    )
    folder = Path(run.stdout.strip())
    assert folder.name.startswith("prodops-postgres-")
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    commands = (process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"]))
    assert not [command for command in commands if str(folder / "data") in command]


async def test_a_page_starts_empty_and_its_profile_is_new(page: Page) -> None:
    await page.set_content("<title>A page</title><p>Hello")
    assert await page.title() == "A page"
    assert await page.context.cookies() == []


async def test_a_page_tells_of_errors_and_of_calls_to_other_machines(
    page: Page, page_problems: list[str]
) -> None:
    await page.set_content(
        "<img src='https://example.org/a.png'><script>console.error('first'); oops()</script>"
    )
    found = "\n".join(page_problems)
    page_problems.clear()
    assert "request to another machine: https://example.org/a.png" in found
    assert "first" in found
    assert "oops is not defined" in found


@pytest.mark.parametrize(
    ("required", "status", "outcome"), [("0", 0, "skipped"), ("1", 1, "error")]
)
def test_a_missing_browser_skips_a_test_or_fails_it(
    required: str, status: int, outcome: str
) -> None:
    test = f"{__file__}::test_a_page_starts_empty_and_its_profile_is_new"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", test],
        cwd=ROOT,
        env={**os.environ, "CHROMIUM": "/nowhere/chromium", "PRODOPS_REQUIRE_ALL": required},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status
    assert f"1 {outcome}" in run.stdout.splitlines()[-1]
    assert "no Chromium: install it" in run.stdout
