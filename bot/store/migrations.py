"""The changes of the tables since the baseline, by name and in this order. A released one never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

STATEMENTS: Final[Mapping[str, Sequence[str]]] = {
    # Contacts in offices: staff of members and committees, and of the offices of the settings.
    "0101_office_contacts": (
        # `office`: an addressee's id, "member:G000555". `office_name` as it was when the row was saved: one who left
        # is not in the directory. `asks`: numbers, as JSON. `seats`: the member's committees when the contact was
        # verified. `doubt`: why the row is to be verified, since `doubted_at`.
        """
        CREATE TABLE office_contact (
            id TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL UNIQUE,
            office TEXT NOT NULL,
            office_name TEXT NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL,
            asks TEXT NOT NULL,
            email TEXT NOT NULL,
            phone TEXT NOT NULL,
            notes TEXT NOT NULL,
            source TEXT NOT NULL,
            basis TEXT NOT NULL,
            verified_on TEXT,
            verified_by TEXT REFERENCES person (id),
            seats TEXT NOT NULL,
            doubt TEXT NOT NULL,
            doubted_at TEXT,
            left_on TEXT,
            opted_out_at TEXT,
            added_at TEXT NOT NULL
        )
        """,
        "CREATE INDEX office_contact_office ON office_contact (office)",
        # A table that a person is asked about before it is imported; kept a day.
        """
        CREATE TABLE office_import (
            id TEXT NOT NULL PRIMARY KEY,
            body TEXT NOT NULL,
            made_at TEXT NOT NULL,
            person_id TEXT NOT NULL REFERENCES person (id)
        )
        """,
    ),
    # Meetings with offices: who of ours came, what was asked and said, and the next step.
    "0102_meetings": (
        # `office`: as a letter's addressee, such as member:G000555; `office_name`: as it was called then. `role`: of
        # the people met, never a name. `next_by`: who has the next step. `number` is what people say: M-7; never given
        # twice.
        """
        CREATE TABLE meeting (
            id TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL UNIQUE,
            office TEXT NOT NULL,
            office_name TEXT NOT NULL,
            state TEXT NOT NULL,
            held_on TEXT NOT NULL,
            purpose TEXT NOT NULL,
            role TEXT NOT NULL,
            next_step TEXT NOT NULL,
            next_on TEXT,
            next_by TEXT REFERENCES person (id),
            reminded_at TEXT,
            done_at TEXT,
            logged_by TEXT NOT NULL REFERENCES person (id),
            logged_at TEXT NOT NULL,
            removed_at TEXT
        )
        """,
        # The members of the coalition that came: their representatives may read it.
        """
        CREATE TABLE meeting_organization (
            meeting_id TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
            organization TEXT NOT NULL,
            PRIMARY KEY (meeting_id, organization)
        )
        """,
        # What was asked and what they said, in their words. `answer`: on the bill, as we heard it.
        """
        CREATE TABLE meeting_ask (
            id TEXT NOT NULL PRIMARY KEY,
            meeting_id TEXT NOT NULL REFERENCES meeting (id) ON DELETE CASCADE,
            asked TEXT NOT NULL,
            reply TEXT NOT NULL,
            bill TEXT,
            answer TEXT,
            noted_at TEXT NOT NULL
        )
        """,
        "CREATE INDEX meeting_ask_meeting ON meeting_ask (meeting_id)",
    ),
    # What member organizations record of their lobbying and of their tax years; the telephones of Congress.
    "0103_lobbying": (
        # One line of the ledger. `cents`: what it cost; `minutes` and `rate_cents` say how, if it was given in hours.
        # `off_grant`: 1 if a person said that no grant paid for it. A line that corrects another keeps that one.
        """
        CREATE TABLE lobbying_entry (
            id TEXT NOT NULL PRIMARY KEY,
            number INTEGER NOT NULL UNIQUE,
            organization TEXT NOT NULL,
            on_day TEXT NOT NULL,
            kind TEXT NOT NULL,
            legislation TEXT NOT NULL,
            what TEXT NOT NULL,
            letter_id TEXT REFERENCES letter (id) ON DELETE SET NULL,
            minutes INTEGER,
            rate_cents BIGINT,
            cents BIGINT NOT NULL,
            off_grant INTEGER NOT NULL,
            corrects INTEGER UNIQUE,
            entered_by TEXT NOT NULL REFERENCES person (id),
            entered_at TEXT NOT NULL
        )
        """,
        "CREATE INDEX lobbying_entry_organization ON lobbying_entry (organization)",
        # What an organization tells of the tax year that begins on a day. `budget_cents`: exempt-purpose expenditures.
        # `reported`: of which shares of its ceilings it got a message.
        """
        CREATE TABLE lobbying_year (
            organization TEXT NOT NULL,
            begins TEXT NOT NULL,
            elects TEXT NOT NULL,
            budget_cents BIGINT,
            reported TEXT NOT NULL,
            entered_by TEXT NOT NULL REFERENCES person (id),
            entered_at TEXT NOT NULL,
            PRIMARY KEY (organization, begins)
        )
        """,
        # The number that a member's office lists for everyone.
        "ALTER TABLE legislator ADD COLUMN phone TEXT NOT NULL DEFAULT ''",
    ),
    # The language of the page on which an organization asked to sign, or an address was typed: mails follow in it.
    "0104_languages": tuple(
        f"ALTER TABLE {table} ADD COLUMN language TEXT NOT NULL DEFAULT 'en'"
        for table in ("ally_request", "subscriber")
    ),
}
