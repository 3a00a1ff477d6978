"""Loads the playbook that the settings name; what is wrong with it is said to the operator."""

from bot.problems import SettingsProblem
from bot.settings import ContentSettings
from domain.categories import Catalog, load_catalog
from domain.content import ContentError
from domain.playbook import Playbook, load_playbook


def playbook_of(settings: ContentSettings) -> Playbook:
    """The company's own files in place of the packaged ones; else `SettingsProblem`."""
    problems: list[str] = []
    catalog: Catalog | None = None
    if settings.categories is not None:
        try:
            catalog = load_catalog(settings.categories)
        except ContentError as fault:
            problems += _lines("PRODOPS_CATEGORIES", fault)
    try:
        playbook = load_playbook(settings.playbook, catalog=catalog)
    except ContentError as fault:
        problems += _lines("PRODOPS_PLAYBOOK", fault)
    if problems:
        raise SettingsProblem(*problems)
    return playbook


def _lines(variable: str, fault: ContentError) -> list[str]:
    return [f"{variable}: {line}" for line in str(fault).splitlines()]
