"""The regions of the page as HTML: clock, sidebar, heading, messages or Home, calls, modal."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sandbox.page.address import href, joined
from sandbox.page.clockbar import clock_face
from sandbox.page.hints import hints
from sandbox.page.journal import Journal, journal
from sandbox.page.render import render_blocks
from sandbox.page.scene import Scene
from sandbox.page.stream import Stream


def templates() -> Environment:
    """The page's templates; everything that they print is escaped."""
    environment = Environment(
        loader=PackageLoader("sandbox.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["href"] = href
    return environment


class Screens:
    """Draws the page and its regions for a scene; keeps no state of its own."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    async def page(self, scene: Scene, version: int, run: str) -> str:
        """The whole page."""
        regions = await self.regions(scene)
        drawn = {name: Markup(html) for name, html in regions.items()}  # noqa: S704
        title = f"#{scene.channel.name}" if scene.address.channel_id and scene.channel else ""
        return self._draw(
            "page.html",
            scene,
            regions=drawn,
            version=version,
            run=run,
            title=title or scene.bot.name,
            **_composer(scene),
        )

    async def regions(self, scene: Scene) -> dict[str, str]:
        """Every region that changes, by the id of its element."""
        sandbox = scene.sandbox
        record = journal(sandbox.calls, sandbox.courier.delivered, scene.names, scene.reader)
        if scene.channel is not None:
            scene.memory.mark_read(scene.address.user_id, scene.channel)
        face = await clock_face(sandbox.clock, sandbox.clock_controls, scene.reader)
        return {
            "clock": self._draw("clock.html", scene, face=face),
            "sidebar": self._sidebar(scene),
            "heading": self._heading(scene, record),
            "stream": self._home(scene) if scene.address.where == "home" else self._stream(scene),
            "journal": self._draw("journal.html", scene, journal=record),
            "modal": self._modal(scene),
        }

    def details(self, parts: list[tuple[str, str]]) -> str:
        """The opened part of an entry of the journal: headings with their JSON."""
        return self._environment.get_template("json.html").render(parts=parts)

    def _draw(self, template: str, scene: Scene, **more: Any) -> str:
        manifest = scene.sandbox.manifest
        return self._environment.get_template(template).render(
            address=scene.address,
            workspace=_workspace_name(scene),
            me=scene.me,
            bot=scene.bot,
            home_tab=manifest.home_tab,
            message_shortcuts=_shortcuts(scene, "message"),
            messages_tab=manifest.messages_tab,
            **more,
        )

    def _sidebar(self, scene: Scene) -> str:
        ws, user_id = scene.sandbox.workspace, scene.address.user_id
        channels = [
            {
                "id": channel.id,
                "name": channel.name,
                "is_private": channel.is_private,
                "is_archived": channel.is_archived,
                "unread": scene.memory.unread(user_id, channel),
            }
            for channel in joined(ws, user_id)
        ]
        direct = scene.memory.unread(user_id, ws.dm(user_id)) if ws.has_dm(user_id) else 0
        people = scene.people
        return self._draw("sidebar.html", scene, people=people, channels=channels, dm_unread=direct)

    def _heading(self, scene: Scene, record: Journal) -> str:
        channel = scene.channel
        shown: Mapping[str, Any] = {}
        if channel is not None:
            bot_in = scene.bot.id in channel.members
            shown = {**vars(channel), "members": len(channel.members), "bot_in": bot_in}
        return self._draw("heading.html", scene, channel=shown, refused=record.refused)

    def _stream(self, scene: Scene) -> str:
        channel = scene.channel
        stream = Stream(scene.reader, scene.persons, scene.surface)
        known = hints(scene.sandbox.manifest.source)
        return self._draw(
            "stream.html",
            scene,
            days=stream.days(channel.timeline) if channel else [],
            channel_id=channel.id if channel else "",
            first_command=known[0].text if known else "a message",
        )

    def _home(self, scene: Scene) -> str:
        view = scene.sandbox.workspace.homes.get(scene.address.user_id)
        if view is None:
            return self._draw("home.html", scene, home=None, home_id="")
        surface = replace(scene.surface, kind="home").at(view.id, view.values)
        drawn = render_blocks(view.blocks, surface)
        return self._draw("home.html", scene, home=drawn, home_id=view.id)

    def _modal(self, scene: Scene) -> str:
        stack = scene.sandbox.workspace.views.get(scene.address.user_id) or []
        if not stack:
            return self._draw("modal.html", scene, view=None)
        view = stack[-1]
        surface = replace(scene.surface, kind="modal", errors=scene.memory.errors(view)).at(
            view.id, view.values
        )
        shown = {
            "id": view.id,
            "title": view.text_of("title") or "",
            "submit": view.text_of("submit"),
            "close": view.text_of("close") or ("Close" if not view.text_of("submit") else "Cancel"),
            "submit_disabled": bool(view.source.get("submit_disabled")),
            "depth": len(stack),
            "body": render_blocks(view.blocks, surface),
        }
        return self._draw("modal.html", scene, view=shown)


def _workspace_name(scene: Scene) -> str:
    return scene.sandbox.workspace.name


def _shortcuts(scene: Scene, wanted: str) -> list[tuple[str, str]]:
    return [(name, id_) for name, kind, id_ in scene.sandbox.manifest.shortcuts() if kind == wanted]


def _composer(scene: Scene) -> dict[str, Any]:
    """What the composer offers, or why there is none."""
    manifest, channel, me = scene.sandbox.manifest, scene.channel, scene.me
    if scene.address.channel_id and channel:
        place = f"Message #{channel.name}"
    else:
        place = f"Message {scene.bot.name}"
    why_not = ""
    if me is None:
        why_not = "There is nobody in this workspace yet."
    elif me.is_deactivated:
        why_not = f"{me.name} is deactivated and can't write."
    elif channel is not None and channel.is_archived:
        why_not = "This channel is archived."
    elif scene.address.where == "dm" and manifest.messages_read_only:
        why_not = f"{scene.bot.name} takes no messages."
    return {
        "can_write": not why_not,
        "why_not": why_not,
        "place_words": place,
        "hints": hints(manifest.source),
        "shortcuts": _shortcuts(scene, "global"),
    }
