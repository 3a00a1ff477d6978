"""Items of the team's own: from the form, and from a message by its shortcut."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from domain.checklist import NewItem
from domain.cleaning import clean
from handlers import profiles
from handlers.call import Answer, Call, Errors, Reply
from handlers.errors import SayInstead, sentence
from handlers.itemaccess import held, may_change
from handlers.itemforms import can_own, past_due
from handlers.itempages import item_page, page_at
from handlers.items import MOST_ITEMS, TooManyItems, add_items
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.slack import FAILURES
from handlers.teamchoice import team_asked_for
from handlers.views import checklist as checklist_view
from handlers.views import itemadding as view
from handlers.views.blocks import View, name, one_line
from handlers.views.itemadding import AddForm, AddOrigin
from handlers.views.itemlines import Asked
from storage import teams
from storage.database import Tx
from storage.people import Member
from storage.teams import Team

#: The message shortcut of the manifest.
SHORTCUT = "prodops_add_to_checklist"
_WHAT = "its checklist"


def register(registry: Registry) -> None:
    registry.shortcuts[SHORTCUT] = message_chosen
    registry.actions[checklist_view.ADD] = add_clicked
    registry.submissions[view.ADD_MODAL] = save


async def typed(call: Call, member: Member, text: str) -> Answer:
    """`/prodops checklist add …`: the form, with the text in it."""
    await open_modal(call, _form_here(call, member, text))
    return None


async def _form_here(call: Call, member: Member, text: str) -> View:
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, what=_WHAT)
    origin = AddOrigin(team.team_id)
    return view.add_modal(AddForm(origin, _dimensions(call), text=_line(text)))


async def add_clicked(call: Call) -> Answer:
    """*Add an item* on a page."""
    await open_modal(call, _form_on_page(call))
    return None


async def _form_on_page(call: Call) -> View:
    asked = Asked.parse(call.value)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        team = await team_asked_for(call, tx, member, team_id=asked.team_id or None, what=_WHAT)
    place = checklist_view.Place.parse(asked.place)
    origin = AddOrigin(team.team_id, asked.place, call.response_url or "")
    form = AddForm(origin, _dimensions(call))
    return view.add_modal(
        AddForm(origin, form.dimensions, step=place.step) if place and place.step else form
    )


async def open_for_part(call: Call, asked: Asked) -> Answer:
    """*Split*: the form for a part of an item, with what the two have in common."""
    await open_modal(call, _form_of_part(call, asked))
    return None


async def _form_of_part(call: Call, asked: Asked) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        found = await held(call, tx, member, asked)
    item = found.item
    return view.add_modal(
        AddForm(
            AddOrigin(found.team.team_id),
            _dimensions(call),
            text=_line(f"Part of {item.label}: {item.text}"),
            step=item.step,
            chosen=item.dimensions,
            owner=item.owner,
        )
    )


async def message_chosen(call: Call) -> Answer:
    """*Add to the checklist* in a message's menu: the form with its text, and its link kept."""
    await open_modal(call, _form_of_message(call))
    return None


async def _form_of_message(call: Call) -> View:
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        choices = await _teams_to_choose(call, tx, member)
    said = call.body.get("message") or {}
    link = await _permalink(call, str(said.get("ts") or call.body.get("message_ts") or ""))
    return view.add_modal(
        AddForm(
            AddOrigin(choices[0].team_id, url=call.response_url or "", link=link),
            _dimensions(call),
            teams=[(team.team_id, team.name) for team in choices],
            text=_line(str(said.get("text") or "")),
        )
    )


async def _teams_to_choose(call: Call, tx: Tx, member: Member) -> list[Team]:
    """The channel's team, where the person may change its list; else all of their own."""
    here = await teams.by_channel(tx, call.channel_id) if call.channel_id else None
    if here is not None and await may_change(tx, member, here):
        return [here]
    own = {t.team_id: t for t in await teams.of_member(tx, call.user_id)}
    own |= {t.team_id: t for t in await teams.of_lead(tx, call.user_id)}
    if not own:
        text = "You are in no team yet: ask a lead to add you, then this adds to its checklist."
        raise SayInstead(sentence(text))
    return list(own.values())[:100]


async def _permalink(call: Call, ts: str) -> str:
    """The message's address; put together by hand where the bot cannot see the message."""
    try:
        answer = await call.client.chat_getPermalink(channel=call.channel_id or "", message_ts=ts)
        return _safe(str(answer.get("permalink") or ""))
    except FAILURES:
        domain = str((call.body.get("team") or {}).get("domain") or "")
        path = f"{call.channel_id}/p{ts.replace('.', '')}"
        return _safe(f"https://{domain}.slack.com/archives/{path}") if domain else ""


def _safe(link: str) -> str:
    """An address that may stand in mrkdwn, or nothing."""
    parts = urlsplit(link)
    plain = not set(link) & set("<>| \n")
    return link if parts.scheme in ("http", "https") and plain and len(link) <= 500 else ""


def _line(text: str) -> str:
    typed_text = " ".join(clean(text).split())
    return one_line(typed_text, view.MOST_TEXT) if typed_text else ""


def _dimensions(call: Call) -> dict[str, str]:
    return {dimension.id: dimension.name for dimension in call.services.playbook.maturity}


async def save(call: Call) -> Answer:
    """*Add*: on the list once, however often the form is sent."""
    origin = AddOrigin.of(call.view)
    new = view.read_new(call.values, origin.link)
    member = await profiles.ensure(call.services, call.workspace_id, call.user_id)
    complaints = await _complaints(call, new, member)
    if complaints:
        return Errors(complaints)
    async with call.write() as tx:
        team = await teams.get(tx, view.read_team(call.values) or origin.team_id)
        if team is None or not await may_change(tx, member, team):
            return Errors({view.TEXT: "Only members of the team can add to its checklist."})
        try:
            added = await add_items(
                call.services, tx, team, [new], call.user_id, call.now, once=_once(call.view)
            )
        except TooManyItems:
            return Errors({view.TEXT: f"The list holds {MOST_ITEMS} items: no more fit on it."})
        if not origin.place:
            note = f"On the checklist of *{name(team.name)}*:"
            answer = Reply(await item_page(call, tx, team, added[0], note), url=origin.url or None)
        else:
            page = await page_at(call, tx, Asked(team.team_id, "", origin.place))
            answer = Reply(page, replace=True, url=origin.url)
    call.services.wake()
    return answer


async def _complaints(call: Call, new: NewItem, member: Member) -> dict[str, str]:
    found = {} if new.text else {view.TEXT: "Say in a line what is to be done."}
    found |= past_due(new.due_on, call.services.today(member.person.tz), view.DUE_ON)
    if new.owner and not await can_own(call, new.owner):
        found[view.OWNER] = "Pick a person of this workspace: no bots, nobody who has left."
    return found


def _once(form: Any) -> str:
    """An item's id out of its form's, so that a form sent twice adds one item."""
    return hashlib.sha256(str(form.get("id")).encode()).hexdigest()[:32]
