"""What there is to learn: mistakes, best practices, questions, comparisons, terms and a quiz."""

from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from domain.content import ContentError, Entry, Gathered, Line, Name, Sources, read_content
from domain.faults import faulty


class LearningError(ContentError):
    """Learning content that cannot be used; the message names file, line and field."""


Text = Annotated[str, Field(min_length=1, max_length=1000)]
Title = Annotated[str, Field(min_length=1, max_length=150)]


class _Row(Entry):
    """An entry that its file may write as a row, in the order of the fields."""

    @model_validator(mode="before")
    @classmethod
    def _from_row(cls, value: Any) -> Any:
        if isinstance(value, list):
            if len(value) > len(cls.model_fields):
                fields = ", ".join(cls.model_fields)
                count = len(cls.model_fields)
                raise ValueError(f"takes {count} parts: {fields}; put texts in quotes")
            return dict(zip(cls.model_fields, value, strict=False))
        return value


class Mistake(_Row):
    mistake: Title
    effect: Text
    fix: Text
    src: Sources = ()


class BestPractice(_Row):
    practice: Title
    why: Text
    src: Sources = ()


class Question(_Row):
    question: Title
    answer: Text
    src: Sources = ()


class Comparison(_Row):
    """Product operations against something else, with the honest advantage of that."""

    versus: Title
    gives: Text
    other_side: Text
    src: Sources = ()


class Term(_Row):
    term: Title
    meaning: Text


def _texts(value: Any) -> Any:
    return [str(v) if isinstance(v, int | float) else v for v in value] if value else value


class QuizQuestion(_Row):
    """`right` is the index of the right option, from 0."""

    question: Title
    options: Annotated[tuple[Name, ...], BeforeValidator(_texts), Field(min_length=2, max_length=6)]
    right: Annotated[int, Field(ge=0)]
    explanation: Line

    @model_validator(mode="after")
    def _right_is_there(self) -> Self:
        if self.right >= len(self.options):
            words = f"there is no option {self.right}; they count from 0 to {len(self.options) - 1}"
            raise faulty((("right",), words))
        return self


class _Mistakes(Entry):
    mistakes: Annotated[tuple[Mistake, ...], Field(min_length=1, max_length=60)]


class _BestPractices(Entry):
    best_practices: Annotated[tuple[BestPractice, ...], Field(min_length=1, max_length=60)]


class _Faq(Entry):
    faq: Annotated[tuple[Question, ...], Field(min_length=1, max_length=60)]


class _Comparisons(Entry):
    comparisons: Annotated[tuple[Comparison, ...], Field(min_length=1, max_length=60)]


class _Terms(Entry):
    terms: Annotated[tuple[Term, ...], Field(min_length=1, max_length=60)]


class _Quiz(Entry):
    quiz: Annotated[tuple[QuizQuestion, ...], Field(min_length=1, max_length=40)]


class Learning(BaseModel):
    """All of it, in the order of the files."""

    mistakes: tuple[Mistake, ...]
    best_practices: tuple[BestPractice, ...]
    faq: tuple[Question, ...]
    comparisons: tuple[Comparison, ...]
    terms: tuple[Term, ...]
    quiz: tuple[QuizQuestion, ...]


_File = TypeVar("_File", bound=Entry)


def load_learning(folder: Path | None = None) -> Learning:
    """The packaged texts; each file that `folder` has takes its place. Raises LearningError."""

    gathered = Gathered()

    def read(model: type[_File], name: str) -> _File:
        own = folder / name if folder else None
        there = own is not None and (own.exists() or own.is_symlink())
        return gathered.take(
            lambda path: read_content(model, name, path, LearningError), own if there else None
        )

    learning = Learning(
        mistakes=read(_Mistakes, "mistakes.yaml").mistakes,
        best_practices=read(_BestPractices, "best_practices.yaml").best_practices,
        faq=read(_Faq, "faq.yaml").faq,
        comparisons=read(_Comparisons, "comparisons.yaml").comparisons,
        terms=read(_Terms, "terms.yaml").terms,
        quiz=read(_Quiz, "quiz.yaml").quiz,
    )
    if gathered.lines:
        raise LearningError("\n".join(gathered.lines))
    return learning
