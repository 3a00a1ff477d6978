"""Further channels that a team shares its summary with."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
