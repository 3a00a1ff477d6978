"""Turns local wall-clock times into instants, through every change of a zone's clock."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo


def resolve_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, at which a local clock first shows `at` on `day`.

    A time that occurs twice means its first occurrence. One that the clock jumps over means
    the first instant after the jump, even where a whole day is left out.
    """
    return _resolved(day, at.replace(tzinfo=None, fold=0), zone)


@lru_cache(maxsize=1024)
def _resolved(day: date, at: time, zone: ZoneInfo) -> datetime:
    local = datetime.combine(day, at, zone)
    instant = local.astimezone(UTC)
    if _wall(instant, zone) == _wall(local, zone):
        return instant
    return _end_of_jump(local, instant, zone)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _end_of_jump(local: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    # In a gap fold=0 reckons with the offset before the jump and so lands after it, fold=1 with
    # the one behind it and lands before it; the jump is found between the two by halving.
    early, late = int(local.replace(fold=1).timestamp()), int(after.timestamp())
    offset = after.astimezone(zone).utcoffset()
    while late - early > 1:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return datetime.fromtimestamp(late, UTC)


def zone_or_utc(name: str | None) -> ZoneInfo:
    """The zone of an IANA name; UTC where there is no name or no such zone."""
    try:
        return ZoneInfo(name or "UTC")
    except (ValueError, LookupError, OSError):
        return ZoneInfo("UTC")
