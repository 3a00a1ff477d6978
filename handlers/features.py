"""All features of the bot, in the one registry."""

from handlers import (
    away,
    categories,
    help,  # noqa: A004 - named after its subcommand
    home,
    livetotal,
    logform,
    membership,
    messages,
    pausing,
    promptbuttons,
    prompts,
    setup,
    summaries,
    summaryrequests,
    timesplit,
    troubles,
    why,
)
from handlers.registry import Registry

FEATURES = (
    away,
    categories,
    home,
    livetotal,
    logform,
    membership,
    messages,
    pausing,
    promptbuttons,
    prompts,
    setup,
    summaries,
    summaryrequests,
    timesplit,
    troubles,
    why,
    help,
)


def all_features() -> Registry:
    registry = Registry()
    for feature in FEATURES:
        feature.register(registry)
    return registry
