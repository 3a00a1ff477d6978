"""`/prodops benchmark`: the team on the reference ladders."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
