"""The whole playbook: every data file, a company's own in place of the packaged ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from domain.benchmarks import Benchmarks, load_benchmarks
from domain.categories import Catalog, load_catalog
from domain.checklist import ALL_DIMENSIONS, STEPS, Checklist, load_checklist
from domain.content import ContentError, Gathered, place_in
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
_SUFFIXES = (".yaml", ".yml")


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


def load_playbook(folder: Path | None = None, *, catalog: Catalog | None = None) -> Playbook:
    """The packaged playbook; each file that `folder` has takes the place of the packaged one.

    `catalog` goes before the folder's categories. Raises PlaybookError naming file, line and
    field, one line for each fault of all files.
    """
    own, strange = _own_files(folder)
    gathered = Gathered()
    playbook = Playbook(
        catalog=catalog or gathered.take(load_catalog, own.get("categories.yaml")),
        rules=gathered.take(load_rules, own.get("rules.yaml")),
        maturity=gathered.take(load_maturity, own.get("maturity.yaml")),
        checklist=gathered.take(load_checklist, own.get("checklist.yaml")),
        benchmarks=gathered.take(load_benchmarks, own.get("benchmarks.yaml")),
        learning=gathered.take(load_learning, folder),
    )
    faults = [*strange, *gathered.lines]
    # Held against each other only when each is sound: else one slip would bring a dozen lines.
    faults = faults or [*_unknown_dimensions(playbook, own), *_unknown_items(playbook, own)]
    if faults:
        raise PlaybookError("\n".join(faults))
    return playbook


def _own_files(folder: Path | None) -> tuple[dict[str, Path], list[str]]:
    """The folder's files by name, and a line for each that the playbook does not know."""
    if folder is None:
        return {}, []
    try:
        there = sorted(folder.iterdir())
    except OSError as fault:
        raise PlaybookError(f"the folder cannot be read: {fault.strerror}") from fault
    # Hidden ones are an editor's or a system's own.
    meant = [p for p in there if p.suffix.lower() in _SUFFIXES and not p.name.startswith(".")]
    found = {path.name: path for path in meant if path.name in FILES}
    known = f"is not a file of the playbook ({', '.join(FILES)})"
    return found, [f"{path.name}: {known}" for path in meant if path.name not in FILES]


def _unknown_dimensions(playbook: Playbook, own: dict[str, Path]) -> Iterable[str]:
    # What is packaged may speak of a dimension that a company's own model leaves out.
    dimensions = {dimension.id for dimension in playbook.maturity.dimensions}
    if "benchmarks.yaml" in own:
        for name in ("adoption", "compliance"):
            cuts = getattr(playbook.benchmarks.cuts, name)
            if cuts.dimension not in dimensions:
                place = place_in(
                    own["benchmarks.yaml"], "benchmarks.yaml", ("cuts", name, "dimension")
                )
                yield f"{place}: {cuts.dimension!r} is no dimension of the maturity model"
    if "checklist.yaml" not in own:
        return
    known = {ALL_DIMENSIONS, *dimensions}
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
