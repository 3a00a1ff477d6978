"""The decision log."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from storage.schema.base import Instant, metadata, of_team, workspace_column

decisions = Table(
    "decisions",
    metadata,
    workspace_column(),
    Column("decision_id", String(32), primary_key=True),
    Column("team_id", String(32), nullable=False),
    # Counts from 1 within the team, for people to refer to.
    Column("number", Integer, nullable=False),
    Column("what", String(500), nullable=False),
    Column("owner", String(32)),
    Column("due_on", Date),
    Column("state", String(10), nullable=False),
    Column("outcome", String(300), nullable=False, default=""),
    Column("made_by", String(32), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("closed_at", Instant),
    of_team(),
    CheckConstraint("state IN ('open', 'done', 'withdrawn')", name="state"),
    UniqueConstraint("workspace_id", "team_id", "number"),
    Index(None, "workspace_id", "owner"),
)
