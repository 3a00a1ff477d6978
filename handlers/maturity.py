"""`/prodops maturity`: check-ins over the dimensions, and the result they lead to."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
