"""What a person follows, how soon they want updates, and their quiet hours. The SQL of `preference`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.config.coalition import Coalition
from bot.store.database import Reader, Row, Transaction, delete_rows, from_text, insert_rows, to_text

_FOLLOWS: Final = "follows "
_TOLD: Final = "told "
_FROM: Final = "from "
QUIET: Final = "quiet"
MEMBER: Final = "member:"  # begins what is followed if that is a member of Congress
ZONE: Final = "zone"


class When(StrEnum):
    """How soon a person wants updates on what they follow."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Follow:
    """`what`: "ask:4", "bill:hr1234-119", "state:TX", "member:G000555"."""

    what: str
    when: When
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """`quiet`: "18:00-08:00" or "". `zone` "": the coalition's. `reported`: when each digest last looked.

    `starts`: what each next digest reports from, if something came to its pace since the last one.
    """

    follows: tuple[Follow, ...] = ()
    quiet: str = ""
    zone: str = ""
    reported: tuple[tuple[When, datetime], ...] = ()
    starts: tuple[tuple[When, datetime], ...] = ()

    @property
    def hours(self) -> tuple[time, time] | None:
        begin, _, end = self.quiet.partition("-")
        return (time.fromisoformat(begin), time.fromisoformat(end)) if end else None

    def tz(self, coalition: Coalition) -> ZoneInfo:
        return ZoneInfo(self.zone or coalition.zone)


def preferences_of(db: Reader, person: str) -> Preferences:
    sql = "SELECT name, value FROM preference WHERE person_id = :person ORDER BY name"
    return _preferences(db.read(sql, {"person": person}))


def values_of(db: Reader, person: str) -> dict[str, str]:
    """All stored preferences of a person by name, for rooms that store their own."""
    sql = "SELECT name, value FROM preference WHERE person_id = :person"
    return {row["name"]: row["value"] for row in db.read(sql, {"person": person})}


def followers(db: Reader) -> dict[str, Preferences]:
    """Return the preferences of everyone who follows something and has not left, by person."""
    sql = """
        SELECT f.person_id, f.name, f.value FROM preference AS f JOIN person AS p ON p.id = f.person_id
        WHERE p.left_at IS NULL ORDER BY f.person_id, f.name
    """
    rows: dict[str, list[Row]] = {}
    for row in db.read(sql):
        rows.setdefault(row["person_id"], []).append(row)
    preferences = {person: _preferences(own) for person, own in rows.items()}
    return {person: own for person, own in preferences.items() if own.follows}


def follow(tx: Transaction, person: str, follows: Follow) -> None:
    """Follow something, or at another pace: each pace's next digest then begins where the former one ended."""
    mine = preferences_of(tx, person)
    starts = dict((*mine.reported, *mine.starts))
    for former in (each for each in mine.follows if each.what == follows.what):
        ended = starts.get(former.when, former.since)
        for when, at in starts.items():
            set_preference(tx, person, _FROM + when.value, to_text(min(at, ended)))
    set_preference(tx, person, _FOLLOWS + follows.what, f"{follows.when.value} {to_text(follows.since)}")


def unfollow(tx: Transaction, person: str, what: str) -> None:
    set_preference(tx, person, _FOLLOWS + what, "")


def mark_digested(tx: Transaction, person: str, when: When, until: datetime) -> None:
    """Record until when a person's digest of this frequency has reported."""
    set_preference(tx, person, _TOLD + when.value, to_text(until))
    set_preference(tx, person, _FROM + when.value, "")


def set_preference(tx: Transaction, person: str, name: str, value: str) -> None:
    """Set a preference. An empty value deletes it."""
    delete_rows(tx, "preference", person_id=person, name=name)
    if value:
        insert_rows(tx, "preference", [{"person_id": person, "name": name, "value": value}])


def _preferences(rows: list[Row]) -> Preferences:
    values = {row["name"]: row["value"] for row in rows}
    return Preferences(
        follows=tuple(
            _follow(name.removeprefix(_FOLLOWS), value) for name, value in values.items() if name.startswith(_FOLLOWS)
        ),
        quiet=values.get(QUIET, ""),
        zone=values.get(ZONE, ""),
        reported=_moments(values, _TOLD),
        starts=_moments(values, _FROM),
    )


def _moments(values: dict[str, str], prefix: str) -> tuple[tuple[When, datetime], ...]:
    return tuple((when, from_text(values[prefix + when])) for when in When if prefix + when in values)


def _follow(what: str, value: str) -> Follow:
    """Parse a stored value. Older versions stored only the time."""
    when, _, since = value.rpartition(" ")
    return Follow(what, When(when or When.DAILY), from_text(since))
