"""Monthly and quarterly summaries: when they are due and what they say."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
