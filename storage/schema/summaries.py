"""What summaries have shown."""

from sqlalchemy import JSON, Column, Date, String, Table

from storage.schema.base import metadata, of_team, workspace_column

insight_showings = Table(
    "insight_showings",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("rule", String(16), primary_key=True),
    Column("period", String(8), primary_key=True),
    Column("shown_on", Date, nullable=False),
    of_team(),
)

released_weeks = Table(
    "released_weeks",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("period", String(8), primary_key=True),
    # Which answers the numbers shown of a running week rest on: {user id: when last changed}.
    Column("answers", JSON, nullable=False),
    of_team(),
)
