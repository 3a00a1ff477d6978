"""When somebody may be written to about a check-in: not while away, and off their free days."""

from datetime import date, datetime, timedelta

from domain.checkin import free_moment
from domain.eligibility import SkipReason, prompt_obstacle
from domain.localtime import resolve_local
from handlers.schedule import local_day, workdays_of, zone_of
from storage.people import Member
from storage.teams import Team

#: What keeps somebody from being asked for good, rather than for some days.
LASTING = frozenset(
    {
        SkipReason.BOT,
        SkipReason.GUEST,
        SkipReason.OTHER_ORGANISATION,
        SkipReason.DEACTIVATED,
        SkipReason.STOPPED,
    }
)


def asked_when(
    member: Member, team: Team, now: datetime, deadline: datetime
) -> tuple[datetime | None, SkipReason | None]:
    """When this person is asked, or why they are not: they are away until it is over, say."""
    zone, today = zone_of(member, team), local_day(now, member, team)
    obstacle = prompt_obstacle(member.person, today, now)
    # A vacation status may pass any time; the message waits for them.
    if obstacle is None or obstacle is SkipReason.VACATION_STATUS:
        return now, None
    if obstacle in LASTING:
        return None, obstacle
    tomorrow = resolve_local(today + timedelta(days=1), team.rhythm.reminder_time, zone)
    back = free_moment_of(member, team, tomorrow, deadline)
    return back, None if back else obstacle


def free_moment_of(
    member: Member, team: Team, earliest: datetime, before: datetime
) -> datetime | None:
    """The first daytime instant on a working day of theirs; None where there is none in time."""
    workdays, person = workdays_of(member, team), member.person

    def is_free(day: date) -> bool:
        present = not person.is_away(day) and not person.is_paused(day)
        return present and workdays.is_working_day(day)

    morning = team.rhythm.reminder_time
    return free_moment(earliest, before, zone_of(member, team), is_free, morning)
