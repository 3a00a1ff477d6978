"""What the page needs of the workspace that it shows."""

from typing import Protocol

from sandbox.calls import ApiCall
from sandbox.clock import SandboxClock
from sandbox.delivery import Courier
from sandbox.manifest import Manifest
from sandbox.page.clockbar import ClockControls
from sandbox.people import People
from sandbox.workspace import Workspace


class Shown(Protocol):
    """A workspace with its record, with people who act in it, and with its changes."""

    clock: SandboxClock
    manifest: Manifest
    workspace: Workspace
    calls: list[ApiCall]
    courier: Courier
    base_url: str
    clock_controls: ClockControls | None

    @property
    def people(self) -> People: ...

    @property
    def version(self) -> int: ...

    async def changed(self, since: int, timeout: float) -> int: ...  # noqa: ASYNC109
