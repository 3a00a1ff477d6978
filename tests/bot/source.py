"""The production code as a syntax tree, for tests that hold a rule over all of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "storage", "domain")


def method_calls() -> Iterator[tuple[str, str, ast.Attribute, ast.Call]]:
    """(file, name before the dot, attribute, call) of each `name.attribute(…)`."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                ):
                    yield str(path.relative_to(ROOT)), node.func.value.id, node.func, node
