"""views.*: modals and the Home tab."""

from typing import Any

from sandbox.api.call import Call, Method
from sandbox.api.modals import (
    MOST_STACKED,
    check_hash,
    checked_view,
    open_view,
    publish_home,
    push_view,
    replace_view,
)
from sandbox.payloads import view_object
from sandbox.refusal import Refused


def open_(call: Call) -> dict[str, Any]:
    """views.open: a modal for the person behind a fresh trigger."""
    source = checked_view(call, "modal")
    user_id = call.slack.triggers.exchange(call.required("trigger_id"))
    return {"view": view_object(open_view(call.ws, user_id, source), call.ws)}


def push(call: Call) -> dict[str, Any]:
    """views.push: one more modal on top, by a trigger that came from a modal."""
    source = checked_view(call, "modal")
    trigger_id = call.required("trigger_id")
    origin = call.slack.triggers.came_from_view(trigger_id)
    user_id = call.slack.triggers.exchange(trigger_id)
    if origin is None:
        raise Refused("invalid_trigger_id")
    if len(call.ws.views.get(user_id, ())) >= MOST_STACKED:
        raise Refused("push_limit_reached")
    return {"view": view_object(push_view(call.ws, user_id, source), call.ws)}


def update(call: Call) -> dict[str, Any]:
    """views.update: new content for an open view, named by its id or external id."""
    view_id, external_id = call.args.get("view_id"), call.args.get("external_id")
    if not view_id and not external_id:
        call.required("view_id")
    view = call.ws.find_view(view_id, external_id)
    if view is None:
        raise Refused("not_found")
    source = checked_view(call, view.type, replacing=view)
    check_hash(view, call.args.get("hash"))
    return {"view": view_object(replace_view(call.ws, view, source), call.ws)}


def publish(call: Call) -> dict[str, Any]:
    """views.publish: a person's Home tab."""
    user_id = call.required("user_id")
    if user_id not in call.ws.users:
        raise Refused("user_not_found")
    if not call.slack.manifest.home_tab:
        raise Refused("not_enabled")
    shown = call.ws.homes.get(user_id)
    source = checked_view(call, "home", replacing=shown)
    check_hash(shown, call.args.get("hash"))
    return {"view": view_object(publish_home(call.ws, user_id, source), call.ws)}


METHODS = (
    Method("views.open", open_, "tier4", shows=True),
    Method("views.push", push, "tier4", shows=True),
    Method("views.update", update, "tier4", shows=True),
    Method("views.publish", publish, "tier4", shows=True),
)
