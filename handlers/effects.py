"""The closed loop: what changed after items were done, never claiming that they caused it."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
