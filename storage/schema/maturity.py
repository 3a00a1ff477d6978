"""Check-ins: who rates what, and the results they led to."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    text,
)

from storage.schema.base import Instant, metadata, of_team, workspace_column

checkins = Table(
    "checkins",
    metadata,
    workspace_column(),
    Column("checkin_id", String(32), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("started_by", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("note", String(300), nullable=False, default=""),
    # Ids of the dimensions that are asked about, in order.
    Column("dimensions", JSON, nullable=False),
    Column("min_raters", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("closed_at", Instant),
    # all_answered, deadline, lead, cancelled
    Column("closed_because", String(16)),
    # The assessment as it was closed with: levels and counts, nobody's own ratings.
    Column("result", JSON),
    of_team(),
    CheckConstraint("state IN ('open', 'closed', 'cancelled')", name="state"),
    Index(None, "workspace_id", "team_id", "closed_at"),
    # Two leads who press the button at once start one check-in.
    Index(
        "uq_checkins_open",
        "workspace_id",
        "team_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

checkin_raters = Table(
    "checkin_raters",
    metadata,
    workspace_column(),
    Column("checkin_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("is_lead", Boolean, nullable=False, default=False),
    # Until then what they rated is a draft.
    Column("submitted_at", Instant),
    # Why no answer is awaited any more: left_team, deactivated, removed.
    Column("excused", String(16)),
    ForeignKeyConstraint(
        ["workspace_id", "checkin_id"],
        ["checkins.workspace_id", "checkins.checkin_id"],
        ondelete="CASCADE",
    ),
    Index(None, "workspace_id", "user_id"),
)

ratings = Table(
    "ratings",
    metadata,
    workspace_column(),
    Column("checkin_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("dimension", String(24), primary_key=True),
    # Null: don't know (`answered`), or nothing chosen yet.
    Column("level", Integer),
    Column("answered", Boolean, nullable=False, default=False),
    Column("evidence", String(500), nullable=False, default=""),
    Column("comment", String(500), nullable=False, default=""),
    Column("changed_at", Instant, nullable=False),
    ForeignKeyConstraint(
        ["workspace_id", "checkin_id", "user_id"],
        [
            "checkin_raters.workspace_id",
            "checkin_raters.checkin_id",
            "checkin_raters.user_id",
        ],
        ondelete="CASCADE",
    ),
    CheckConstraint("level BETWEEN 1 AND 5", name="level"),
)
