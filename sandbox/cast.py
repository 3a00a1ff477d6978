"""Who is in the sample workspace: a product team in three time zones, and everybody who is not."""

from dataclasses import dataclass

from sandbox.workspace import Workspace

_BERLIN, _NEW_YORK, _KOLKATA = "Europe/Berlin", "America/New_York", "Asia/Kolkata"

_TITLE = "Product manager"

#: Name and zone of the product managers, the newcomer last.
_MANAGERS = (
    ("Ada Brandt", _BERLIN),
    ("Jonas Keller", _BERLIN),
    ("Sofia Romano", _BERLIN),
    ("Marcus Hill", _NEW_YORK),
    ("Grace Okafor", _NEW_YORK),
    ("Liam Murphy", _NEW_YORK),
    ("Priya Nair", _KOLKATA),
    ("Arjun Mehta", _KOLKATA),
)


@dataclass(frozen=True)
class Cast:
    """Ids of those who matter to the story."""

    channel: str
    lead: str
    members: tuple[str, ...]
    newcomer: str
    tz: str = _BERLIN


def fill(workspace: Workspace) -> Cast:
    """People of every kind that Slack knows, and three channels to be in."""
    lead = workspace.add_user("Maya Fischer", tz=_BERLIN, is_admin=True, title="Product lead")
    managers = [workspace.add_user(name, tz=tz, title=_TITLE) for name, tz in _MANAGERS]
    guest = workspace.add_user("Gil Santos (agency)", tz=_BERLIN, is_restricted=True)
    robot = workspace.add_user("Deploy Bot", tz="UTC", is_bot=True)
    left = workspace.add_user("Nora Lind", tz=_BERLIN, deleted=True)
    stranger = workspace.add_user("Tom Vale (partner)", tz=_NEW_YORK, is_stranger=True)
    core = [lead.id, *(user.id for user in managers)]
    channel = workspace.add_channel(
        "product-team", [*core, guest.id, robot.id, left.id, stranger.id]
    )
    workspace.add_channel("general", [*core, guest.id], bot_in=False)
    workspace.add_channel("leadership", [lead.id, managers[0].id], is_private=True, bot_in=False)
    members = tuple(user.id for user in managers)
    return Cast(channel.id, lead.id, members, newcomer=members[-1])
