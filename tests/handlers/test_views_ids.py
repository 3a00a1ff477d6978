"""Ids that views emit: all carry our prefix, and no two modules mean different things by one."""

import ast
from collections import Counter
from pathlib import Path

import handlers.views

SOURCES = sorted(Path(handlers.views.__path__[0]).glob("*.py"))


def constants() -> list[tuple[str, str]]:
    """(module.NAME, id) of every id that a view module defines."""
    return [
        (f"{source.stem}.{ast.unparse(node.targets[0])}", part.value)
        for source in SOURCES
        for node in ast.parse(source.read_text()).body
        if isinstance(node, ast.Assign)
        for part in ast.walk(node.value)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and part.value.startswith("prodops_")
    ]


def test_no_id_is_defined_twice() -> None:
    twice = [value for value, count in Counter(v for _, v in constants()).items() if count > 1]
    assert twice == []
    assert len(constants()) > 40


def test_ids_are_constants_and_never_spelled_out_in_a_function() -> None:
    spelled = [
        f"{source.stem}: {part.value}"
        for source in SOURCES
        for function in ast.walk(ast.parse(source.read_text()))
        if isinstance(function, ast.FunctionDef)
        for part in ast.walk(function)
        if isinstance(part, ast.Constant)
        and isinstance(part.value, str)
        and part.value.startswith("prodops_")
    ]
    assert spelled == []
