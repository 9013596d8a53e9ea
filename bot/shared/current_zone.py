"""A time zone that can change while the bot runs."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo


class CurrentZone(tzinfo):
    """The coalition's zone, for what is built once at the start; `zone` is replaced when an administrator changes it.

    A time that is converted with `astimezone` gets the zone of that moment, and keeps it.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def fromutc(self, moment: datetime) -> datetime:
        return self.zone.fromutc(moment.replace(tzinfo=self.zone))

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        return self.zone.utcoffset(moment)

    def dst(self, moment: datetime | None) -> timedelta | None:
        return self.zone.dst(moment)

    def tzname(self, moment: datetime | None) -> str | None:
        return self.zone.tzname(moment)
