"""Many rows as one parameter: a table to select from, to insert from, or to update from.

One statement then does for any number of rows what would else be run for each of them; most of
the time that this took, driver and database spent on the statement and not on the row.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    Dialect,
    Integer,
    String,
    Subquery,
    Text,
    bindparam,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


def given(parameter: str, *columns: Column[Any]) -> Subquery:
    """The rows that the named parameter lists, each a sequence of values like these columns.

    Texts, integers, instants and None; the result has columns of the same names.
    """
    elements = Elements(bindparam(parameter, type_=Rows)).table_valued("value", name=parameter)
    fields = [
        Field(elements.c.value, literal_column(str(place), Integer), type_=column.type).label(
            column.name
        )
        for place, column in enumerate(columns)
    ]
    return select(*fields).subquery(f"given_{parameter}")


class Rows(TypeDecorator[Sequence[Sequence[Any]]]):
    """Rows of values as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self, value: Sequence[Sequence[Any]] | None, dialect: Dialect
    ) -> str | None:
        zone = "+00" if dialect.name == "postgresql" else ""

        def instant(one: datetime) -> str:
            # As SQLite keeps them, which has no type for them.
            utc = one.astimezone(UTC).replace(tzinfo=None)
            return utc.isoformat(" ", "microseconds") + zone

        return orjson.dumps(value or (), instant, orjson.OPT_PASSTHROUGH_DATETIME).decode()


class Elements(FunctionElement[Any]):
    """A row for each element of a JSON array, which both databases name `value`."""

    name = "elements"
    inherit_cache = True


class Field(FunctionElement[Any]):
    """An element of an array within an array, by its place, as a value of a column's type."""

    name = "field"
    inherit_cache = True

    def __init__(self, *clauses: Any, type_: Any) -> None:
        super().__init__(*clauses)
        self.type = type_


@compiles(Elements, "postgresql")
def _elements(element: Elements, compiler: SQLCompiler, **kw: Any) -> str:
    rows = compiler.process(element.clauses, **kw)
    listed = f"SELECT json_array_elements(CAST({rows} AS JSON))"
    # Of an array it expects ten rows, of JSON a hundred, for which it would rather read a whole
    # table than look each of them up.
    return f"(SELECT unnest(ARRAY({listed})) AS value)"


@compiles(Elements, "sqlite")
def _each(element: Elements, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(Field, "postgresql")
def _of_json(element: Field, compiler: SQLCompiler, **kw: Any) -> str:
    array, place = (compiler.process(clause, **kw) for clause in element.clauses)
    if isinstance(element.type, String):
        # A cast would cut off what is too long, where there should be an error.
        return f"({array} ->> {place})"
    return f"CAST({array} ->> {place} AS {element.type.compile(dialect=compiler.dialect)})"


@compiles(Field, "sqlite")
def _extracted(element: Field, compiler: SQLCompiler, **kw: Any) -> str:
    array, place = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_extract({array}, '$[{place}]')"
