"""The migrations build just what the tables declare, down to conditions of indexes and checks."""

from typing import Any

from sqlalchemy import Inspector, create_engine, inspect

from storage.migrate import migrate, sync_url
from storage.schema import metadata

PARTIAL = {
    "uq_memberships_current",
    "uq_checkins_open",
    "uq_goals_open",
    "ix_deliveries_work_at",
    "ix_deliveries_edit_at",
    "ix_pace_held_until",
}


def described(url: str) -> dict[str, Any]:
    """Every table as the database itself has it."""
    engine = create_engine(sync_url(url))
    try:
        inspector = inspect(engine)
        names = set(inspector.get_table_names()) - {"alembic_version"}
        return {name: _table(inspector, name) for name in names}
    finally:
        engine.dispose()


def as_declared(url: str) -> dict[str, Any]:
    """The same, built straight from the declarations and taken down again."""
    engine = create_engine(sync_url(url))
    try:
        metadata.create_all(engine)
        found = described(url)
        metadata.drop_all(engine)
        return found
    finally:
        engine.dispose()


def _table(inspector: Inspector, name: str) -> dict[str, Any]:
    columns = inspector.get_columns(name)
    return {
        "columns": sorted(
            (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in columns
        ),
        "primary key": inspector.get_pk_constraint(name),
        "foreign keys": sorted(map(str, inspector.get_foreign_keys(name))),
        "unique": sorted(map(str, inspector.get_unique_constraints(name))),
        "checks": sorted(map(str, inspector.get_check_constraints(name))),
        "indexes": sorted(map(_index, inspector.get_indexes(name))),
    }


def _index(found: Any) -> tuple[str, ...]:
    where = [str(v) for k, v in found["dialect_options"].items() if k.endswith("_where")]
    return found["name"], str(found["column_names"]), str(bool(found["unique"])), *where


def test_migrations_build_what_is_declared(blank_database_url: str) -> None:
    declared = as_declared(blank_database_url)
    migrate(blank_database_url)
    assert described(blank_database_url) == declared
    partial = {i[0] for table in declared.values() for i in table["indexes"] if len(i) > 3}
    assert partial == PARTIAL


def test_every_table_has_its_workspace() -> None:
    for table in metadata.sorted_tables:
        assert not table.c.workspace_id.nullable, table.name


def test_every_constraint_has_a_name() -> None:
    for table in metadata.sorted_tables:
        for part in [*table.constraints, *table.indexes]:
            assert getattr(part, "name", None), f"{table.name}: {part}"
