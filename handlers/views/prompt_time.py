"""The modal in which a person moves their own weekly prompt, or goes back to the team's time."""

from dataclasses import dataclass
from datetime import time

from handlers.views.blocks import View, modal, option, section
from handlers.views.inputs import (
    StateValues,
    checkbox,
    field,
    filled,
    filled_text,
    static_select,
    time_input,
)
from handlers.views.words import WEEKDAYS

PROMPT_TIME_MODAL = "prodops_prompt_time"
DAY = "prodops_prompt_day"
TIME = "prodops_prompt_clock"
DEFAULT = "prodops_prompt_default"


@dataclass(frozen=True)
class PromptTime:
    """When to ask: weekday from 0 (Monday), local time."""

    weekday: int
    time: time


def prompt_time_modal(
    current: PromptTime, team: PromptTime, *, own: bool, zone_name: str, private_metadata: str = ""
) -> View:
    """`current` holds now, `team` is the default to go back to; `own` when they were set apart."""
    default = f"Use the team's time: {WEEKDAYS[team.weekday]} {team.time:%H:%M}"
    return modal(
        "Change my prompt time",
        [
            section(f"Your own time, {zone_name}. It changes nothing for the rest of the team."),
            field("Day", weekday_select(DAY, current.weekday), block_id=DAY),
            field("Time", time_input(TIME, f"{current.time:%H:%M}"), block_id=TIME),
            field(
                "Or back to the default",
                checkbox(DEFAULT, option(default, "team"), ticked=not own),
                block_id=DEFAULT,
                optional=True,
            ),
        ],
        callback_id=PROMPT_TIME_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=private_metadata,
    )


def weekday_select(action_id: str, weekday: int) -> dict[str, object]:
    """Monday to Sunday, the values being 0 to 6."""
    days = [option(day, str(number)) for number, day in enumerate(WEEKDAYS)]
    return static_select(action_id, days, str(weekday))


def read_prompt_time(state_values: StateValues) -> PromptTime | None:
    """The time chosen; None for the team's default."""
    if filled(state_values, DEFAULT, DEFAULT):
        return None
    chosen = time.fromisoformat(filled_text(state_values, TIME, TIME))
    return PromptTime(int(filled_text(state_values, DAY, DAY)), chosen)
