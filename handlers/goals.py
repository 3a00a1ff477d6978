"""`/prodops goals`: measurable targets and how near they are."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
