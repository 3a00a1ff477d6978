"""Who reads summaries besides the team itself."""

from sqlalchemy import Column, String, Table

from storage.schema.base import Instant, metadata, of_team, within_workspace, workspace_column

summary_channels = Table(
    "summary_channels",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("channel_id", String(32), primary_key=True),
    Column("added_by", String(32), nullable=False),
    Column("added_at", Instant, nullable=False),
    of_team(),
)

rollups = Table(
    "rollups",
    metadata,
    workspace_column(),
    Column("channel_id", String(32), nullable=False),
    Column("tz", String(64), nullable=False),
    Column("set_by", String(32), nullable=False),
    Column("set_at", Instant, nullable=False),
    within_workspace(),
)
