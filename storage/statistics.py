"""What SQLite's planner goes by: how many rows share a value, for each index.

Without it SQLite takes a workspace for a dozen rows and reads all that it has, where one person's
or one week's are looked for. Its ANALYZE counts rows, but of a new database there are none to
count, and connections that are open by then never hear of it. So these figures are told instead,
as SQLite's documentation suggests for plans that are to stay the same: of a long history, since
what is short is quick either way.
"""

from sqlalchemy import Connection

#: Rows of every table; each further column of an index divides them by as many values.
ROWS = 1_000_000
VALUES = 100

_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def tell_planner(connection: Connection) -> None:
    """Describe every index of a SQLite database as it would be with a long history."""
    # This makes the table, and counts nothing.
    connection.exec_driver_sql("ANALYZE sqlite_schema")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for (table,) in connection.exec_driver_sql(_TABLES).all():
        indexes = connection.exec_driver_sql(f"PRAGMA index_list('{table}')").all()
        for _, index, unique, _, partial in indexes:
            columns = len(connection.exec_driver_sql(f"PRAGMA index_info('{index}')").all())
            # What only some rows are in, for as long as they want work, stays short.
            rows = ROWS // VALUES if partial else ROWS
            counts = [max(2, rows // VALUES**n) for n in range(columns + 1)]
            if unique:
                counts[-1] = 1
            connection.exec_driver_sql(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)",
                (table, index, " ".join(str(count) for count in counts)),
            )
