"""Quiz scores, each for nobody but the person."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table

from storage.schema.base import Instant, metadata, within_workspace, workspace_column

quiz_runs = Table(
    "quiz_runs",
    metadata,
    workspace_column(),
    Column("run_id", String(32), primary_key=True),
    Column("user_id", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    # What was chosen at each question so far, by index; in order.
    Column("answers", JSON, nullable=False),
    Column("right_answers", Integer, nullable=False, default=0),
    Column("questions", Integer, nullable=False),
    Column("finished_at", Instant),
    within_workspace(),
    Index(None, "workspace_id", "user_id"),
)
