"""All features of the bot, in the one registry."""

from handlers import (
    audience,
    away,
    benchmarks,
    categories,
    checklist,
    decisions,
    goalform,
    goaloutcomes,
    goals,
    help,  # noqa: A004 - named after its subcommand
    home,
    insights,
    learn,
    livetotal,
    logform,
    maturity,
    membership,
    messages,
    pausing,
    promptbuttons,
    prompts,
    quiz,
    reviews,
    roi,
    roiform,
    roipost,
    rollup,
    setup,
    shortcuts,
    summaries,
    summaryrequests,
    timesplit,
    troubles,
    why,
)
from handlers.registry import Registry

FEATURES = (
    audience,
    away,
    benchmarks,
    categories,
    checklist,
    decisions,
    goalform,
    goaloutcomes,
    goals,
    home,
    insights,
    learn,
    livetotal,
    logform,
    maturity,
    membership,
    messages,
    pausing,
    promptbuttons,
    prompts,
    quiz,
    reviews,
    roi,
    roiform,
    roipost,
    rollup,
    setup,
    shortcuts,
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
