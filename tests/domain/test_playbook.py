"""A company's own files: each fault has its file, line and field; sound ones are taken."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
import yaml

from domain.content import MOST_TOLD, ContentError
from domain.playbook import FILES, load_playbook

Edit = Callable[[str], str]


def packaged(name: str) -> str:
    return resources.files("domain").joinpath("data", name).read_text(encoding="utf-8")


def put(old: str, new: str) -> Edit:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def line_of(text: str, part: str) -> int:
    """The line on which these words begin."""
    return text[: text.index(part)].count("\n") + 1


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_playbook(folder)
    return str(caught.value).splitlines()


def dimensions(count: int) -> str:
    rows = [
        {"id": f"d{n}", "name": f"Dimension {n}", "levels": list("abcde"), "up": list("abcd")}
        for n in range(count)
    ]
    return yaml.safe_dump({"level_names": list("ABCDE"), "dimensions": rows})


TOOLS = "- id: tools"
QUIZ = "quiz:\n- [Why?, [This, That], %s, Because.]\n"
#: File, what is done to the packaged one, words that begin the line meant, field, complaint.
SLIPS: list[tuple[str, Edit, str, str, str]] = [
    (
        "maturity.yaml",
        put(TOOLS, "- id: data"),
        "- id: data\n",
        "dimensions.3.id",
        "the id 'data' is used twice",
    ),
    (
        "maturity.yaml",
        put(TOOLS, "- id: all"),
        "- id: all",
        "dimensions.3.id",
        "'all' means every dimension; choose another id",
    ),
    (
        "maturity.yaml",
        put(TOOLS, "- id: Tools and more"),
        "- id: Tools and more",
        "dimensions.3.id",
        "must be of the form",
    ),
    (
        "maturity.yaml",
        put("level_names: [Ad-hoc, ", "level_names: ["),
        "level_names",
        "level_names",
        "needs at least 5, has 4",
    ),
    (
        "maturity.yaml",
        put("min_raters: 3", "min_raters: 2"),
        "min_raters",
        "scoring.min_raters",
        "must be 3 or more",
    ),
    (
        "maturity.yaml",
        put("min_raters: 3", "fewest_raters: 3"),
        "fewest_raters",
        "scoring.fewest_raters",
        "is no field that is known here",
    ),
    (
        "maturity.yaml",
        put("reassess_days: 90", "reassess_days: soon"),
        "reassess_days",
        "due.reassess_days",
        "must be a whole number",
    ),
    (
        "checklist.yaml",
        put("- [A2,", "- [A1,"),
        "- [A1, Log",
        "assess.1.id",
        "the id 'A1' is used twice",
    ),
    (
        "checklist.yaml",
        put("- [E3,", "- [E1,"),
        "- [E1, Standard",
        "execute.2.id",
        "the id 'E1' is used twice",
    ),
    (
        "checklist.yaml",
        put(", [outcomes]]", ", [toolz]]"),
        "- [A1",
        "assess.0.dimensions",
        "'toolz' is no dimension of the maturity model",
    ),
    (
        "checklist.yaml",
        put("goals:", "aims: []\ngoals:"),
        "aims:",
        "aims",
        "is no field that is known here",
    ),
    (
        "checklist.yaml",
        put("CPO, [outcomes]]", "CPO, [outcomes], soon]"),
        "- [A1",
        "assess.0",
        "takes 5 parts",
    ),
    (
        "checklist.yaml",
        put("CPO, [outcomes]]", "CPO]"),
        "- [A1",
        "assess.0.dimensions",
        "is missing",
    ),
    (
        "benchmarks.yaml",
        put("dimension: process", "dimension: processes"),
        "adoption: {",
        "cuts.adoption.dimension",
        "'processes' is no dimension of the maturity model",
    ),
    (
        "benchmarks.yaml",
        put("practices: [E1", "practices: [E99"),
        "practices:",
        "practices.0",
        "E99 is no item of the checklist",
    ),
    (
        "benchmarks.yaml",
        put("hours_per_year: 1760", "hours_per_year: 0"),
        "hours_per_year",
        "roi.hours_per_year",
        "must be more than 0",
    ),
    (
        "benchmarks.yaml",
        put("of: adoption", "of: fame"),
        "- {industry: Technology",
        "rows.0.of",
        "must be one of",
    ),
    (
        "rules.yaml",
        put("cooldown_days: 14", "cooldown_days: -1"),
        "cooldown_days",
        "cooldown_days",
        "must be 0 or more",
    ),
    ("quiz.yaml", lambda _: QUIZ % 2, "- [Why", "quiz.0.right", "there is no option 2"),
    ("quiz.yaml", lambda _: QUIZ % -1, "- [Why", "quiz.0.right", "must be 0 or more"),
    ("quiz.yaml", lambda _: QUIZ % '"b"', "- [Why", "quiz.0.right", "must be a whole number"),
    ("quiz.yaml", lambda _: "quiz: []\n", "quiz", "quiz", "needs at least 1, has 0"),
    ("faq.yaml", lambda _: 'faq:\n- [Why?, ""]\n', "- [Why", "faq.0.answer", "must not be empty"),
    ("faq.yaml", lambda _: "faq: Why?\n", "faq", "faq", "must be a list"),
    ("terms.yaml", lambda _: "- [OKRs, x]\n", "- [OKRs", "(whole file)", "must be fields"),
    ("terms.yaml", lambda _: "terms:\n- [OKRs, 7]\n", "- [OKRs", "terms.0.meaning", "in quotes"),
    (
        "mistakes.yaml",
        lambda _: "mistakes:\n- [a, b, c, SEED, d]\n",
        "- [a",
        "mistakes.0",
        "takes 4 parts: mistake, effect, fix, src",
    ),
    (
        "comparisons.yaml",
        lambda _: "comparisons:\n- {versus: Nothing, gives: Much}\n",
        "- {versus",
        "comparisons.0.other_side",
        "is missing",
    ),
    (
        "best_practices.yaml",
        lambda _: f"best_practices:\n- [{'x' * 151}, y]\n",
        "- [x",
        "best_practices.0.practice",
        "must have at most 150 characters",
    ),
    (
        "categories.yaml",
        put("group: operational", "group: chores"),
        "- id: tools",
        "categories.0.group",
        "must be one of",
    ),
]


@pytest.mark.parametrize(("name", "edit", "marked", "field", "complaint"), SLIPS)
def test_a_slip_has_its_file_line_and_field(
    tmp_path: Path, name: str, edit: Edit, marked: str, field: str, complaint: str
) -> None:
    text = edit(packaged(name))
    (tmp_path / name).write_text(text, encoding="utf-8")
    (line,) = faults(tmp_path)
    at = text.rindex(marked) if marked == "- id: data\n" else text.index(marked)
    expected = text[:at].count("\n") + 1
    if name == "categories.yaml":
        expected = line_of(text, "group: chores")
    assert line.startswith(f"{name}:{expected}: {field}: ")
    assert complaint in line


def test_every_file_may_be_overridden_and_the_packaged_ones_are_sound(tmp_path: Path) -> None:
    assert load_playbook(tmp_path) == load_playbook()
    for name in FILES:
        # Windows' editors put a mark at the head.
        (tmp_path / name).write_text("\ufeff" + packaged(name), encoding="utf-8")
    assert load_playbook(tmp_path) == load_playbook()


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_text_at_all(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"")
    assert faults(tmp_path) == [f"{name}:1: (whole file): is empty"]
    file.write_bytes(b"a: 1\nb: [1, }\n")
    (line,) = faults(tmp_path)
    assert line.startswith(f"{name}:2: is not YAML: ")
    file.write_bytes("a: 1\nb: für\n".encode("latin-1"))
    assert faults(tmp_path) == [f"{name}:2: is not UTF-8 text: save it as UTF-8"]
    file.unlink()
    file.mkdir()
    assert faults(tmp_path) == [f"{name}: cannot be read: Is a directory"]
    file.rmdir()
    file.symlink_to(tmp_path / "gone.txt")
    assert faults(tmp_path) == [f"{name}: cannot be read: No such file or directory"]


def test_a_field_that_stands_twice_is_told_rather_than_dropped(tmp_path: Path) -> None:
    text = packaged("faq.yaml") + "faq:\n- [Why?, Because.]\n"
    (tmp_path / "faq.yaml").write_text(text, encoding="utf-8")
    assert faults(tmp_path) == [f"faq.yaml:{line_of(text, 'faq:')}: faq: stands here twice"]


@pytest.mark.parametrize("strange", ["maturity.yml", "Maturity.yaml", "team.YAML", "faq (1).yaml"])
def test_a_strange_name_is_told(tmp_path: Path, strange: str) -> None:
    (tmp_path / strange).write_text("x: 1", encoding="utf-8")
    (line,) = faults(tmp_path)
    assert line.startswith(f"{strange}: is not a file of the playbook (categories.yaml, ")


def test_what_is_not_meant_for_us_is_left_alone(tmp_path: Path) -> None:
    for name in ("README.md", ".faq.yaml.swp", "._faq.yaml", "faq.yaml~"):
        (tmp_path / name).write_text("{", encoding="utf-8")
    assert load_playbook(tmp_path) == load_playbook()


def test_the_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text("faq:\n" + "- []\n" * 20, encoding="utf-8")
    (tmp_path / "quiz.yaml").write_text(QUIZ % 9, encoding="utf-8")
    (tmp_path / "maturity.yaml").write_text("", encoding="utf-8")
    (tmp_path / "strange.yaml").write_text("", encoding="utf-8")
    lines = faults(tmp_path)
    assert [line.partition(":")[0] for line in lines] == [
        *("strange.yaml", "maturity.yaml"),
        *["faq.yaml"] * (MOST_TOLD + 1),
        "quiz.yaml",
    ]
    assert f"faq.yaml: and {40 - MOST_TOLD} more" in lines


def test_twelve_dimensions_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "maturity.yaml"
    file.write_text(dimensions(12), encoding="utf-8")
    playbook = load_playbook(tmp_path)
    assert [d.id for d in playbook.maturity] == [f"d{n}" for n in range(12)]
    # What is packaged and speaks of dimensions that are gone stays usable.
    assert playbook.checklist == load_playbook().checklist
    file.write_text(dimensions(13), encoding="utf-8")
    assert faults(tmp_path) == ["maturity.yaml:1: dimensions: takes at most 12, has 13"]


def test_an_own_item_and_an_own_name_are_taken(tmp_path: Path) -> None:
    more = "- [A8, Ask support, Ten tickets read, PM, [tools]]\ngoals:"
    edits = {
        "checklist.yaml": put("goals:", more),
        "maturity.yaml": put("name: Toolstack", "name: Our tools"),
    }
    for name, edit in edits.items():
        (tmp_path / name).write_text(edit(packaged(name)), encoding="utf-8")
    playbook = load_playbook(tmp_path)
    assert [item.id for item in playbook.checklist.assess][-1] == "A8"
    tools = playbook.maturity.get("tools")
    assert tools is not None
    assert tools.name == "Our tools"
    assert playbook.learning == load_playbook().learning
