"""Interactive elements of Block Kit and the blocks that may hold them."""

from sandbox.blockkit.inputs import FILE_INPUT, TYPED_INPUTS
from sandbox.blockkit.objects import (
    CONFIRM,
    IDENTIFIER,
    IMAGE_FIELDS,
    LINK_OPTION,
    RICH_OPTION,
    image_source,
    plain,
    text,
)
from sandbox.blockkit.pickers import DATE_ELEMENTS
from sandbox.blockkit.rules import (
    Check,
    anything,
    boolean,
    by_type,
    each,
    one_of,
    shape,
    string,
    url,
)
from sandbox.blockkit.selects import MULTI_SELECTS, SELECTS, initial_among_options

BUTTON = shape(
    {"text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "value": string(2000, least=0),
        "url": url(3000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
    },
)
WORKFLOW_BUTTON = shape(
    {"text": plain(75), "workflow": anything},
    {
        "action_id": IDENTIFIER,
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
IMAGE = shape({"alt_text": string(2000)}, IMAGE_FIELDS, also=image_source)
OVERFLOW = shape({"options": each(LINK_OPTION, 5)}, {"action_id": IDENTIFIER, "confirm": CONFIRM})
RADIO = shape(
    {"options": each(RICH_OPTION, 10)},
    {
        "action_id": IDENTIFIER,
        "initial_option": RICH_OPTION,
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    },
    also=initial_among_options,
)
CHECKBOXES = shape(
    {"options": each(RICH_OPTION, 10)},
    {
        "action_id": IDENTIFIER,
        "initial_options": each(RICH_OPTION, 10),
        "confirm": CONFIRM,
        "focus_on_load": boolean,
    },
    also=initial_among_options,
)
FEEDBACK_CHOICE = shape(
    {"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)}
)
FEEDBACK = shape(
    {"positive_button": FEEDBACK_CHOICE, "negative_button": FEEDBACK_CHOICE},
    {"action_id": IDENTIFIER},
)
ICON_BUTTON = shape(
    {"icon": string(75), "text": plain(75)},
    {
        "action_id": IDENTIFIER,
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": anything,
    },
)

_CHOICES: dict[str, Check] = {"radio_buttons": RADIO, "checkboxes": CHECKBOXES}

ACCESSORIES = by_type(
    {
        "button": BUTTON,
        "workflow_button": WORKFLOW_BUTTON,
        "image": IMAGE,
        "overflow": OVERFLOW,
        **_CHOICES,
        **SELECTS,
        **MULTI_SELECTS,
        "datepicker": DATE_ELEMENTS["datepicker"],
        "timepicker": DATE_ELEMENTS["timepicker"],
    }
)
ACTIONS = by_type(
    {
        "button": BUTTON,
        "workflow_button": WORKFLOW_BUTTON,
        "overflow": OVERFLOW,
        **_CHOICES,
        **SELECTS,
        **DATE_ELEMENTS,
    }
)
_INPUTS: dict[str, Check] = {
    **TYPED_INPUTS,
    **_CHOICES,
    **SELECTS,
    **MULTI_SELECTS,
    **DATE_ELEMENTS,
}
INPUTS = by_type(_INPUTS)
MODAL_INPUTS = by_type({**_INPUTS, "file_input": FILE_INPUT})
CONTEXT = by_type(
    {
        "image": IMAGE,
        "plain_text": text(3000),
        "mrkdwn": text(3000),
    }
)
CONTEXT_ACTIONS = by_type({"feedback_buttons": FEEDBACK, "icon_button": ICON_BUTTON})

__all__ = ["ACCESSORIES", "ACTIONS", "CONTEXT", "CONTEXT_ACTIONS", "INPUTS", "MODAL_INPUTS"]
