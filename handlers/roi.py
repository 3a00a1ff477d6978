"""`/prodops roi`: what product operations returns, from the logs; money stays with leads."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
