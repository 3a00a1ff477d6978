"""What is due next, in words, for whoever moves a sandbox's clock."""

from datetime import datetime

from handlers.services import Services
from storage import agenda, ledger, maturity, people, teams

_NAMES = {
    "prompt": "Prompt to",
    "reminder": "Reminder to",
    "later": "Reminder to",
    "items": "Checklist check-in to",
    "assigned": "News of an item to",
    "stuck": "Look for stuck items of",
    "decision": "Reminder of a decision to",
    "effect": "What changed after items were done,",
    "checkin": "Maturity check-in to",
    "checkin_reminder": "Reminder of a maturity check-in to",
    "checkin_end": "End of the maturity check-in of",
    "assessment": "Maturity result of",
    "assessment_note": "Note on a maturity result to",
    "reassess": "Look whether to assess again:",
}


async def upcoming(
    services: Services, workspace_id: str, limit: int = 20
) -> list[tuple[datetime, str]]:
    """(when, what) of the next events in one workspace, soonest first."""
    async with services.database.read(workspace_id) as tx:
        every = await teams.every(tx)
        named = {team.team_id: team.name for team in every}
        named |= {team.channel_id: team.name for team in every}
        due = await agenda.soonest(tx, limit)
        planned = await ledger.planned(tx, limit)
        for checkin_id in [o.subject for o in due if o.kind == "checkin_end"]:
            checkin = await maturity.get(tx, checkin_id)
            named[checkin_id] = named.get(checkin.team_id, "") if checkin else ""
        subjects = [o.subject for o in due] + [d.recipient for d in planned]
        named |= {m.person.user_id: m.name for m in await people.get_many(tx, subjects)}
    events = [(o.due_at, _words(o.kind, named.get(o.subject))) for o in due]
    events += [
        (d.work_at, _words(d.kind, named.get(d.recipient)))
        for d in planned
        if d.work_at is not None
    ]
    return sorted(events)[:limit]


def _words(kind: str, whom: str | None) -> str:
    """`whom` is None where the event is about a thing that has no name of its own."""
    what = _NAMES.get(kind, f"{kind.capitalize().replace('_', ' ')} of")
    if whom is None:
        return what.removesuffix(",").removesuffix(" to").removesuffix(" of")
    return f"{what} {whom}"
