"""`/prodops insights`: the rules that hold now, each with its numbers and next step."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
