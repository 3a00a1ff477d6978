"""`/prodops checklist`: the team's items by step, and what becomes of each."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
