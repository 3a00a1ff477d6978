"""`/prodops quiz`: ten questions with explanations, scored for nobody but the person."""

from handlers.registry import Registry


def register(registry: Registry) -> None:
    """Nothing yet."""
