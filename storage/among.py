"""`column IN (many values)` with all the values as one parameter.

The statement's text is then the same for any number of them, so that neither SQLAlchemy nor the
driver has to write and read it anew each time; that took longer than the database did.
"""

from collections.abc import Collection
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


def among(column: Column[Any], parameter: str) -> "Among":
    """Whether a text column holds one of those texts that the named parameter lists."""
    return Among(column, bindparam(parameter, type_=Texts))


class Texts(TypeDecorator[Collection[str]]):
    """A list of texts as one parameter, as JSON: quicker to write than an array for psycopg."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> str:
        return orjson.dumps(list(value or ())).decode()


class Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        # SQLAlchemy would compare it with 1 on SQLite, which then uses no index.
        return self


@compiles(Among, "postgresql")
def _in_array(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = (compiler.process(clause, **kw) for clause in element.clauses)
    listed = f"SELECT json_array_elements_text(CAST({texts} AS JSON))"
    return f"{column} = ANY (ARRAY({listed}))"


@compiles(Among, "sqlite")
def _in_json(element: Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, texts = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"  # noqa: S608
