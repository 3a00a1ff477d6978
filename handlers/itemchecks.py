"""Messages about items by the bot's own initiative."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
