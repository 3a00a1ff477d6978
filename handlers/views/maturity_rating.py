"""The form in which somebody rates: the anchored lines of each dimension, and a choice."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from domain.cleaning import clean
from domain.maturity import Dimension, MaturityModel
from handlers.views.blocks import (
    Block,
    View,
    button,
    context,
    escape,
    fit,
    modal,
    name,
    one_line,
    option,
    section,
)
from handlers.views.inputs import (
    StateValues,
    field,
    filled,
    filled_text,
    radio_buttons,
    text_input,
)
from handlers.views.maturity import TITLE
from handlers.views.maturity_invitations import Asked
from handlers.views.words import counted

RATING_MODAL = "prodops_rating"
# Each block adds the id of its dimension, `prodops_rating_level:tools`.
LEVEL = "prodops_rating_level"
EVIDENCE = "prodops_rating_evidence"
COMMENT = "prodops_rating_comment"
#: Shows the fields for evidence and a comment; the value is the dimension.
MORE = "prodops_rating_more"
_ABOUT = "prodops_rating_about"

DONT_KNOW = "0"
MOST_TEXT = 500


@dataclass(frozen=True)
class Given:
    """One dimension as it is filled in; `answered` without a level is "don't know"."""

    level: int | None = None
    answered: bool = False
    evidence: str = ""
    comment: str = ""


def rating_modal(
    asked: Asked,
    model: MaturityModel,
    given: Mapping[str, Given],
    *,
    more: Collection[str] = (),
    sent: bool = False,
) -> View:
    """The form with what stands; `more` are dimensions whose further fields are shown."""
    said = "Pick the highest line that was *fully true last quarter*."
    if sent:
        said = f"Your answers are in. What you change here counts once you save it. {said}"
    note = [context(f"Note: {fit(escape(asked.note), 1500)}")] if asked.note else []
    shown = [
        dimension.id
        for dimension in model
        if dimension.id in more or _has_text(given.get(dimension.id, Given()))
    ]
    blocks = [section(f"{said}\n{asked.promise}"), *note]
    for dimension_id in asked.dimensions:
        dimension = model.get(dimension_id)
        if dimension is not None:
            standing = given.get(dimension_id, Given())
            blocks += _dimension(dimension, model, standing, further=dimension_id in shown)
    return modal(
        TITLE,
        blocks,
        callback_id=RATING_MODAL,
        submit="Save changes" if sent else "Send my answers",
        close="Close",
        private_metadata=json.dumps({"checkin": asked.checkin_id, "more": shown}),
    )


def _has_text(given: Given) -> bool:
    return bool(given.evidence or given.comment)


def _dimension(
    dimension: Dimension, model: MaturityModel, given: Given, *, further: bool
) -> list[Block]:
    key, title = dimension.id, one_line(dimension.name)
    lines = [
        f"*{level}*  {fit(escape(line), 500)}"
        for level, line in enumerate(dimension.levels, start=1)
    ]
    add = button("Add evidence or a comment", MORE, key, spoken=f"Add evidence: {title}")
    about = section(
        "\n".join([f"*{name(dimension.name)}*", *lines]),
        accessory=None if further else add,
        block_id=f"{_ABOUT}:{key}",
    )
    options = [
        option(f"{level} {level_name}", str(level))
        for level, level_name in enumerate(model.level_names, start=1)
    ]
    options.append(option("Don't know", DONT_KNOW))
    chosen = str(given.level) if given.level else DONT_KNOW if given.answered else ""
    level = field(
        title, radio_buttons(LEVEL, options, chosen), block_id=f"{LEVEL}:{key}", dispatch=True
    )
    return [about, level, *(_further_fields(key, title, given) if further else [])]


def _further_fields(key: str, title: str, given: Given) -> list[Block]:
    evidence = text_input(EVIDENCE, given.evidence, limit=MOST_TEXT, placeholder="https://…")
    comment = text_input(COMMENT, given.comment, limit=MOST_TEXT, lines=True)
    for element in (evidence, comment):
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return [
        field(
            f"Evidence link: {title}",
            evidence,
            block_id=f"{EVIDENCE}:{key}",
            optional=True,
            dispatch=True,
        ),
        field(
            f"Comment: {title}", comment, block_id=f"{COMMENT}:{key}", optional=True, dispatch=True
        ),
    ]


def read_metadata(private_metadata: str) -> tuple[str, list[str]]:
    """(check-in, dimensions whose further fields are shown)."""
    carried = json.loads(private_metadata)
    return str(carried["checkin"]), [str(key) for key in carried["more"]]


def read_rating(values: StateValues, dimension_id: str, standing: Given) -> Given:
    """One dimension as the form has it; fields that are not shown keep what stands."""
    chosen = filled(values, f"{LEVEL}:{dimension_id}", LEVEL)
    level = int(chosen) if chosen else 0
    return Given(
        level=level or None,
        answered=chosen is not None,
        evidence=_text(values, EVIDENCE, dimension_id, standing.evidence),
        comment=_text(values, COMMENT, dimension_id, standing.comment),
    )


def _text(values: StateValues, action_id: str, dimension_id: str, standing: str) -> str:
    block_id = f"{action_id}:{dimension_id}"
    if block_id not in values:
        return standing
    return clean(filled_text(values, block_id, action_id))[:MOST_TEXT].strip()


def thanks_text(asked: Asked, unknown: int, *, closed: bool) -> str:
    """After sending, in ready mrkdwn; `unknown` dimensions got a "don't know"."""
    rated = len(asked.dimensions) - unknown
    honest = f" and {unknown} “don't know”, which is an answer too" if unknown else ""
    after = (
        "Yours was the last answer: the result goes to the channel now."
        if closed
        else f"You can change them {asked.until} with `/prodops maturity`."
    )
    return f"*Thank you, your answers are in:* {counted(rated, 'rating')}{honest}.\n{after}"
