"""`/prodops decide` and `decisions`: the team's decision log."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
