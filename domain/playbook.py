"""The whole playbook: every data file, a company's own in place of the packaged ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.benchmarks import Benchmarks, load_benchmarks
from domain.categories import Catalog, load_catalog
from domain.checklist import ALL_DIMENSIONS, STEPS, Checklist, load_checklist
from domain.content import ContentError, place_in
from domain.learning import Learning, load_learning
from domain.maturity import MaturityModel, load_maturity
from domain.rules import Rules, load_rules

FILES = (
    "categories.yaml",
    "rules.yaml",
    "maturity.yaml",
    "checklist.yaml",
    "benchmarks.yaml",
    "mistakes.yaml",
    "best_practices.yaml",
    "faq.yaml",
    "quiz.yaml",
    "comparisons.yaml",
    "terms.yaml",
)


class PlaybookError(ContentError):
    """Files that do not fit each other; the message names file, line and field."""


@dataclass(frozen=True)
class Playbook:
    catalog: Catalog
    rules: Rules
    maturity: MaturityModel
    checklist: Checklist
    benchmarks: Benchmarks
    learning: Learning


def load_playbook(folder: Path | None = None, *, categories: Path | None = None) -> Playbook:
    """The packaged playbook; each file that `folder` has takes the place of the packaged one.

    Raises ContentError naming file, line and field, one line for each fault.
    """
    own = _own_files(folder)
    playbook = Playbook(
        catalog=load_catalog(categories or own.get("categories.yaml")),
        rules=load_rules(own.get("rules.yaml")),
        maturity=load_maturity(own.get("maturity.yaml")),
        checklist=load_checklist(own.get("checklist.yaml")),
        benchmarks=load_benchmarks(own.get("benchmarks.yaml")),
        learning=load_learning(folder),
    )
    faults = [*_unknown_dimensions(playbook, own), *_unknown_items(playbook, own)]
    if faults:
        raise PlaybookError("\n".join(faults))
    return playbook


def _own_files(folder: Path | None) -> dict[str, Path]:
    if folder is None:
        return {}
    found = {path.name: path for path in folder.iterdir() if path.suffix in (".yaml", ".yml")}
    strange = sorted(found.keys() - set(FILES))
    if strange:
        raise PlaybookError(
            "\n".join(
                f"{name}: is not a file of the playbook ({', '.join(FILES)})" for name in strange
            )
        )
    return found


def _unknown_dimensions(playbook: Playbook, own: dict[str, Path]) -> Iterable[str]:
    # The packaged checklist may speak of a dimension that a company's own model leaves out.
    if "checklist.yaml" not in own:
        return
    known = {ALL_DIMENSIONS, *(dimension.id for dimension in playbook.maturity.dimensions)}
    for step in STEPS:
        for row, item in enumerate(getattr(playbook.checklist, step)):
            for dimension in item.dimensions:
                if dimension not in known:
                    place = place_in(
                        own["checklist.yaml"], "checklist.yaml", (step, row, "dimensions")
                    )
                    yield f"{place}: {dimension!r} is no dimension of the maturity model"


def _unknown_items(playbook: Playbook, own: dict[str, Path]) -> Iterable[str]:
    if "benchmarks.yaml" not in own:
        return
    for row, item_id in enumerate(playbook.benchmarks.practices):
        if playbook.checklist.get(item_id) is None:
            place = place_in(own["benchmarks.yaml"], "benchmarks.yaml", ("practices", row))
            yield f"{place}: {item_id} is no item of the checklist"
