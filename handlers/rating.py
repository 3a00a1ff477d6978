"""Rating: the form, its drafts, and sending it; whoever sends the last one closes the check-in."""

from contextlib import suppress
from urllib.parse import urlsplit

from handlers import closing, profiles
from handlers.call import Answer, Call, Errors, Show
from handlers.errors import SayInstead, sentence
from handlers.invitations import asked_of
from handlers.modals import open_modal
from handlers.registry import Registry
from handlers.slack import FAILURES
from handlers.views import maturity as shared
from handlers.views import maturity_rating as views
from handlers.views.blocks import View
from handlers.views.maturity_invitations import Asked
from handlers.views.maturity_rating import Given
from storage import edits, maturity, people, ratings, teams
from storage.database import Tx
from storage.maturity import Checkin, Rater
from storage.people import Member
from storage.ratings import Rating
from storage.teams import Team

_BAD_LINK = "Give a whole link that begins with https://, or leave this empty."
_OVER = "This check-in is over; the result is in the channel."
_NOT_ASKED = "You are not asked in this check-in; a lead can ask you in the next one."


def register(registry: Registry) -> None:
    registry.actions[shared.RATE] = rate_clicked
    for action_id in (views.LEVEL, views.EVIDENCE, views.COMMENT):
        registry.actions[action_id] = keep_draft
    registry.actions[views.MORE] = more_clicked
    registry.submissions[views.RATING_MODAL] = send


async def rate_clicked(call: Call) -> Answer:
    """*Rate now* or *Change my answers*."""
    await open_modal(call, rating_form(call, call.value))
    return None


async def rating_form(call: Call, checkin_id: str) -> View:
    """The form as it was left; a sentence where there is nothing to rate (any more)."""
    await profiles.ensure(call.services, call.workspace_id, call.user_id)
    async with call.read() as tx:
        checkin = await maturity.get(tx, checkin_id)
        mine = await _mine(tx, checkin, call.user_id)
        if checkin is None or not checkin.is_open:
            return shared.state_modal(_OVER, close="Close")
        if mine is None:
            return shared.state_modal(_NOT_ASKED, close="Close")
        standing = await ratings.of_person(tx, checkin_id, call.user_id)
        asked = await _asked(call, tx, checkin)
    return views.rating_modal(
        asked, call.services.playbook.maturity, _given(standing), sent=mine.submitted_at is not None
    )


async def _mine(tx: Tx, checkin: Checkin | None, user_id: str) -> Rater | None:
    """The person among those who may rate."""
    if checkin is None:
        return None
    raters = await maturity.raters_of(tx, checkin.checkin_id)
    return next((r for r in raters if r.user_id == user_id and r.may_rate), None)


async def _asked(call: Call, tx: Tx, checkin: Checkin) -> Asked:
    team: Team | None = await teams.get(tx, checkin.team_id)
    member: Member | None = await people.get(tx, call.user_id)
    if team is None:
        raise SayInstead(sentence(_OVER))
    return asked_of(checkin, team, member, call.services)


def _given(standing: dict[str, Rating]) -> dict[str, Given]:
    return {
        key: Given(rating.level, rating.answered, rating.evidence, rating.comment)
        for key, rating in standing.items()
    }


def _rating(dimension: str, given: Given) -> Rating:
    return Rating(dimension, given.level, given.answered, given.evidence, given.comment)


async def keep_draft(call: Call) -> Answer:
    """A choice or a text in the open form: kept, so that closing it loses nothing.

    Once answers were sent only sending them again counts: a change of mind half-way, or a
    change that arrives late, must not alter what somebody has sent.
    """
    checkin_id, _ = views.read_metadata(str(call.view["private_metadata"]))
    dimension = str(call.action.get("block_id") or "").partition(":")[2]
    async with call.services.database.write(call.workspace_id) as tx:
        checkin = await maturity.lock(tx, checkin_id)
        mine = await _mine(tx, checkin, call.user_id)
        if checkin is None or not checkin.is_open or mine is None or mine.submitted_at:
            return None
        if dimension in checkin.dimensions:
            standing = _given(await ratings.of_person(tx, checkin_id, call.user_id))
            given = views.read_rating(call.values, dimension, standing.get(dimension, Given()))
            rating = [_rating(dimension, given)]
            await ratings.save(tx, checkin_id, call.user_id, rating, call.now)
    return None


async def more_clicked(call: Call) -> Answer:
    """*Add evidence or a comment*: two fields more, with all else as it stands in the form."""
    checkin_id, more = views.read_metadata(str(call.view["private_metadata"]))
    async with call.read() as tx:
        checkin = await maturity.get(tx, checkin_id)
        mine = await _mine(tx, checkin, call.user_id)
        if checkin is None or mine is None:
            return None
        standing = _given(await ratings.of_person(tx, checkin_id, call.user_id))
        asked = await _asked(call, tx, checkin)
    given = {
        key: views.read_rating(call.values, key, standing.get(key, Given()))
        for key in asked.dimensions
    }
    view = views.rating_modal(
        asked,
        call.services.playbook.maturity,
        given,
        more=[*more, call.value],
        sent=mine.submitted_at is not None,
    )
    # Closed meanwhile: there is nothing left to show.
    with suppress(*FAILURES):
        await call.client.views_update(view_id=call.view["id"], view=view)
    return None


async def send(call: Call) -> Answer:
    """*Send my answers*: from now on they count; also *Save changes*, until it closes."""
    checkin_id, _ = views.read_metadata(str(call.view["private_metadata"]))
    async with call.write() as tx:
        checkin = await maturity.lock(tx, checkin_id)
        mine = await _mine(tx, checkin, call.user_id)
        first = next(iter(call.values), "")
        if checkin is None or not checkin.is_open:
            return Errors({first: _OVER})
        if mine is None:
            return Errors({first: _NOT_ASKED})
        asked = await _asked(call, tx, checkin)
        standing = _given(await ratings.of_person(tx, checkin_id, call.user_id))
        given = {
            key: views.read_rating(call.values, key, standing.get(key, Given()))
            for key in asked.dimensions
        }
        if wrong := _problems(given):
            return Errors(wrong)
        sent = [_rating(key, one) for key, one in given.items()]
        await ratings.save(tx, checkin_id, call.user_id, sent, call.now)
        await ratings.mark_sent(tx, checkin_id, call.user_id, call.now)
        keys = closing.keys_of(checkin_id, call.user_id)
        await edits.want_keys_edited(tx, keys, call.now)
        closed = await closing.settle(call.services, tx, checkin, call.now)
    call.services.wake()
    unknown = sum(one.level is None for one in given.values())
    return Show(shared.state_modal(views.thanks_text(asked, unknown, closed=closed)))


def _problems(given: dict[str, Given]) -> dict[str, str]:
    """Complaints at their fields: levels not chosen, links that lead nowhere."""
    wrong = {
        f"{views.LEVEL}:{key}": "Choose a level, or “Don't know”."
        for key, one in given.items()
        if not one.answered
    }
    wrong |= {
        f"{views.EVIDENCE}:{key}": _BAD_LINK
        for key, one in given.items()
        if one.evidence and not _is_link(one.evidence)
    }
    return wrong


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "." in (parts.hostname or "")
        and not any(character.isspace() for character in text)
    )
