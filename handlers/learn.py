"""`/prodops learn`: mistakes, best practices, questions, comparisons and terms."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
