"""How fast messages go out is kept where all processes see it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pace",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.workspace_id"],
            name=op.f("fk_pace_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "place", name=op.f("pk_pace")),
    )
    op.create_index(op.f("ix_pace_free_at"), "pace", ["free_at"], unique=False)
    op.create_index(
        "ix_pace_held_until",
        "pace",
        ["held_until"],
        unique=False,
        sqlite_where=sa.text("held_until IS NOT NULL"),
        postgresql_where=sa.text("held_until IS NOT NULL"),
    )
    # Not in a batch, which would copy a table that may have millions of rows.
    op.add_column("deliveries", sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "deliveries", sa.Column("edit_slot_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_index(op.f("ix_deliveries_created_at"), "deliveries", ["created_at"], unique=False)
    # When Slack is asked next about each person, and about who is in each team.
    for table in ("people", "teams"):
        look_at = sa.Column(
            "look_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("'1970-01-01 00:00:00'"),
            nullable=False,
        )
        op.add_column(table, look_at)
        op.create_index(op.f(f"ix_{table}_look_at"), table, ["look_at"], unique=False)


def downgrade() -> None:
    for table in ("teams", "people"):
        op.drop_index(op.f(f"ix_{table}_look_at"), table_name=table)
        op.drop_column(table, "look_at")
    op.drop_index(op.f("ix_deliveries_created_at"), table_name="deliveries")
    op.drop_column("deliveries", "edit_slot_at")
    op.drop_column("deliveries", "slot_at")
    op.drop_table("pace")
