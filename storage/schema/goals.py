"""Measurable targets, and what the return on product operations is worked out from."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    text,
)

from storage.schema.base import Instant, metadata, of_team, workspace_column

goals = Table(
    "goals",
    metadata,
    workspace_column(),
    Column("goal_id", String(32), primary_key=True),
    Column("team_id", String(32), nullable=False),
    # operational_share, strategic_share, customer_share, reactive_share, participation,
    # maturity, dimension:<id>, checklist
    Column("metric", String(40), nullable=False),
    # In hundredths: of a percent for shares, of a level, of an item.
    Column("baseline", Integer, nullable=False),
    Column("target", Integer, nullable=False),
    Column("baseline_note", String(120), nullable=False, default=""),
    Column("due_on", Date, nullable=False),
    Column("owner", String(32)),
    Column("state", String(10), nullable=False),
    Column("created_by", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("closed_at", Instant),
    of_team(),
    CheckConstraint("state IN ('open', 'met', 'missed', 'dropped', 'replaced')", name="state"),
    # One goal for a figure at a time, however many leads press Save.
    Index(
        "uq_goals_open",
        "workspace_id",
        "team_id",
        "metric",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

roi_inputs = Table(
    "roi_inputs",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("currency", String(8), nullable=False, default=""),
    # Money in hundredths, a year where nothing else is said.
    Column("pm_salary", BigInteger),
    Column("ops_salary", BigInteger),
    # Product operations people, in hundredths of a full position.
    Column("ops_fte", Integer),
    Column("tools_per_quarter", BigInteger),
    Column("setup_cost", BigInteger),
    # Contracted hours a week, in hundredths.
    Column("hours_per_week", Integer),
    # First and last week of the baseline, where the lead chose other than the first weeks.
    Column("baseline_first", String(8)),
    Column("baseline_last", String(8)),
    # What else was gained, in the lead's words: never part of the multiple.
    Column("other_benefits", String(500), nullable=False, default=""),
    Column("saved_by", String(32), nullable=False),
    Column("saved_at", Instant, nullable=False),
    of_team(),
)

product_ops_people = Table(
    "product_ops_people",
    metadata,
    workspace_column(),
    Column("team_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    # Each stay is kept: who counted in a week must not change afterwards.
    Column("since", Instant, primary_key=True),
    Column("until", Instant),
    of_team(),
)
