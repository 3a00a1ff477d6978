"""Sharing: the form for a team's further channels, and that for the leadership's roll-up."""

import json
from collections.abc import Sequence

from handlers.views.blocks import View, modal, name, section
from handlers.views.inputs import (
    StateValues,
    channel_select,
    channels_select,
    field,
    filled,
    filled_text,
)
from handlers.views.words import listed

SHARE = "prodops_share_open"
SHARE_MODAL = "prodops_share"
CHANNELS = "prodops_share_channels"

ROLLUP = "prodops_rollup_open"
ROLLUP_MODAL = "prodops_rollup"
ROLLUP_CHANNEL = "prodops_rollup_channel"
_DONE_MODAL = "prodops_shared"


def share_modal(team_id: str, team_name: str, channels: Sequence[str], *, most: int) -> View:
    """Which channels get a copy of each of the team's summaries."""
    said = (
        f"Each summary of *{name(team_name)}*, weekly, monthly and quarterly, also goes to these "
        "channels, beginning with the next one. They hold averages only, as in your own channel."
    )
    return modal(
        "Share the summary",
        [
            section(said),
            field(
                "Channels",
                channels_select(CHANNELS, channels, most=most),
                block_id=CHANNELS,
                hint=f"Up to {most}, none shared with another organisation. Empty: no copies. "
                "I must be in each: /invite @ProdOps",
                optional=True,
            ),
        ],
        callback_id=SHARE_MODAL,
        submit="Save",
        close="Cancel",
        private_metadata=json.dumps({"team": team_id}),
    )


def read_share(values: StateValues, private_metadata: str) -> tuple[str, list[str]]:
    """(team id, channel ids)."""
    chosen = filled(values, CHANNELS, CHANNELS) or []
    return str(json.loads(private_metadata)["team"]), [str(channel) for channel in chosen]


def shared(team_name: str, channels: Sequence[str]) -> View:
    """Closes the form: where copies go from now on."""
    if channels:
        where = listed([f"<#{channel}>" for channel in channels], len(channels))
        said = f"From the next summary on, copies of *{name(team_name)}* go to {where}."
    else:
        said = f"The summaries of *{name(team_name)}* go to its own channel only."
    return modal("Share the summary", [section(said)], callback_id=_DONE_MODAL, close="Done")


def rollup_modal(channel_id: str | None) -> View:
    """Where the roll-up over all teams goes."""
    said = (
        "On the first working day of each month, one post over all teams: each team's own "
        "numbers where enough people logged, in alphabetical order and never ranked."
    )
    return modal(
        "Leadership roll-up",
        [
            section(said),
            field(
                "Channel",
                channel_select(ROLLUP_CHANNEL, channel_id),
                block_id=ROLLUP_CHANNEL,
                hint="Not one shared with another organisation. Empty: no roll-up. "
                "I must be in it: /invite @ProdOps",
                optional=True,
            ),
        ],
        callback_id=ROLLUP_MODAL,
        submit="Save",
        close="Cancel",
    )


def read_rollup(values: StateValues) -> str | None:
    return filled_text(values, ROLLUP_CHANNEL, ROLLUP_CHANNEL) or None


def rollup_set(channel_id: str | None, when: str) -> View:
    """Closes the form; `when` is the next one's moment in plain words."""
    said = "There is no roll-up any more."
    if channel_id is not None:
        said = f"The roll-up goes to <#{channel_id}>. The first one comes {when}."
    return modal("Leadership roll-up", [section(said)], callback_id=_DONE_MODAL, close="Done")
