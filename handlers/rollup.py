"""The roll-up over all teams of a workspace, for a leadership channel."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
