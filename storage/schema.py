"""The tables. Each carries its workspace; amounts are integers, times UTC, periods text."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.types import TypeDecorator

# Alembic can only drop or alter a constraint that has a name, the same name on both databases.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which has no zones, keeps it naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: every instant carries its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        found: datetime = value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _workspace(primary_key: bool = True) -> Column[str]:
    return Column("workspace_id", String(32), primary_key=primary_key, nullable=False)


def _within_workspace() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["workspace_id"], ["workspaces.workspace_id"], ondelete="CASCADE")


def _of_team() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace_id", "team_id"], ["teams.workspace_id", "teams.team_id"], ondelete="CASCADE"
    )


workspaces = Table(
    "workspaces",
    metadata,
    _workspace(),
    Column("name", String(255), nullable=False),
    Column("bot_user_id", String(32), nullable=False),
    Column("paused_reason", String(64)),
    # False once Slack has refused native charts here; they are then sent as tables.
    Column("charts", Boolean, nullable=False, default=True, server_default=true()),
    Column("installed_at", Instant, nullable=False),
)

people = Table(
    "people",
    metadata,
    _workspace(),
    Column("user_id", String(32), primary_key=True),
    Column("name", String(255), nullable=False, default=""),
    Column("tz", String(64)),
    Column("country", String(2)),
    Column("is_admin", Boolean, nullable=False, default=False),
    Column("is_bot", Boolean, nullable=False, default=False),
    Column("is_guest", Boolean, nullable=False, default=False),
    Column("is_deleted", Boolean, nullable=False, default=False),
    Column("is_foreign", Boolean, nullable=False, default=False),
    Column("status_emoji", String(255), nullable=False, default=""),
    Column("status_text", String(255), nullable=False, default=""),
    Column("status_expires_at", Instant),
    Column("prompt_weekday", Integer),
    Column("prompt_time", String(5)),
    Column("stopped_at", Instant),
    Column("paused_until", Date),
    Column("introduced_at", Instant),
    Column("refreshed_at", Instant),
    # Home is kept up to date for those only who have ever opened it.
    Column("home_seen_at", Instant),
    _within_workspace(),
)

absences = Table(
    "absences",
    metadata,
    Column("absence_id", Integer, primary_key=True, autoincrement=True),
    _workspace(primary_key=False),
    Column("user_id", String(32), nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("created_at", Instant, nullable=False),
    _within_workspace(),
    Index(None, "workspace_id", "user_id"),
)

teams = Table(
    "teams",
    metadata,
    _workspace(),
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), nullable=False),
    Column("name", String(80), nullable=False),
    Column("tz", String(64), nullable=False),
    Column("country", String(2)),
    Column("industry", String(40), nullable=False, default=""),
    Column("prompt_weekday", Integer, nullable=False),
    Column("prompt_time", String(5), nullable=False),
    Column("reminder_time", String(5), nullable=False),
    Column("summary_weekday", Integer, nullable=False),
    Column("summary_time", String(5), nullable=False),
    Column("members_from", String(10), nullable=False),
    Column("group_id", String(32)),
    Column("target_bp", Integer),
    Column("target_by", Date),
    # Why the channel cannot be posted to at present, and when the leads were told.
    Column("trouble", String(64)),
    Column("created_by", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    _within_workspace(),
    UniqueConstraint("workspace_id", "channel_id"),
    CheckConstraint("members_from IN ('channel', 'picked', 'group')", name="members_from"),
)

memberships = Table(
    "memberships",
    metadata,
    Column("membership_id", Integer, primary_key=True, autoincrement=True),
    _workspace(primary_key=False),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("added_by", String(32)),
    Column("joined_at", Instant, nullable=False),
    Column("left_at", Instant),
    _of_team(),
    Index(None, "workspace_id", "team_id"),
    Index(None, "workspace_id", "user_id"),
    # Two events about the same join must not make two members of one person.
    Index(
        "uq_memberships_current",
        "workspace_id",
        "team_id",
        "user_id",
        unique=True,
        sqlite_where=text("left_at IS NULL"),
        postgresql_where=text("left_at IS NULL"),
    ),
)

leads = Table(
    "leads",
    metadata,
    _workspace(),
    Column("team_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("since", Instant, nullable=False),
    _of_team(),
    Index(None, "workspace_id", "user_id"),
)

category_overrides = Table(
    "category_overrides",
    metadata,
    _workspace(),
    Column("category_id", String(64), primary_key=True),
    Column("grouping", String(32)),
    Column("name", String(60)),
    Column("definition", String(200)),
    Column("aliases", JSON),
    Column("archived", Boolean),
    Column("position", Integer),
    _within_workspace(),
)

splits = Table(
    "splits",
    metadata,
    Column("split_id", Integer, primary_key=True, autoincrement=True),
    _workspace(primary_key=False),
    Column("user_id", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    # False: the person marked the week as not applicable, and there are no shares.
    Column("applicable", Boolean, nullable=False, default=True),
    Column("reason", String(200)),
    Column("logged_at", Instant, nullable=False),
    Column("edited_at", Instant),
    _within_workspace(),
    UniqueConstraint("workspace_id", "user_id", "period"),
)

split_shares = Table(
    "split_shares",
    metadata,
    Column("split_id", Integer, primary_key=True),
    Column("category_id", String(64), primary_key=True),
    _workspace(primary_key=False),
    Column("share_bp", Integer, nullable=False),
    Column("minutes", Integer),
    ForeignKeyConstraint(["split_id"], ["splits.split_id"], ondelete="CASCADE"),
    CheckConstraint("share_bp BETWEEN 0 AND 10000", name="share_bp"),
)

split_history = Table(
    "split_history",
    metadata,
    Column("history_id", Integer, primary_key=True, autoincrement=True),
    _workspace(primary_key=False),
    Column("user_id", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(32), nullable=False),
    Column("source", String(16), nullable=False),
    # What stood before, as {"applicable", "reason", "shares", "minutes"}; null: nothing did.
    Column("before", JSON),
    _within_workspace(),
    Index(None, "workspace_id", "user_id", "period"),
)

agenda = Table(
    "agenda",
    metadata,
    _workspace(),
    Column("kind", String(20), primary_key=True),
    Column("subject", String(32), primary_key=True),
    Column("period", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    _within_workspace(),
    Index(None, "due_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", String(32), primary_key=True),
    _workspace(primary_key=False),
    # Says what must happen only once, e.g. prompt:U123:2026-W47; unique in the workspace.
    Column("key", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("team_id", String(32)),
    Column("recipient", String(32), nullable=False),
    Column("period", String(8), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(64)),
    Column("note", String(255)),
    # Set while the delivery wants work: when to look at it next.
    Column("work_at", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", String(40)),
    Column("channel", String(32)),
    Column("thread_ts", String(32)),
    Column("ts", String(32)),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    # Set when what was sent no longer says what is so, and is to be edited in place.
    Column("edit_at", Instant),
    _within_workspace(),
    UniqueConstraint("workspace_id", "key"),
    Index(
        "ix_deliveries_work_at",
        "work_at",
        sqlite_where=text("work_at IS NOT NULL"),
        postgresql_where=text("work_at IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_edit_at",
        "edit_at",
        sqlite_where=text("edit_at IS NOT NULL"),
        postgresql_where=text("edit_at IS NOT NULL"),
    ),
    Index(None, "workspace_id", "recipient", "due_at"),
    Index(None, "workspace_id", "team_id", "period"),
)

delivery_events = Table(
    "delivery_events",
    metadata,
    Column("event_id", Integer, primary_key=True, autoincrement=True),
    _workspace(primary_key=False),
    Column("delivery_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(64)),
    ForeignKeyConstraint(["delivery_id"], ["deliveries.delivery_id"], ondelete="CASCADE"),
    Index(None, "delivery_id"),
)

received_events = Table(
    "received_events",
    metadata,
    _workspace(),
    Column("event_id", String(64), primary_key=True),
    Column("received_at", Instant, nullable=False),
    _within_workspace(),
    Index(None, "received_at"),
)

insight_showings = Table(
    "insight_showings",
    metadata,
    _workspace(),
    Column("team_id", String(32), primary_key=True),
    Column("rule", String(16), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("shown_on", Date, nullable=False),
    _of_team(),
)

released_weeks = Table(
    "released_weeks",
    metadata,
    _workspace(),
    Column("team_id", String(32), primary_key=True),
    Column("period", String(8), primary_key=True),
    # Which answers the numbers shown of a running week rest on: {user id: when last changed}.
    Column("answers", JSON, nullable=False),
    _of_team(),
)
