"""Modals and Home tabs: opening, stacking, replacing, closing."""

from typing import Any

from sandbox.api.call import Call
from sandbox.blockkit import validate_view
from sandbox.entities import View
from sandbox.problems import sound_blocks
from sandbox.refusal import Refused
from sandbox.state import carried_over, first_values, identified
from sandbox.workspace import Workspace

MOST_STACKED = 3


def checked_view(call: Call, kind: str, replacing: View | None = None) -> dict[str, Any]:
    """The view in a call's arguments with ids filled in; Refused for what Slack refuses."""
    source = call.data("view")
    problems = validate_view(source)
    if any(problem.code == "view_too_large" for problem in problems):
        call.object_to("view_too_large", problems)
    call.object_to("invalid_arguments", problems)
    if not isinstance(source, dict) or source.get("type") != kind:
        raise Refused("invalid_arguments")
    external_id = source.get("external_id")
    namesake = call.ws.find_view(external_id=external_id) if external_id else None
    if namesake is not None and namesake is not replacing:
        raise Refused("duplicate_external_id")
    sound = sound_blocks(source.get("blocks"), problems, "/view/blocks")
    return {**source, "blocks": identified(sound, call.ws)}


def check_hash(view: View | None, wanted: Any) -> None:
    """Refuses a change that was made for an older state of the view."""
    if wanted and (view is None or view.hash != wanted):
        raise Refused("hash_conflict")


def open_view(ws: Workspace, user_id: str, source: dict[str, Any]) -> View:
    """Shows a modal to a person, in place of whatever was open."""
    view = _new_view(ws, user_id, source)
    view.root_view_id = view.id
    ws.views[user_id] = [view]
    ws.changed()
    return view


def push_view(ws: Workspace, user_id: str, source: dict[str, Any]) -> View:
    """Puts a modal on top of the open ones; `push_limit_reached` beyond three."""
    stack = ws.views.get(user_id) or []
    if not stack:
        raise Refused("not_found")
    if len(stack) >= MOST_STACKED:
        raise Refused("push_limit_reached")
    view = _new_view(ws, user_id, source)
    view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
    stack.append(view)
    ws.changed()
    return view


def replace_view(ws: Workspace, view: View, source: dict[str, Any]) -> View:
    """Gives an open view new content; what the person typed stays where the ids stay."""
    view.values = carried_over(view.values, source["blocks"])
    view.source = source
    view.hash = ws.new_hash()
    ws.changed()
    return view


def publish_home(ws: Workspace, user_id: str, source: dict[str, Any]) -> View:
    """Puts a view onto a person's Home tab."""
    shown = ws.homes.get(user_id)
    if shown is not None:
        return replace_view(ws, shown, source)
    view = _new_view(ws, user_id, source)
    view.root_view_id = view.id
    ws.homes[user_id] = view
    ws.changed()
    return view


def close_view(ws: Workspace, view: View) -> None:
    """Closes a modal; the one beneath it shows again."""
    stack = ws.views.get(view.user_id, [])
    if view in stack:
        stack.remove(view)
    if not stack:
        ws.views.pop(view.user_id, None)
    ws.changed()


def close_all(ws: Workspace, user_id: str) -> None:
    """Closes every modal of a person."""
    ws.views.pop(user_id, None)
    ws.changed()


def _new_view(ws: Workspace, user_id: str, source: dict[str, Any]) -> View:
    return View(
        id=ws.new_id("V"),
        user_id=user_id,
        source=source,
        hash=ws.new_hash(),
        values=first_values(source["blocks"]),
    )
