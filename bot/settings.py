"""What the operator can set, read from the environment and `.env`, and every complaint about it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    DirectoryPath,
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.problems import SettingsProblem
from bot.settings_checks import api_base, complaint, database, pace, sentence, starting_with


class ContentSettings(BaseSettings):
    """Where a company's own content lies, which every command reads that shows some of it."""

    model_config = SettingsConfigDict(
        case_sensitive=True,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    categories: FilePath | None = Field(
        None,
        validation_alias="PRODOPS_CATEGORIES",
        description="Your own categories file, instead of the nine that come with ProdOps.",
    )
    playbook: DirectoryPath | None = Field(
        None,
        validation_alias="PRODOPS_PLAYBOOK",
        description=(
            "Folder with your own playbook files (`maturity.yaml`, `checklist.yaml`, …); each "
            "takes the place of the one that comes with ProdOps."
        ),
    )

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Self:
        """From the environment and `.env`, or from `environ` alone; else `SettingsProblem`."""
        found = _surroundings(cls) if environ is None else environ
        # A token that was pasted with a line break would break the header it travels in.
        values: dict[str, Any] = {name: value.strip() for name, value in found.items()}
        try:
            return cls(**{name: value for name, value in values.items() if value})
        except ValidationError as error:
            raise SettingsProblem(*(_line(detail) for detail in error.errors())) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # Only `load` looks around: settings made by the sandbox or a test must never pick up
        # the tokens of a real workspace.
        return (init_settings,)


class StorageSettings(ContentSettings):
    """What the commands need that read or migrate the database but never talk to Slack."""

    # Not shown by repr: the address of a PostgreSQL holds its password.
    database_url: Annotated[str, AfterValidator(database)] = Field(
        "sqlite:///prodops.db",
        validation_alias="DATABASE_URL",
        repr=False,
        description=(
            "Where everything is stored: `sqlite:///file` for one process, "
            "`postgresql://user:password@host/name` for several."
        ),
    )
    log_format: Literal["json", "text"] = Field(
        "json",
        validation_alias="PRODOPS_LOG_FORMAT",
        description="Form of the log on standard error: `json` or `text`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info",
        validation_alias="PRODOPS_LOG_LEVEL",
        description="Least severe entries that are logged: `debug`, `info`, `warning` or `error`.",
    )

    @property
    def sqlite_file(self) -> Path | None:
        """The file of a SQLite database, relative to where we run; None on PostgreSQL."""
        scheme, _, rest = self.database_url.partition("://")
        return Path(rest[1:].partition("?")[0]) if scheme == "sqlite" else None


class Settings(StorageSettings):
    """What a process needs that serves a workspace."""

    slack_bot_token: Annotated[
        SecretStr,
        starting_with("xoxb-", "copy the Bot User OAuth Token from OAuth & Permissions"),
    ] = Field(
        validation_alias="SLACK_BOT_TOKEN",
        description="Bot token of the workspace, starts with `xoxb-`.",
    )
    slack_app_token: (
        Annotated[
            SecretStr,
            starting_with("xapp-", "copy an app-level token from Basic Information"),
        ]
        | None
    ) = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="App-level token, starts with `xapp-`. Set: Socket Mode. Not set: HTTP.",
    )
    slack_signing_secret: SecretStr | None = Field(
        None,
        validation_alias="SLACK_SIGNING_SECRET",
        validate_default=True,
        description="Signing secret of the app; needed in HTTP mode.",
    )
    slack_api_url: Annotated[str, AfterValidator(api_base)] = Field(
        "https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Base of Slack's Web API, or of an emulator's.",
    )
    host: str = Field(
        "127.0.0.1",
        validation_alias="HOST",
        description="Address to listen on; `0.0.0.0` for all.",
    )
    port: int = Field(
        3000,
        ge=0,
        le=65535,
        validation_alias="PORT",
        description="Port to listen on, for Slack and for the health pages.",
    )
    tick_seconds: float = Field(
        15,
        ge=0.05,
        le=300,
        validation_alias="PRODOPS_TICK_SECONDS",
        description="How often the scheduler looks for what is due, in seconds.",
    )
    messages_per_second: Annotated[float, AfterValidator(pace)] = Field(
        4,
        le=1000,
        validation_alias="PRODOPS_MESSAGES_PER_SECOND",
        description="Pace of prompts and summaries in one workspace; `0` for none at all.",
    )
    shutdown_seconds: int = Field(
        20,
        ge=1,
        le=600,
        validation_alias="PRODOPS_SHUTDOWN_SECONDS",
        description="How long work in flight may take to finish once the process is told to stop.",
    )

    @field_validator("slack_signing_secret")
    @classmethod
    def _needed_over_http(cls, secret: SecretStr | None, known: ValidationInfo) -> SecretStr | None:
        # A wrong app token is absent from `known.data` and reported by itself.
        if secret is None and known.data.get("slack_app_token", "wrong") is None:
            raise complaint(
                "is missing: copy the Signing Secret from the app's Basic Information, "
                "or set SLACK_APP_TOKEN to use Socket Mode"
            )
        return secret

    @property
    def socket_mode(self) -> bool:
        return self.slack_app_token is not None


class ReplicaSettings(Settings):
    """What `prodops web` needs: one of several processes that share one database."""

    @field_validator("database_url")
    @classmethod
    def _shareable(cls, url: str) -> str:
        if url.startswith("sqlite:"):
            raise complaint(
                "must be a postgresql:// address, since SQLite serves one process only; "
                "`prodops run` does everything in one process"
            )
        return url


class WorkerSettings(ReplicaSettings):
    """What `prodops worker` needs: as it receives nothing, it can do without the secret."""

    @field_validator("slack_signing_secret")
    @classmethod
    def _needed_over_http(cls, secret: SecretStr | None, _: ValidationInfo) -> SecretStr | None:
        return secret


def settings_table() -> str:
    """Every setting as a Markdown table, the one that the README shows."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name in sorted(Settings.model_fields, key=_place_in_table):
        field = Settings.model_fields[name]
        if field.is_required():
            default = "required"
        else:
            default = "none" if field.default is None else f"`{field.default}`"
        rows.append(f"| `{_variable(name)}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def _place_in_table(field: str) -> int:
    variable = _variable(field)
    return 0 if variable.startswith("SLACK_") else 2 if variable.startswith("PRODOPS_") else 1


def _variable(field: str) -> str:
    return str(Settings.model_fields[field].validation_alias)


def _surroundings(cls: type[BaseSettings]) -> dict[str, str]:
    return {**DotEnvSettingsSource(cls)(), **EnvSettingsSource(cls)()}


def _line(error: ErrorDetails) -> str:
    """`VARIABLE what is wrong`; never holds the value, which may be a secret."""
    place = str(error["loc"][0])
    # A default that fails is reported under the name of the field.
    variable = _variable(place) if place in Settings.model_fields else place
    return f"{variable} {sentence(error)}"
