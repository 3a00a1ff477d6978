"""What the operator sets is read as said in the table, and every mistake is named."""

from pathlib import Path

import pytest

from bot.problems import SettingsProblem
from bot.settings import (
    ReplicaSettings,
    Settings,
    StorageSettings,
    WorkerSettings,
    settings_table,
)

HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-token", "SLACK_SIGNING_SECRET": "hush-hush"}
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-token", "SLACK_APP_TOKEN": "xapp-1-token"}
POSTGRES = {"DATABASE_URL": "postgresql://ann:pw@db/prodops?sslmode=require"}


def problems(environ: dict[str, str], cls: type[StorageSettings] = Settings) -> tuple[str, ...]:
    with pytest.raises(SettingsProblem) as caught:
        cls.load(environ)
    return caught.value.lines


def test_two_tokens_are_enough() -> None:
    settings = Settings.load(HTTP)
    assert not settings.socket_mode
    assert settings.slack_api_url == "https://slack.com/api/"
    assert (settings.host, settings.port, settings.tick_seconds) == ("127.0.0.1", 3000, 15)
    assert settings.database_url == "sqlite:///prodops.db"
    assert settings.sqlite_file == Path("prodops.db")


def test_an_app_token_means_socket_mode_and_needs_no_signing_secret() -> None:
    assert Settings.load(SOCKET).socket_mode


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///data/prodops.db", Path("data/prodops.db")),
        ("sqlite:////var/lib/prodops.db?timeout=5", Path("/var/lib/prodops.db")),
        ("postgresql://ann:pw@db/prodops?sslmode=verify-full&sslrootcert=/ca.pem", None),
        ("postgres://db/prodops", None),
        ("postgresql:///prodops?host=/run/postgresql", None),
    ],
)
def test_databases_that_are_understood(url: str, file: Path | None) -> None:
    settings = StorageSettings.load({"DATABASE_URL": url})
    assert settings.database_url == url
    assert settings.sqlite_file == file


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file:x?mode=memory",
        "sqlite://prodops.db",
        "sqlite:prodops.db",
        "mysql://ann:pw@db/x",
        "postgresql+asyncpg://db/x",
        "prodops.db",
    ],
)
def test_databases_that_are_refused(url: str) -> None:
    (line,) = problems({"DATABASE_URL": url}, StorageSettings)
    assert line.startswith("DATABASE_URL ")
    assert "pw" not in line


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is missing: set it"),
        ({"SLACK_BOT_TOKEN": "xapp-1-token"}, "SLACK_BOT_TOKEN must start with xoxb-;"),
        ({"SLACK_SIGNING_SECRET": " "}, "SLACK_SIGNING_SECRET is missing: copy the Signing"),
        ({"SLACK_APP_TOKEN": "xoxb-1-token"}, "SLACK_APP_TOKEN must start with xapp-;"),
        ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL must be an address"),
        ({"PORT": "70000"}, "PORT must be 65535 or less"),
        ({"PORT": "-1"}, "PORT must be 0 or more"),
        ({"PORT": "http"}, "PORT must be a whole number"),
        ({"PRODOPS_TICK_SECONDS": "soon"}, "PRODOPS_TICK_SECONDS must be a number"),
        ({"PRODOPS_TICK_SECONDS": "0"}, "PRODOPS_TICK_SECONDS must be 0.05 or more"),
        (
            {"PRODOPS_MESSAGES_PER_SECOND": "0.01"},
            "PRODOPS_MESSAGES_PER_SECOND must be 0.05 or more",
        ),
        (
            {"PRODOPS_MESSAGES_PER_SECOND": "1001"},
            "PRODOPS_MESSAGES_PER_SECOND must be 1000 or less",
        ),
        ({"PRODOPS_SHUTDOWN_SECONDS": "1.5"}, "PRODOPS_SHUTDOWN_SECONDS must be a whole number"),
        ({"PRODOPS_LOG_FORMAT": "xml"}, "PRODOPS_LOG_FORMAT must be json or text"),
        ({"PRODOPS_LOG_LEVEL": "loud"}, "PRODOPS_LOG_LEVEL must be debug, info, warning or error"),
        ({"PRODOPS_CATEGORIES": "/no/such.yaml"}, "PRODOPS_CATEGORIES must be the path of a file"),
    ],
)
def test_each_mistake_is_one_line_that_names_its_variable(
    environ: dict[str, str], line: str
) -> None:
    (found,) = problems(HTTP | environ)
    assert found.startswith(line)
    assert "\n" not in found


def test_all_mistakes_are_told_at_once_and_no_value_is_repeated() -> None:
    lines = problems(
        {
            "SLACK_BOT_TOKEN": "xoxp-very-secret",
            "SLACK_APP_TOKEN": "very-secret",
            "DATABASE_URL": "mysql://ann:very-secret@db/x",
            "PORT": "very-secret",
        }
    )
    assert {line.split()[0] for line in lines} == {
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "DATABASE_URL",
        "PORT",
    }
    assert "very-secret" not in "\n".join(lines)


def test_nothing_secret_is_shown_by_repr() -> None:
    settings = Settings.load(HTTP | SOCKET | POSTGRES)
    for secret in ("1-token", "hush-hush", "pw"):
        assert secret not in repr(settings)


def test_spaces_around_a_value_are_no_part_of_it() -> None:
    token = Settings.load(SOCKET | {"SLACK_BOT_TOKEN": " xoxb-2\n"}).slack_bot_token
    assert token.get_secret_value() == "xoxb-2"


def test_the_web_api_ends_with_a_slash() -> None:
    settings = Settings.load(HTTP | {"SLACK_API_URL": "http://127.0.0.1:9000/api"})
    assert settings.slack_api_url == "http://127.0.0.1:9000/api/"


def test_several_processes_need_postgresql() -> None:
    for cls in (ReplicaSettings, WorkerSettings):
        (line,) = problems(HTTP, cls)
        assert line.startswith("DATABASE_URL must be a postgresql:// address")
        assert cls.load(HTTP | POSTGRES).sqlite_file is None


def test_a_worker_does_without_the_signing_secret() -> None:
    token = {"SLACK_BOT_TOKEN": "xoxb-1"}
    assert WorkerSettings.load(token | POSTGRES).slack_signing_secret is None
    assert problems(token | POSTGRES, ReplicaSettings)


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text('SLACK_BOT_TOKEN="xoxb-file"\nHOST=10.0.0.1\nOTHER=x\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "hush")
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    settings = Settings.load()
    assert settings.slack_bot_token.get_secret_value() == "xoxb-file"
    assert settings.host == "0.0.0.0"


def test_settings_made_in_code_never_look_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("HOST=10.0.0.1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-real")
    assert "SLACK_BOT_TOKEN is missing" in problems({})[0]
    assert Settings.load(SOCKET).host == "127.0.0.1"


def test_the_table_holds_every_setting_once() -> None:
    rows = [row.split("|")[1].strip(" `") for row in settings_table().splitlines()[2:]]
    assert len(rows) == len(set(rows)) == len(Settings.model_fields)
    assert rows[0] == "SLACK_BOT_TOKEN"
    for environ in (HTTP, SOCKET, POSTGRES):
        assert set(environ) <= set(rows)
