"""What leads and raters do in a check-in, for the tests of maturity."""

from collections.abc import Sequence

from domain.maturity import load_maturity
from sandbox.entities import Message, User
from tests.stage import Stage, words

MODEL = load_maturity()
NAMES = {dimension.id: dimension.name for dimension in MODEL}
#: What a rater gives who thinks everything standardized.
THREES = (3, 3, 3, 3, 3, 3, 3)
DEADLINE = "2026-06-10T17:00"


async def start(stage: Stage, lead: User | None = None, **values: object) -> dict[str, str]:
    """Start a check-in through the form, as typed in the channel; its complaints."""
    who = lead or stage.lead
    if not stage.has_modal(who):
        await stage.type(who, "maturity")
    errors = await stage.submit(who, {key.replace("_", " "): v for key, v in values.items()})
    if not errors:
        await stage.act.close(who.id)
    return errors


#: How the message that asks begins, and what it may have turned into.
_QUESTION = ("asks how mature", "your answers about", "The maturity check-in of", "not asked any")


def question(stage: Stage, user: User) -> Message:
    """The newest message that asked this person, or what became of it."""
    return [m for m in stage.dm(user) if any(said in words(m) for said in _QUESTION)][-1]


def answers(levels: Sequence[int | None]) -> dict[str, str]:
    """Levels in the model's order, None for "don't know", as fields of the form."""
    return {
        name: "Don't know" if level is None else f"{level} {MODEL.level_name(level)}"
        for name, level in zip(NAMES.values(), levels, strict=False)
    }


def asked_for(stage: Stage, user: User, levels: Sequence[int | None] = THREES) -> dict[str, str]:
    """The same for the dimensions that the form in front asks about."""
    shown = {b["label"]["text"] for b in stage.modal(user).blocks if b["type"] == "input"}
    return {name: said for name, said in answers(levels).items() if name in shown}


async def rate(
    stage: Stage, user: User, levels: Sequence[int | None] = THREES, **more: str
) -> dict[str, str]:
    """Rate by the button in the DM; the form's complaints."""
    button = "Rate now" if "Rate now" in words(question(stage, user)) else "Change my answers"
    await stage.click(user, question(stage, user), button)
    errors = await stage.submit(user, {**asked_for(stage, user, levels), **more})
    if not errors:
        await stage.act.close(user.id)
    return errors


def posted(stage: Stage) -> list[Message]:
    """What stands in the channel for all to see, without set-up's own note."""
    return [m for m in stage.world.messages(stage.channel) if m.ephemeral_for is None][1:]
